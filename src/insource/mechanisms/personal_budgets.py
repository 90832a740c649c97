"""People who employ their own assistants: money goes through their hands.

What the articles say
    Hunter: people are allocated a budget from a crude assessment and told to choose for themselves. A personal budget
    spent on an assistant of one's own is that arrangement at its best: no agency, no margin, and hours as one likes.

What happens
    The council pays each week's budget at its rate into the person's account and pays for support with managing it.
    From the account the person pays assistants (pay, contributions, holiday, replacing one who left, agency cover when
    one is ill), a payroll service and insurance. Hours may be moved from week to week, but not between people. What
    piles up beyond some weeks of budget is kept back from the next payment; where a budget does not pay for what was
    needed the council adds the difference. All this holds for parts whose employer is the person, and for no other.

Equations
    paid in   = budget hours * personal_rate_pounds - kept back
    held'     = held + paid in + top-up - spent on assistants - personal_fees_pounds * people
    kept back = max(held - personal_kept_weeks * a week's budget, 0), a week's budget at most
    top-up    = what brings the account back to nothing where it would fall below

Limiting case
    What all have been paid less what they paid out is what they hold, to the penny and in every week; with care that
    costs less than the rate what is held settles at personal_kept_weeks of budget.
    tests/verify/test_personal_budgets.py

Not modelled
    One assistant each: an area's assistants are kept as services, each the assistants of fifteen people or more, whose
    hours do not move between people. Accounts are kept by such service, so that one person's surplus covers another's
    want. People pay in nothing of their own. National Insurance is paid as by any employer (most would be let off it).

Numbers
    data/parameters/personal_budgets.yaml
"""

from insource.compiled import compiled, inner
from insource.rules.pay_and_prices import pence_for
from insource.rules.personal_budgets import kept_back, top_up
from insource.terms import CHOICES
from insource.units import PENCE_A_POUND

READS = {
    "people": ("is_in_force", "provider", "budget_minutes"),
    "providers": ("part", "people_in_care", "spent_pence"),
    "parts": ("employer",),
}
WRITES = {"providers": ("budget_minutes", "held_pence")}
DRAWS = ()
POSTS = (
    "personal_budget_pence",
    "personal_top_up_pence",
    "personal_fees_pence",
    "personal_support_pence",
    "personal_unspent_pence",
    "budget_holder_weeks",
)

PERSON = CHOICES.employer.person


def start(area):
    """Accounts begin empty."""
    area.providers.held_pence[:] = 0


@compiled
def step(week, area):
    if (area.parts.employer == PERSON).any():
        add_up_budgets(area.people, area.providers)
        settle(week, area)


@inner
def add_up_budgets(people, providers):
    """Minutes in the budgets of each service's people."""
    for j in range(providers.part.shape[0]):
        providers.budget_minutes[j] = 0
    for i in range(people.provider.shape[0]):
        if people.is_in_force[i] == 1:
            providers.budget_minutes[people.provider[i]] += people.budget_minutes[i]


@inner
def settle(week, area):
    """What goes into accounts and out of them this week."""
    providers, numbers, books = area.providers, area.numbers, area.books
    for j in range(providers.part.shape[0]):
        part = providers.part[j]
        if area.parts.employer[part] != PERSON:
            continue
        people = providers.people_in_care[j]
        budget = pence_for(providers.budget_minutes[j], numbers.personal_rate_pounds * PENCE_A_POUND)
        unspent = kept_back(providers.held_pence[j], budget, numbers.personal_kept_weeks)
        fees = int(people * numbers.personal_fees_pounds * PENCE_A_POUND)
        held = providers.held_pence[j] + budget - unspent - providers.spent_pence[j] - fees
        added = top_up(held)
        providers.held_pence[j] = held + added
        books.personal_budget_pence[week, part] += budget - unspent
        books.personal_top_up_pence[week, part] += added
        books.personal_fees_pence[week, part] += fees
        books.personal_support_pence[week, part] += int(people * numbers.personal_support_pounds * PENCE_A_POUND)
        books.personal_unspent_pence[week, part] += unspent
        books.budget_holder_weeks[week, part] += people

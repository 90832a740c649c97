"""What services bill the council for: hours ordered, hours delivered, blocks, outcomes or episodes.

What the articles say
    Hunter, points 2 to 4: councils pay for hours that were commissioned whether they are needed or not, are locked into
    contracts, and pay by the hour, so that nobody outside gains when a person can do without.

What happens
    Each service outside the council bills on the basis in its terms. Hours ordered: what was on orders and could be
    staffed. Hours delivered: visits. A block: a share of the hours ordered when the block was last set is paid whether
    used or not, and hours beyond it at a spot price. Outcomes: visits, and a bonus for each person whose support ends
    otherwise than by death or a care home (part of it for a step towards independence). Episodes: one price for each
    person and so many weeks, set by the order at their beginning, whatever is needed then. Places held and notice are
    paid on top, save under episodes, whose price covers them. A service that the council runs, or pays the costs of,
    bills nothing, nor do the assistants whom people employ themselves. A council short of money pays less than the
    price (`budget` says by how much).

Equations
    block   = price * committed + spot_price_ratio * price * max(hours - committed, 0)
    outcome = price * visits + bonus_pounds * (people whose support ended + size of a step * steps towards independence)
    episode = price * hours on the order * episode_weeks, in the week an episode begins

Limiting case
    A block of 954.7241 hours at 20 pounds and spot hours at 28, for a need of 1,000 spread by 80, costs 20,761.388 a
    week (POOL-6). With nothing committed and spot hours at the price, a block is hours ordered.
    tests/verify/test_billing.py

Not modelled
    Disputes about bills (see social_work), late payment, interest, clawback of episodes that end early.

Numbers
    data/parameters/billing.yaml
"""

import numpy as np

from insource.compiled import compiled, inlined, inner
from insource.rare import listed
from insource.rules.billing import billed_minutes, block_minutes_committed
from insource.rules.independence import size_of_step
from insource.rules.pay_and_prices import indexed_price, pence_for
from insource.terms import CHOICES
from insource.units import PENCE_A_POUND

READS = {
    "people": (
        "is_here",
        "is_in_care",
        "is_in_force",
        "is_in_hospital",
        "is_ending",
        "left_reason",
        "provider",
        "part",
        "ordered_minutes",
        "order_weeks",
        "retained_minutes",
        "run_on_minutes",
    ),
    "providers": (
        "part",
        "price_pence",
        "served_ratio",
        "contact_minutes",
        "agency_minutes",
        "step_in_weeks",
        "outcomes",
    ),
    "council": ("fee_ratio", "floor_ratio"),
    "parts": (
        "employer",
        "payment_basis",
        "committed_share",
        "volume_reset_weeks",
        "bonus_pounds",
        "episode_weeks",
        "indexation",
    ),
}
WRITES = {
    "providers": ("ordered_minutes", "held_minutes", "committed_minutes", "bill_pence"),
}
DRAWS = ()
POSTS = ("billed_minutes", "void_minutes", "bonus_pence", "endings_counted")

BLOCK = CHOICES.payment_basis.block
OUTCOME = CHOICES.payment_basis.outcome
EPISODE = CHOICES.payment_basis.episode
SALARY = CHOICES.payment_basis.salary
PERSON = CHOICES.employer.person
ENDED = 2 + 1


def start(area):
    """No block has been agreed before the first week."""
    area.providers.committed_minutes[:] = 0


@compiled
def step(week, area):
    providers, parts, numbers, books = area.providers, area.parts, area.numbers, area.books
    n = providers.part.shape[0]
    endings = np.zeros(n, np.int64)
    begun = np.zeros(n, np.int64)
    add_up_orders(area.people, providers, endings)
    if (parts.payment_basis == EPISODE).any():
        add_up_episodes(area.people, parts, begun)
    for j in range(n):
        part = providers.part[j]
        basis = parts.payment_basis[part]
        books.endings_counted[week, part] += endings[j]
        if basis == SALARY or parts.employer[part] == PERSON or providers.step_in_weeks[j] > 0:
            providers.bill_pence[j] = 0
            continue
        if basis == BLOCK and week % int(parts.volume_reset_weeks[part]) == 0:
            providers.committed_minutes[j] = int(providers.ordered_minutes[j] * parts.committed_share[part])
        bonus = 0
        if basis == OUTCOME:
            outcomes = endings[j] + providers.outcomes[j] * size_of_step(numbers.independence_step)
            bonus = int(outcomes * parts.bonus_pounds[part] * PENCE_A_POUND)
        minutes, beyond_minutes, void = minutes_billed(j, basis, begun[j] * parts.episode_weeks[part], providers)
        fee = providers.price_pence[j] * area.council.fee_ratio[0]
        price = indexed_price(fee, area.council.floor_ratio[0], parts.indexation[part])
        beyond = pence_for(beyond_minutes, price * numbers.spot_price_ratio)
        providers.bill_pence[j] = pence_for(minutes, price) + beyond + bonus
        books.billed_minutes[week, part] += minutes + beyond_minutes
        books.void_minutes[week, part] += void
        books.bonus_pence[week, part] += bonus


@inlined
def minutes_billed(j, basis, episode_minutes, providers):
    """Minutes billed at the price, minutes billed at the spot price, and minutes paid for that nobody had on order."""
    staffed = int(providers.ordered_minutes[j] * providers.served_ratio[j])
    visits = providers.contact_minutes[j] + providers.agency_minutes[j]
    held = providers.held_minutes[j]
    if basis == EPISODE:
        return int(episode_minutes), 0, 0
    if basis == BLOCK:
        committed = block_minutes_committed(providers.committed_minutes[j], providers.served_ratio[j])
        beyond = max(staffed + held - committed, 0)
        return committed, beyond, committed + beyond - staffed - held
    return billed_minutes(basis, staffed, visits, held), 0, 0


@inner
def add_up_orders(people, providers, endings):
    """Minutes on orders at home and minutes held for people in hospital or gone, by service; who can do without."""
    for j in range(providers.part.shape[0]):
        providers.ordered_minutes[j] = 0
        providers.held_minutes[j] = 0
    n = people.is_here.shape[0]
    is_held, at_home = np.empty(n, np.int8), np.empty(n, np.int32)
    for i in range(n):
        has_service = people.provider[i] >= 0
        is_on = has_service & (people.is_here[i] == 1) & (people.is_in_care[i] == 1) & (people.is_in_hospital[i] == 0)
        at_home[i] = people.ordered_minutes[i] * is_on
        held = people.retained_minutes[i] + people.run_on_minutes[i]
        is_held[i] = has_service & ((held > 0) | (people.is_ending[i] == 1))
    for i in range(n):
        providers.ordered_minutes[max(people.provider[i], 0)] += at_home[i]
    for i in listed(is_held):
        providers.held_minutes[people.provider[i]] += people.retained_minutes[i] + people.run_on_minutes[i]
        endings[people.provider[i]] += (people.is_ending[i] == 1) & (people.left_reason[i] == ENDED)


@inner
def add_up_episodes(people, parts, begun):
    """Minutes a week on the orders of people whose episode begins this week, by service."""
    for i in range(people.is_here.shape[0]):
        if people.is_in_force[i] == 1 and parts.payment_basis[people.part[i]] == EPISODE:
            weeks = int(parts.episode_weeks[people.part[i]])
            begun[people.provider[i]] += people.ordered_minutes[i] * ((people.order_weeks[i] - 1) % weeks == 0)

"""A budget is set from an assessment: from a score, or by costing what the person's plan needs.

What the articles say
    Hunter: people are given a budget based on a very crude assessment of their level of need, not on what it costs to
    meet their actual needs.

What happens
    Whoever was assessed or reviewed this week gets a budget. A score explains part of the differences in need between
    people; the budget is what is to be expected from the score, so it pulls everybody towards the average: high needs
    are under-funded, low needs over-funded, and the average is right. Some budgets are corrected by costing the plan
    before they bind, and under some terms a review always does so. What is assessed is the need of that week, so a
    crisis at the door goes into the budget.

Equations
    log budget = E[log need | score] + residual^2 / 2
    E[log need | score] = mean + R (log need - mean) + sqrt(R (1 - R)) spread z,  R = 1 - residual^2 / spread^2
    residual = costed_residual if corrected (chance budget_corrected_share), points_residual if not

Limiting case
    With one residual s, the share of budgets below need is Phi(-s/2) and the expected shortfall is 2 Phi(s/2) - 1 of
    mean need; for a linear scale the rule gives ALLOC-1 to ALLOC-3. tests/verify/test_allocation.py

Not modelled
    Budgets in pounds, transferable budgets, charging, panels and appeals, gaming of scores.

Numbers
    data/parameters/allocation.yaml
"""

import math

import numpy as np

from insource.compiled import compiled
from insource.draws import decisions, normal, uniform
from insource.numeric import exp, log
from insource.rules.allocation import expected_given_score
from insource.terms import CHOICES

READS = {
    "people": ("person", "contact", "at_home_minutes", "part"),
    "donors": ("package_minutes",),
    "parts": ("allocation_basis", "is_corrected_at_review"),
}
WRITES = {
    "people": ("budget_minutes",),
    "council": ("need_mean_log", "need_spread_log"),
}
DRAWS = decisions("allocation", "corrected", "score")
POSTS = ("budgets_set", "budgets_below_need", "budget_shortfall_minutes", "budget_excess_minutes")

COSTED = CHOICES.allocation_basis.costed
REVIEWED = 2


def start(area):
    """Recorded budgets are the recorded orders; the spread of need is that of the orders and of how they miss."""
    donors, council, numbers = area.donors, area.council, area.numbers
    n = donors.package_minutes.shape[0]
    packages = np.array([log(max(minutes, 1.0)) for minutes in np.sort(donors.package_minutes)])
    blurred = (
        numbers.budget_corrected_share * numbers.costed_residual**2
        + (1.0 - numbers.budget_corrected_share) * numbers.points_residual**2
    )
    council.need_mean_log[0] = packages.mean() - blurred / 2.0
    council.need_spread_log[0] = math.sqrt(packages.var() + blurred)
    area.people.budget_minutes[:n] = np.round(donors.package_minutes)


@compiled
def step(week, area):
    people, parts, council, numbers, luck = area.people, area.parts, area.council, area.numbers, area.luck
    books = area.books
    for i in range(people.person.shape[0]):
        if people.contact[i] == 0:
            continue
        if people.at_home_minutes[i] == 0:
            people.budget_minutes[i] = 0
            continue
        who, part = people.person[i], people.part[i]
        is_costed = (
            parts.allocation_basis[part] == COSTED
            or (people.contact[i] == REVIEWED and parts.is_corrected_at_review[part] == 1.0)
            or uniform(luck, DRAWS.corrected, who, week) < numbers.budget_corrected_share
        )
        residual = numbers.costed_residual if is_costed else numbers.points_residual
        need = people.at_home_minutes[i]
        expected = expected_given_score(
            log(need),
            council.need_mean_log[0],
            council.need_spread_log[0],
            residual,
            normal(luck, DRAWS.score, who, week),
        )
        budget = int(exp(expected + residual * residual / 2.0) + 1.0 / 2.0)
        people.budget_minutes[i] = budget
        books.budgets_set[week, part] += 1
        books.budgets_below_need[week, part] += budget < need
        books.budget_shortfall_minutes[week, part] += max(need - budget, 0)
        books.budget_excess_minutes[week, part] += max(budget - need, 0)

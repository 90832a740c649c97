"""A budget is set from an assessment: from a score, or by costing what the person's plan needs.

What the articles say
    Hunter: people are given a budget based on a very crude assessment of their level of need, not on what it costs to
    meet their actual needs.

What happens
    Whoever was assessed or reviewed this week gets a budget. A score explains part of the differences in need between
    people; the budget is what is to be expected from the score, so it pulls everybody towards the average: high needs
    are under-funded, low needs over-funded, and the average is right. Some budgets are corrected by costing the plan
    before they bind, and under some terms a review always does so. Where budgets come in bands, everybody whose score
    falls into a band gets what people in that band need on average in this place. Under some terms budgets may be moved
    between the people seen in the same week: from those whose plans cost less than their budgets to those whose plans
    cost more, as far as it goes. What is assessed is the need of that week, so a crisis at the door goes into the
    budget.

Equations
    log budget = E[log need | score] + residual^2 / 2
    E[log need | score] = mean + R (log need - mean) + sqrt(R (1 - R)) spread z,  R = 1 - residual^2 / spread^2
    residual = costed_residual if corrected (chance budget_corrected_share), points_residual if not
    bands    : the budget_bands that lose least about the score (Lloyd-Max), each with the mean need of its people
    moved    = min(sum of what plans cost less, sum of what plans cost more), shared out in proportion on both sides

Limiting case
    With one residual s, the share of budgets below need is Phi(-s/2) and the expected shortfall is 2 Phi(s/2) - 1 of
    mean need; for a linear scale the rule gives ALLOC-1 to ALLOC-3. K bands lose what ALLOC-5 says. Among n people seen
    together who may share, the shortfall a head falls by the root of n (ALLOC-7). tests/verify/test_allocation.py

Not modelled
    Budgets in pounds, budgets moved between people seen at different times, charging, appeals, gaming of scores.

Numbers
    data/parameters/allocation.yaml
"""

import math

import numpy as np

from insource.compiled import compiled, inner
from insource.draws import decisions, normal, uniform
from insource.numeric import exp, log
from insource.rules.allocation import band_budget, band_edges, expected_given_score, reliability
from insource.terms import CHOICES
from insource.units import MICRO

READS = {
    "people": ("person", "contact", "at_home_minutes", "part"),
    "donors": ("package_minutes",),
    "parts": ("allocation_basis", "is_corrected_at_review", "budget_bands", "is_budget_transferable"),
}
WRITES = {
    "people": ("budget_minutes",),
    "council": ("need_mean_log", "need_spread_log"),
}
DRAWS = decisions("allocation", "corrected", "score", "plan")
POSTS = (
    "budgets_set",
    "budgets_below_need",
    "budget_shortfall_minutes",
    "budget_excess_minutes",
    "budget_moved_minutes",
    "high_need_budgets_set",
    "high_need_budgets_below_need",
    "high_need_shortfall_minutes",
)

COSTED, BANDS = CHOICES.allocation_basis.costed, CHOICES.allocation_basis.bands
REVIEWED = 2
HIGH = 1.0
"""Needs of at least so many spreads above the mean are high."""


def start(area):
    """Recorded budgets are the recorded orders; the spread of need is that of the orders and of how they miss."""
    donors, council, numbers = area.donors, area.council, area.numbers
    n = donors.package_minutes.shape[0]
    packages = logs_of(np.sort(donors.package_minutes))
    blurred = (
        numbers.budget_corrected_share * numbers.costed_residual**2
        + (1.0 - numbers.budget_corrected_share) * numbers.points_residual**2
    )
    council.need_mean_log[0] = packages.mean() - blurred / 2.0
    council.need_spread_log[0] = math.sqrt(packages.var() + blurred)
    area.people.budget_minutes[:n] = np.round(donors.package_minutes)


@compiled
def logs_of(minutes):
    """The logarithm of each one's minutes, of one minute at least."""
    logs = np.empty(minutes.shape[0])
    for i in range(minutes.shape[0]):
        logs[i] = log(max(minutes[i], 1.0))
    return logs


@compiled
def step(week, area):
    people, parts, books = area.people, area.parts, area.books
    mean, spread = area.council.need_mean_log[0], area.council.need_spread_log[0]
    seen = 0
    for i in range(people.person.shape[0]):
        seen += people.contact[i] > 0
    rows = np.empty(seen, np.int64)
    k = 0
    for i in range(people.person.shape[0]):
        if people.contact[i] > 0:
            rows[k] = i
            k += 1
    ends, budgets = bands_of_parts(area)
    set_budgets(week, rows, ends, budgets, area)
    if (parts.is_budget_transferable == 1.0).any():
        share_out(week, rows, area)
    for k in range(seen):
        need, budget, part = people.at_home_minutes[rows[k]], people.budget_minutes[rows[k]], people.part[rows[k]]
        if need == 0:
            continue
        is_high = log(need) >= mean + HIGH * spread
        short = max(need - budget, 0)
        books.budgets_set[week, part] += 1
        books.budgets_below_need[week, part] += budget < need
        books.budget_shortfall_minutes[week, part] += short
        books.budget_excess_minutes[week, part] += max(budget - need, 0)
        books.high_need_budgets_set[week, part] += is_high
        books.high_need_budgets_below_need[week, part] += is_high & (budget < need)
        books.high_need_shortfall_minutes[week, part] += short * is_high


@inner
def bands_of_parts(area):
    """For each part whose budgets come in bands: the upper ends of its bands, and their budgets in this place."""
    parts, council, numbers = area.parts, area.council, area.numbers
    most = int(parts.budget_bands.max())
    ends, budgets = np.full((parts.budget_bands.shape[0], most), np.inf), np.zeros((parts.budget_bands.shape[0], most))
    for part in range(parts.budget_bands.shape[0]):
        if parts.allocation_basis[part] != BANDS:
            continue
        bands = int(parts.budget_bands[part])
        ends[part, : bands - 1] = band_edges(bands, 1.0 / MICRO)
        low = -np.inf
        for band in range(bands):
            budgets[part, band] = band_budget(
                low, ends[part, band], council.need_mean_log[0], council.need_spread_log[0], numbers.points_residual
            )
            low = ends[part, band]
    return ends, budgets


@inner
def set_budgets(week, rows, ends, budgets, area):
    """The budgets of those seen this week: from costing their plan, from points, or from the band of their score."""
    people, parts, numbers, luck = area.people, area.parts, area.numbers, area.luck
    mean, spread = area.council.need_mean_log[0], area.council.need_spread_log[0]
    for i in rows:
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
        z = normal(luck, DRAWS.score, who, week)
        expected = expected_given_score(log(people.at_home_minutes[i]), mean, spread, residual, z)
        budget = exp(expected + residual * residual / 2.0)
        if parts.allocation_basis[part] == BANDS and not is_costed:
            score_spread = math.sqrt(reliability(residual, spread)) * spread
            score = (expected - mean) / score_spread if score_spread > 0.0 else 0.0
            band = 0
            while score > ends[part, band]:
                band += 1
            budget = budgets[part, band]
        people.budget_minutes[i] = int(budget + 1.0 / 2.0)


@inner
def share_out(week, rows, area):
    """Where terms let them, budgets move between those seen this week to those whose plans cost more."""
    people, parts, numbers, luck, books = area.people, area.parts, area.numbers, area.luck, area.books
    mean, spread = area.council.need_mean_log[0], area.council.need_spread_log[0]
    residual = numbers.costed_residual
    over = np.zeros(rows.shape[0])
    spare, short = np.zeros(parts.budget_bands.shape[0]), np.zeros(parts.budget_bands.shape[0])
    for k in range(rows.shape[0]):
        i = rows[k]
        part = people.part[i]
        if people.at_home_minutes[i] == 0 or parts.is_budget_transferable[part] != 1.0:
            continue
        z = normal(luck, DRAWS.plan, people.person[i], week)
        plan = exp(
            expected_given_score(log(people.at_home_minutes[i]), mean, spread, residual, z) + residual * residual / 2.0
        )
        over[k] = people.budget_minutes[i] - plan
        spare[part] += max(over[k], 0.0)
        short[part] += max(-over[k], 0.0)
    for k in range(rows.shape[0]):
        part = people.part[rows[k]]
        moved = min(spare[part], short[part])
        if moved <= 0.0 or over[k] == 0.0:
            continue
        move = over[k] * moved / (spare[part] if over[k] > 0.0 else short[part])
        before = people.budget_minutes[rows[k]]
        people.budget_minutes[rows[k]] = int(before - move + 1.0 / 2.0)
        books.budget_moved_minutes[week, part] += max(people.budget_minutes[rows[k]] - before, 0)

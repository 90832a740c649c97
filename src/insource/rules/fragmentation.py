"""How many hands a person's care is in, and what that takes: continuity indices, links between services, hand-offs.

Continuity of care index: Bice & Boxerman (1977). Usual provider, sequential and modified indices as in the reviews
that use them. Links between n parties are the edges of a complete graph: n (n - 1) / 2. Expected values for random
teams are those of drawing with replacement (the occupancy problem). Theory.md section 7, FRAG-1 to FRAG-4.
"""

import numpy as np

from insource.compiled import rule
from insource.numeric import exp, log
from insource.units import TENTH


@rule
def continuity_of_care(sum_of_squares, visits):
    """COC: the chance that two visits taken at random were by the same worker (Bice & Boxerman 1977).

    `sum_of_squares` adds up the squared number of visits of each worker. One visit, or none, is continuity 1.
    """
    return (sum_of_squares - visits) / (visits * (visits - 1.0)) if visits > 1.0 else 1.0


@rule
def usual_worker_share(most_visits, visits):
    """UPC: the share of visits by the worker who came most often."""
    return most_visits / visits if visits > 0.0 else 1.0


@rule
def modified_continuity(workers, visits):
    """MMCI: from how many different workers came in how many visits (1: always the same, 0: always another).

    The tenth of a visit that is added keeps it defined for a single visit.
    """
    return (1.0 - workers / (visits + TENTH)) / (1.0 - 1.0 / (visits + TENTH))


def sequential_continuity(workers: np.ndarray) -> float:
    """SECON: the share of visits, but for the first, by the worker who also came the time before.

    `workers` is a column of numbers that tell workers apart, in the order of the visits.
    """
    return float(np.mean(workers[1:] == workers[:-1])) if len(workers) > 1 else 1.0


@rule
def team_continuity(workers):
    """Expected COC (and SECON) where whoever is free comes, out of a team of this many: 1 / m."""
    return 1.0 / max(workers, 1.0)


@rule
def expected_faces(workers, visits):
    """Different workers to be expected in so many visits by a team of this many: m (1 - (1 - 1/m)^v)."""
    return faces_met(workers, log_not_met(workers), visits)


@rule
def log_not_met(workers):
    """Logarithm of the chance that a given one of so many workers does not make a visit; 0 where there is but one."""
    return log(1.0 - 1.0 / workers) if workers > 1.0 else 0.0


@rule
def faces_met(workers, log_not_met, visits):
    """`expected_faces` where that logarithm is known."""
    return workers * (1.0 - exp(visits * log_not_met)) if workers > 1.0 else min(visits, 1.0)


@rule
def primary_worker_continuity(share, workers):
    """Expected COC where one worker makes this share of visits and the rest of the team shares the others."""
    return share * share + (1.0 - share) * (1.0 - share) / max(workers - 1.0, 1.0)


@rule
def regular_team_continuity(share, regulars, others):
    """Expected COC where a regular team makes this share of visits and a number of others, whoever is free, the rest.

    The chance that both of two visits fall to the same of m regulars, or to the same of k others. One regular is
    `primary_worker_continuity`; nobody regular is `team_continuity`.
    """
    return share * share / max(regulars, 1.0) + (1.0 - share) * (1.0 - share) / max(others, 1.0)


@rule
def faces_of_a_mixed_team(share, regulars, others, of_regulars, of_others, visits):
    """Different workers to be expected in so many visits where a regular team makes this share of them.

    `of_regulars` and `of_others` are `log_not_met` of the two teams: the same for everybody a service visits.
    """
    return faces_met(regulars, of_regulars, visits * share) + faces_met(others, of_others, visits * (1.0 - share))


@rule
def links(services):
    """Pairs of services that must be kept in step: n (n - 1) / 2."""
    return services * (services - 1.0) / 2.0


@rule
def error_free_share(services, error_chance):
    """Chance that all hand-offs between so many services go well, when each link fails with this chance."""
    if services <= 1.0 or error_chance <= 0.0:
        return 1.0
    return exp(links(services) * log(1.0 - error_chance)) if error_chance < 1.0 else 0.0


@rule
def continuity_across_services(continuity, services):
    """COC of a person whose visits are shared out evenly among services, each with this continuity within it."""
    return continuity / max(services, 1.0)


@rule
def another_service_chance(minutes, usual_minutes, share):
    """Chance that a package of this size takes more than one service.

    Each usual package's worth of hours is as likely as any other to be more than the first service takes on: where that
    chance is `share` for a usual package, it is 1 - (1 - share)^k for one k times as large. (A judgement on the form.)
    """
    return 1.0 - exp(minutes / usual_minutes * log(1.0 - share)) if share < 1.0 else 1.0


@rule
def services_needed(u, chance, most):
    """How many services somebody with the draw `u` needs: one, another with this chance, a third with its square."""
    count = 1
    bar = chance
    while count < most and u < bar:
        count += 1
        bar *= chance
    return count


@rule
def regular_share(moved_share, away_share, agency_share):
    """Share of visits left to the regular team: not moved between people, nobody away, no agency staff."""
    return max((1.0 - moved_share) * (1.0 - away_share) * (1.0 - agency_share), 0.0)

"""What a pay offer would change: leavers, filled posts, pounds, and how much of it other care employers here lose.

What happens: workers paid less than the offer are raised to it. Leaving for rivals falls with pay over what rivals pay,
leaving care work with pay over other work (two elasticities; `rules/turnover.py`), and vacancies fill faster
(`rules/job_market.py`). Those who offer may themselves be a share of the area's rivals, whose pay then rises too: if
all of them pay it, nobody gains on anybody here. A worker who does not leave for a rival, and a starter who comes from
one, is a worker some other employer lacks: of those, the part who would have moved within the area is counted as the
others' loss.

Counts are for the first year from the posts and rates of now. Left out: answers of rivals short of matching, hours of
work that change with pay, and fees that must rise to pay for it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from insource.desk.workforce.next_year import Place, filling, leaving
from insource.desk.workforce.pay import HALF_PENNY, cost_of_rise
from insource.parameters import draw_some
from insource.rules.job_market import fill_chance_from, rival_pay
from insource.rules.rates import chance_in_a_week
from insource.rules.turnover import filled_share, leaving_the_sector, leaving_to_rivals
from insource.units import WEEKS_A_YEAR

DOUBTED = (
    "quit_elasticity",
    "sector_elasticity",
    "sector_stay_share",
    "open_market_share",
    "leaver_cost_pounds",
)
"""Parameters whose doubt goes into the limits of what an offer does; a number given by the user is not doubted."""
DRAWS, SEED = 200, 1


@dataclass(frozen=True)
class Paid:
    """One worker's pay for an hour, hours a week (None: not known), and whether the council employs them."""

    pay: float
    hours: float | None
    is_council: bool


@dataclass(frozen=True)
class Effect:
    """What an offer does in a year. `from_rivals`: of leavers avoided and extra starters, those other care employers of
    the area lack; `area_gain`: those who would otherwise not work in care here."""

    leavers_avoided: float
    extra_starters: float
    from_rivals: float
    area_gain: float
    replacing_saved: float
    posts_filled_more: float
    """In the long run, of the posts there are now."""


def pay_cost(staff: Sequence[Paid], offer: float, values: Mapping[str, float]) -> tuple[int, float, int]:
    """How many are raised to the offer, what that costs a year with on-costs, and of how many hours are not known."""
    raised = [one for one in staff if one.pay < offer - HALF_PENNY]
    known = [one for one in raised if one.hours is not None]
    pounds = sum(cost_of_rise(one.pay, offer, one.hours or 0.0, one.is_council, values) for one in known)
    return len(raised), pounds, len(raised) - len(known)


def effect(
    staff: Sequence[Paid], places: Sequence[Place], offer: float, own_share: float, values: Mapping[str, float]
) -> Effect:
    """What the offer does for workplaces with this staff, who are `own_share` of the area's care workers.

    The mean rate of leaving is what is believed of the workplaces.
    """
    if not staff:
        return Effect(*([0.0] * len(fields(Effect))))
    stay, opened = values["sector_stay_share"], values["open_market_share"]
    at_pay = Counter(one.pay for one in staff)
    share_at = {max(offer / pay, 1.0): 0.0 for pay in at_pay}
    for pay, people in at_pay.items():
        share_at[max(offer / pay, 1.0)] += people / len(staff)
    mean_ratio = sum(max(offer, one.pay) for one in staff) / sum(one.pay for one in staff)
    rivals = rival_pay(1.0, 1.0 + own_share * (mean_ratio - 1.0), opened)
    moving, quitting = values["quit_elasticity"], values["sector_elasticity"]
    to_rivals = sum(share * leaving_to_rivals(stay, ratio / rivals, moving) for ratio, share in share_at.items())
    outside = sum(share * leaving_the_sector(stay, ratio, quitting) for ratio, share in share_at.items())
    leavers, starters, filled_more = 0.0, 0.0, 0.0
    for place in places:
        (shape, weeks), (left, years) = filling(place, values), leaving(place, values)
        leavers += left / years * place.staff
        usual = min(shape / weeks, 1.0)
        faster = fill_chance_from(usual, mean_ratio / rivals, moving, opened, 1.0)
        starters += place.empty * (_filled_in_a_year(faster) - _filled_in_a_year(usual))
        before = filled_share(chance_in_a_week(left / years), usual)
        after = filled_share(chance_in_a_week(left / years * (to_rivals + outside)), faster)
        filled_more += (place.staff + place.empty) * (after - before)
    kept_from_rivals, kept_in_care = leavers * (stay - to_rivals), leavers * (1.0 - stay - outside)
    others_here = (1.0 - opened) * (1.0 - own_share)
    local = others_here / (opened + others_here) if opened + others_here > 0.0 else 0.0
    from_rivals = (kept_from_rivals + starters * stay) * local
    avoided = kept_from_rivals + kept_in_care
    return Effect(
        avoided,
        starters,
        from_rivals,
        avoided + starters - from_rivals,
        avoided * values["leaver_cost_pounds"],
        filled_more,
    )


def _filled_in_a_year(chance: float) -> float:
    """Share of a year for which a post empty now is filled, in posts: 1 less the mean share of it spent waiting."""
    still_empty = (1.0 - (1.0 - chance) ** WEEKS_A_YEAR) / (chance * WEEKS_A_YEAR) if chance > 0.0 else 1.0
    return 1.0 - still_empty


def doubted(values: Mapping[str, float], given: Mapping[str, float]) -> list[dict[str, float]]:
    """The values as believed possible in each of the draws, the same doubts as the simulation's."""
    names = tuple(name for name in DOUBTED if name not in given)
    return [{**values, **draw_some(names, SEED, number)} for number in range(DRAWS)]


def limits(amounts: Sequence[float], sure_share: float) -> tuple[float, float]:
    """The amounts between which this share of the draws lies."""
    ranked = sorted(amounts)
    tail = (1.0 - sure_share) / 2.0
    low = ranked[int(tail * (len(ranked) - 1))]
    high = ranked[-1 - int(tail * (len(ranked) - 1))]
    return low, high

"""What the pool-plan tool has found. `plan` is a `tool.Plan`."""

from collections.abc import Iterator
from typing import Any

from insource.desk.pool_plan import hours
from insource.desk.result import Finding
from insource.units import WEEKS_A_YEAR

COUNCIL, OUTSIDE = 0, 1


def findings(plan: Any) -> Iterator[Finding]:
    """Pool size at equal ownership, ownership at equal pool size, idle hours, and what is not known."""
    sure = "medium: measured" if plan.fluctuation.is_measured else "low: fluctuation is assumed, not measured"
    yield from _pool_size(plan, sure)
    yield from _owner(plan)
    yield from _like_for_like(plan, sure)
    yield from _idle(plan, sure)
    yield from _correlation(plan, sure)
    if not plan.fluctuation.is_measured:
        yield Finding(
            "pool_plan_assumed",
            plan.line.replace("_", " "),
            f"weekly hours were not given: a variation of {plan.fluctuation.variation:.0%} and a correlation of "
            f"{plan.fluctuation.correlation:.1%} are assumed",
            confidence="what pooling is worth follows from these two",
        )


def _pool_size(plan: Any, sure: str) -> Iterator[Finding]:
    """Each arrangement against one team, on the same terms of staff."""
    one = plan.found[0]
    for other in plan.found[1:]:
        for terms in plan.terms:
            more = other.teams[terms.name][1] - one.teams[terms.name][1]
            yield Finding(
                "pool_plan_pool_size",
                f"{other.name}, {terms.name}",
                f"{other.held.hours - one.held.hours:+,.0f} hours a week and "
                f"{other.teams[terms.name][0] - one.teams[terms.name][0]:+,} posts against one team; "
                f"{other.held.unmet:,.1f} hours of need unmet a week against {one.held.unmet:,.1f}",
                pounds=round(more, 2),
                hours=round((other.held.hours - one.held.hours) * WEEKS_A_YEAR, 2),
                confidence=sure,
            )


def _owner(plan: Any) -> Iterator[Finding]:
    """Council terms against outside terms, for each pool."""
    council, outside = plan.terms
    for one in plan.found:
        more = one.teams[council.name][1] - one.teams[outside.name][1]
        yield Finding(
            "pool_plan_owner",
            one.name,
            f"{one.teams[council.name][0] - one.teams[outside.name][0]:+,} posts on the council's terms against "
            "outside "
            "terms, for the same hours",
            pounds=round(more, 2),
            confidence="medium: terms are usual ones, not those of a bidder; quality and turnover are held equal",
        )


def _like_for_like(plan: Any, sure: str) -> Iterator[Finding]:
    """Separate packages that leave no more unmet than one team does: so many more hours."""
    one, alone = plan.found[0].held, plan.found[-1].held
    spread = float(plan.people.means.sum()) * plan.fluctuation.variation
    needed = hours.reliability_for(one.unmet, alone.mean, spread)
    held = hours.separate(plan.people.means, plan.fluctuation.variation, needed)
    yield Finding(
        "pool_plan_like_for_like",
        "separate packages that leave as little unmet as one team",
        f"each must cover its own need in {needed:.2%} of weeks: {held.hours:,.0f} hours a week against "
        f"{one.hours:,.0f}",
        hours=round((held.hours - one.hours) * WEEKS_A_YEAR, 2),
        confidence=sure,
    )
    banked = hours.banked(
        plan.people.means,
        plan.fluctuation.variation,
        plan.fluctuation.persistence,
        plan.values["bank_weeks"],
        plan.reliability,
    )
    yield Finding(
        "pool_plan_banking",
        f"separate packages, hours banked over {plan.values['bank_weeks']:g} weeks",
        f"{banked.hours:,.0f} hours a week without any pool, against {alone.hours:,.0f} without banking and "
        f"{one.hours:,.0f} in one team",
        hours=round((alone.hours - banked.hours) * WEEKS_A_YEAR, 2),
        confidence=sure,
    )


def _idle(plan: Any, sure: str) -> Iterator[Finding]:
    """Who pays for hours held and not needed: a payment rule, not an owner."""
    price = plan.values["external_price_pounds"]
    for one in plan.found:
        yield Finding(
            "pool_plan_idle",
            one.name,
            f"{one.held.idle:,.0f} of {one.held.hours:,.0f} hours a week are not needed in a usual week. Paid by hours "
            "ordered the council pays for them, paid by hours given the provider does; in a service of one's own the "
            "council does",
            pounds=round(price * one.held.idle * WEEKS_A_YEAR, 2),
            hours=round(one.held.idle * WEEKS_A_YEAR, 2),
            confidence=sure,
        )


def _correlation(plan: Any, sure: str) -> Iterator[Finding]:
    """What one team must hold if people have more in common than is believed."""
    high = plan.correlation_ends[1]
    if high <= plan.fluctuation.correlation:
        return
    pool = hours.pool_of(plan.people.means, plan.fluctuation.variation, high)
    more = hours.held([pool], plan.reliability).hours - plan.found[0].held.hours
    yield Finding(
        "pool_plan_correlation",
        "one team, if people have more in common",
        f"at a correlation of {high:.1%} it must hold {more:,.0f} hours a week more",
        hours=round(more * WEEKS_A_YEAR, 2),
        confidence=sure,
    )

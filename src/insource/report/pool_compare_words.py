"""What a comparison of arrangements found, in sentences; in whichever direction the figures point."""

from collections.abc import Sequence

from insource.planner.arrangements import AS_NOW, POOL, SIDE_BY_SIDE, ZONES
from insource.planner.compared import CLOSE, RootLaw, Tried, beside, unsettled
from insource.planner.disturbed import LONGER_MINUTES, Disturbed
from insource.planner.held import PACKAGES, Held
from insource.planner.packages import OnTheRound

ENOUGH_DAYS = 5
TOO_SOON = (
    "Not yet to be quoted: {days} day(s) solved. Differences of some per cent come and go with the day (--days 5)."
)
NAMES = ((AS_NOW, "As it is now"), (ZONES, "Zones"), (SIDE_BY_SIDE, "Providers side by side"))


def findings(
    tried: Sequence[Tried],
    law: RootLaw | None,
    held: Sequence[Held],
    ill: Sequence[Disturbed],
    longer: Sequence[Disturbed],
    rounds: Sequence[OnTheRound],
    days: int,
) -> list[str]:
    """The summary of the comparison."""
    out = [_group(name, plural, tried) for name, plural in NAMES if any(one.arrangement.name == name for one in tried)]
    if law is not None and law.slope > 0:
        out.append(
            f"Travel with k providers side by side is {law.fixed:.1f} + {law.slope:.1f} x square root of k minutes for "
            f"each visit (no further off than {100 * law.worst:.0f}%)."
        )
    if ill and ill[0].events:
        out.append(_disturbance(tried, "When a carer falls ill", ill))
        out.append(_disturbance(tried, f"When a visit takes {LONGER_MINUTES:g} minutes longer", longer))
    out += _on_the_round(rounds)
    out += _care_held(held)
    out += _sureness(tried)
    return [*out, *([] if days >= ENOUGH_DAYS else [TOO_SOON.format(days=days)])]


def called(one: Tried) -> str:
    """An arrangement with its number of parts."""
    found = one.arrangement
    return found.name if found.parts == 1 else f"{found.name} ({found.parts})"


def _group(name: str, plural: str, tried: Sequence[Tried]) -> str:
    pool, some = tried[0], [one for one in tried if one.arrangement.name == name]
    numbers = sorted({some[0].arrangement.parts, some[-1].arrangement.parts})
    lost = [one.figures["unserved_share"] - pool.figures["unserved_share"] for one in some]
    travel = [beside(one, pool, "travel_a_leg") for one in some]
    spans = [
        _span([beside(one, pool, figure).more for one in some]) for figure in ("paid_per_care_minute", "price_a_leg")
    ]
    wide = max((one.high - one.more for one in travel), default=0.0)
    by_chance = ", which days alone would explain" if all(one.low <= 0.0 <= one.high for one in travel) else ""
    give = "" if wide != wide else f" (give or take {100 * wide:.0f} points by the day{by_chance})"
    return (
        f"{plural} ({' to '.join(map(str, numbers))}): travel for each visit {_span([one.more for one in travel])} "
        f"beside one pool{give}, paid time for each minute of care {spans[0]}, all that the planner prices {spans[1]}, "
        f"visits not made {_points(lost)}."
    )


def _disturbance(tried: Sequence[Tried], happened: str, found: Sequence[Disturbed]) -> str:
    """What one event does to people under each kind of arrangement."""
    said = []
    for name in dict.fromkeys(one.arrangement.name for one in tried):
        some = [(one, mean) for one, mean in zip(tried, found, strict=True) if one.arrangement.name == name]
        parts = _range([one.arrangement.parts for one, _ in some], "d")
        who = name if name == POOL else f"{name} ({parts})"
        other = _range([mean.other_carer for _, mean in some], ".1f")
        said.append(f"{who} {other} and {_range([mean.given_up for _, mean in some], '.1f')}")
    return f"{happened}, so many visits get another carer and so many find nobody: {'; '.join(said)}."


def _range(values: Sequence[float], form: str) -> str:
    """The first and the last."""
    ends = [format(values[0], form), format(values[-1], form)]
    return " to ".join(dict.fromkeys(ends))


def _on_the_round(rounds: Sequence[OnTheRound]) -> list[str]:
    """What fixed minutes take and leave, beside minutes that move."""
    if not rounds:
        return []
    said = (
        f"{one.name} {one.paid_per_minute_met:.2f} paid minutes ({100 * one.unmet_share:.1f}% of need left unmet)"
        for one in rounds
    )
    known = "if need is known before the day"
    return [f"For each minute of need met, {known}, on rounds of one pool with the same carers: {'; '.join(said)}."]


def _care_held(held: Sequence[Held]) -> list[str]:
    packages = next(one for one in held if one.name == PACKAGES)
    one_pool = next(one for one in held if one.name == POOL)
    others = [one for one in held if one.name == SIDE_BY_SIDE]
    out = [
        f"To cover need in 95% of weeks, packages that each hold their own peak hold {packages.by_formula:.2f} times "
        f"mean need, one pool {one_pool.by_formula:.2f}"
        + (
            f", {others[-1].groups} providers that share hours within their own book {others[-1].by_formula:.2f}."
            if others
            else "."
        )
    ]
    if others:
        whole = packages.by_formula - one_pool.by_formula
        share = (packages.by_formula - others[-1].by_formula) / whole if whole > 0 else 0.0
        out.append(
            f"So {100 * share:.0f}% of what a pool saves on packages is had by any provider that may move hours "
            "between its people: that part is about rigid packages and not about who provides."
        )
    return out


def _sureness(tried: Sequence[Tried]) -> list[str]:
    """Whether a longer search would change the finding."""
    if len(tried) < 2:
        return []
    still = unsettled(tried)
    if not still:
        moved = max(abs(_gap(one, tried[0])) for one in tried[1:])
        return [
            f"A quarter of the search gives differences in travel within {100 * moved:.1f} points of these: a longer "
            "one is not expected to turn them."
        ]
    said = ", ".join(
        f"{called(one)} {100 * beside(one, tried[0], 'travel_a_leg').by_short:+.1f}% with a quarter of the search, "
        f"{100 * beside(one, tried[0], 'travel_a_leg').more:+.1f}% with all"
        for one in still
    )
    return [
        f"NOT settled: travel beside one pool still hangs on how long the search was: {said}. Do not quote it; give "
        "more --effort."
    ]


def _gap(one: Tried, pool: Tried) -> float:
    found = beside(one, pool, "travel_a_leg")
    return found.more - found.by_short


def _span(shares: Sequence[float]) -> str:
    low, high = min(shares), max(shares)
    if max(abs(low), abs(high)) < CLOSE:
        return "about the same"
    return f"{100 * low:+.0f}%" if round(100 * low) == round(100 * high) else f"{100 * low:+.0f}% to {100 * high:+.0f}%"


def _points(shares: Sequence[float]) -> str:
    low, high = 100 * min(shares), 100 * max(shares)
    return f"{low:+.1f} points" if round(low, 1) == round(high, 1) else f"{low:+.1f} to {high:+.1f} points"

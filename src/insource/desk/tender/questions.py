"""Clarification questions to a bidder whose price is low, with the sums at issue; a draft for an officer to change.

They ask and do not accuse: a low price may be an efficient round, a short distance or other income. Before a tender is
disregarded for its price the law (Procurement Act 2023, section 19(4)) asks for a notice that the council considers the
price abnormally low, and for a reasonable opportunity to demonstrate that the contract can be performed for it; where
that is demonstrated the tender stays in (19(5)). The questions come before that notice and say so.
"""

from dataclasses import dataclass

from insource.desk.tender.low_bids import Gap


@dataclass(frozen=True)
class Question:
    """One question and the pounds it is about, for an hour and (where hours are known) for a year."""

    lot: str
    bidder: str
    number: int
    text: str
    pounds_an_hour: float
    pounds_a_year: float | None


def draft(
    lot: str, bidder: str, price: float, gap: Gap, hours: float | None, declared: frozenset[str]
) -> list[Question]:
    """The questions to one bidder, most pounds first after the opening one. None where no money is missing."""
    if gap.short >= 0.0:
        return []
    texts: list[tuple[str, float]] = []
    missing = -gap.short
    opening = (
        f"Your price is £{price:.2f} for an hour of care. On our working an hour costs £{gap.cost:.2f}, of which "
        f"£{gap.floor:.2f} is what care workers cost at the legal minimum. Before we form a view we ask "
        f"you to show how "
        f"the work can be done at your price. Please set out your price in the lines of the table sent "
        f"with this letter. This is a question and not a notice under section 19(4) of the Procurement Act 2023: "
        f"should we come to consider your price abnormally low we shall tell you so, and you will have a reasonable "
        f"opportunity to demonstrate that you can perform the contract for it."
    )
    texts.append((opening, missing))
    if gap.pay_alone is not None:
        law = f", which is below the legal minimum of £{gap.legal_pay:.2f}"
        unlawful = law if gap.pay_alone < gap.legal_pay else ""
        said = "you say you pay" if "pay" in declared else "we have assumed pay of"
        texts.append(
            (
                f"Pay: {said} £{gap.pay:.2f} an hour. If pay alone made up the difference it would have to be "
                f"£{gap.pay_alone:.2f}{unlawful}. What do you pay for an hour of care, of travel and of waiting, and "
                f"what share of "
                f"hours is at each rate?",
                missing,
            )
        )
    if gap.minutes_alone is not None:
        texts.append(
            (
                f"Length of visits: if visits alone made up the difference, {min(gap.minutes_alone, 60.0):.1f} minutes "
                f"of every hour paid for would not be given. How are visit times recorded, and what share of visits "
                f"last as long as ordered?",
                missing,
            )
        )
    if gap.travel_alone is not None:
        texts.append(
            (_travel_text(gap, declared), min(missing, missing * gap.travel_minutes / max(gap.travel_alone, 1e-9)))
        )
    lean = gap.cost - gap.lean_cost
    if lean > 0.0:
        still = f" £{-gap.lean_short:.2f} would still be missing." if gap.lean_short < 0.0 else " That would be enough."
        texts.append(
            (
                f"Running costs and surplus: with no surplus and running costs at the low end of what we know, an hour "
                f"would cost £{gap.lean_cost:.2f}.{still} What are your running costs, which other work "
                f"carries them, and "
                f"what surplus do you plan?",
                min(missing, lean),
            )
        )
    if gap.floor_short < 0.0:
        texts.append(
            (
                f"The price is £{-gap.floor_short:.2f} below what care workers cost at the legal minimum. "
                f"Please show how "
                f"minimum wage (travel between visits counts as work), holiday, sick pay, National "
                f"Insurance and pension "
                f"are met.",
                -gap.floor_short,
            )
        )
    return [
        Question(lot, bidder, number, text, pounds, pounds * hours if hours else None)
        for number, (text, pounds) in enumerate(texts, start=1)
    ]


def _travel_text(gap: Gap, declared: frozenset[str]) -> str:
    said = "you say" if "travel" in declared else "we have assumed"
    alone = gap.travel_alone or 0.0
    if alone <= gap.travel_minutes:
        so = f"if travel alone made up the difference, {alone:.1f} of them would be unpaid or not needed"
    else:
        so = "even with no travel at all there would be money missing"
    return (
        f"Travel: {said} {gap.travel_minutes:.1f} minutes between visits for each hour of care; {so}. How "
        f"many minutes do "
        f"you expect in this area, how are they and the mileage paid, and on which rounds have you worked this out?"
    )

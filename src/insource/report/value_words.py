"""What the appraisal of a run says in sentences, and what its page says of method and limits."""

import math
from collections.abc import Sequence

import numpy as np

from insource.appraise import deciding
from insource.appraise.value import PURSES, Question, Value, quadrants

MILLION = 1_000_000
YEARLY = ("council", "council at full price", "nhs", "wellbeing")
PURSE_WORDS = {
    "council": "The council pays",
    "council at full price": "The council would pay, outside services at full cost",
    "nhs": "The NHS pays",
    "outside services": "Outside services keep",
    "penalties": "The council is paid in penalties",
    "care workers": "Care workers are paid",
}
METHOD = (
    "Costs and SC-QALYs of every year of a run are discounted to its start, money and wellbeing each at its own rate.",
    "Payback is when a model's discounted savings have made up, for good, what it cost more before. Break-even is the "
    "same sum every year, or the share of its own cost, by which it would have to differ to cost as much as the first.",
    "Differences are between paired draws: the same people with the same luck under the same assumptions.",
    "Net benefit is what a SC-QALY is taken to be worth, times those gained, less what more is paid.",
    "The worth of knowing everything is the mean of the best option draw by draw, less the best on average (EVPI). "
    "That of one thing fits each model's net benefit by it and chooses by the fit (EVPPI), less what shuffled draws "
    "would seem to be worth. It is named only if that is more than the luckiest of all the parameters would seem to be "
    "worth in 19 of 20 shuffles.",
    "A share of the draws has Wilson's interval. A swing is the mean where a parameter is high less that where it is "
    "low; shares of variance are first-order indices by RBD-FAST. Swings are listed where they stand out from luck.",
    "Further runs ('insource doubt'): parameters of one draw with the luck of others, parameters set to their ends, "
    "rival findings in every combination, people followed one by one, designs of Morris and Sobol.",
)
EXCLUSIONS = (
    "Unpaid carers' time, housing, and benefits are not valued.",
    "Penalties that outside services pay the council are shown as its income, and not taken off what it pays.",
    "What people are charged for care at home is not modelled, so who pays it is not told.",
    "Groups of people are told apart only where 'insource doubt --groups' was run: the books count by service.",
    "What comes after the last year: a model that takes years to build up is judged on the years run.",
)
ASSUMPTIONS = (
    "A SC-QALY is worth the same to whoever gets it.",
    "Pounds are at the prices of the run's base date throughout.",
    "Draws show all we are unsure of together with luck; they do not show what no parameter stands for.",
)


def sentences(value: Value, titles: dict[str, str], asked: Question, worth: Sequence[deciding.Worth]) -> list[str]:
    """Two or three sentences for each model against the first, then on doubt."""
    costs, gains = value.costs(asked.purse), value.present("wellbeing")
    benefit = value.benefit(asked.threshold, asked.purse)
    first = next(iter(titles.values()))
    purse = "the council and the NHS" if len(PURSES[asked.purse]) > 1 else "the council"
    said = []
    for number, title in list(enumerate(titles.values()))[1:]:
        more, gain = costs[number] - costs[0], gains[number] - gains[0]
        said.append(
            f"{title} costs {purse} {_money(more)} than {first} over {value.years} years, at present value, and gives "
            f"{_qalys(gain)}. {_chances(gain, more)}"
        )
        net = benefit[:, number]
        sign = "worth it" if net.mean() > 0 else "not worth it"
        by = abs(net.mean()) / MILLION
        said.append(
            f"At {asked.threshold:,.0f} pounds for a SC-QALY it is {sign} on average, by {by:,.1f} million, and worth "
            f"it in {(net > 0).mean():.0%} of the draws. {_enough(deciding.enough(net))}"
        )
    said.append(_doubt(deciding.evpi(benefit), worth))
    return said


def _enough(enough: deciding.Enough) -> str:
    if math.isinf(enough.draws_for_sign):
        return "No number of draws would settle which it is."
    if enough.is_enough:
        return f"The {enough.draws:,} draws are enough to tell (standard error {enough.error / MILLION:,.2f} million)."
    return f"That takes about {enough.draws_for_sign:,.0f} draws to tell; there are {enough.draws:,}."


def _money(more: np.ndarray) -> str:
    mean = float(more.mean()) / MILLION
    low, high = (float(end) / MILLION for end in np.quantile(more, (0.05, 0.95)))
    way = "more" if mean >= 0 else "less"
    low, high = (low, high) if mean >= 0 else (-high, -low)
    return f"{abs(mean):,.1f} million pounds ({low:,.1f} to {high:,.1f}) {way}"


def _qalys(gain: np.ndarray) -> str:
    mean = float(gain.mean())
    low, high = (float(end) for end in np.quantile(gain, (0.05, 0.95)))
    way = "more" if mean >= 0 else "fewer"
    low, high = (low, high) if mean >= 0 else (-high, -low)
    return f"{abs(mean):,.1f} SC-QALYs ({low:,.1f} to {high:,.1f}) {way}"


def _chances(gain: np.ndarray, more: np.ndarray) -> str:
    shares = quadrants(gain, more)
    parts = [f"{name} in {share:.0%}" for name, share in shares.items() if share > 0]
    return f"Of the draws it is {', '.join(parts)}."


def _doubt(everything: float, worth: Sequence[deciding.Worth]) -> str:
    if everything <= 0.0:
        return "The same model is best in every draw: no finding about a parameter would change the choice."
    sentence = f"Knowing everything before choosing would be worth {pounds_in_words(everything)}"
    tried = [one for one in worth if math.isfinite(one.error)]
    if not tried:
        return f"{sentence}; what one parameter is worth takes {deciding.FEWEST_DRAWS} draws at least to tell."
    line = f"the luckiest of {len(tried)} that do nothing would seem ({pounds_in_words(tried[0].luckiest)})"
    named = ", ".join(f"{one.parameter} ({pounds_in_words(one.pounds)})" for one in tried[:3] if one.is_seen)
    if not named:
        return f"{sentence}; no single parameter can be told from luck: none is worth more than {line}."
    return f"{sentence}; of single parameters, more than {line}: {named}. Such worths overlap and do not add up."


def pounds_in_words(amount: float) -> str:
    """'1.23 million pounds'; what would be no hundredth of a million is in pounds."""
    return f"{amount:,.0f} pounds" if abs(amount) < MILLION / 100 else f"{amount / MILLION:,.2f} million pounds"

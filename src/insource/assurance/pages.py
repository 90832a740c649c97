"""The pages of assurance: what calibration set, how published figures compare, and what is left after each swap."""

from insource.appraise.outcomes import outcomes
from insource.assurance.calibrate import Setting
from insource.assurance.swaps import MEASURED, Swapped
from insource.assurance.validate import VERDICTS, Verdict
from insource.sources import sources
from insource.units import bare

NOTE = "Written by `insource assurance`; do not edit."
Rows = list[tuple[str, ...]]


def validation(found: list[Verdict], people: int, draws: int, seed: int) -> str:
    """The page of published figures."""
    held = [one for one in found if one.figure.used == "held out"]
    met = sum(one.verdict == VERDICTS[0] for one in held)
    rows: Rows = [
        (
            one.figure.name,
            one.figure.used,
            " over ".join(one.figure.models),
            _range(one.value, one.low, one.high, one.figure.unit),
            _range(one.figure.published, one.figure.low, one.figure.high, one.figure.unit),
            f"**{one.verdict}**" if one.verdict == VERDICTS[2] else one.verdict,
            _source(one),
        )
        for one in found
    ]
    header = (
        "figure",
        "used for",
        "model",
        "simulated (90% of draws)",
        "published (range)",
        "unit",
        "verdict",
        "source",
    )
    return f"""# Published figures and the model

{NOTE} Synthetic place of {people:,} people, five years after a year of running in, one run with central parameters and
{draws} with drawn ones, seed {seed}.

**How to read it.** A figure that set a parameter cannot validate it. *calibration* set a parameter; *adds up* is a
total of the same body of evidence that the parameters come from, so that it shows that the parts fit and no more;
*held out* was used for nothing and was written down before it was run. *met*: the central value lies in the published
range; *within doubt*: some of the middle 90% of draws do; **missed** figures stay in the list.

Of {len(held)} figures held out, {met} are met, {sum(one.verdict == VERDICTS[1] for one in held)} are within doubt and
{sum(one.verdict == VERDICTS[2] for one in held)} are missed.

{table(header, rows)}"""


def calibration(settings: list[Setting], people: int, seed: int) -> str:
    """The page of figures that parameters were set by."""
    return f"""# Calibration

{NOTE} Synthetic place of {people:,} people with national figures, services bought as now, central parameters,
seed {seed}. These published figures set parameters without direct evidence; they therefore prove nothing about the
model. The defaults of the product hold these values, rounded; `insource calibrate PLACE` sets them for your own place.

{table(CALIBRATION_HEADER, calibration_rows(settings))}"""


CALIBRATION_HEADER = ("figure", "published", "before", "achieved", "parameter", "was", "is", "believed", "note")


def calibration_rows(settings: list[Setting]) -> Rows:
    """One row for each parameter set, for the page and the screen."""
    rows: Rows = []
    for one in settings:
        note = "" if one.is_reached else "not reached"
        if not one.is_believable:
            note += ("; " if note else "") + "outside the range believed"
        levels = tuple(bare(level, one.target_unit) for level in (one.published, one.before, one.achieved))
        values = (one.parameter, *(bare(value, one.unit) for value in (one.value_before, one.value)))
        believed = f"{bare(one.low, one.unit)} to {bare(one.high, one.unit)}"
        rows.append((one.target, *levels, *values, believed, note))
    return rows


def swap_page(found: list[Swapped], people: int, draws: int, seed: int) -> str:
    """The page of swap runs."""
    rows: Rows = []
    for one in found:
        swap = one.swap
        first = ("nothing", "", "", "") if swap is None else (f"`{swap.name}`", swap.kind, swap.favours, swap.why)
        rows.append((*first, *(_range(*one.difference[name], outcomes()[name].unit) for name in MEASURED)))
    measured = tuple(f"{outcomes()[name].label} ({outcomes()[name].unit})" for name in MEASURED)
    return f"""# Swap runs: what is left if the other side had it too

{NOTE} Synthetic place of {people:,} people, three years, {draws} draws, seed {seed}; the council's own team less a
framework of outside services, mean and middle 90% of draws. Each row gives one side what by default only the other
has, and nothing else. *favours* says which side the default favours: the council's own service, bought services, or
neither.

{table(("swapped", "kind", "favours", "what was done", *measured), rows)}"""


def _range(middle: float, low: float, high: float, unit: str) -> str:
    return f"{bare(middle, unit)} ({bare(low, unit)} to {bare(high, unit)})"


def _source(one: Verdict) -> str:
    where = one.figure.where
    return f"{sources()[one.figure.source].text()}: {where}" if one.figure.source else where


def table(header: tuple[str, ...], rows: Rows) -> str:
    """A table in Markdown."""
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines) + "\n"

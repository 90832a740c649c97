"""insource needs: budgets against the cost of meeting needs across the whole caseload."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from insource.desk.needs import budgets, caseload, census, census_telling, reading, telling
from insource.desk.needs.groups import Asked
from insource.desk.needs.other_ways import Ways
from insource.desk.needs.reading import Records
from insource.desk.result import Result, Setting, input_of
from insource.desk.settings import of_parameter, settings
from insource.errors import InputError, Problem

COSTING = "costing_hours"


def needs(
    named: list[str], given: Mapping[str, float] | None = None, seed: int = 1, today: date | None = None
) -> Result:
    """Set budgets beside the cost of plans, for the files or folders `named`.

    `given` are settings of the user's own; the same `seed` gives the same intervals; `today` bounds dates. Raises
    InputError for files that cannot be used, settings that cannot be, and too few people.
    """
    own = dict(given or {})
    hours = of_parameter(COSTING, own.pop(COSTING, None))
    chosen = settings("needs", own)
    value = {name: float(one.value) for name, one in chosen.items()}
    asked = Asked(int(value["redraws"]), seed, int(value["smallest_group"]), value["tolerance_pounds"])
    records = reading.read(named, today)
    said = (*chosen.values(), hours)
    if records.censuses:
        found = _of_census(records, asked, said)
    else:
        ways = Ways(
            value["short_to_spare_cost"],
            float(hours.value),
            value["sharing_people"],
            value["costed_share"],
            value["tolerance_pounds"],
        )
        found = _of_caseload(records, asked, ways, value["circular_share"], said, today)
    inputs = tuple(input_of(path, *records.usable(name), name=name) for name, path in records.paths.items())
    return replace(found, inputs=inputs)


def _of_census(records: Records, asked: Asked, said: tuple[Setting, ...]) -> Result:
    ((name, file),) = records.censuses.items()
    if file.frame.height == 0 or "own_hours" not in file.frame.columns:
        raise _nobody(name)
    people = census.people_of(file.frame)
    if people.height == 0:
        raise _nobody(name)
    return census_telling.result(people, replace(asked, tolerance=0.0), said, _exclusions(records), _problems(records))


def _of_caseload(
    records: Records,
    asked: Asked,
    ways: Ways,
    circular: float,
    said: tuple[Setting, ...],
    today: date | None,
) -> Result:
    from_return: pl.DataFrame | None = None
    end = today or date.today()
    if records.events.height and "pseudonym" in records.events.columns and records.events["is_usable"].any():
        found = caseload.packages(records.events, list(records.returns))
        from_return, end = found.people, found.period_end
    parts = [caseload.from_assessments(file.people(), name, end) for name, file in records.assessed.items()]
    assessed = pl.concat(parts).unique("pseudonym", keep="first", maintain_order=True) if parts else None
    if assessed is None and from_return is None:
        raise _nobody(", ".join(records.paths))
    compared = budgets.compare(caseload.together(assessed, from_return), asked, ways)
    return telling.result(compared, asked, circular, said, _exclusions(records), _problems(records))


def _exclusions(records: Records) -> tuple[str, ...]:
    lines = list(records.notices)
    for name in records.paths:
        rows, usable = records.usable(name)
        if usable < rows:
            lines.append(f"{name}: {rows - usable:,} of {rows:,} rows could not be used, or tell of the same twice.")
    return tuple(lines)


def _problems(records: Records) -> pl.DataFrame:
    names = ("file", "severity", "column", "what", "count", "todo", "code")
    rows = [{name: getattr(count, name) for name in names} for log in records.logs() for count in log.counts()]
    return pl.DataFrame(rows).rename({"severity": "rows_are"}) if rows else pl.DataFrame()


def _nobody(name: str) -> InputError:
    what = "no row of it can be used"
    return InputError(Problem("no_usable_rows", what, f"see what is wrong with it: insource check {name}", file=name))


__all__ = ["needs"]

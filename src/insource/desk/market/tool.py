"""insource market: put the parts together to one result."""

from collections.abc import Mapping
from datetime import date

import polars as pl

from insource.desk.market import (
    charts,
    concentration,
    contracts,
    dependence,
    findings,
    joined_findings,
    joined_sheets,
    matching,
    moves,
    prices,
    quality,
    sheets,
    story,
)
from insource.desk.market.reading import Material
from insource.desk.market.suppliers import Paid, is_named, is_told_apart, together
from insource.desk.result import Chart, Finding, Result, Setting, Sheet
from insource.desk.settings import of_parameter
from insource.errors import InputError, Problem
from insource.records import market_mapping
from insource.records.cqc_locations import UNRATED
from insource.records.supplier_names import INDIVIDUALS
from insource.units import PENCE_A_POUND, bare

MOST_SAID = 24
QUESTION = "Who is paid for care, how much, how concentrated is it, who comes and goes, and what is bound for how long?"
METHOD = (
    "Payments are read in the council's own columns by the mapping shown under Settings; the first stream whose test a "
    "payment meets is its stream. Payments for anything else are left out.",
    "A supplier is its name made even (case, punctuation and legal form do not count); its numbers are joined where "
    "the name has two words or more.",
    "Concentration is the sum of squared shares of net spend in per cent. Years are complete years only.",
    "Price pressure is the growth of the pounds of a payment to the same supplier from one year to the next (weighted "
    "median, chained), beside the wage floor.",
    "Names are compared with the CQC's register by rapidfuzz (mean of letters in order and words as a set); scores "
    "are shown, and the file of decisions comes first.",
    "A finding refers to its largest payments, up to twenty, by file and row.",
)
EXCLUSIONS = (
    "Payments under £500, which councils need not publish; the council's own service; what people pay themselves.",
    "Names that may be people's are never shown; they count in every sum.",
    "Why anything happened: payments do not say.",
)
ASSUMPTIONS = (
    "Net payments in the month they were made stand for care in about that month.",
    "A payment to the same supplier buys about the same amount of care as a year before, for price pressure only.",
    "A supplier's money is shared out evenly over its locations in the register.",
)
AREA_SERVICES = {"Home care": "is_home_care", "Care homes": "is_care_home", "Nursing homes": "is_nursing_home"}


def analyse(material: Material, settings: Mapping[str, Setting], today: date | None = None) -> Result:
    """The result for what was read. `today`: the day on which contracts and ratings are looked at (the last day of the
    month of the last payment, else the day of the run). Raises InputError if no payment is for care."""
    paid = _paid(material, settings)
    today = today or (_month_end(paid) if paid else date.today())
    bed = of_parameter("care_home_week_pounds")
    parts = _Parts()
    if paid:
        _payments(parts, paid, settings, material)
    places = _register(parts, paid, material, settings, today)
    if paid:
        depends = dependence.table(paid, material.decisions, places, float(bed.value))
        parts.sheets.append(sheets.dependence(depends))
        parts.findings += joined_findings.of_dependence(depends, settings)
    if material.contracts is not None:
        _contracts(parts, paid, material, settings, today)
    problems = sheets.problems(material.logs)
    if problems.frame.height:
        parts.sheets.append(problems)
    used = [*settings.values(), bed, Setting("today", today.isoformat(), "", "the day looked at")]
    return Result(
        "market",
        "The market for care, from published payments and registers",
        QUESTION,
        tuple(parts.summary[:MOST_SAID]),
        tuple(parts.findings),
        tuple(parts.sheets),
        tuple(parts.charts),
        (*used, *_mapping_used(material)),
        METHOD,
        (*EXCLUSIONS, *material.notices),
        ASSUMPTIONS,
        material.inputs,
    )


class _Parts:
    """What a result is collected in."""

    def __init__(self) -> None:
        self.summary: list[str] = []
        self.findings: list[Finding] = []
        self.sheets: list[Sheet] = []
        self.charts: list[Chart] = []


def _paid(material: Material, settings: Mapping[str, Setting]) -> Paid | None:
    if not material.payments:
        return None
    paid = together(material.payments, material.lists, int(settings["year_starts_in_month"].value))
    if paid.frame.is_empty():
        raise InputError(
            Problem(
                "no_care_payments",
                "none of the payments meets a test of a stream, so none is for care",
                "write the mapping with --propose mapping.yaml, look at 'streams:' and 'leave_out:', and give it back",
                file=material.mapping.file or material.files[0],
            )
        )
    return paid


def _month_end(paid: Paid) -> date:
    end = pl.Series([paid.frame["month"].max()]).dt.month_end()[0]
    return end if isinstance(end, date) else date.today()


def _payments(parts: _Parts, paid: Paid, settings: Mapping[str, Setting], material: Material) -> None:
    years, moved = concentration.by_year(paid), moves.by_year(paid)
    index = prices.index(paid, float(settings["fewest_payments"].value))
    first, last = paid.frame["month"].min(), paid.frame["month"].max()
    pounds = float(paid.frame["pence"].sum()) / PENCE_A_POUND
    payees = paid.frame.filter(is_told_apart())["key"].n_unique()
    streams = ", ".join(stream.lower() for stream in paid.streams())
    span = f"{story.month(first)} to {story.month(last)}" if isinstance(first, date) and isinstance(last, date) else ""
    parts.summary.append(
        f"{bare(pounds, 'pounds')} for care to {payees:,} payees, {span}, in {len(paid.streams())} streams: {streams}."
        + (f" Left out: {bare(paid.outside_pounds, 'pounds')} of other payments." if paid.outside_pounds else "")
    )
    if paid.joined:
        parts.summary.append(f"{paid.joined:,} numbers of suppliers were joined to another number of the same name.")
    if not paid.years():
        parts.summary.append("No year is complete in the files, so nothing is said about change over years.")
    parts.summary += story.tell(paid, years, moved, index, settings)
    parts.findings += findings.of_payments(paid, years, index, settings, material.files)
    months = sheets.months(concentration.by_month(paid))
    parts.sheets += [sheets.suppliers(paid), sheets.years(years), months]
    parts.sheets += [sheets.comings(moved), sheets.payment_index(index)]
    told = story.told_of(paid)
    parts.charts += [*charts.of_months(months.frame, told), *charts.of_years(years, told)]
    parts.charts += [chart for stream in told[:3] for chart in charts.of_moves(moved, stream)]
    parts.charts += charts.of_prices(index, told)


def suppliers_to_match(paid: Paid) -> pl.DataFrame:
    """Key, name and pounds of the last twelve months of the named suppliers paid in them, the largest first."""
    rows = paid.last_year().filter(is_named() & is_told_apart())
    sums = rows.group_by("key", "name").agg((pl.col("pence").sum() / PENCE_A_POUND).alias("pounds"))
    return sums.filter(pl.col("pounds") > 0).sort(["pounds", "key"], descending=[True, False])


def match_all(paid: Paid, material: Material, settings: Mapping[str, Setting]) -> pl.DataFrame:
    """The proposals for every supplier (matching.SCHEMA and `pounds`)."""
    suppliers = suppliers_to_match(paid)
    if material.register is None:
        return pl.DataFrame(schema=matching.SCHEMA | {"pounds": pl.Float64})
    limits = (float(settings["match_taken"].value), float(settings["match_shown"].value))
    found = matching.match(suppliers, material.register, material.decisions, *limits)
    return found.join(suppliers.select(pl.col("key").alias("supplier"), "pounds"), on="supplier", how="left")


def _register(
    parts: _Parts, paid: Paid | None, material: Material, settings: Mapping[str, Setting], today: date
) -> pl.DataFrame | None:
    """What the CQC's register adds; returns the locations of matched suppliers."""
    if material.locations is None:
        return None
    old = float(settings["old_rating_years"].value)
    if material.areas:
        area = _area(material.locations, material.areas, today, old)
        if area.is_empty():
            raise InputError(_no_area(material))
        parts.sheets.append(joined_sheets.register_area(area))
        for one in area.to_dicts():
            parts.summary.append(
                f"{one['service']} registered in the area: {one['locations']:,} "
                f"{'location' if one['locations'] == 1 else 'locations'}, "
                f"{story.per_cent(one['unrated_share'])} of them not rated, {story.per_cent(one['old_share'])} rated "
                f"{old:g} years ago or more."
            )
    if paid is None:
        return None
    matches = match_all(paid, material, settings)
    places = quality.places_of(matches, material.locations, material.areas)
    rows = paid.last_year().group_by("stream", "key").agg((pl.col("pence").sum() / PENCE_A_POUND).alias("pounds"))
    rows = rows.filter(pl.col("pounds") > 0).sort("stream", "key")
    owners, ratings = quality.spend_by(rows, places, "owner"), quality.spend_by(rows, places, "rating")
    ages = quality.ratings(rows, places, today, old)
    parts.sheets += [
        joined_sheets.matches(matches),
        joined_sheets.spend_by("Owners", "Money by owner of the supplier", "owner", owners),
        joined_sheets.spend_by("Ratings", "Money by rating of the supplier's locations", "rating", ratings),
        joined_sheets.rating_ages(ages),
    ]
    parts.charts += charts.of_register(owners, ratings)
    whole = float(rows["pounds"].sum())
    matched = float(rows.filter(pl.col("key").is_in(places["supplier"].implode()))["pounds"].sum())
    parts.summary.append(
        f"{story.per_cent(matched / whole)} of the last twelve months' money is matched with the CQC's register "
        f"({places['supplier'].n_unique():,} suppliers); the rest is not, or waits for your decision."
    )
    for one in ages.to_dicts():
        age = f", mean age of ratings {one['mean_age_years']:.1f} years" if one["mean_age_years"] else ""
        parts.summary.append(
            f"{one['stream']}: of the matched money {story.per_cent(one['unrated_share'])} goes to locations without a "
            f"rating{age}."
        )
    parts.findings += joined_findings.of_ratings(
        suppliers_to_match(paid).drop("name"), places, matches.drop("pounds"), today, settings
    )
    return places


def _contracts(
    parts: _Parts, paid: Paid | None, material: Material, settings: Mapping[str, Setting], today: date
) -> None:
    if material.contracts is None:
        return
    care = contracts.ends(contracts.of_care(material.contracts, paid, float(settings["match_taken"].value)), today)
    locked = contracts.locked_in(care, today)
    without = contracts.without_contract(paid, care, today) if paid else None
    running = care.filter(pl.col("state") == "running")
    soon = running.filter(pl.col("months_left") <= float(settings["soon_months"].value))
    annual = [float(one["annual_pounds"].fill_null(0.0).sum()) for one in (running, soon)]
    worth = [f"worth {bare(pounds, 'pounds')} a year" for pounds in annual]
    parts.summary.append(
        f"{care.height:,} of {material.contracts.height:,} contracts in the register are for care; {running.height:,} "
        f"in force on {today:%d/%m/%Y}, {worth[0]}; of these {soon.height:,}, {worth[1]}, will end within "
        f"{settings['soon_months'].value:g} months."
    )
    later = locked.row(2, named=True)
    bound = [bare(pounds, "pounds") for pounds in (locked["certain"][0], later["certain"])]
    parts.summary.append(f"Bound for certain: {bound[0]} of the coming year and {bound[1]} of the third year from now.")
    parts.sheets += [joined_sheets.contracts(care), joined_sheets.locked_in(locked)]
    if without is not None:
        parts.sheets.append(joined_sheets.without_contract(without))
    parts.charts += charts.of_locked(locked)
    parts.findings += joined_findings.of_contracts(care, locked, without, settings, material.registers)


def _area(locations: pl.DataFrame, areas: tuple[str, ...], today: date, old: float) -> pl.DataFrame:
    """All registered care in the areas, by service."""
    near = pl.col("area").fill_null("").str.to_lowercase().is_in([area.lower() for area in areas])
    aged = quality.with_age(locations.filter(near), today).with_columns(
        (pl.col("rating") == UNRATED).cast(pl.Float64).alias("is_unrated")
    )
    parts = [
        aged.filter(pl.col(flag)).select(
            pl.lit(service).alias("service"),
            pl.len().alias("locations"),
            pl.col("beds").sum().alias("beds"),
            pl.col("is_unrated").mean().alias("unrated_share"),
            (pl.col("age_years") >= old).fill_null(False).mean().alias("old_share"),
            pl.col("age_years").mean().alias("mean_age_years"),
        )
        for service, flag in AREA_SERVICES.items()
    ]
    return pl.concat(parts).filter(pl.col("locations") > 0)


def _no_area(material: Material) -> Problem:
    known = material.locations["area"].drop_nulls().unique().sort().to_list() if material.locations is not None else []
    from_file = ", ".join(known[:20]) + (f" and {len(known) - 20:,} more" if len(known) > 20 else "")
    return Problem(
        "no_such_area",
        "no registered care in this area",
        "write the area as the register's column 'Location Local Authority' has it",
        column="--area",
        found=", ".join(material.areas),
        allowed=from_file,
    )


def _mapping_used(material: Material) -> list[Setting]:
    """The mapping as settings: proposed by us, or given by the user."""
    mapping = material.mapping
    source = f"your file {mapping.file}" if mapping.file else "proposed by insource and not confirmed by you"
    lines = [
        Setting(f"{kind}: {role}", ", ".join(texts), "heading", source)
        for kind, by_role in mapping.headings.items()
        for role, texts in by_role.items()
    ]
    groups: dict[str, tuple[market_mapping.Condition, ...]] = {
        f"stream: {name}": tests for name, tests in mapping.streams.items()
    }
    groups |= {"left out": mapping.leave_out, INDIVIDUALS: mapping.individuals, "organisations": mapping.organisations}
    for name, tests in groups.items():
        if tests:
            said = "; ".join(f"{test.column} {test.how} '{test.text}'" for test in tests)
            lines.append(Setting(name, said, "test", source))
    return lines

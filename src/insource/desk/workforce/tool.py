"""insource workforce: what care workers are paid, how many leave, what next year brings and what pay would change."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

import polars as pl

from insource.desk import chosen as numbers
from insource.desk.counts import total
from insource.desk.drawing import bars
from insource.desk.result import Chart, Finding, Input, Result, Sheet
from insource.desk.workforce import findings, moves, next_year, offers, pay, sheets
from insource.desk.workforce.next_year import Outlook
from insource.errors import InputError, Problem
from insource.records import workforce_files
from insource.records.workforce_files import Workforce
from insource.rules.turnover import conditions_factor, later_quit_rate
from insource.units import WEEKS_A_YEAR, people_shown

TOOL = "workforce"
OF_SIMULATION = (
    *("wage_floor_pence", "real_living_wage_pence", "council_pay_pence"),
    *("ni_threshold_pounds", "ni_share", "pension_threshold_pounds", "minimum_pension_share"),
    *("local_government_pension_share", "leaver_cost_pounds", "turnover_rate", "vacancy_share"),
    *("quit_elasticity", "sector_elasticity", "sector_stay_share", "open_market_share"),
    *("zero_hours_quit_ratio", "first_year_quit_ratio", "experienced_weeks", "working_days"),
)
MOST_PROBLEMS = 10
"""Of each file, where nothing of it can be used."""
ASKED = "the offer asked for"
QUESTION = "What are care workers paid, how many leave and how many posts are empty, and what would a pay offer change?"
METHOD = (
    "Pay for an hour is compared, worker by worker, with the National Living Wage, the real living wage and the "
    "council's own scale. Closing a gap is costed with National Insurance and pension at that worker's hours.",
    "Turnover is leavers of twelve months over permanent and temporary staff now; the vacancy share is empty posts "
    "over all posts. Limits: Byar's for rates, Wilson's for shares.",
    "Next year: each workplace's own record and the national rate are weighed together. Leavers are then negative "
    "binomial; each post is filled or empty from week to week, and the posts empty in a year are counted exactly.",
    "A pay offer: leaving for other care employers and leaving care work fall with pay by two elasticities, and "
    "vacancies fill faster. What other care employers of the area lose by it is counted apart from its gain.",
    "Doubt about the elasticities, where leavers go and what replacing one costs is carried through in "
    f"{offers.DRAWS} draws, the same beliefs as the simulation's.",
)
EXCLUSIONS = (
    "Vacant and left posts are not paid; bank and agency workers are not counted as staff.",
    "National Insurance numbers, dates of birth, postcodes, gender, ethnicity and nationality are not read.",
    "Benefits in kind, enhancements and mileage are not in pay for an hour.",
    "The employment allowance of small employers is not taken off National Insurance.",
)
ASSUMPTIONS = (
    "A salary is taken to be pay for the contract hours of that worker.",
    "Workers under 21 and trainees may lawfully be paid less than the floor; ages are not read, so some who are found "
    "below it may be paid what the law asks. Apprentices are left out.",
    "That turnover differs between employers does not show that who employs is the cause: roles, ages, hours and "
    "length of service differ too.",
    "A kind of employer is tried as one: its own workplaces all pay the offer, other employers in the files do not, "
    "except in the column that supposes they do. They hold the share of the area's care workers that they do here.",
)


def workforce(
    paths: Sequence[Path],
    offer: float | None = None,
    given: Mapping[str, float] | None = None,
    day: date | None = None,
) -> Result:
    """What the files tell. `offer`: pay for an hour to try; `given`: numbers in place of defaults; `day`: when the
    files were true. Raises InputError listing what is wrong with files or numbers."""
    day = day or date.today()
    given = dict(given or {})
    chosen = numbers.chosen(TOOL, OF_SIMULATION, given, day.isoformat())
    values = numbers.values(chosen)
    force = workforce_files.read(paths, day)
    places = moves.by_workplace(force, values)
    if places.is_empty():
        raise _nobody(force)
    care = places.filter("is_direct_care") if places["is_direct_care"].any() else places
    outlooks = next_year.outlooks(care, values)
    workers = _with_chances(force, care, values)
    gaps = pl.concat([pay.gaps(workers, values), pay.travel_gaps(workers, values)])
    by_sector = moves.rates(care, ["sector"], values)
    by_place = moves.rates(care, ["workplace_name"], values)
    tried = list(_offers(workers, care, offer, values, given)) if workers.height else []
    found = [
        *findings.of_pay(gaps),
        *findings.of_turnover(care, by_place, values),
        *findings.of_next_year(outlooks, values),
        *findings.of_sickness(by_sector, values),
        *findings.of_missing_rows(force),
        *_offer_findings(tried),
    ]
    tables = _tables(workers, by_sector, by_place, outlooks, tried, values)
    problems = sum(len(file.log.frame()) for file in force.files)
    notes = tuple(
        f"{problems:,} cells or rows could not be used as they stand: insource check lists them"
        for _ in [1]
        if problems
    )
    return Result(
        TOOL,
        "Care workers: pay, moves, and what an offer would change",
        QUESTION,
        tuple(_summary(workers, gaps, by_sector, outlooks, tried)),
        tuple(found),
        tables,
        tuple(_charts(tables)),
        tuple(chosen.values()),
        METHOD,
        (*EXCLUSIONS, *force.notices, *notes),
        ASSUMPTIONS,
        tuple(Input(file.name, file.rows, file.usable, file.sha256) for file in force.files),
        published_summary=("Numbers of fewer than five people are withheld; see the tables.",),
    )


def _nobody(force: Workforce) -> InputError:
    """The lesson for files in which no usable row is about staff: with what is wrong with their rows."""
    problems = [problem for file in force.files for problem in islice(file.log.each(), MOST_PROBLEMS)]
    what = "no usable row is about permanent or temporary staff, or about a workplace with its job roles"
    todo = "mend the rows below, or give the workplace file (or the worker file) too"
    return InputError([Problem("no_staff", what, todo, file=force.files[0].name), *problems])


def _with_chances(force: Workforce, care: pl.DataFrame, values: Mapping[str, float]) -> pl.DataFrame:
    """Workers employed now with weeks served, paid hours, and the chance that each leaves within a year.

    The workplace's believed rate, times how much faster or slower somebody of this length of service and contract
    leaves; on average over the workplace it is the workplace's rate.
    """
    staff = moves.in_post(force.workers).with_columns(
        moves.weeks_served(force.day).alias("weeks"),
        pay.paid_hours().alias("hours"),
        pl.col("sector").fill_null(moves.UNKNOWN),
    )
    rate_of = {
        place: left / years
        for place, row in zip(care["workplace"], care.iter_rows(named=True), strict=True)
        for left, years in [next_year.leaving(next_year.place_of(row), values)]
    }
    later = later_quit_rate(1.0, values["first_year_quit_ratio"])
    relative = [
        later
        * (values["first_year_quit_ratio"] if weeks is not None and weeks < WEEKS_A_YEAR else 1.0)
        * (conditions_factor(values["zero_hours_quit_ratio"], -1.0, 1.0, 1.0) if is_zero else 1.0)
        for weeks, is_zero in staff.select("weeks", "is_zero_hours").iter_rows()
    ]
    staff = staff.with_columns(pl.Series("relative", relative, dtype=pl.Float64))
    share = pl.col("relative") / pl.col("relative").mean().over("workplace")
    own = pl.col("workplace").replace_strict(rate_of, default=values["turnover_rate"], return_dtype=pl.Float64)
    return staff.with_columns((1.0 - (-(own * share)).exp()).alias("chance_to_leave")).drop("relative")


def _offers(
    workers: pl.DataFrame,
    care: pl.DataFrame,
    offer: float | None,
    values: Mapping[str, float],
    given: Mapping[str, float],
) -> Iterator[dict[str, object]]:
    """Each offer for each kind of employer: the real living wage, the council's scale, and the one asked for."""
    aims = pay.yardsticks(values)
    tried = {"the real living wage": aims["living_wage"], "the council's scale": aims["council_scale"]}
    tried |= {ASKED: offer} if offer is not None else {}
    believed = offers.doubted(values, given)
    for (sector,), part in care.group_by("sector", maintain_order=True):
        mine = workers.filter(
            (pl.col("sector") == sector) & pl.col("is_direct_care") & pl.col("pay_pounds").is_not_null()
        )
        staff = [
            offers.Paid(rate, hours, sector == pay.COUNCIL)
            for rate, hours in mine.select("pay_pounds", "hours").iter_rows()
        ]
        places = [next_year.place_of(row) for row in part.iter_rows(named=True)]
        everybody = total(care, "staff")
        own_share = total(part, "staff") / everybody if everybody else 1.0
        for name, pounds in tried.items():
            raised, cost, unknown = offers.pay_cost(staff, pounds, values)
            if not raised:
                continue
            middle = offers.effect(staff, places, pounds, own_share, values)
            if_all = offers.effect(staff, places, pounds, 1.0, values)
            drawn = [offers.effect(staff, places, pounds, own_share, one) for one in believed]
            avoided = offers.limits([one.leavers_avoided for one in drawn], values["sure_share"])
            filled = offers.limits([one.posts_filled_more for one in drawn], values["sure_share"])
            yield {
                "employers": str(sector),
                "offer": name,
                "pounds_an_hour": pounds,
                "raised": raised,
                "not_costed": unknown,
                "cost": cost,
                **vars(middle),
                "leavers_avoided_if_all": if_all.leavers_avoided,
                "avoided_low": avoided[0],
                "avoided_high": avoided[1],
                "filled_low": filled[0],
                "filled_high": filled[1],
                "net_cost": cost - middle.replacing_saved,
            }


def _offer_findings(tried: Sequence[Mapping[str, object]]) -> Iterator[Finding]:
    for one in tried:
        yield Finding(
            "workforce_pay_offer",
            f"{one['employers']} employers",
            f"£{one['pounds_an_hour']:.2f} an hour ({one['offer']}): {one['leavers_avoided']:.2f} leavers avoided a "
            f"year ({one['avoided_low']:.2f} to {one['avoided_high']:.2f}); of these and of extra starters "
            f"{one['from_rivals']:.2f} are workers whom other care employers here lack, and {one['area_gain']:.2f} the "
            "area gains",
            pounds=round(float(str(one["net_cost"])), 2),
            people=int(str(one["raised"])),
            confidence="low: elasticities come from other places; both can be zero or twice as large",
        )


def _tables(
    workers: pl.DataFrame,
    by_sector: pl.DataFrame,
    by_place: pl.DataFrame,
    outlooks: Sequence[Outlook],
    tried: Sequence[Mapping[str, object]],
    values: Mapping[str, float],
) -> tuple[Sheet, ...]:
    sure = f"Limits are meant to hold {values['sure_share']:.0%} of the time."
    tables = []
    if workers.height:
        by_kind = pay.summary(workers, ["sector"], values)
        tables.append(sheets.pay_sheet(by_kind, "Pay", "Pay by kind of employer", "Employers", "sector"))
        by_name = pay.summary(
            workers.with_columns(pl.col("workplace_name").fill_null(pl.col("workplace"))), ["workplace_name"], values
        )
        tables.append(sheets.pay_sheet(by_name, "Pay by workplace", "Pay by workplace", "Workplace", "workplace_name"))
    note = f"Direct care staff. {sure}"
    tables.append(
        sheets.rate_sheet(
            by_sector, "Moves", "Turnover, vacancies and contracts by kind of employer", "Employers", "sector", note
        )
    )
    tables.append(
        sheets.rate_sheet(by_place, "Moves by workplace", "The same by workplace", "Workplace", "workplace_name", note)
    )
    tables.append(sheets.outlook_sheet(outlooks, note))
    if tried:
        columns = sheets.OFFER_COLUMNS
        frame = pl.DataFrame(list(tried), infer_schema_length=None)
        title = "What a pay offer to care workers would change in a year"
        tables.append(
            Sheet(
                "Pay offers", title, frame, columns, f"{sure} Costs of workers whose hours are not known are left out."
            )
        )
    if workers.height:
        tables.append(sheets.worker_sheet(workers))
    return tuple(tables)


def _charts(tables: Sequence[Sheet]) -> Iterator[Chart]:
    names = {sheet.name for sheet in tables}
    if "Pay by workplace" in names:
        yield Chart(
            "Half the workers of a workplace are paid no more than this",
            bars("workplace_name", "median", "Median pay, £ an hour"),
            "Workers whose pay is recorded.",
            "A bar for each workplace: its median pay for an hour.",
            "Pay by workplace",
        )
    yield Chart(
        "Turnover differs between kinds of employer, and so do their staff",
        bars("sector", "turnover", "Leavers in 12 months over staff"),
        "Direct care staff, as recorded; limits are in the table.",
        "A bar for each kind of employer: leavers of twelve months over staff.",
        "Moves",
    )


def _summary(
    workers: pl.DataFrame,
    gaps: pl.DataFrame,
    by_sector: pl.DataFrame,
    outlooks: Sequence[Outlook],
    tried: Sequence[Mapping[str, object]],
) -> Iterator[str]:
    if workers.height:
        median = workers.select(pl.col("pay_pounds").median()).item()
        middle = f", half of them for £{median:.2f} an hour or less" if median is not None else ""
        yield f"{people_shown(workers.height)} workers are employed in the files{middle}."
        for name, what in pay.YARDSTICKS.items():
            below = gaps.filter(pl.col("yardstick") == name)
            pounds = total(below, "pounds")
            yield f"Paid less than {what}: {below.height:,}; closing the gap costs £{pounds:,.0f} a year."
    for row in by_sector.filter(pl.col("turnover").is_not_null()).iter_rows(named=True):
        yield (
            f"{row['sector'].capitalize()} employers: turnover {row['turnover']:.0%} ({row['turnover_low']:.0%} to "
            f"{row['turnover_high']:.0%})"
            + (f", {row['vacancy_share']:.0%} of posts empty." if row["vacancy_share"] is not None else ".")
        )
    whole = outlooks[-1]
    yield (
        f"Next year {whole.leavers:.0f} leavers are to be expected ({whole.leavers_low} to {whole.leavers_high}) and "
        f"{whole.empty:.0f} posts empty at its end ({whole.empty_low} to {whole.empty_high})."
    )
    asked = [one for one in tried if one["offer"] == ASKED] or tried
    for one in sorted(asked, key=lambda one: -int(str(one["raised"])))[:1]:
        yield (
            f"£{one['pounds_an_hour']:.2f} an hour for care workers of {one['employers']} employers costs "
            f"£{one['cost']:,.0f} a year, {one['raised']:,} of them raised; {one['leavers_avoided']:.1f} fewer leave."
        )

"""insource staff-time: where social workers' and brokers' hours go, and what fewer contracts would free."""

from collections.abc import Iterator, Mapping

from insource.defaults import YOURS
from insource.desk import chosen as numbers
from insource.desk.care_records import CareRecords
from insource.desk.drawing import bars
from insource.desk.result import Chart, Result, Setting
from insource.desk.staff_time.doubt import Doubt, doubts, in_words, is_judgement, unit_of
from insource.desk.staff_time.events import Workload, workload
from insource.desk.staff_time.findings import findings
from insource.desk.staff_time.hours import TOOL
from insource.desk.staff_time.sheets import finite, sheets
from insource.desk.staff_time.year import Year, year_of
from insource.units import SMALLEST_SHOWN, people_shown

OF_SIMULATION = (
    *("social_workers_per_1000", "social_worker_hours", "other_work_share", "direct_work_floor_share"),
    *("assessment_hours", "review_hours", "enquiry_hours", "usual_concern_rate"),
    *("dispute_rate", "dispute_stale_effect", "dispute_hours", "placement_hours", "call_hours", "usual_room_share"),
    *("brokers_to_work_ratio", "bid_hours", "coordination_hours", "council_coordination_share"),
    *("social_worker_hour_pounds", "officer_hour_pounds", "manager_hour_pounds", "contract_hours"),
    *("rostering_share", "supervision_hours", "personnel_hours", "inspection_hours"),
)
QUESTION = "Where do social workers' and brokers' hours go, is there time for it, and what would fewer contracts free?"
METHOD = (
    "Events of the last year are counted: requests, assessments, reviews, services that start. A service that starts "
    "within four weeks of one of the same kind is a move (another provider) or a change (the same one).",
    "Each count times the hours of one gives hours a year; what is not in the return (safeguarding, disputes, "
    "monitoring) is people, orders or providers recorded, times a rate. Low and high come from the ranges of the "
    "hours of one.",
    "Every figure is worked out again with one number at a time at its low and its high end; doubts about different "
    "numbers are taken to be independent and added as squares. The number that moves the figure most is named.",
    "The team's hours, less other duties and the least direct work, are set against casework with every review done "
    "that falls due. Reviews that do not fit are put off until they do; disputes rise with orders not reviewed.",
    "Waiting for a broker is that of one queue served by several (Erlang).",
    "One contract fewer frees its share of finding, changing and disputing; one provider fewer its monitoring and "
    "tenders. The management that care takes whoever employs is shown beside it, because a service of one's own "
    "needs it too.",
)
EXCLUSIONS = (
    "Direct payments, equipment and professional support: the council does not arrange them by the week.",
    "Children's work, hospital teams, approved mental health work, deprivation of liberty: not in the return.",
    "Tenders as such (their work for each lot), legal work, invoices and payment.",
)
ASSUMPTIONS = (
    "Hours of one are judgements or survey figures, not this council's own: a week's diary and --set mend that.",
    "Hours that become free are only money if posts go; otherwise they are reviews or time with people.",
    "Direct contact was about a fifth of social workers' time before care was bought; that it is low now does not show "
    "that buying is the cause. What is claimed is the difference, not the level.",
)


def staff_time(
    records: CareRecords,
    social_workers: float | None = None,
    brokers: float | None = None,
    given: Mapping[str, float] | None = None,
) -> Result:
    """Where the hours go. `social_workers`, `brokers`: full-time posts, estimated where None; `given`: numbers in place
    of defaults. Raises InputError for numbers that cannot be."""
    work = workload(records.events)
    chosen = numbers.chosen(TOOL, OF_SIMULATION, given or {}, work.period_end.isoformat())
    year = year_of(work, social_workers, brokers, numbers.values(chosen))
    doubt = doubts(year, social_workers, brokers)
    posts = {"social_workers": social_workers, "brokers": brokers}
    own = [Setting(name, amount, "posts", YOURS) for name, amount in posts.items() if amount is not None]
    return Result(
        TOOL,
        "Where social workers' and brokers' hours go",
        QUESTION,
        tuple(_summary(year, doubt)),
        tuple(findings(year, records.names, doubt)),
        tuple(sheets(year, doubt)),
        (
            Chart(
                "Hours of a year by activity",
                lambda frame: bars("activity", "hours", "hours a year")(frame.head(-1)),
                f"Year to {work.period_end:%d/%m/%Y}. Low and high are in the table.",
                "A bar for each activity: its hours a year.",
                "Activities",
            ),
        ),
        (*chosen.values(), *own),
        METHOD,
        (*EXCLUSIONS, *records.notices, *_short(work)),
        ASSUMPTIONS,
        records.inputs,
        published_summary=tuple(_published(year, doubt)),
    )


def _short(work: Workload) -> Iterator[str]:
    if work.year_share < 1.0:
        yield f"The files cover {work.year_share:.0%} of a year; counts were scaled up to a whole one."
    if work.stale_share is None:
        yield "How many reviews are overdue is not known: the files do not reach back a year, or tell of no review."


def _bought(year: Year, doubt: Mapping[str, Doubt]) -> Iterator[str]:
    """The share that goes with buying, and on what it rests."""
    share = doubt["bought_share"]
    middle = year.bought_hours / year.total_hours
    yield (
        f"{middle:.0%} of these hours go with buying care (finding services, prices, tenders, watching providers, "
        f"disputes), {share.low:.0%} to {share.high:.0%} within what is known about the hours of one."
    )
    if share.decides:
        what = "a judgement" if is_judgement(share.decides) else "a number"
        low, high = sorted(share.at_ends)
        yield (
            f"That rests above all on {what}, {in_words(share.decides)}: {share.value:g} {unit_of(share.decides)}, "
            f"{share.ends[0]:g} to {share.ends[1]:g}. It alone could make it {low:.0%} or {high:.0%}: put your own "
            f"with --set {share.decides}=NUMBER before quoting it."
        )


def _to(doubt: Doubt, shown: str) -> str:
    """A figure's low and high as text."""
    return f"{doubt.low:{shown}} to {doubt.high:{shown}}"


def _summary(year: Year, doubt: Mapping[str, Doubt]) -> Iterator[str]:
    team, load, queue, work = year.team, year.load, year.queue, year.work
    if year.total_hours:
        yield (
            f"{year.total_hours:,.0f} hours a year ({_to(doubt['total'], ',.0f')}) on "
            f"{people_shown(work.long_term_people)} people with long-term support."
        )
        yield from _bought(year, doubt)
    else:
        yield "No work is recorded in the year."
    yield (
        f"Social workers: {team.workers:.1f} posts{' (estimated)' if team.is_estimated else ''}; casework takes "
        f"{load.share_of_time:.0%} of their hours ({_to(doubt['casework_share'], '.0%')}), and {load.direct_work:.0%} "
        f"({_to(doubt['direct_work'], '.0%')}) are left for direct work with people."
    )
    recorded = f", {work.stale_share:.0%} as recorded" if work.stale_share is not None else ""
    yield (
        f"Not reviewed within a year: {load.overdue:.0%} in the long run at these hours "
        f"({_to(doubt['overdue'], '.0%')}){recorded}."
    )
    if queue is not None:
        days = "longer and longer" if finite(queue.wait_days) is None else f"{queue.wait_days:.1f} days"
        yield (
            f"A package waits {days} for a broker to begin: {queue.brokers} at work at a time, "
            f"{queue.busy:.0%} of their time taken."
        )
    yield (
        f"One contract fewer frees {year.fewer[0].hours:.1f} hours a year ({_to(doubt['one_contract'], '.1f')}), one "
        f"provider fewer {year.fewer[1].hours:.0f} ({_to(doubt['one_provider'], '.0f')})."
    )
    yield (
        f"Managing the care at home in the files takes {year.management[0]:,.0f} hours a year "
        f"({_to(doubt['management'], ',.0f')}), whoever employs."
    )


def _published(year: Year, doubt: Mapping[str, Doubt]) -> Iterator[str]:
    if year.work.long_term_people < SMALLEST_SHOWN:
        return
    if year.total_hours:
        yield from _bought(year, doubt)
    yield (
        f"{year.load.direct_work:.0%} of social workers' hours ({_to(doubt['direct_work'], '.0%')}) are left for "
        "direct work with people."
    )

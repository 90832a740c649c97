"""The tables of a care team: which columns each has, what may stand in them, and what a blank means."""

from dataclasses import dataclass
from typing import Literal

from insource.records.headings import Column, Format

Kind = Literal["key", "keys", "words", "text", "number", "minute", "days", "date", "yes", "code", "moment"]
MODES = ("car", "bike", "walk", "bus")
GENDERS = ("female", "male")
GENDER_WISHES = ("female", "male", "prefer female", "prefer male")
WEEKENDS = ("every", "alternate", "never")
EVENTS = (
    "need up",
    "need down",
    "carer away",
    "hospital",
    "return",
    "new person",
    "visit cancelled",
    "visit moved",
)
DAYS_A_WEEK = 7
EVERY_DAY = (1 << DAYS_A_WEEK) - 1
MOST_CARERS = 4
DAY_MINUTES = 1440


@dataclass(frozen=True)
class Field:
    """A column of a table. `blank`: what a blank cell counts as. `low`, `high`: what numbers can be."""

    name: str
    heading: str
    kind: Kind
    what: str
    other: tuple[str, ...] = ()
    is_needed: bool = False
    low: float = 0.0
    high: float = 0.0
    codes: tuple[str, ...] = ()
    blank: str = ""


@dataclass(frozen=True)
class Table:
    """A kind of file. `key`: the column in which every row must have another value ("" for none)."""

    name: str
    title: str
    fields: tuple[Field, ...]
    key: str = ""

    @property
    def format(self) -> Format:
        """As the readers of headings know it."""
        columns = tuple(Column(one.name, one.heading, one.other) for one in self.fields)
        return Format(self.name, self.title, columns, tuple((one.name,) for one in self.fields if one.is_needed))

    def field(self, name: str) -> Field:
        """The column that our code calls `name`."""
        return next(one for one in self.fields if one.name == name)


POSTCODE = Field(
    "postcode", "Postcode", "text", "looked up in postcodes.csv if no place is given", ("Post code", "pcds")
)
X = Field("x", "Easting", "number", "metres on the national grid", ("x", "oseast1m"), low=0, high=700_000)
Y = Field("y", "Northing", "number", "metres on the national grid", ("y", "osnrth1m"), low=0, high=1_300_000)
LATITUDE = Field("latitude", "Latitude", "number", "degrees, if there is no easting", ("lat",), low=49, high=61)
LONGITUDE = Field(
    "longitude", "Longitude", "number", "degrees, if there is no northing", ("long", "lon"), low=-9, high=3
)
PLACE = (X, Y, LATITUDE, LONGITUDE, POSTCODE)

PEOPLE = Table(
    "people",
    "people who are cared for",
    (
        Field("person", "Person", "key", "your reference; no name", ("Person ID", "SSRef", "Client ID"), True),
        *PLACE,
        Field("area", "Area", "text", "patch or zone, for comparing with teams of their own", ("Zone", "Patch")),
        Field("provider", "Provider", "text", "who delivers care now, for comparing", ("Supplier",)),
        Field("gender", "Carer's gender", "code", "'female' must be, 'prefer female' may be", codes=GENDER_WISHES),
        Field("wished", "Carers wished", "keys", "carers' references, with ; between", ("Preferred carers",)),
        Field("disliked", "Carers not to send", "keys", "never sent", ("Disliked carers", "Excluded carers")),
        Field("usual", "Usual carers", "keys", "who comes now; others are new faces", ("Known carers",)),
        Field("risk", "Risk", "number", "1 low, 2 middle, 3 high: priority of visits", low=1, high=3, blank="2"),
    ),
    "person",
)
VISITS = Table(
    "visits",
    "visits that people should have",
    (
        Field("visit", "Visit", "key", "your reference", ("Visit ID",), True),
        Field("person", "Person", "key", "who is visited", ("Person ID", "SSRef", "Client ID"), True),
        Field("days", "Days", "days", "daily, weekdays, weekends, Mon Wed Fri, Mon-Sat", ("Pattern",), blank="daily"),
        Field("first_day", "From date", "date", "first day of the pattern", ("Start date",)),
        Field("last_day", "To date", "date", "last day of the pattern", ("End date",)),
        Field("earliest", "Earliest start", "minute", "no start before", ("Window start", "From time"), True),
        Field("latest", "Latest start", "minute", "no start after", ("Window end", "To time"), True),
        Field("preferred", "Preferred start", "minute", "the middle of the window if blank", ("Time",)),
        Field("minutes", "Minutes", "number", "how long it takes", ("Duration", "Length"), True, 1, 720),
        Field("carers", "Carers", "number", "how many at once", ("Carers needed",), low=1, high=MOST_CARERS, blank="1"),
        Field("skills", "Skills", "words", "what each carer must be able to do, with ; between", ("Skills needed",)),
        Field(
            "priority",
            "Priority",
            "number",
            "10 must not be missed, 1 can wait; from the person's risk if blank",
            low=1,
            high=10,
        ),
        Field("after", "After visit", "key", "reference of a visit of the same person and day"),
        Field("least_gap", "Least minutes after", "number", "from start to start", low=0, high=DAY_MINUTES),
        Field("most_gap", "Most minutes after", "number", "from start to start", low=0, high=DAY_MINUTES),
        Field("same_carer", "Same carer as that visit", "yes", "yes or no"),
    ),
    "visit",
)
CARERS = Table(
    "carers",
    "carers of the team",
    (
        Field("carer", "Carer", "key", "your reference; no name", ("Carer ID", "CarerID", "Worker ID"), True),
        *PLACE,
        Field("hours", "Contract hours", "number", "hours a week", ("Contracted hours",), True, 0, 60),
        Field(
            "most_hours",
            "Most hours",
            "number",
            "hours a week that they would work at most",
            ("Maximum hours",),
            low=0,
            high=84,
        ),
        Field("mode", "Travels by", "code", "car, bike, walk or bus", ("Mode",), codes=MODES, blank="car"),
        Field("skills", "Skills", "words", "with ; between"),
        Field("gender", "Gender", "code", "for wishes about who gives care", codes=GENDERS),
        Field("days", "Days", "days", "days on which they can work", ("Working days",), blank="daily"),
        Field("first_minute", "Available from", "minute", "time of day", ("Can start",)),
        Field("last_minute", "Available to", "minute", "time of day", ("Can finish",)),
        Field("split", "Split shifts", "yes", "whether they take a morning and an evening", ("Takes split shifts",)),
        Field("weekends", "Weekends", "code", "which weekends they work", codes=WEEKENDS, blank="alternate"),
        Field("opted_out", "Opted out of 48 hours", "yes", "in writing, under the Working Time Regulations"),
        Field("pay", "Pay an hour", "number", "pounds", ("Pay", "Hourly rate"), low=0, high=100),
        Field("employer", "Employer", "text", "for comparing; blank is the council", ("Provider", "Team")),
    ),
    "carer",
)
SHIFTS = Table(
    "shifts",
    "kinds of shifts",
    (
        Field("shift", "Shift", "text", "what it is called", is_needed=True),
        Field("start", "Start", "minute", "time of day", is_needed=True),
        Field("end", "End", "minute", "time of day", is_needed=True),
        Field("second_start", "Second start", "minute", "of a split shift"),
        Field("second_end", "Second end", "minute", "of a split shift"),
    ),
    "shift",
)
ROSTER = Table(
    "roster",
    "who is on duty when",
    (
        Field("date", "Date", "date", "the day", is_needed=True),
        Field("carer", "Carer", "key", "who", ("Carer ID",), True),
        Field("start", "Start", "minute", "time of day", is_needed=True),
        Field("end", "End", "minute", "time of day", is_needed=True),
        Field("shift", "Shift", "text", "what it is called"),
    ),
)
PLAN = Table(
    "plan",
    "a published plan",
    (
        Field("date", "Date", "date", "the day", is_needed=True),
        Field("visit", "Visit", "key", "reference of the visit", ("Visit ID",), True),
        Field("carer", "Carer", "key", "who comes; blank if nobody", ("Carer ID",), True),
        Field("start", "Start", "minute", "when", ("Time",), True),
        Field("locked", "Locked", "yes", "yes: this carer at this time stays, whatever happens"),
    ),
)
TRAVEL = Table(
    "travel",
    "travel times of your own",
    (
        Field("from_place", "From", "key", "reference of a person or a carer", ("Origin",), True),
        Field("to_place", "To", "key", "reference of a person or a carer", ("Destination",), True),
        Field("mode", "Travels by", "code", "blank: every way", ("Mode",), codes=MODES),
        Field("minutes", "Minutes", "number", "from door to door", ("Duration",), True, 0, 600),
    ),
)
EVENTS_TABLE = Table(
    "events",
    "what happened after the plan was published",
    (
        Field("date", "Date", "date", "first day on which it counts", is_needed=True),
        Field("last_date", "Last date", "date", "last day; that day alone if blank"),
        Field("event", "Event", "code", "what happened", codes=EVENTS, is_needed=True),
        Field("person", "Person", "key", "for need, hospital, return, new person", ("Person ID",)),
        Field("visit", "Visit", "key", "for need, cancelled and moved visits", ("Visit ID",)),
        Field("carer", "Carer", "key", "for a carer who is away", ("Carer ID",)),
        Field("minutes", "Minutes", "number", "how long the visit takes now", low=1, high=720),
        Field("carers", "Carers", "number", "how many at once now", low=1, high=MOST_CARERS),
        Field("earliest", "Earliest start", "minute", "of a moved visit"),
        Field("latest", "Latest start", "minute", "of a moved visit"),
        Field("from_time", "From time", "minute", "when a carer's absence begins, if in the middle of the day"),
    ),
)
LOG = Table(
    "log",
    "visits as they were made",
    (
        Field("date", "Date", "date", "the day", ("Visit date",), True),
        Field("visit", "Visit", "key", "reference of the visit", ("Visit ID",), True),
        Field("carer", "Carer", "key", "who came", ("Carer ID", "CarerID"), True),
        Field("checked_in", "Checked in", "moment", "time of day", ("Actual start", "Check in"), True),
        Field("checked_out", "Checked out", "moment", "time of day", ("Actual end", "Check out"), True),
    ),
)
POSTCODES = Table(
    "postcodes",
    "where postcodes are (ONS Postcode Directory, Code-Point Open)",
    (
        Field("postcode", "Postcode", "text", "", ("pcds", "pcd", "pcd7"), True),
        X,
        Y,
        LATITUDE,
        LONGITUDE,
    ),
)
NEEDED = (PEOPLE, VISITS, CARERS)
OPTIONAL = (SHIFTS, ROSTER, PLAN, TRAVEL, EVENTS_TABLE, LOG, POSTCODES)
TABLES = {one.name: one for one in (*NEEDED, *OPTIONAL)}

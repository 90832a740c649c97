"""A place made from a council's own files: what they tell, and national figures for what they do not.

Nobody's name, number, date of birth or postcode comes this far; people are numbered by the rank of their pseudonyms.
"""

from pathlib import Path

import numpy as np
import polars as pl

from insource import parameters
from insource.errors import InputError, Problem
from insource.parameters import Override
from insource.place.filling import FILLING_SEED, Told, filled, untold
from insource.place.model import Origin, Place, zones_from
from insource.place.synthetic import MOST_MINUTES
from insource.place.zones import services_per_zone, zones_of
from insource.records import scottish_census
from insource.records.care_at_home import CareAtHome, care_at_home
from insource.records.checking import Checked, check
from insource.records.place_file import FILE_NAME, PlaceFile, read_place_file
from insource.records.pseudonym import folder_key, numbers_by_rank
from insource.terms import LINES
from insource.units import MINUTES_AN_HOUR, people_shown, share_shown

AGE_STARTS = (65, 75, 85)
REASON_OF_WORD = {
    "Physical support: Access and mobility only": 0,
    "Physical support: Personal care support": 1,
    "Sensory support: Support for visual impairment": 2,
    "Sensory support: Support for hearing impairment": 2,
    "Sensory support: Support for dual impairment": 2,
    "Support with memory and cognition": 3,
    "Learning disability support": 4,
    "Mental health support": 5,
    "Social support: Substance misuse support": 6,
    "Social support: Asylum seeker support": 6,
    "Social support: Support for social isolation or other reason": 6,
    "Social support: Support to unpaid carer": 6,
    "Unknown": 7,
}
"""Primary support reasons (Release 2) -> position in place.model.REASONS."""
CENSUS_REASONS = {"2": 4, "3": 1, "4": 1}
"""Client groups of the census: learning disability; physical disability and infirmity due to age: personal care."""
DEMENTIA_OR_MENTAL_HEALTH = "1"
KNOWN = {
    "home_care": ("external_price_pounds", "home_care_hours"),
    "supported_living": ("supported_living_price_pounds", "supported_living_hours"),
}
"""The lines that files tell of, and the parameters that they may replace: price of an hour, hours a person."""


def from_records(folder: Path | str) -> Place:
    """The place of a folder with a place.yaml: the care at home of the latest reporting period's last day.

    Rows with problems are left out and the share of usable rows is kept with the place. Raises InputError if a file
    cannot be read, or if nobody has care at home in the usable rows.
    """
    folder = Path(folder)
    place_file = read_place_file(folder)
    key, key_notice = folder_key(folder)
    checked = check(folder, key)
    refused = [problem for file in checked.files for problem in file.refused]
    if refused:
        raise InputError(refused)
    notes = [key_notice, _usable(checked)]
    if checked.censuses:
        return _from_census(place_file, checked, notes)
    return _from_events(place_file, checked, notes)


def _from_events(place_file: PlaceFile, checked: Checked, notes: list[str]) -> Place:
    """A place from the Client Level Data return."""
    if not checked.client_level_data["is_usable"].any():
        raise _nobody(place_file, "no row of the files can be used")
    numbers = parameters.central(place_file.numbers, place_file.base_date)
    prices = {name: getattr(numbers, price) for name, (price, _) in KNOWN.items()}
    care = care_at_home(checked.client_level_data, prices)
    if care.people.is_empty():
        raise _nobody(place_file, f"nobody has an open home support or supported living service on {care.period_end}")
    people = care.people.with_columns(numbers_by_rank(care.people["pseudonym"]).alias("person")).sort("person")
    told = _told_by_events(care, people)
    line = people["line"].to_numpy()
    longest_known = care.weeks_covered if care.has_reviews else 0
    columns, origins = filled(told, people["person"].to_numpy(), line, numbers, longest_known)
    zone, zone_origin, zone_note = zones_of(people["district"], columns["person"], numbers, FILLING_SEED)
    return _place(
        place_file,
        {**columns, "zone": zone},
        (Origin("line", 1.0, 0.0, 0.0, "Service Component of the service with more hours"), *origins, zone_origin),
        _numbers_of(care, line, told["package_minutes"].values),
        services_per_zone(care.providers, people, zone),
        checked.usable_share,
        [*notes, zone_note, *_notes(care)],
    )


def _told_by_events(care: CareAtHome, people: pl.DataFrame) -> dict[str, Told]:
    none = np.zeros(people.height, bool)
    minutes = np.minimum(_column(people, "hours") * MINUTES_AN_HOUR, MOST_MINUTES)
    age = _column(people, "age")
    age_band = np.where(np.isnan(age), np.nan, np.searchsorted(AGE_STARTS, age, side="right"))
    reason = people["reason"].replace_strict(REASON_OF_WORD, default=None, return_dtype=pl.Float64)
    return {
        "age_band": Told(age_band, none, f"age on {care.period_end}, from the date of birth"),
        "reason": Told(reason.to_numpy(), none, "Primary Support Reason of the latest event that tells one"),
        "is_with_carer": Told(_column(people, "has_carer"), none, "Has Unpaid Carer of the latest event"),
        "package_minutes": Told(
            minutes,
            people["is_derived"].to_numpy(),
            "planned hours a week; derived from the weekly cost at the price of an hour where the cost is not hourly",
        ),
        "since_review_weeks": Told(
            _column(people, "since_review_weeks"),
            people["is_review_derived"].to_numpy(),
            "latest review or assessment; derived from the start of care for people new to it without one",
        ),
    }


def _from_census(place_file: PlaceFile, checked: Checked, notes: list[str]) -> Place:
    """A place from one council of the Scottish home care census."""
    entry = place_file.files[0]
    census = checked.censuses[entry.path]
    people = scottish_census.people_of(census, entry.council)
    people = people.with_columns(numbers_by_rank(people["pseudonym"]).alias("person")).sort("person")
    numbers = parameters.central(place_file.numbers, place_file.base_date)
    told = _told_by_census(people)
    columns, origins = filled(told, people["person"].to_numpy(), np.zeros(people.height, np.int8), numbers)
    no_district = pl.Series([None], dtype=pl.String).new_from_index(0, people.height)
    zone, zone_origin, _ = zones_of(no_district, columns["person"], numbers, FILLING_SEED)
    of_council = census.frame.filter(pl.col("council") == entry.council)
    return _place(
        place_file,
        {**columns, "zone": zone},
        (Origin("line", 1.0, 0.0, 0.0, "the census counts home care"), *origins, zone_origin),
        [
            _own_share(people),
            _mean_hours("home_care_hours", told["package_minutes"].values, "middles of bands, census of March 2010"),
        ],
        {},
        of_council.select(pl.col("is_usable").mean()).item(),
        [
            *notes,
            "hours are the middles of the bands published for March 2010; over 50 hours counts as 65",
            "prices, pay and rules are the English defaults of the base date, not the Scottish ones of 2010",
        ],
    )


def _told_by_census(people: pl.DataFrame) -> dict[str, Told]:
    derived, none = np.ones(people.height, bool), np.zeros(people.height, bool)
    age = people["AgeGRP"].replace_strict(scottish_census.AGE_BANDS, default=None, return_dtype=pl.Float64).to_numpy()
    group = people["ClientGRP"]
    reason = group.replace_strict(CENSUS_REASONS, default=None, return_dtype=pl.Float64).to_numpy()
    is_mind = (group == DEMENTIA_OR_MENTAL_HEALTH).fill_null(False).to_numpy() & ~np.isnan(age)
    reason = np.where(is_mind, np.where(age > 0, 3, 5), reason)
    return {
        "age_band": Told(age, none, "age group of the census"),
        "reason": Told(
            reason,
            derived,
            "client group of the census; 'dementia and mental health' is dementia from 65 on and mental health below",
        ),
        "is_with_carer": untold(people.height),
        "package_minutes": Told(_column(people, "all_hours") * MINUTES_AN_HOUR, derived, "middle of the band of hours"),
        "since_review_weeks": untold(people.height),
    }


def _place(
    place_file: PlaceFile,
    donors: dict[str, np.ndarray],
    origins: tuple[Origin, ...],
    known: list[Override],
    services: dict[str, int],
    usable_share: float,
    notes: list[str],
) -> Place:
    """The place; the user's own numbers go before what was computed from records."""
    people_per_km2 = parameters.central(place_file.numbers, place_file.base_date).people_per_km2
    by_user = {override.name for override in place_file.numbers}
    return Place(
        place_file.name,
        donors,
        zones_from(donors["zone"], people_per_km2),
        origins,
        (*(override for override in known if override.name not in by_user), *place_file.numbers),
        services,
        usable_share,
        place_file.base_date,
        tuple(note for note in notes if note),
    )


def _numbers_of(care: CareAtHome, line: np.ndarray, minutes: np.ndarray) -> list[Override]:
    """Parameters that the files tell."""
    day = care.period_end
    found = []
    for name, (price_name, hours_name) in KNOWN.items():
        words, price, of_line = name.replace("_", " "), care.prices[name], minutes[line == LINES.index(name)]
        if price.mean is not None:
            reason = f"mean hourly cost weighted by planned hours, {price.rows:,} {words} rows open on {day}"
            found.append(Override(price_name, round(price.mean, 2), reason, "records"))
        if not np.isnan(of_line).all():
            found.append(_mean_hours(hours_name, of_line, f"recorded packages of {words} open on {day}"))
    if care.reviewed_share is not None:
        reason = f"of {people_shown(care.known_for_a_year)} people with care at home for a year or more on {day}"
        found.append(Override("reviewed_share", round(care.reviewed_share, 4), reason, "records"))
    return found


def _mean_hours(name: str, minutes: np.ndarray, what: str) -> Override:
    people = int((~np.isnan(minutes)).sum())
    hours = float(np.nanmean(minutes)) / MINUTES_AN_HOUR
    return Override(name, round(hours, 3), f"mean of {people_shown(people)} people: {what}", "records")


def _own_share(people: pl.DataFrame) -> Override:
    own, *others = (float(_column(people, f"{sector}_hours").sum()) for sector in scottish_census.SECTORS)
    share = own / (own + sum(others))
    reason = f"the council's own hours of all hours of {people.height:,} people, census of March 2010"
    return Override("own_service_share", round(share, 4), reason, "records")


def _notes(care: CareAtHome) -> list[str]:
    """What the user should know about who is in the place and who is not."""
    day = care.period_end
    home_care, supported_living = (people_shown((care.people["line"] == LINES.index(name)).sum()) for name in KNOWN)
    notes = [
        f"{home_care} people with home support and {supported_living} in supported living on {day}; whether the "
        "council or others provide it is not recorded"
    ]
    if care.on_both_lines:
        count = people_shown(care.on_both_lines)
        notes.append(f"{count} people have both: all their hours are put where there are more of them")
    if care.with_direct_payment_only:
        count = people_shown(care.with_direct_payment_only)
        notes.append(f"{count} people who buy their care at home with a direct payment are left out")
    if care.also_in_care_home:
        count = people_shown(care.also_in_care_home)
        notes.append(
            f"{count} people also have a care home service open on {day}: check whether their care at home has ended"
        )
    return notes


def _usable(checked: Checked) -> str:
    if checked.usable_rows == checked.rows:
        return ""
    return (
        f"{share_shown(checked.usable_share)} of {checked.rows:,} rows could be used; to see why not all: "
        f"insource check {checked.path}"
    )


def _column(people: pl.DataFrame, name: str) -> np.ndarray:
    """A column as numbers, NaN where null."""
    return people[name].cast(pl.Float64).to_numpy()


def _nobody(place_file: PlaceFile, why: str) -> InputError:
    return InputError(
        Problem(
            "nobody",
            f"'{place_file.name}' has nobody with care at home in it: {why}",
            f"check the files with: insource check {place_file.folder}",
            file=FILE_NAME,
            allowed="service users with 'Home support or domiciliary care' or 'Community supported living' as "
            "long-term support in the community",
        )
    )

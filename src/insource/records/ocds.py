"""Releases of the Open Contracting Data Standard 1.1, with bids (`bids.details`) and lots where they are published.

What is read: the notice (who buys, what for, its stage, dates and values), the lots with the weights of their award
criteria, each bid (who, for which lot, how much, its status), numbers about bids, and awards. Contact points are never
read. A price here is that of the whole contract unless the bid says otherwise; it is turned into the price of an hour
only where somebody says how many hours. (open-contracting/standard 1.1.5; bids and lots extensions of 2025.)
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from insource.records.beginning import refuse
from insource.records.bids_file import DISQUALIFIED, STATUSES, VALID, WITHDRAWN
from insource.records.dates import FORMS
from insource.records.problem_log import Kind, ProblemLog

LARGEST_BYTES = 200_000_000
SOCIAL_CARE_CODES = ("85",)
"""Common Procurement Vocabulary: health and social work services begin so."""
POUNDS = "GBP"
INVITED, INTEREST = "invited", "expressionOfInterest"
NOTICE = {
    "release": pl.UInt32,
    **dict.fromkeys(("ocid", "buyer", "title", "stage", "date", "category", "method"), pl.String),
    **dict.fromkeys(("value_pounds", "years"), pl.Float64),
    **dict.fromkeys(("lots", "suppliers"), pl.UInt32),
    **dict.fromkeys(("awarded_pounds", "bids_received", "lowest_pounds", "highest_pounds", "price_weight"), pl.Float64),
    "is_social_care": pl.Boolean,
}
BID = {
    "release": pl.UInt32,
    **dict.fromkeys(("ocid", "lot", "bid", "bidder", "status"), pl.String),
    "amount_pounds": pl.Float64,
    "years": pl.Float64,
    "price_weight": pl.Float64,
}
NOT_A_RELEASE = Kind("not_a_release", "releases", "unusable", "this is no release", "take it out")
BAD_AMOUNT = Kind(
    "bad_amount", "value.amount", "unusable", "the amount is no number above nothing", "correct it", "18.50"
)
FOREIGN = Kind("not_pounds", "value.currency", "unusable", "the amount is not in pounds", "convert it", POUNDS)
NOBODY = Kind("missing_value", "tenderers", "unusable", "the bid does not say whose it is", "add tenderers")
BAD_STATUS = Kind("unknown_status", "status", "unusable", "this is no status of a bid", "use one", ", ".join(STATUSES))
TWICE = Kind("bid_twice", "bids.details", "unusable", "this bid stands in the release already", "keep one")
OLD_RELEASE = Kind("older_release", "releases", "doubtful", "a later release of the same process is used", "none")
WRONG_TYPE = Kind("wrong_type", "", "doubtful", "a field is not of the type the standard has", "correct it at source")
Release = dict[str, Any]


@dataclass(frozen=True)
class OcdsFile:
    """Releases, read. `notices` and `bids` have the columns of NOTICE and BID; rows are numbered releases from 1."""

    log: ProblemLog
    notices: pl.DataFrame = field(repr=False)
    bids: pl.DataFrame = field(repr=False)


def read(path: Path, name: str = "") -> OcdsFile:
    """Read a release, a package of releases or of records; raises InputError if it is none of these."""
    name = name or path.name
    log = ProblemLog(name)
    notices, bids = [], []
    for number, release in enumerate(_releases(_content(path, name), name), start=1):
        row = pl.Series([number], dtype=pl.UInt32)
        if not isinstance(release, dict):
            log.add(NOT_A_RELEASE, row, type(release).__name__)
            continue
        reader = _Reader(log, row, number)
        notice = reader.notice(release)
        notices.append(notice)
        bids += reader.bids(release, notice)
    return OcdsFile(log, pl.DataFrame(notices, schema=NOTICE), pl.DataFrame(bids, schema=BID))


def _content(path: Path, name: str) -> Any:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise refuse(name, "too_large", "this file is too large", "give the releases of one year or one buyer")
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError:
        raise refuse(name, "no_such_file", "there is no such file, or it cannot be read", "check the path") from None
    except (ValueError, RecursionError):  # its message would quote the data
        raise refuse(name, "bad_json", "this cannot be read as JSON", "download it again", allowed="OCDS 1.1") from None


def _releases(content: Any, name: str) -> Iterator[Any]:
    if isinstance(content, dict) and isinstance(content.get("releases"), list):
        releases = content["releases"]
    elif isinstance(content, dict) and isinstance(content.get("records"), list):
        records = [record for record in content["records"] if isinstance(record, dict)]
        releases = [record.get("compiledRelease") for record in records]
    elif isinstance(content, dict) and "ocid" in content:
        releases = [content]
    elif isinstance(content, list) and content and all(isinstance(one, dict) and "ocid" in one for one in content):
        releases = content
    else:
        what = "these are no releases of the Open Contracting Data Standard"
        raise refuse(name, "not_ocds", what, "give a release package", allowed="'releases', 'records' or 'ocid'")
    if not releases:
        raise refuse(name, "no_rows", "there are no releases in it", "download it again; check the search")
    yield from releases


@dataclass
class _Reader:
    """Reads one release; whatever has another type than the standard says is noted and taken as not given."""

    log: ProblemLog
    row: pl.Series
    number: int

    def notice(self, release: Release) -> dict[str, Any]:
        """The release as one row of NOTICE."""
        tender = self._dict(release, "tender")
        awards = self._dicts(release, "awards")
        category = self._dict(tender, "classification")
        codes = [self._text(one, "id") for one in (category, *self._dicts(tender, "additionalClassifications"))]
        numbers = self._statistics(release)
        tags = self._list(release, "tag")
        suppliers = {
            self._text(one, "id") or self._text(one, "name") for a in awards for one in self._dicts(a, "suppliers")
        }
        period = self._dict(tender, "contractPeriod") or next((self._dict(a, "contractPeriod") for a in awards), {})
        amounts = [amount for award in awards if (amount := self._amount(award, "value")) is not None]
        return {
            "release": self.number,
            "ocid": self._text(release, "ocid"),
            "buyer": self._text(self._dict(release, "buyer"), "name"),
            "title": self._text(tender, "title") or self._text(release, "title"),
            "stage": ", ".join(str(tag) for tag in tags if isinstance(tag, str)),
            "date": self._text(release, "date")[:10],
            "category": self._text(category, "description"),
            "method": self._text(tender, "procurementMethodDetails") or self._text(tender, "procurementMethod"),
            "value_pounds": self._amount(tender, "value"),
            "years": _years(self._text(period, "startDate"), self._text(period, "endDate")),
            "lots": len(self._dicts(tender, "lots")),
            "suppliers": len(suppliers),
            "awarded_pounds": sum(amounts) if amounts else None,
            "bids_received": numbers.get("bids", numbers.get("validBids")),
            "lowest_pounds": numbers.get("lowestValidBidValue"),
            "highest_pounds": numbers.get("highestValidBidValue"),
            "price_weight": self._weight_of_all(tender),
            "is_social_care": any(code.startswith(SOCIAL_CARE_CODES) for code in codes),
        }

    def bids(self, release: Release, notice: dict[str, Any]) -> list[dict[str, Any]]:
        """Each bid as a row of BID; a bid for several lots stands in each."""
        names = {self._text(one, "id"): self._text(one, "name") for one in self._dicts(release, "parties")}
        lots = {self._text(lot, "id"): lot for lot in self._dicts(self._dict(release, "tender"), "lots")}
        rows: list[dict[str, Any]] = []
        seen = set()
        for bid in self._dicts(self._dict(release, "bids"), "details"):
            who = [
                self._text(one, "name") or names.get(self._text(one, "id"), "") for one in self._dicts(bid, "tenderers")
            ]
            bidder = " and ".join(name for name in who if name) or self._text(bid, "id")
            if self._text(bid, "submissionType") == INTEREST or self._text(bid, "status") == INVITED:
                continue  # no price has been named yet
            status = _status(self._text(bid, "status"))
            amount = self._amount(bid, "value", must=True)
            related = [str(lot) for lot in self._list(bid, "relatedLots") if isinstance(lot, str | int)] or [""]
            if not bidder:
                self._note(NOBODY)
            if status not in STATUSES:
                self._note(BAD_STATUS)
            if not bidder or status not in STATUSES or amount is None:
                continue
            for lot in related:
                key = (lot, self._text(bid, "id") or bidder)
                if key in seen:
                    self._note(TWICE)
                    continue
                seen.add(key)
                own = self._price_weight(lots.get(lot, {}))
                rows.append(
                    {
                        "release": self.number,
                        "ocid": notice["ocid"],
                        "lot": self._text(lots.get(lot, {}), "title") or lot,
                        "bid": self._text(bid, "id"),
                        "bidder": bidder,
                        "status": status,
                        "amount_pounds": amount,
                        "years": notice["years"],
                        "price_weight": own if own is not None else notice["price_weight"],
                    }
                )
        return rows

    def _weight_of_all(self, tender: Release) -> float | None:
        """The weight of price of the tender, or of its lots where all have the same."""
        own = self._price_weight(tender)
        of_lots = {self._price_weight(lot) for lot in self._dicts(tender, "lots")}
        return next(iter(of_lots)) if own is None and len(of_lots) == 1 else own

    def _price_weight(self, part: Release) -> float | None:
        """The weight of price (or cost) where the award criteria give one for each criterion and they add up to 1."""
        weights: dict[str, float] = {}
        for criterion in self._dicts(self._dict(part, "awardCriteria"), "criteria"):
            numbers = [one.get("number") for one in self._dicts(criterion, "numbers") if "number" in one]
            kind = self._text(criterion, "type")
            if len(numbers) != 1 or isinstance(numbers[0], bool) or not isinstance(numbers[0], int | float):
                return None
            weights[kind] = weights.get(kind, 0.0) + float(numbers[0])
        total = sum(weights.values())
        if not 0.0 < total < float("inf") or min(weights.values()) < 0.0:
            return None
        return (weights.get("price", 0.0) + weights.get("cost", 0.0)) / total

    def _statistics(self, release: Release) -> dict[str, float]:
        found: dict[str, float] = {}
        for one in self._dicts(self._dict(release, "bids"), "statistics"):
            value = one.get("value")
            if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf"):
                found.setdefault(self._text(one, "measure"), float(value))
        return found

    def _amount(self, part: Release, key: str, must: bool = False) -> float | None:
        value = self._dict(part, key)
        amount, currency = value.get("amount"), value.get("currency", POUNDS)
        if amount is None and not must:
            return None
        if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 <= amount < LARGEST_AMOUNT:
            self._note(BAD_AMOUNT)
            return None
        if currency != POUNDS:
            self._note(FOREIGN, currency if isinstance(currency, str) and len(currency) == len(POUNDS) else "")
            return None
        if must and amount <= 0:
            self._note(BAD_AMOUNT)
            return None
        return float(amount)

    def _text(self, part: Release, key: str) -> str:
        value = part.get(key)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return " ".join(str(value).split())
        if value is not None:
            self._note(WRONG_TYPE, key)
        return ""

    def _dict(self, part: Release, key: str) -> Release:
        value = part.get(key)
        if value is None or isinstance(value, dict):
            return value or {}
        self._note(WRONG_TYPE, key)
        return {}

    def _list(self, part: Release, key: str) -> list[Any]:
        value = part.get(key)
        if value is None or isinstance(value, list):
            return value or []
        self._note(WRONG_TYPE, key)
        return []

    def _dicts(self, part: Release, key: str) -> list[Release]:
        found = self._list(part, key)
        if any(not isinstance(one, dict) for one in found):
            self._note(WRONG_TYPE, key)
        return [one for one in found if isinstance(one, dict)]

    def _note(self, kind: Kind, found: str = "") -> None:
        self.log.add(kind, self.row, found)


LARGEST_AMOUNT = 1e12
DAYS_A_YEAR = 365.25


def _status(text: str) -> str:
    return text or VALID


def _years(start: str, end: str) -> float | None:
    """Length of a contract in years from two dates (their first ten characters), if both can be read."""
    days = pl.Series([start[:10], end[:10]]).str.to_date(FORMS[1][0], strict=False)
    if days.null_count():
        return None
    length = (days[1] - days[0]).days / DAYS_A_YEAR
    return length if length > 0 else None


UNSCORED = (WITHDRAWN, DISQUALIFIED)
"""Bids that are listed and not scored."""

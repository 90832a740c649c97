"""What the register of contracts and the CQC's register add to the payments."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import polars as pl

from insource.desk.market.findings import HIGH, LOW, MIDDLE
from insource.desk.market.matching import SHOWN
from insource.desk.market.quality import with_age
from insource.desk.market.story import per_cent
from insource.desk.result import Finding, Setting
from insource.records.cqc_locations import UNRATED

LOW_RATINGS = ("Requires improvement", "Inadequate")


def of_dependence(dependence: pl.DataFrame, settings: Mapping[str, Setting]) -> Iterator[Finding]:
    """Suppliers that seem to live mainly from the council: one for each, over all its streams."""
    least = float(settings["dependent_share"].value)
    known = dependence.filter(pl.col("income_share") >= least)
    sums = known.group_by("key", "name", "how", maintain_order=True).agg(
        pl.col("pounds").sum(), pl.col("income_share").first()
    )
    for one in sums.to_dicts():
        more = ", so beds are dearer than the usual price or its payments are for more than beds"
        yield Finding(
            "market_supplier_depends",
            one["name"],
            f"{per_cent(one['income_share'])} of its income or beds ({one['how']})"
            + (more if one["income_share"] > 1 else ""),
            one["pounds"],
            confidence=MIDDLE if "income" in one["how"] else LOW,
        )


def of_contracts(
    contracts: pl.DataFrame,
    locked: pl.DataFrame,
    without: pl.DataFrame | None,
    settings: Mapping[str, Setting],
    registers: Sequence[str],
) -> Iterator[Finding]:
    """What ends, what has ended, what has no end, what is bound, and who is paid without a contract."""
    soon = float(settings["soon_months"].value)
    for one in contracts.to_dicts():
        where = (f"{registers[one['file']]}:{one['row']}",)
        subject = f"{one['title'] or one['reference'] or 'contract'} ({one['supplier']})"
        annual, last = one["annual_pounds"], one["last_day"]
        if one["state"] == "no end date":
            yield Finding("market_contract_endless", subject, "no last day", annual, confidence=HIGH, rows=where)
        elif one["state"] == "running" and one["months_left"] <= soon:
            options = f"; may be extended by {one['optional_months']:.0f} months" if one["optional_months"] >= 1 else ""
            said = f"ends {last:%d/%m/%Y}{options}"
            yield Finding("market_contract_ends", subject, said, annual, confidence=HIGH, rows=where)
    bound = locked.row(0, named=True)
    if bound["certain"] + bound["optional"] > 0:
        yield Finding(
            "market_locked_in",
            "the coming twelve months",
            f"bound for certain; options would add £{bound['optional']:,.0f}; {bound['running']:,} contracts run on",
            bound["certain"],
            confidence=MIDDLE,
        )
    if without is None:
        return
    sums = without.group_by("key", "name", maintain_order=True).agg(pl.col("pounds").sum(), pl.col("ended").max())
    for one in sums.to_dicts():
        ended = one["ended"]
        if ended is not None:
            said = f"its latest contract ended {ended:%d/%m/%Y}"
            yield Finding("market_contract_over", one["name"], said, one["pounds"], confidence=MIDDLE)
        else:
            said = "no contract of that name in the register"
            yield Finding("market_no_contract", one["name"], said, one["pounds"], confidence=LOW)


def of_ratings(
    pounds: pl.DataFrame, places: pl.DataFrame, matches: pl.DataFrame, today: date, settings: Mapping[str, Setting]
) -> Iterator[Finding]:
    """Money by rating, and matches that wait for a decision. `pounds`: key, pounds of the last twelve months."""
    aged = with_age(places, today)
    joined = aged.join(pounds.rename({"key": "supplier"}), on="supplier").with_columns(
        (pl.col("pounds") * pl.col("share")).alias("part")
    )
    low = joined.filter(pl.col("rating").is_in(LOW_RATINGS)).sort(["part", "row"], descending=[True, False])
    for one in low.to_dicts():
        when = f", published {one['published']:%d/%m/%Y}" if one["published"] else ""
        subject = one["location"] or "a location of " + one["matched_name"]
        said = f"{one['rating'].lower()}{when}; paid as {one['matched_name']}"
        yield Finding("market_rating_low", subject, said, one["part"], confidence=MIDDLE)
    kinds = (
        ("market_not_rated", pl.col("rating") == UNRATED, "have no rating"),
        (
            "market_rating_old",
            pl.col("age_years") >= float(settings["old_rating_years"].value),
            "have a rating that is old",
        ),
    )
    whole = float(joined["part"].sum()) or 1.0
    for code, condition, what in kinds:
        part = joined.filter(condition)
        if part.height:
            share = float(part["part"].sum()) / whole
            of = f"{part.height:,} of {joined.height:,} locations"
            said = f"{of} of matched suppliers {what}; {per_cent(share)} of their pounds"
            yield Finding(code, "all streams", said, float(part["part"].sum()), confidence=MIDDLE)
    waiting = matches.filter(pl.col("state") == SHOWN).join(pounds.rename({"key": "supplier"}), on="supplier")
    for one in waiting.sort(["pounds", "supplier"], descending=[True, False]).to_dicts():
        said = f"like '{one['matched_with']}' ({one['likeness']:.0f} of 100)"
        yield Finding("market_match_to_decide", one["name"], said, one["pounds"], confidence=LOW)

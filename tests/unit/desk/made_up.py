"""A made-up result that every part of the desk foundation is tried on."""

from datetime import date

import polars as pl

from insource.desk.drawing import bars
from insource.desk.findings import FindingKind
from insource.desk.result import Chart, Column, Finding, Input, Result, Setting, Sheet

KIND = FindingKind("dear", "made_up", "An hour costs more than elsewhere", "pounds a year", "Money.", "Ask why.")


def known(monkeypatch):
    """Make the code 'dear' a kind of finding for one test."""
    from insource.desk.findings import finding_kinds

    monkeypatch.setitem(finding_kinds(), "dear", KIND)


def services():
    """Four services with people, hours, price, and cost as a live formula."""
    frame = pl.DataFrame(
        {
            "service": ["North", "=cmd|' /C calc'!A0", "South", "West"],
            "people": [120, 3, 7, 41],
            "hours": [900.0, 20.0, 61.5, None],
            "price": [22.5, 31.0, 24.0, 25.0],
            "share": [0.5, 1 / 3, 2 / 7, 0.0],
            "since": [date(2024, 4, 1), None, date(2025, 1, 31), date(2023, 2, 28)],
        }
    ).with_columns(cost=pl.col("hours") * pl.col("price") * 52)
    columns = {
        "service": Column("Service"),
        "people": Column("People", "", "count", is_count_of_people=True),
        "hours": Column("Hours", "a week", "hours"),
        "price": Column("Price", "£ an hour", "number"),
        "cost": Column("Cost", "£ a year", "pounds"),
        "share": Column("Reviewed", "share of people", "share"),
        "since": Column("Since", "", "date"),
    }
    formulas = {"cost": "={hours}*{price}*{settings[weeks]}", "E12": "=SUM({cost.all})-{cost[0]}"}
    return Sheet("services", "Services by price", frame, columns, "Made up.", formulas)


def result():
    """Findings, an open and a personal sheet, a chart, a setting, a file."""
    person = pl.DataFrame({"key": ["a1"], "cost": [5.0]})
    who = {"key": Column("Person", is_personal=True), "cost": Column("Cost", "£", "pounds")}
    chart = Chart("North has most people", bars("service", "people", "People"), "Made up.", "Bars", sheet="services")
    return Result(
        "made_up",
        "What services cost",
        "What does an hour cost?",
        ("Three people have dear care.",),
        (
            Finding("dear", "+SUM(1)", "3 people", 1234.0, 20.0, 3, "high", ("cld.csv:7", "cld.csv:9")),
            Finding("dear", "South", "7 people", 5678.0, 61.5, 7, "high"),
            Finding("dear", "North", "120 people", 99_999.0, 900.0, 120, "high"),
            Finding("dear", "Framework", "not about people", 10.0),
        ),
        (services(), Sheet("people", "Single people", person, who)),
        (chart,),
        (Setting("weeks", 52.0, "weeks a year", "The calendar"), Setting("by", "median", "", "A choice")),
        ("Add up.",),
        ("Nothing.",),
        ("Weeks are alike.",),
        (Input("cld.csv", 10, 9, "ab" * 32),),
        published_summary=("Some people have dear care.",),
    )

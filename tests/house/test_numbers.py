"""Numbers are data with papers: units, ranges, sources, signatures; and names that say their unit."""

import csv

import pytest
from reading import PACKAGE

from insource import delivery, parameters, strict_yaml
from insource.errors import InputError
from insource.sources import sources
from insource.tables import ACCOUNTS, COLUMNS, TABLES
from insource.terms import TERMS
from insource.units import LEDGER_UNITS, UNIT_OF_SUFFIX

pytestmark = pytest.mark.house

every_parameter = pytest.mark.parametrize("parameter", parameters.parameters().values(), ids=lambda one: one.name)


@every_parameter
def test_papers(parameter):
    """A known source; the value, and whatever may be drawn, lies in the range at every date."""
    source = sources()[parameter.source.key]
    assert source.title
    assert source.publisher
    assert 1990 < source.year < 2030
    dates = list(parameter.value) if isinstance(parameter.value, dict) else [parameters.BASE_DATE]
    for date in dates:
        low, high = parameter.ends(date)
        assert low <= parameter.central(date) <= high
        assert all(low <= parameter.at(u, date) <= high for u in (1e-9, 0.01, 0.3, 0.5, 0.7, 0.99, 1 - 1e-9))
    if parameter.distribution.kind != "fixed":
        low, high = parameter.ends()
        assert low < high, "a belief without a range"
        assert parameter.at(0.1) < parameter.at(0.9), "a belief that does not rise"


def test_judgements_are_signed():
    """Whoever judged says so, also where a publication was the starting point."""
    judged = [one for one in parameters.parameters().values() if one.sureness == "judgement"]
    assert [one.name for one in judged if not one.source.signed] == []


def test_sources_can_be_found():
    """Every source has an address, or else whoever relies on it has signed for it."""
    every = parameters.parameters().values()
    assert {one.source.key for one in every} <= set(sources())
    lost = {key for key, source in sources().items() if not source.address}
    assert [one.name for one in every if one.source.key in lost and not one.source.signed] == []


def test_contested_strengths_may_be_zero():
    """Theory.md section 17: failure demand and effects on quality, quitting and choice may all be nothing."""
    contested = (
        "repeat_share",
        "experience_effect",
        "vacancy_effect",
        "guaranteed_effect",
        "pay_effect",
        "concern_effect",
        "load_quit_exponent",
        "sector_elasticity",
        "open_market_share",
        "entry_vacancy_exponent",
        "floor_growth_rate",
        "advice_gain",
        "entry_peak",
        "need_correlation",
        "concern_response_hours",
        "staffing_effect",
        "training_effect",
        "continuity_effect",
        "quality_life_gain",
        "continuity_life_gain",
        "second_service_share",
        "coordination_hours",
        "hand_off_error_share",
        "unsocial_hours_share",
    )
    for name in contested:
        low, high = parameters.parameters()[name].ends()
        assert low <= 0.0 <= high, name
    for name in ("guaranteed_effect", "pay_effect", "concern_response_hours"):
        assert parameters.parameters()[name].ends()[0] < 0.0, f"{name}: the evidence has both signs"
    assert parameters.parameters()["first_year_quit_ratio"].ends()[0] == 1.0, "it may be selection only"
    assert parameters.central().repeat_share == 0.0, "failure demand is neutral unless it is switched on"
    assert parameters.central().hand_off_error_share == 0.0, "what is dropped is neutral unless it is switched on"
    low, high = parameters.parameters()["unmet_hour_ratio"].ends()
    assert low < parameters.central().unmet_hour_ratio == 2.0 < high, "2 orders what is expected: no over-ordering"


def test_the_councils_side_carries_its_own_costs():
    """Section 17.2: overhead, sickness, pension and paid gaps of a council's own service are not zero by default."""
    numbers = parameters.central()
    for name in ("council_overhead_share", "local_government_pension_share", "shift_idle_ratio"):
        assert parameters.parameters()[name].ends()[0] > 0.0, name
    assert numbers.occupational_sickness_days > numbers.statutory_sickness_days
    assert numbers.council_leave_days > numbers.statutory_leave_days
    own = delivery.read("in_house").parts[0].terms
    assert own["paid_gaps_share"] == 1.0
    assert own["guaranteed_share"] == 1.0


def test_terms_say_where_they_come_from():
    """A number that a delivery model may set has a source or a signature, like any other."""
    for term in TERMS.values():
        assert len(term.basis) > 20, term.name
        is_source = any(word in term.basis for word in ("signed", "insource, ", "Skills", "body", "law", "found"))
        assert term.choices or is_source, f"{term.name}: neither a source nor a signature"


def _named():
    yield from ((name, one.unit) for name, one in parameters.parameters().items())
    yield from ((name, one.unit) for name, one in TERMS.items())
    yield from ((name, one.unit) for name, one in ACCOUNTS.items())
    yield from ((name, one.unit) for found in COLUMNS.values() for name, one in found.items())


def test_endings_say_the_unit():
    """A name that ends in _hours, _pounds, _share and so on has that unit (or is counted in such weeks of people)."""
    wrong = [
        (name, unit, suffix)
        for name, unit in _named()
        for suffix, said in UNIT_OF_SUFFIX.items()
        if name.endswith(suffix) and unit != said and not unit.endswith(f"_{said}")
    ]
    assert wrong == []


def test_flags_are_called_is():
    """A flag is called is_something, and nothing else is."""
    flags = {name for found in COLUMNS.values() for name, one in found.items() if one.unit == "flag"}
    called = {name for found in COLUMNS.values() for name in found if name.startswith("is_")}
    assert flags == called - {name for name, term in TERMS.items() if term.kind == "flag"}
    assert all((name.startswith("is_")) == (term.kind == "flag") for name, term in TERMS.items())


def test_dictionary_is_complete():
    """Every column and account has a type, a unit and a description; accounts of pence have two purses."""
    for found in COLUMNS.values():
        for column in found.values():
            assert column.kind in ("int8", "int32", "int64", "float32", "float64"), column
            assert len(column.description) > 3, column
    for account in ACCOUNTS.values():
        assert account.unit in LEDGER_UNITS, account
        is_transfer = bool(account.payer or account.payee)
        assert bool(account.payer) == bool(account.payee), account
        assert not is_transfer or account.unit == "pence", account
        assert account.payer != account.payee or not account.payer


def test_no_line_stands_twice():
    """In no list of the product's own: two branches that each add a row must not leave it there twice."""
    for path in (PACKAGE / "data").rglob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines()
        is_ours = not {"codelists", "places"} & set(path.parts)
        assert not is_ours or len(set(lines)) == len(lines), path.name


@pytest.mark.parametrize("folder", ["tables", "accounts"])
def test_dictionary_files_are_plain(folder):
    """One heading, rows of equal length, no row twice."""
    for path in (PACKAGE / "data" / folder).glob("*.csv"):
        rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
        assert len({len(row) for row in rows}) == 1, path.name
        assert len({tuple(row[:2]) for row in rows}) == len(rows), path.name
    assert set(TABLES) == set(COLUMNS)


def test_delivery_files_set_only_terms():
    """What a delivery file may hold: a title, what it stands for, parts, terms; anything else is refused."""
    for name, text in delivery.bundled().items():
        content = strict_yaml.read_text(text, name)
        assert set(content) <= {"title", "stands_for", "like", "terms", "parts", "lines", "changes"}
        for part in content.get("parts", [content]):
            assert set(part.get("terms", {})) <= set(TERMS)
        assert 40 < len(delivery.read(name).stands_for) < 400, "one sentence on the arrangement it stands for"
    other = {"title": "x", "stands_for": "y", "terms": {"quality_bonus": 1}}
    with pytest.raises(InputError, match="quality_bonus"):
        delivery.parse("bad", other)
    with pytest.raises(InputError, match="parameters"):
        delivery.parse("bad", {"title": "x", "stands_for": "y", "parameters": {"turnover_rate": 0.1}})

"""Typed tables from the data dictionary, and views that hold just what a mechanism declares."""

import numpy as np
import pytest

from insource import ledger, parameters, views
from insource.draws import luck
from insource.tables import ACCOUNTS, COLUMNS, TABLES, empty_tables, locked
from insource.terms import TERMS
from insource.week import MECHANISMS

pytestmark = pytest.mark.worked


def test_empty_tables():
    """Every column with its type, its rows and its start value."""
    sizes = {table: 3 + i for i, table in enumerate(TABLES)}
    tables = empty_tables(sizes)
    for table, columns in COLUMNS.items():
        assert set(tables[table]) == set(columns)
        for name, column in columns.items():
            values = tables[table][name]
            assert len(values) == sizes[table]
            assert (values == column.start).all()
            assert np.can_cast(column.kind, values.dtype)
    assert tables["people"]["provider"][0] == -1
    assert tables["providers"]["served_ratio"][0] == 1.0


def test_terms_are_columns_of_parts():
    """Every term is a column that mechanisms can read and no mechanism owns."""
    for name, term in TERMS.items():
        column = COLUMNS["parts"][name]
        assert (column.owner, column.unit) == ("delivery", term.unit)


def test_columns_that_are_only_read_are_locked():
    """A locked column shows what is there and cannot be written through."""
    column = np.arange(3)
    view = locked(column)
    column[0] = 7
    assert view[0] == 7
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 1


def _area(name):
    tables = empty_tables(dict.fromkeys(TABLES, 2))
    books = ledger.empty(1, 1)
    return views.area_of(name, MECHANISMS[name], tables, parameters.central(), luck(0, 0), books), tables


@pytest.mark.parametrize("name", sorted(MECHANISMS))
def test_a_view_holds_what_is_declared_and_no_more(name):
    """Columns read are locked, columns written are the table's own, parameters are those the source names."""
    mechanism = MECHANISMS[name]
    area, tables = _area(name)
    for table in TABLES:
        read, written = mechanism.READS.get(table, ()), mechanism.WRITES.get(table, ())
        view = getattr(area, table)
        assert view._fields == (*read, *written)
        assert not any(getattr(view, column).flags.writeable for column in read)
        for column in written:
            assert getattr(view, column) is tables[table][column]
    assert area.books._fields == tuple(mechanism.POSTS)
    assert area.numbers._fields == views.parameters_of(mechanism)


def test_declarations_that_are_refused():
    """A column that does not exist, a column or an account that belongs to somebody else."""

    class Declared:
        READS: dict = {}  # noqa: RUF012
        WRITES: dict = {}  # noqa: RUF012
        POSTS: tuple = ()

    for change, said in (
        ({"READS": {"people": ("shoe_size",)}}, "not in data/tables"),
        ({"WRITES": {"people": ("is_here",)}}, "belongs to needs"),
        ({"POSTS": ("deaths",)}, "not in data/accounts/care"),
    ):
        declared = type("Mechanism", (Declared,), change)
        with pytest.raises(ValueError, match=said):
            views.check_declared("care", declared)


def test_dictionary():
    """Nobody owns two columns of one name in a table; accounts have an owner and a unit."""
    assert all(account.owner in MECHANISMS and account.unit for account in ACCOUNTS.values())
    assert all(column.description for columns in COLUMNS.values() for column in columns.values())

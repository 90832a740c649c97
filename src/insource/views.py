"""What each mechanism may touch: its own columns, those it declares to read (locked), its accounts, its parameters.

A mechanism is a module with four lists (READS, WRITES, DRAWS, POSTS) and two functions (`start`, `step`). Its view
holds just what the lists declare, so the lists cannot lie: what is not declared is not there, and what is only read
cannot be written. The parameters in the view are those that its source names.
"""

import functools
import inspect
import re
from types import ModuleType
from typing import Any

from numba.core import cgutils, types
from numba.core.datamodel.models import ArrayModel
from numba.experimental import structref
from numba.extending import intrinsic, register_model

from insource.compiled import IS_COMPILED, compiled
from insource.ledger import Ledger
from insource.tables import ACCOUNTS, COLUMNS, TABLES, Tables, locked, record_type

Area = record_type("Area", [*TABLES, "numbers", "luck", "books"], __name__)
"""A mechanism's view as Python sees it: its columns by table, its parameters, the luck, its accounts."""


@structref.register
class ViewType(types.StructRef):
    """How compiled code sees a view: one pointer instead of dozens of columns."""


class View(structref.StructRefProxy):
    """A mechanism's view as compiled code sees it."""

    def __new__(cls, *fields: Any) -> Any:
        """Pack the fields of an Area; uncompiled, the Area itself does."""
        return new_view(*fields) if IS_COMPILED else Area(*fields)


structref.define_proxy(View, ViewType, list(Area._fields))


class Borrowed(types.Array):
    """A column of which nobody counts who uses it: counting takes a lock, thousands of times in each week's steps."""

    def __init__(self, column: Any) -> None:
        name = f"borrowed {column.name}"
        super().__init__(column.dtype, column.ndim, column.layout, not column.mutable, name, column.aligned)


@register_model(Borrowed)
class BorrowedModel(ArrayModel):
    """Laid out like any column, but nothing in it is counted."""

    def traverse(self, builder: Any) -> list[Any]:
        """What of it is counted."""
        return []


_intrinsic: Any = intrinsic


@_intrinsic  # type: ignore[untyped-decorator]
def borrowed(_: Any, record: Any) -> Any:
    """The same columns, uncounted.

    Whoever binds a view must keep the tables and the ledger for as long as it is used, as `Simulation` does.
    """
    kinds = [Borrowed(kind) if isinstance(kind, types.Array) else kind for kind in record]
    lent = types.BaseTuple.from_types(kinds, record.instance_class)

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        (fields,), (value,) = signature.args, values
        for place, kind in enumerate(fields):
            if isinstance(kind, types.Array):
                column = context.make_array(kind)(context, builder, builder.extract_value(value, place))
                column.meminfo = cgutils.get_null_value(column.meminfo.type)
                value = builder.insert_value(value, column._getvalue(), place)
        return value

    return lent(record), build


@compiled
def new_view(people, workers, providers, zones, council, donors, parts, numbers, luck, books):  # type: ignore[no-untyped-def]
    """Pack a mechanism's columns for compiled code."""
    return View(
        borrowed(people),
        borrowed(workers),
        borrowed(providers),
        borrowed(zones),
        borrowed(council),
        borrowed(donors),
        borrowed(parts),
        numbers,
        luck,
        borrowed(books),
    )


@_intrinsic  # type: ignore[untyped-decorator]
def let_be_visited(_: Any, week: Any, rows: Any) -> Any:
    """Let all views of a week visit the first `rows` people (whole number); no column is moved, and all views stay."""

    def build(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        for name, view in week.field_dict.items():
            found = context.get_getattr(week, name)(context, builder, week, values[0], name)
            kind = view.field_dict["people"]
            people = context.get_getattr(view, "people")(context, builder, view, found, "people")
            for place, column in enumerate(kind):
                array = context.make_array(column)(context, builder, builder.extract_value(people, place))
                array.shape = cgutils.pack_array(builder, [values[1]])
                array.nitems = values[1]
                people = builder.insert_value(people, array._getvalue(), place)
            put = types.void(view, kind)
            context.get_setattr("people", put)(builder, (found, people))
            context.nrt.decref(builder, view, found)
        return context.get_dummy_value()

    return types.void(week, types.intp), build


@functools.cache
def parameters_of(mechanism: ModuleType) -> tuple[str, ...]:
    """The parameters a mechanism uses: those its source names as `numbers.something`."""
    return tuple(sorted(set(re.findall(r"\bnumbers\.([a-z_0-9]+)", inspect.getsource(mechanism)))))


def register(name: str, mechanism: ModuleType) -> None:
    """Check what a mechanism declares and make the types of its view, kept here under their own names."""
    check_declared(name, mechanism)
    fields: dict[str, tuple[str, ...]] = {
        table: (*mechanism.READS.get(table, ()), *mechanism.WRITES.get(table, ())) for table in TABLES
    }
    fields |= {"books": mechanism.POSTS, "numbers": parameters_of(mechanism)}
    for kind, names in fields.items():
        globals()[f"{name}_{kind}"] = record_type(f"{name}_{kind}", names, __name__)


def check_declared(name: str, mechanism: ModuleType) -> None:
    """Every declared column and account must exist; only the owner may write a column or post to an account."""
    for table, columns in [*mechanism.READS.items(), *mechanism.WRITES.items()]:
        for column in columns:
            if column not in COLUMNS[table]:
                raise ValueError(f"{name} declares {table}.{column}, which is not in data/tables")
    for table, columns in mechanism.WRITES.items():
        for column in columns:
            if COLUMNS[table][column].owner != name:
                raise ValueError(f"{name} writes {table}.{column}, which belongs to {COLUMNS[table][column].owner}")
    for account in mechanism.POSTS:
        if account not in ACCOUNTS or ACCOUNTS[account].owner != name:
            raise ValueError(f"{name} posts to {account}, which is not in data/accounts/{name}.csv")


def all_locked(tables: Tables) -> Tables:
    """The same tables, that cannot be written through these columns."""
    return {table: {name: locked(column) for name, column in columns.items()} for table, columns in tables.items()}


def area_of(
    name: str,
    mechanism: ModuleType,
    tables: Tables,
    numbers: Any,
    luck: Any,
    ledger: Ledger,
    read_only: Tables | None = None,
) -> Any:
    """What one mechanism is handed: what it reads is locked, what it writes is its own.

    `read_only`: what `all_locked` makes of the tables, where it is at hand.
    """
    read_only = read_only or all_locked(tables)
    views = []
    for table in TABLES:
        columns = [read_only[table][column] for column in mechanism.READS.get(table, ())]
        columns += [tables[table][column] for column in mechanism.WRITES.get(table, ())]
        views.append(globals()[f"{name}_{table}"](*columns))
    books = globals()[f"{name}_books"](*[ledger.accounts[account] for account in mechanism.POSTS])
    own_numbers = globals()[f"{name}_numbers"](*[getattr(numbers, one) for one in parameters_of(mechanism)])
    return Area(*views, own_numbers, luck, books)

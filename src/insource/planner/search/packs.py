"""Hand the search its arrays as one address.

Compiled functions copy each array they are handed, nine words of it, and count who holds it. The search has some forty
arrays and calls its functions a million times a second. A `Pack` lists where the arrays lie and how long they are;
compiled code is handed the place of that list, and `pack.name` is the array. Uncompiled, `pack.name` is the array too.
The arrays belong to the Python object, which the caller holds on to for as long as the search runs.
"""

from typing import Any, ClassVar

import numpy as np
from llvmlite import ir
from numba import from_dtype
from numba.core import cgutils, types
from numba.core.extending import NativeValue, models, register_model, typeof_impl, unbox
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr
from numba.np.arrayobj import make_array, populate_array

WORDS = 4
"""For each array its place and up to three lengths."""
WORD_BYTES = 8


class Pack:
    """Named arrays. `kinds` says of each its type, its number of dimensions, and its columns where that is fixed."""

    kinds: ClassVar[dict[str, tuple[Any, ...]]]

    def __init__(self, **arrays: np.ndarray):
        self.header = np.zeros((len(self.kinds), WORDS), np.int64)
        for row, (name, (dtype, dimensions, *columns)) in enumerate(self.kinds.items()):
            array = np.ascontiguousarray(arrays.pop(name), dtype=dtype)
            if array.ndim != dimensions or (columns and array.shape[-1] != columns[0]):
                raise ValueError(f"{name} has the shape {array.shape}, not {dimensions} dimensions of {columns}")
            setattr(self, name, array)
            self.header[row, 0] = array.ctypes.data
            self.header[row, 1 : dimensions + 1] = array.shape
        if arrays:
            raise ValueError(f"no such array: {', '.join(arrays)}")
        self.address = self.header.ctypes.data

    def __getattr__(self, name: str) -> Any:
        """Only for names that are no array: those are attributes."""
        raise AttributeError(f"{type(self).__name__} has no array {name!r}")


class PackType(types.Type):
    """How compiled code sees a pack: an address, and what lies there."""

    def __init__(self, name: str, kinds: tuple[tuple[Any, ...], ...]):
        self.rows = {field: (row, *kind) for row, (field, *kind) in enumerate(kinds)}
        super().__init__(name=f"Pack({name}, {kinds})")


@typeof_impl.register(Pack)
def _type_of(pack: Pack, _context: Any) -> PackType:
    kinds = tuple((name, np.dtype(dtype).str, *rest) for name, (dtype, *rest) in pack.kinds.items())
    return PackType(type(pack).__name__, kinds)


@register_model(PackType)
class PackModel(models.PrimitiveModel):
    """A whole number of 64 bits."""

    def __init__(self, manager: Any, kind: PackType):
        super().__init__(manager, kind, ir.IntType(64))


@unbox(PackType)
def _unbox(_kind: PackType, value: Any, c: Any) -> NativeValue:
    address = c.pyapi.object_getattr_string(value, "address")
    number = c.pyapi.long_as_longlong(address)
    c.pyapi.decref(address)
    return NativeValue(number, is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred()))


@infer_getattr
class PackFields(AttributeTemplate):
    """The type of `pack.name`."""

    key = PackType

    def generic_resolve(self, kind: PackType, field: str) -> Any:
        """An array in C order, or nothing."""
        if field not in kind.rows:
            return None
        _, dtype, dimensions, *_ = kind.rows[field]
        return types.Array(from_dtype(np.dtype(dtype)), dimensions, "C")


@lower_getattr_generic(PackType)
def _field(context: Any, builder: Any, kind: PackType, value: Any, field: str) -> Any:
    row, dtype, dimensions, *columns = kind.rows[field]
    word = ir.IntType(64)
    header = builder.inttoptr(value, word.as_pointer())
    words = [builder.load(builder.gep(header, [ir.Constant(word, row * WORDS + k)])) for k in range(dimensions + 1)]
    if columns:
        words[-1] = ir.Constant(word, columns[0])
    array_type = types.Array(from_dtype(np.dtype(dtype)), dimensions, "C")
    array = make_array(array_type)(context, builder)
    itemsize = np.dtype(dtype).itemsize
    strides = [ir.Constant(word, itemsize)]
    for length in reversed(words[2:]):
        strides.insert(0, builder.mul(strides[0], length))
    data = builder.inttoptr(words[0], context.get_data_type(array_type.dtype).as_pointer())
    populate_array(
        array, data=data, shape=words[1:], strides=strides, itemsize=ir.Constant(word, itemsize), meminfo=None
    )
    return array._getvalue()

"""Rows of a query as Polars frames, one batch at a time: millions of rows in the memory of some thousands.

Polars reads an Arrow stream as a whole, and never lets go of what it came from: DuckDB then prints forty lines when the
program ends. So the stream's own functions are called here, as the Arrow C stream interface has them, and Polars is
handed batch by batch. Knows nothing of databases.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

_POINTER = ctypes.c_void_p
_CALL = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, _POINTER)
_GET = ctypes.PYFUNCTYPE(_POINTER, ctypes.py_object, ctypes.c_char_p)(("PyCapsule_GetPointer", ctypes.pythonapi))
_NEW = ctypes.PYFUNCTYPE(ctypes.py_object, _POINTER, ctypes.c_char_p, _POINTER)(("PyCapsule_New", ctypes.pythonapi))


class StreamError(Exception):
    """The rows could not be read to their end; the words are the engine's."""


class _Array(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_int64) for name in ("length", "null_count", "offset", "n_buffers", "n_children")),
        *((name, _POINTER) for name in ("buffers", "children", "dictionary", "release", "private_data")),
    )


class _Schema(ctypes.Structure):
    _fields_ = (
        *((name, _POINTER) for name in ("format", "name", "metadata")),
        *((name, ctypes.c_int64) for name in ("flags", "n_children")),
        *((name, _POINTER) for name in ("children", "dictionary", "release", "private_data")),
    )


class _Stream(ctypes.Structure):
    _fields_ = (
        ("get_schema", _CALL),
        ("get_next", _CALL),
        ("get_last_error", ctypes.CFUNCTYPE(ctypes.c_char_p, _POINTER)),
        ("release", _POINTER),
        ("private_data", _POINTER),
    )


class _Batch:
    """One batch, as Polars takes it over: the memory is its own from then on."""

    def __init__(self, schema: _Schema, array: _Array) -> None:
        self._schema, self._array = schema, array

    def __arrow_c_array__(self, requested_schema: object = None) -> tuple[object, object]:
        return (
            _NEW(ctypes.addressof(self._schema), b"arrow_schema", None),
            _NEW(ctypes.addressof(self._array), b"arrow_array", None),
        )


class _Columns:
    """The columns of a stream without rows, as Polars takes them over."""

    def __init__(self, schema: _Schema) -> None:
        self._schema = schema

    def __arrow_c_schema__(self) -> object:
        return _NEW(ctypes.addressof(self._schema), b"arrow_schema", None)


def frames(source: Any) -> Iterator[pl.DataFrame]:  # noqa: ANN401 - whatever has an Arrow stream
    """Yield a frame for each batch of rows; one without rows if there are none. Raises `StreamError`."""
    import polars as pl

    capsule = source.__arrow_c_stream__(None)
    address = _GET(capsule, b"arrow_array_stream")
    stream = _Stream.from_address(address)
    is_first = True
    while True:
        array = _Array()
        if stream.get_next(address, ctypes.addressof(array)):
            raise StreamError((stream.get_last_error(address) or b"the rows cannot be read").decode())
        if not array.release:
            break
        schema = _Schema()
        stream.get_schema(address, ctypes.addressof(schema))
        yield pl.Series(_Batch(schema, array)).struct.unnest()
        is_first = False
    if is_first:
        schema = _Schema()
        stream.get_schema(address, ctypes.addressof(schema))
        yield pl.DataFrame(schema=pl.Schema(_Columns(schema)))

"""Writing a model for ONNX Runtime: the few messages of the ONNX format that one needs, as protocol buffers.

The format is ``onnx.proto`` of ONNX (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, IR version 8)
in the wire format of protocol buffers (https://protobuf.dev/programming-guides/encoding/): a message is a
row of fields, each a key (field number · 8 + wire type) and a value, which is a varint, 4 bytes or a length
and bytes.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["CONTRIB", "GraphWriter"]

CONTRIB = "com.microsoft"
"""The domain of the operators that are ONNX Runtime's own."""

_IR_VERSION, _OPSET, _CONTRIB_VERSION = 8, 17, 1
_TYPES = {"float32": 1, "uint8": 2, "int8": 3, "int32": 6, "int64": 7}
_VARINT, _BYTES, _FIXED32 = 0, 2, 5
_FLOAT_ATTRIBUTE, _INT_ATTRIBUTE, _INTS_ATTRIBUTE = 1, 2, 7


@dataclass
class GraphWriter:
    """A graph that grows node by node; values are known by their names."""

    inputs: list[bytes] = field(default_factory=list)
    outputs: list[bytes] = field(default_factory=list)
    nodes: list[bytes] = field(default_factory=list)
    constants: dict[str, bytes] = field(default_factory=dict)

    def input(self, name: str, kind: str, shape: Sequence[int | str]) -> str:
        """An input of a NumPy type; a dimension given by a word may have any size."""
        self.inputs.append(_value_info(name, kind, shape))
        return name

    def output(self, name: str, kind: str, shape: Sequence[int | str]) -> None:
        self.outputs.append(_value_info(name, kind, shape))

    def constant(self, name: str, value: NDArray[np.generic]) -> str:
        """A value that the graph carries; the same name again is the same value."""
        if name not in self.constants:
            data = np.ascontiguousarray(value)
            dims = b"".join(_varint_field(1, size) for size in data.shape)
            self.constants[name] = (
                dims
                + _varint_field(2, _TYPES[data.dtype.name])
                + _text_field(8, name)
                + _bytes_field(9, data.astype(data.dtype.newbyteorder("<"), copy=False).tobytes())
            )
        return name

    def node(
        self,
        operator: str,
        inputs: Sequence[str],
        output: str,
        *more: str,
        domain: str = "",
        **attributes: float | Sequence[int],
    ) -> str:
        """An operator from ``inputs`` (an empty name leaves one out) to ``output`` and ``more``; gives
        ``output``."""
        self.nodes.append(
            b"".join(_text_field(1, name) for name in inputs)
            + b"".join(_text_field(2, name) for name in (output, *more))
            + _text_field(3, output)
            + _text_field(4, operator)
            + b"".join(_bytes_field(5, _attribute(name, value)) for name, value in attributes.items())
            + (_text_field(7, domain) if domain else b"")
        )
        return output

    def number(self, value: str, output: str) -> str:
        """``value`` as float32."""
        return self.node("Cast", [value], output, to=_TYPES["float32"])

    def integer(self, value: str, output: str) -> str:
        """``value`` as int32."""
        return self.node("Cast", [value], output, to=_TYPES["int32"])

    def to_bytes(self) -> bytes:
        """The model, as a file holds it."""
        graph = (
            b"".join(_bytes_field(1, node) for node in self.nodes)
            + _text_field(2, "encoder")
            + b"".join(_bytes_field(5, tensor) for tensor in self.constants.values())
            + b"".join(_bytes_field(11, value) for value in self.inputs)
            + b"".join(_bytes_field(12, value) for value in self.outputs)
        )
        opsets = (("", _OPSET), (CONTRIB, _CONTRIB_VERSION))
        return (
            _varint_field(1, _IR_VERSION)
            + _text_field(2, "competency-graph")
            + _bytes_field(7, graph)
            + b"".join(
                _bytes_field(8, _text_field(1, domain) + _varint_field(2, version))
                for domain, version in opsets
            )
        )


def _value_info(name: str, kind: str, shape: Sequence[int | str]) -> bytes:
    dims = b"".join(
        _bytes_field(1, _text_field(2, size) if isinstance(size, str) else _varint_field(1, size))
        for size in shape
    )
    tensor = _varint_field(1, _TYPES[kind]) + _bytes_field(2, dims)
    return _text_field(1, name) + _bytes_field(2, _bytes_field(1, tensor))


def _attribute(name: str, value: float | Sequence[int]) -> bytes:
    if isinstance(value, int):
        return _text_field(1, name) + _varint_field(3, value) + _varint_field(20, _INT_ATTRIBUTE)
    if isinstance(value, float):
        number = _varint(2 << 3 | _FIXED32) + struct.pack("<f", value)
        return _text_field(1, name) + number + _varint_field(20, _FLOAT_ATTRIBUTE)
    numbers = b"".join(_varint_field(8, one) for one in value)
    return _text_field(1, name) + numbers + _varint_field(20, _INTS_ATTRIBUTE)


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; a negative number as its 64-bit complement."""
    value &= (1 << 64) - 1
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def _varint_field(number: int, value: int) -> bytes:
    return _varint(number << 3 | _VARINT) + _varint(value)


def _bytes_field(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | _BYTES) + _varint(len(value)) + value


def _text_field(number: int, value: str) -> bytes:
    return _bytes_field(number, value.encode())

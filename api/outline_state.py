"""An outline in an address: the page keeps it there, and nothing is stored."""

from __future__ import annotations

import base64
import binascii
import json
import zlib

from ontology.errors import AddressDamaged, DocumentError
from ontology.outline import Outline, outline_from_json, outline_to_json

__all__ = ["packed", "unpacked"]

_LARGEST = 8_000_000


def packed(outline: Outline) -> str:
    """The JSON form, deflated (RFC 1950) and written in the letters of addresses (RFC 4648, section 5)."""
    text = json.dumps(outline_to_json(outline), ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def unpacked(text: str) -> Outline:
    """The reverse. Raises ``AddressDamaged`` for a text that ``packed`` did not make."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        engine = zlib.decompressobj()
        whole = engine.decompress(data, _LARGEST)
        if not engine.eof:
            raise AddressDamaged(
                "the outline in the address is cut short or too large; open its file instead"
            )
        return outline_from_json(json.loads(whole), "outline")
    except (binascii.Error, zlib.error, ValueError, RecursionError, DocumentError) as error:
        raise AddressDamaged(f"the address holds no outline: {error}; open its file instead") from error

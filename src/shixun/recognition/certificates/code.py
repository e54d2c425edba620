"""The text of a paper's QR: number, digest, place in the log, proof and signed head, in at most 1,200 bytes.

Pure. ``SX1.`` and base64 without padding; a site that knows its own address puts it in front, so that any phone opens
the page of verification.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shixun.kernel import merkle
from shixun.kernel.chronicle.heads import Head

PAPERS = "papers"
LIMIT = 1_200
PREFIX = "SX1."
TEXT = re.compile(r"SX1\.[A-Za-z0-9_-]{100,1196}")
_FIXED = struct.Struct(">32sQQQ8s64sB")
_LINE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


class BadCode(Exception):
    """The text is not that of a paper's QR, or it was cut."""


@dataclass(frozen=True, slots=True)
class Code:
    """What a QR says. ``digest`` is that of everything printed, ``proof`` leads from the leaf to the signed root."""

    number: str
    digest: bytes
    leaf: int
    size: int
    signed_at: int
    key: str
    signature: bytes
    proof: tuple[bytes, ...]

    def text(self) -> str:
        """As it stands in the QR."""
        number = self.number.encode()
        fixed = _FIXED.pack(
            self.digest,
            self.leaf,
            self.size,
            self.signed_at,
            bytes.fromhex(self.key),
            self.signature,
            len(self.proof),
        )
        packed = bytes([len(number)]) + number + fixed + b"".join(self.proof)
        return PREFIX + base64.urlsafe_b64encode(packed).decode().rstrip("=")

    def head(self) -> Head | None:
        """The head that the proof leads to; ``None`` where it leads nowhere."""
        leaf = merkle.leaf_hash(leaf_content(self.number, self.digest.hex()))
        root = merkle.root_from_inclusion(leaf, self.leaf, self.size, self.proof)
        if root is None:
            return None
        return Head(PAPERS, self.size, root, self.signed_at, self.key, self.signature)


def read_code(text: str) -> Code:
    """The code found in a text: a QR's, an address, the inside of a PDF. Raises ``BadCode``."""
    found = TEXT.search(text)
    if found is None:
        raise BadCode("there is no code in it")
    body = found.group(0).removeprefix(PREFIX)
    try:
        packed = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        length = packed[0]
        number = packed[1 : 1 + length].decode("ascii")
        digest, leaf, size, signed_at, key, signature, steps = _FIXED.unpack_from(packed, 1 + length)
    except (ValueError, IndexError, struct.error):
        raise BadCode("the code cannot be read") from None
    rest = packed[1 + length + _FIXED.size :]
    if len(rest) != steps * merkle.HASH_BYTES:
        raise BadCode("the code was cut")
    proof = tuple(rest[at : at + merkle.HASH_BYTES] for at in range(0, len(rest), merkle.HASH_BYTES))
    return Code(number, digest, leaf, size, signed_at, key.hex(), signature, proof)


def leaf_content(number: str, digest: str) -> bytes:
    """The leaf of a paper: its number and the digest of everything printed on it."""
    return f"shixun paper v1\n{number}\n{digest}\n".encode()


def canonical(content: Mapping[str, Any]) -> bytes:
    """Everything printed, in one form: equal content gives equal bytes."""
    return _LINE.encode(content).encode()


def digest_of(content: Mapping[str, Any]) -> str:
    """The digest of everything printed, in hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()

"""The keys that sign heads: made once and kept in the var folder or set in the settings; each vouched for by the last.

A secret is 32 bytes in base64, one a line, the oldest first; the last one signs. The public halves are rows.
"""

import base64
import hashlib
import os
import secrets
import tempfile
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from shixun.kernel.chronicle.models import SigningKey

KEY_BYTES = 32


class BadSecrets(Exception):
    """The signing keys cannot be read; the message says where they were looked for."""


def key_file() -> Path:
    """Where the secrets are kept when the settings do not name them."""
    return Path(settings.VAR) / "log-keys"


def signing_key(at: datetime) -> tuple[SigningKey, Ed25519PrivateKey]:
    """The key that signs now. Keys met for the first time are entered, each endorsed by the one before it."""
    private = [Ed25519PrivateKey.from_private_bytes(seed) for seed in _seeds()]
    publics = [key.public_key().public_bytes_raw() for key in private]
    known = {key.name: key for key in SigningKey.objects.filter(name__in=[name_of(public) for public in publics])}
    for number, public in enumerate(publics):
        if name_of(public) not in known:
            before = number - 1 if number else None
            known[name_of(public)] = SigningKey.objects.create(
                name=name_of(public),
                public=public,
                since=at,
                endorser="" if before is None else name_of(publics[before]),
                endorsement=b"" if before is None else private[before].sign(endorsed_text(public)),
            )
    return known[name_of(publics[-1])], private[-1]


def rotate() -> str:
    """Make a new key that signs from now on; gives its name. Raises ``BadSecrets`` where the settings hold the keys."""
    if settings.LOG_KEYS:
        raise BadSecrets("the keys are set in SHIXUN_LOG_KEYS: add the new one there, after the others")
    seed = secrets.token_bytes(KEY_BYTES)
    _keep([*_seeds(), seed])
    return name_of(Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw())


def name_of(public: bytes) -> str:
    """The name of a key: the beginning of the digest of its public half."""
    return hashlib.sha256(public).hexdigest()[:16]


def endorsed_text(public: bytes) -> bytes:
    """What the key before signs to vouch for this one."""
    return b"shixun log key v1\n" + public.hex().encode() + b"\n"


def is_signed(public: bytes, signature: bytes, text: bytes) -> bool:
    """Did the holder of this key sign this text?"""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def _seeds() -> list[bytes]:
    """The secrets in order; the first one is made when there is none."""
    if settings.LOG_KEYS:
        return _read(settings.LOG_KEYS, "SHIXUN_LOG_KEYS")
    file = key_file()
    if not file.exists():
        _keep([secrets.token_bytes(KEY_BYTES)], first=True)
    return _read(file.read_text().split(), str(file))


def _read(words: list[str], place: str) -> list[bytes]:
    try:
        seeds = [base64.b64decode(word, validate=True) for word in words]
    except ValueError:
        raise BadSecrets(f"{place}: a key is not base64") from None
    if not seeds or any(len(seed) != KEY_BYTES for seed in seeds):
        raise BadSecrets(f"{place}: a key is not {KEY_BYTES} bytes")
    return seeds


def _keep(seeds: list[bytes], *, first: bool = False) -> None:
    """Write the file whole and put it in place at once; of two processes that make the first key, one wins."""
    file = key_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix="log-keys-")
    with os.fdopen(handle, "w") as out:
        out.write("".join(f"{base64.b64encode(seed).decode()}\n" for seed in seeds))
    try:
        if first:
            os.link(name, file)
            os.unlink(name)
        else:
            os.replace(name, file)
    except FileExistsError:
        os.unlink(name)

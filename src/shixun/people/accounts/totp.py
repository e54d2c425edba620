"""Time-based one-time codes: RFC 6238 over RFC 4226 with SHA-1, six digits, steps of thirty seconds.

These are the values every authenticator app takes for granted; several ignore any others.
"""

import base64
import hashlib
import hmac
import secrets
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
# A phone's clock may be one step off, and a code typed late is still good.
WINDOW = 1
_SECRET_BYTES = 20


def new_secret() -> str:
    """160 random bits in base 32, as apps take them."""
    return base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def code_at(secret: str, step: int) -> str:
    """The code of a step (whole thirty seconds since 1970)."""
    digest = hmac.new(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_of(secret: str, code: str, *, at: float, after: int) -> int | None:
    """The step near ``at`` (seconds) whose code this is, later than step ``after``; None when there is none.

    Steps up to ``after`` were used: a code that was overheard opens nothing a second time.
    """
    now = int(at) // STEP_SECONDS
    fitting = [
        step for step in range(now - WINDOW, now + WINDOW + 1) if hmac.compare_digest(code_at(secret, step), code)
    ]
    return next((step for step in fitting if step > after), None)


def enrolment_address(secret: str, *, account: str, issuer: str) -> str:
    """The ``otpauth://`` address a QR code carries."""
    query = urlencode({"secret": secret, "issuer": issuer, "digits": DIGITS, "period": STEP_SECONDS}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{query}"


def in_groups(secret: str) -> str:
    """The secret in groups of four, for typing."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))

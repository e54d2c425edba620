"""Asking another machine: over HTTPS (plain HTTP on this machine only), within seconds, following nobody elsewhere."""

import json
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

_SECONDS = 10
_MOST_BYTES = 1_000_000
_HERE = {"127.0.0.1", "localhost", "::1"}


class Unreachable(Exception):
    """The other machine did not answer, or not with what was asked for; the text is for the log, not for people."""


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = build_opener(_Stay)


def fetched(url: str, *, form: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """The JSON object at an address; with ``form`` it is posted. Raises ``Unreachable``."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _HERE):
        raise Unreachable(f"{parts.scheme}://{parts.hostname} is neither HTTPS nor this machine")
    body = urlencode(form).encode() if form is not None else None
    request = Request(url, body, {"Accept": "application/json", **(headers or {})})  # noqa: S310 - checked above
    try:
        with _opener.open(request, timeout=_SECONDS) as answer:
            found = json.loads(answer.read(_MOST_BYTES))
    except (URLError, OSError, ValueError) as error:
        raise Unreachable(f"{parts.scheme}://{parts.netloc}{parts.path}: {error}") from None
    if not isinstance(found, dict):
        raise Unreachable(f"{parts.netloc}{parts.path}: not an object")
    return found

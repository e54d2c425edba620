"""One HTTP request to a provider, in JSON; tells apart what surely did not arrive and what may have."""

import json
import socket
import ssl
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from shixun.notices.channels.base import TryAgain, Unclear

TIMEOUT_SECONDS = 10
_SERVER_ERROR = 500
_NEVER_CONNECTED = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)


def ask(url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """POST ``body`` (GET without one) and read the JSON answer, whatever its status below 500.

    Raises ``TryAgain`` where no connection was made, ``Unclear`` where the answer is missing or broken.
    """
    request = Request(url, data=body, headers=dict(headers or {}))  # noqa: S310 - the address is a setting of the site
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310
            return _read(response.read())
    except HTTPError as error:
        if error.code >= _SERVER_ERROR:
            raise Unclear(f"服务商出错（{error.code}）。") from error
        return _read(error.read())
    except URLError as error:
        if isinstance(error.reason, _NEVER_CONNECTED):
            raise TryAgain(f"连不上服务商：{error.reason}。") from error
        raise Unclear(f"与服务商的连接中断：{error.reason}。") from error
    except (OSError, HTTPException) as error:
        raise Unclear(f"与服务商的连接中断：{error}。") from error


def _read(text: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except ValueError as error:
        raise Unclear("看不懂服务商的回答。") from error
    if not isinstance(answer, dict):
        raise Unclear("看不懂服务商的回答。")
    return answer

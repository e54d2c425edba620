"""Secrets that are shown once: the page that shows them carries them, sealed, for one download; nothing is stored."""

import json
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from shixun.kernel.fields import decrypt, encrypt
from shixun.kernel.refusals import Refusal
from shixun.people.models import User

_GOOD_FOR = timedelta(minutes=30)
_GONE = Refusal(
    "这张表已经过期，不能再下载。", who_can="初始密码和恢复码只显示一次；没有保存的，请重新生成。", status=409
)


def sealed(rows: Sequence[Sequence[str]], user: User) -> str:
    """The rows, readable by the server alone, for this account and half an hour."""
    return encrypt(json.dumps({"for": str(user.uuid), "at": timezone.now().timestamp(), "rows": rows}))


def unsealed(blob: str, user: User) -> list[list[str]]:
    """What was sealed for this account. Refuses what is too old, for somebody else, or not ours."""
    try:
        content = json.loads(decrypt(blob))
    except ValueError:
        raise _GONE from None
    age = timezone.now().timestamp() - content["at"]
    if content["for"] != str(user.uuid) or age > _GOOD_FOR.total_seconds():
        raise _GONE
    return [[str(cell) for cell in row] for row in content["rows"]]

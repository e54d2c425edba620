"""Registers the room with Django, and its nightly check with the schedule."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from django.apps import AppConfig

from rulebook.amounts import show_amount

BOOKED = {
    "credit_account.opened": "开立学分账户",
    "entry.posted": "登记学分",
    "entry.reversed": "更正学分",
    "batch.posted": "成批登记学分",
}
EVENTS = {"ledger.checked": "核对学分账户"}
PARTS = {"ok": "相符", "found": "核对结果"}
SOURCE_KINDS = {"project": "培训项目", "claim": "学分申报", "training": "培训记录", "course": "课程"}
HUNDREDTHS = ("ledger.entry:credits", "ledger.entry:hours")
SUBJECTS = {"ledger.account": "学分账户", "ledger.entry": "学分明细", "ledger.batch": "登记批次", "ledger": "学分账户"}


def _amount_told(value: Any, said: Mapping[str, Any]) -> str | None:
    """2.50, of hundredths."""
    return show_amount(value) if isinstance(value, int) else None


def _findings_told(value: Any, said: Mapping[str, Any]) -> str | None:
    """How many findings the checks have made, by check; the event keeps their names."""
    findings = {name: found for name, found in value.items() if found} if isinstance(value, Mapping) else {}
    told = "；".join(f"{name} {found} 处" for name, found in findings.items())
    return f"不符：{told}" if told else "各项检查都相符"


class LedgerConfig(AppConfig):
    name = "shixun.ledger"
    label = "ledger"
    verbose_name = "学分账户"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tasks need loaded models, so they are imported here."""
        from shixun.kernel.audit.words import register_values, register_words
        from shixun.kernel.chronicle.logs import LogSource, register_log
        from shixun.kernel.schedule import register_daily
        from shixun.ledger.content import PART_LABELS
        from shixun.ledger.models import Entry
        from shixun.ledger.queries import log_lines
        from shixun.ledger.tasks import nightly_check

        register_log(LogSource(name="ledger", title="学分明细", noun="entry", model=Entry, lines=log_lines))
        register_daily(nightly_check, at=time(2, 30))
        # The book is checked by these events, so they are kept as long as the book.
        register_words(BOOKED, subjects=SUBJECTS, parts=PART_LABELS, lasting=True)
        register_words(EVENTS, parts=PARTS)
        register_values(
            {"ledger:found": _findings_told, "source_kind": SOURCE_KINDS, **dict.fromkeys(HUNDREDTHS, _amount_told)}
        )

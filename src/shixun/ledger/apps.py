"""Registers the room with Django, and its nightly check with the schedule."""

from datetime import time

from django.apps import AppConfig

BOOKED = {
    "credit_account.opened": "开立学分账户",
    "entry.posted": "登记学分",
    "entry.reversed": "更正学分",
    "batch.posted": "成批登记学分",
}
EVENTS = {"ledger.checked": "核对学分账户"}
SUBJECTS = {"ledger.account": "学分账户", "ledger.entry": "学分明细", "ledger.batch": "登记批次", "ledger": "学分账户"}


class LedgerConfig(AppConfig):
    name = "shixun.ledger"
    label = "ledger"
    verbose_name = "学分账户"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tasks need loaded models, so they are imported here."""
        from shixun.kernel.audit.words import register_words
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
        register_words(EVENTS)

"""The session engine: Django's sessions in the database, with the columns by which they are listed and ended.

``settings.SESSION_ENGINE`` names this module. A session is found, read and checked with the one query Django makes.
"""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY as USER_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from shixun.people.accounts.models import Session

SIGNED_IN = "signed_in"


class SessionStore(DatabaseStore):
    """``seen_at`` is when the stored row was last touched; None for a session not yet stored."""

    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row of a session: its columns repeat what the session itself knows."""
        row: Any = super().create_model_instance(data)
        proof = data.get(SIGNED_IN) or {}
        row.user_id = int(data[USER_KEY]) if USER_KEY in data else None
        row.seen_at = timezone.now()
        if proof:
            row.uuid, row.device, row.address = proof["uuid"], proof["device"], proof["address"]
            row.began_at = datetime.fromtimestamp(proof["at"], UTC)
        return row

    def _get_session_from_db(self) -> Any:
        row = super()._get_session_from_db()  # type: ignore[misc]
        self.seen_at = row.seen_at if row else None
        return row

    def touch(self) -> None:
        """Write down that the session is in use; its content stays as it is."""
        now = timezone.now()
        Session.objects.filter(session_key=self.session_key).update(seen_at=now)
        self.seen_at = now

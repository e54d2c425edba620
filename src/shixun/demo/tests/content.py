"""What two copies of the demo must have in common, as one digest."""

import hashlib
import json
from typing import Any

from shixun.kernel.models import AuditEvent
from shixun.people.models import (
    Appointment,
    DemoLogin,
    Designation,
    Identifier,
    Organisation,
    Person,
    RoleGrant,
    User,
)
from shixun.recognition.models import Claim, TrainingRecord

# What two copies of the demo have in common: everything but database ids, ciphertexts, the trail's own uuids and those
# of rows that the rooms' own actions wrote.
CONTENT: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Organisation, ("uuid", "code", "name", "kind", "parent__code", "stage", "area_code", "valid_from")),
    (Designation, ("organisation__code", "kind", "valid_from")),
    (Person, ("uuid", "code", "name", "sex", "born_on", "entered_on")),
    (Identifier, ("kind", "masked", "digest", "person__code")),
    (
        Appointment,
        (
            "person__code",
            "organisation__code",
            "duty",
            "title",
            "stage",
            "subject",
            "valid_from",
            "valid_until",
            "is_main",
        ),
    ),
    (User, ("uuid", "username", "person__code")),
    (RoleGrant, ("user__username", "role", "organisation__code", "valid_from")),
    (DemoLogin, ("user__username", "region", "role", "label", "order")),
)


def content_digest() -> str:
    """A digest of everything built; the batch's own digest stands for its entries."""
    digest = hashlib.sha256()
    for model, names in CONTENT:
        for row in sorted(json.dumps(row, default=str) for row in model.objects.values_list(*names)):
            digest.update(row.encode())
    for action in ("batch.posted", "entry.reversed", "policy.adopted", "local_rules.set"):
        events = AuditEvent.objects.filter(action=action).values_list("after", flat=True)
        # What came in by tables is named by the random uuids of its records; what reverses a claim, by its case.
        told = [text for text in (json.dumps(after, sort_keys=True) for after in events) if not _is_named_anew(text)]
        digest.update("".join(sorted(told)).encode())
    records = TrainingRecord.objects.values_list("person__code", "name", "hours", "state", "postings")
    digest.update(json.dumps(sorted(records), default=str).encode())
    claims = Claim.objects.values_list("uuid", "person__code", "kind", "title", "credits", "case__state")
    digest.update(json.dumps(sorted(claims, key=str), default=str).encode())
    return digest.hexdigest()


def _is_named_anew(text: str) -> bool:
    return "record:" in text or "claim:" in text

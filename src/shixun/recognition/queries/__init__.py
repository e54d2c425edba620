"""Questions to the room: about records and reported projects, and about claims."""

from shixun.recognition.queries.claims import (
    adjustments_of,
    claims_of,
    claims_within,
    drafts_of,
    evidence_of,
    posted_entry,
    standing_change,
)
from shixun.recognition.queries.records import (
    Amounts,
    Classifications,
    amounts_of,
    classification_at,
    history_of,
    holders_of,
    projects_within,
    records_by_key,
    records_of_project,
    records_within,
    reported_projects_for,
    waiting_count,
)

__all__ = [
    "Amounts", "Classifications", "adjustments_of", "amounts_of", "claims_of", "claims_within", "classification_at",
    "drafts_of", "evidence_of", "history_of", "holders_of", "posted_entry", "projects_within", "records_by_key",
    "records_of_project", "records_within", "reported_projects_for", "standing_change", "waiting_count",
]  # fmt: skip

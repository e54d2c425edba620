"""Questions to the room: the inbox, what somebody waits for or has decided, the way of a case, levels of a region."""

from shixun.approvals.queries.cases import (
    case_of,
    cases_about,
    cases_of,
    decided_by,
    has_inbox,
    inbox_count,
    inbox_of,
    subjects_in,
    waiting_of,
)
from shixun.approvals.queries.levels import LevelRule, acting_users, grants_at, level_rules, place_of_level
from shixun.approvals.queries.ways import Change, Stop, compared, last_turn, revisions_of, steps_of, way_of

__all__ = [
    "Change", "LevelRule", "Stop", "acting_users", "case_of", "cases_about", "cases_of", "compared", "decided_by",
    "grants_at", "has_inbox", "inbox_count", "inbox_of", "last_turn", "level_rules", "place_of_level", "revisions_of",
    "steps_of", "subjects_in", "waiting_of", "way_of",
]  # fmt: skip

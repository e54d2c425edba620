"""A region's policy as data: load and validate a folder, and the policies that are shipped."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rulebook.policy.load import digest_of, folder_texts, load_folder, load_texts
from rulebook.policy.model import Article, Policy, Profile, Requirement, Selector
from rulebook.policy.reader import PolicyError, PolicyErrors

__all__ = [
    "Article", "Policy", "PolicyError", "PolicyErrors", "Profile", "Requirement", "Selector",
    "digest_of", "folder_texts", "load_folder", "load_texts", "shipped_folder", "shipped_ids", "shipped_policies",
]  # fmt: skip

SHIPPED = Path(__file__).resolve().parents[1] / "policies"


def shipped_ids() -> list[str]:
    """Ids of the policies that come with the rulebook, in order."""
    return sorted(path.parent.name for path in SHIPPED.glob("*/rules.toml"))


def shipped_folder(policy_id: str) -> Path:
    """Where a shipped policy's files are. Raises ``KeyError`` with the known ids."""
    if policy_id not in shipped_ids():
        raise KeyError(f"unknown policy {policy_id!r}; known: {', '.join(shipped_ids())}")
    return SHIPPED / policy_id


@cache
def shipped_policy(policy_id: str) -> Policy:
    """One shipped policy. Raises ``KeyError`` for an unknown id, ``PolicyErrors`` for a broken folder."""
    return load_folder(shipped_folder(policy_id))


def shipped_policies() -> dict[str, Policy]:
    """All shipped policies by id."""
    return {policy_id: shipped_policy(policy_id) for policy_id in shipped_ids()}

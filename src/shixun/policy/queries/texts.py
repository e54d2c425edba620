"""The stored texts as policies: the newest version of each, read once per digest and kept in memory."""

from collections.abc import Mapping
from datetime import date

from rulebook.policy import Policy, load_texts
from shixun.policy.models import PolicyVersion

_READ: dict[str, Policy] = {}


def read_policy(digest: str, texts: Mapping[str, str]) -> Policy:
    """The policy of these texts. Equal digests are equal texts, so one reading serves the whole process."""
    if digest not in _READ:
        _READ[digest] = load_texts(texts)
    return _READ[digest]


def newest_digests() -> dict[str, str]:
    """Policy id → digest of its newest version; one query, no texts."""
    # Later numbers overwrite earlier ones.
    return dict(PolicyVersion.objects.order_by("policy_id", "number").values_list("policy_id", "digest"))


def newest_policies() -> dict[str, Policy]:
    """Every stored policy in its newest version, the latest to come into force first."""
    digests = newest_digests()
    unread = [digest for digest in digests.values() if digest not in _READ]
    if unread:
        for digest, texts in PolicyVersion.objects.filter(digest__in=unread).values_list("digest", "texts"):
            read_policy(digest, texts)
    found = [_READ[digest] for digest in digests.values()]
    return {policy.id: policy for policy in sorted(found, key=lambda row: (row.valid_from, row.id), reverse=True)}


def policies_by_day(on: date) -> list[Policy]:
    """The newest versions as a reader looks for them: those of a day first, then the others, the latest first."""
    return sorted(newest_policies().values(), key=lambda row: not row.valid_from <= on < row.valid_until)


def policy_of_digest(digest: str) -> Policy | None:
    """The policy a decision was taken under, by the digest it names."""
    if digest not in _READ:
        version = PolicyVersion.objects.filter(digest=digest).first()
        if version is None:
            return None
        return read_policy(digest, version.texts)
    return _READ[digest]

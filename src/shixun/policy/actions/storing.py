"""Shipped policies become stored versions: after every migration, and only where their texts have changed."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from rulebook.policy import Policy, digest_of, folder_texts, shipped_folder, shipped_ids
from shixun.kernel import audit, clock
from shixun.kernel.models import AuditEvent
from shixun.people.acting import Actor, system_actor
from shixun.policy.models import PolicyVersion
from shixun.policy.queries.texts import newest_digests, read_policy


def store_after_migration(using: str = "default", **_event: Any) -> None:
    """What Django calls after migrating: also when the tables of the room are not there, yet or any more."""
    if using == "default" and _tables_are_there():
        store_shipped_policies(actor=system_actor("升级"), at=clock.now())


def _tables_are_there() -> bool:
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
    return {PolicyVersion._meta.db_table, AuditEvent._meta.db_table} <= present


def store_shipped_policies(*, actor: Actor, at: datetime) -> list[PolicyVersion]:
    """Store each shipped policy whose texts differ from its newest stored version; gives the new versions."""
    known = newest_digests()
    stored = []
    for policy_id in shipped_ids():
        texts = folder_texts(shipped_folder(policy_id))
        digest = digest_of(texts)
        if known.get(policy_id) != digest:
            stored.append(publish(texts, read_policy(digest, texts), actor=actor, at=at))
    return stored


@transaction.atomic
def publish(texts: dict[str, str], policy: Policy, *, actor: Actor, at: datetime) -> PolicyVersion:
    """Store one text of a policy as its newest version."""
    before = PolicyVersion.objects.filter(policy_id=policy.id).order_by("-number").first()
    version = PolicyVersion(
        policy_id=policy.id,
        number=before.number + 1 if before else 1,
        digest=policy.digest,
        texts=texts,
        name=policy.name,
        valid_from=policy.valid_from,
        valid_until=policy.valid_until,
        published_at=at,
    )
    version.save(force_insert=True)
    audit.record(
        actor=actor,
        at=at,
        action="policy.published",
        subject_kind="policy.version",
        subject_uuid=version.uuid,
        before={"digest": before.digest} if before else None,
        after={"policy": policy.id, "number": version.number, "digest": policy.digest},
    )
    return version

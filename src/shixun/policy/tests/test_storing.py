"""Shipped texts become versions, once each; the database keeps them as they were (design §3)."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from rulebook.policy import folder_texts, load_texts, shipped_folder, shipped_ids
from shixun.kernel.models import AppendOnlyError, AuditEvent
from shixun.people.acting import system_actor
from shixun.policy.actions import publish, store_shipped_policies
from shixun.policy.models import PolicyVersion
from shixun.policy.queries import newest_policies, policy_of_digest

pytestmark = pytest.mark.django_db
BUILDER = system_actor("测试")


def test_migrating_has_stored_every_shipped_policy() -> None:
    stored = PolicyVersion.objects.order_by("policy_id").values_list("policy_id", "number")
    assert list(stored) == [(policy_id, 1) for policy_id in shipped_ids()]


def test_unchanged_texts_make_no_new_version() -> None:
    assert store_shipped_policies(actor=BUILDER, at=timezone.now()) == []


def test_changed_texts_make_a_new_version_that_is_read_from_then_on() -> None:
    before = newest_policies()["kunming-2015"]
    texts = folder_texts(shipped_folder("kunming-2015"))
    changed = {**texts, "articles.toml": texts["articles.toml"] + "\n# 校对\n"}
    version = publish(changed, load_texts(changed), actor=BUILDER, at=timezone.now())
    assert (version.number, version.texts) == (2, changed)
    assert newest_policies()["kunming-2015"].digest == version.digest
    assert policy_of_digest(before.digest) == before
    # The shipped texts are again not the newest, so the next migration stores them as version 3.
    assert [row.number for row in store_shipped_policies(actor=BUILDER, at=timezone.now())] == [3]
    events = AuditEvent.objects.filter(action="policy.published", subject_uuid=version.uuid)
    assert [event.before for event in events] == [{"digest": before.digest}]


def test_a_version_is_never_changed() -> None:
    version = PolicyVersion.objects.first()
    assert version is not None
    with pytest.raises(AppendOnlyError):
        version.save()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE policy_policyversion SET name = 'x'")

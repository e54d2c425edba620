"""Logs with proof: numbered once in one order, proven, signed; whoever goes past the triggers is found, by name."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from shixun.kernel import audit, merkle, triggers
from shixun.kernel.chronicle import checks, heads, keys, sequencing
from shixun.kernel.chronicle.logs import log_source
from shixun.kernel.chronicle.models import Chronicle, Leaf, SigningKey, Subtree, TreeHead
from shixun.kernel.chronicle.sequencing import sequence, waits
from shixun.kernel.chronicle.tasks import has_new_rows, number_rows
from shixun.kernel.chronicle.tree import Growing, StoredTree, leaf_hashes, size_of
from shixun.kernel.clock import frozen
from shixun.kernel.models import AuditEvent

AT = datetime(2019, 10, 14, 9, 0, tzinfo=timezone.get_fixed_timezone(480))
TABLES = ("kernel_auditevent", "kernel_leaf", "kernel_subtree", "kernel_treehead", "kernel_auditexpiry")


class Somebody:
    user_uuid = None
    label = "测试"
    role = "system"
    acting_path = ""
    address = ""


def events(count: int) -> list[AuditEvent]:
    """So many events, written at once."""
    made = [
        audit.event(
            actor=Somebody(), at=AT, action="thing.done", subject_kind="thing", subject_uuid=None, after={"n": n}
        )
        for n in range(count)
    ]
    audit.record_many(made)
    return list(AuditEvent.objects.order_by("pk"))[-count:]


@pytest.fixture
def empty(db: Any) -> None:
    """A trail without the events of the migrations."""
    with triggers.suspended(connection), connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_auditevent")


@contextmanager
def tampered(*statements: tuple[str, list[Any]]) -> Iterator[list[str]]:
    """Run SQL with every trigger dropped; gives what the checks find, and puts all back."""
    with transaction.atomic():
        for table in TABLES:
            triggers.remove(connection, table)
        with connection.cursor() as cursor:
            for statement, values in statements:
                cursor.execute(statement, values)
        yield findings()
        transaction.set_rollback(True)


def findings() -> list[str]:
    source = log_source("audit")
    return [*checks.rows_unlike_their_leaves(source), *checks.leaves_unlike_their_heads(source)]


def shown(uuid: UUID) -> Any:
    return uuid if connection.vendor == "postgresql" else uuid.hex


def change(event: AuditEvent, **columns: Any) -> tuple[str, list[Any]]:
    sets = ", ".join(f"{name} = %s" for name in columns)
    return f"UPDATE kernel_auditevent SET {sets} WHERE id = %s", [*columns.values(), event.pk]  # noqa: S608


@pytest.mark.usefixtures("empty")
def test_rows_are_numbered_once_without_a_gap() -> None:
    rows = events(5)
    assert waits(log_source("audit"))
    assert (sequence("audit"), sequence("audit")) == (5, 0)
    more = events(600)
    assert sequence("audit") == 600
    assert not waits(log_source("audit"))
    leaves = list(Leaf.objects.filter(log="audit").order_by("number").values_list("number", "row", "uuid"))
    assert leaves == [(number, row.pk, row.uuid) for number, row in enumerate([*rows, *more])]
    assert Subtree.objects.count() == 2
    assert findings() == []


@pytest.mark.usefixtures("empty")
def test_a_long_log_is_numbered_in_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencing, "_STEP", 10)
    rows = events(25)
    assert sequence("audit") == 25
    assert list(Leaf.objects.order_by("number").values_list("row", flat=True)) == [row.pk for row in rows]
    assert (Chronicle.objects.get(name="audit").settled, findings()) == (rows[-1].pk, [])


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("size", [1, 255, 256, 257, 700])
def test_stored_roots_and_proofs_are_those_of_the_mathematics(size: int) -> None:
    events(size)
    sequence("audit")
    hashes = leaf_hashes("audit", 0, size)
    tree, root = StoredTree("audit"), merkle.root_of(hashes)
    assert size_of("audit") == len(hashes) == size
    assert tree.root(size) == root == Growing(hashes).root()
    for number in {0, size // 2, size - 1}:
        proof = tree.inclusion(number, size)
        assert merkle.is_included(hashes[number], number, size, proof, root)
    for earlier in {1, size // 3, size}:
        proof = tree.consistency(earlier, size)
        assert merkle.is_consistent(earlier, size, proof, merkle.root_of(hashes[:earlier]), root)


@pytest.mark.usefixtures("empty")
def test_a_proof_among_many_reads_few_rows(django_assert_max_num_queries: Any) -> None:
    events(3_000)
    sequence("audit")
    with django_assert_max_num_queries(16):
        StoredTree("audit").inclusion(1_234, 3_000)


@pytest.mark.usefixtures("empty")
def test_every_tampering_is_named() -> None:
    """Changed, removed, put in behind, exchanged, reordered: each by uuid (SU-01, the log of the law on networks)."""
    rows = events(300)
    sequence("audit")
    heads.sign_head("audit", at=AT)
    one, two = rows[7], rows[9]
    with tampered(change(one, after='{"n": 70}')) as found:
        assert found == [f"event {one.uuid}: number 7 of the log, was changed after it was numbered"]
    with tampered(("DELETE FROM kernel_auditevent WHERE id = %s", [two.pk])) as found:
        assert found == [f"event {two.uuid}: number 9 of the log, is gone"]
    with tampered(change(one, after='{"n": 9}'), change(two, after='{"n": 7}')) as found:
        assert [line.split(":")[0] for line in found] == [f"event {one.uuid}", f"event {two.uuid}"]
    behind = (
        "INSERT INTO kernel_auditevent (id, uuid, at, recorded_at, actor_label, acting_role, acting_path, address,"
        " action, subject_kind, organisation_path, behalf_label)"
        " SELECT -1, %s, at, recorded_at, actor_label, acting_role, acting_path, address, action, subject_kind,"
        " organisation_path, behalf_label FROM kernel_auditevent WHERE id = %s",
        [shown(UUID(int=5)), one.pk],
    )
    with tampered(behind) as found:
        assert found == [f"event {UUID(int=5)}: was put in behind the sequencer, it has no number"]


@pytest.mark.usefixtures("empty")
def test_a_log_made_to_fit_is_found_as_well() -> None:
    """Whoever changes the row and its leaf, exchanges numbers, or signs anew still leaves a trace that names it."""
    rows = events(300)
    sequence("audit")
    head = heads.sign_head("audit", at=AT)
    one, two = rows[7], rows[9]
    content = next(line for pk, _, line in log_source("audit").lines(AuditEvent.objects.filter(pk=two.pk)))
    fitted = ("UPDATE kernel_leaf SET hash = %s WHERE log = 'audit' AND number = 7", [merkle.leaf_hash(content)])
    with tampered(change(one, uuid=shown(UUID(int=7))), change(two, uuid=shown(one.uuid)), fitted) as found:
        assert any(str(one.uuid) in line for line in found)
        assert any("number 7 of the log, was exchanged" in line for line in found)
    swap = [("UPDATE kernel_leaf SET number = %s WHERE log = 'audit' AND number = %s", pair)
            for pair in ([-7, 7], [7, 9], [9, -7])]  # fmt: skip
    with tampered_without_constraint(swap) as found:
        assert found[0] == f"event {two.uuid}: number 7 of the log, was exchanged or moved there"
        assert f"event {one.uuid}: number 9 of the log, was exchanged or moved there" in found
        assert "audit: numbers 0 to 255 do not give the hash that was kept of them" in found
    with tampered(("UPDATE kernel_treehead SET size = 200 WHERE id = %s", [head.pk])) as found:
        assert any("is not signed by key" in line for line in found)
        assert any("the log was rewritten" in line for line in found)
    with tampered(("DELETE FROM kernel_leaf WHERE log = 'audit' AND number >= 290", [])) as found:
        assert any("tells of 300 rows, only 290 are left" in line for line in found)


@contextmanager
def tampered_without_constraint(statements: list[tuple[str, Any]]) -> Iterator[list[str]]:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        with tampered(*statements) as found:
            yield found
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
        return
    lifted = ("ALTER TABLE kernel_leaf DROP CONSTRAINT kernel_leaf_from_nought", [])
    with tampered(lifted, *statements) as found:
        yield found


@pytest.mark.usefixtures("empty")
def test_a_rewritten_log_is_caught_by_heads_kept_elsewhere() -> None:
    """All of it made anew, signed with the true key: only the file that left the house tells."""
    events(40)
    sequence("audit")
    heads.sign_daily_heads(at=AT)
    kept = heads.read_heads("\n".join(heads.exported_lines()))
    assert (kept.problems, list(checks.kept_heads_unlike_ours(kept))) == ((), [])
    first = AuditEvent.objects.order_by("pk")[0]
    with tampered(
        change(first, after='{"n": 1000}'),
        ("DELETE FROM kernel_leaf", []),
        ("DELETE FROM kernel_subtree", []),
        ("DELETE FROM kernel_treehead", []),
        ("UPDATE kernel_chronicle SET settled = 0", []),
    ):
        sequence("audit")
        heads.sign_daily_heads(at=AT)
        assert findings() == []
        found = list(checks.kept_heads_unlike_ours(kept))
        assert found == [
            "audit: the kept head of 2019-10-14T01:00:00+00:00 over 40 rows is not theirs; the log was rewritten"
        ]


@pytest.mark.usefixtures("empty")
def test_heads_of_the_day_and_on_demand() -> None:
    events(3)
    with frozen(AT):
        assert has_new_rows()
        number_rows.call()
        assert not has_new_rows()
    daily = TreeHead.objects.filter(log="audit")
    assert [(row.size, row.day is not None) for row in daily] == [(3, True)]
    assert heads.current_head("audit", at=AT) == daily[0]
    events(1)
    demanded = heads.current_head("audit", at=AT)
    assert (demanded.size, demanded.day) == (4, None)
    assert keys.is_signed(bytes(demanded.key.public), bytes(demanded.signature), heads.as_head(demanded).text())


@pytest.mark.usefixtures("empty")
def test_a_new_key_is_vouched_for_by_the_one_before(tmp_path: Any, settings: Any) -> None:
    settings.VAR = tmp_path
    events(2)
    heads.current_head("audit", at=AT)
    before = heads.read_heads("\n".join(heads.exported_lines()))
    made = keys.rotate()
    assert (tmp_path / "log-keys").stat().st_mode & 0o077 == 0
    events(2)
    assert heads.current_head("audit", at=AT + timedelta(days=1)).key_id == made
    lines = list(heads.exported_lines())
    file = heads.read_heads("\n".join(lines))
    assert (file.problems, list(file.keys)) == ((), [*before.keys, made])
    assert list(checks.kept_heads_unlike_ours(before)) == []
    forged = heads.read_heads(
        "\n".join(line.replace('"endorser":"' + file.heads[0].key, '"endorser":"') for line in lines)
    )
    assert forged.problems[0] == f"line 2: no earlier key vouches for key {made}"
    settings.LOG_KEYS = ["short"]
    with pytest.raises(keys.BadSecrets):
        keys.signing_key(AT)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty")
def test_two_sequencers_and_writers_side_by_side() -> None:
    """Rows committed out of order while two workers number them: every row once, no number twice, nothing left."""
    failures: list[BaseException] = []

    def writing(rounds: int) -> None:
        try:
            for _ in range(rounds):
                with transaction.atomic():
                    events(3)
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    def numbering(rounds: int) -> None:
        try:
            for _ in range(rounds):
                sequence("audit")
        except BaseException as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=writing, args=(8,)) for _ in range(2)]
    threads += [threading.Thread(target=numbering, args=(10,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    sequence("audit")
    numbers = list(Leaf.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(48))
    assert findings() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty")
def test_a_row_committed_late_is_not_lost() -> None:
    """A long transaction draws its keys first and commits last; what came meanwhile is numbered before it."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    drawn, go_on = threading.Event(), threading.Event()

    def late() -> None:
        with transaction.atomic():
            events(2)
            drawn.set()
            go_on.wait(10)
        connections.close_all()

    thread = threading.Thread(target=late)
    thread.start()
    drawn.wait(10)
    events(1)
    assert sequence("audit") == 1
    assert Chronicle.objects.get(name="audit").settled == 0
    go_on.set()
    thread.join()
    assert sequence("audit") == 2
    assert Chronicle.objects.get(name="audit").settled > 0
    assert [leaf.number for leaf in Leaf.objects.order_by("row")] == [1, 2, 0]
    assert findings() == []


def test_heads_that_nobody_signed_are_not_believed() -> None:
    assert heads.read_heads("nonsense\n{}").problems == ("line 1: cannot be read", "line 2: cannot be read")
    head = heads.Head("audit", 1, bytes(32), 0, "0" * 16, bytes(64))
    assert not heads.HeadFile({}, (head,)).believes(head)
    assert heads.HeadFile({}, (head,)).of("ledger") == []


@pytest.mark.usefixtures("empty")
def test_keys_have_one_name_each() -> None:
    key, _ = keys.signing_key(AT)
    assert SigningKey.objects.count() >= 1
    assert key.name == keys.name_of(bytes(key.public))
    assert date(2019, 10, 14) == timezone.localtime(AT).date()


@pytest.mark.usefixtures("empty")
def test_anybody_may_keep_the_heads(client: Client) -> None:
    """Page, file and proof are public, and a size the log never had is told so."""
    assert "还没有签名的版本" in client.get("/heads/").content.decode()
    events(3)
    heads.sign_daily_heads(at=AT)
    events(2)
    heads.sign_daily_heads(at=AT + timedelta(days=1))
    assert "一致性证明" in client.get("/heads/").content.decode()
    file = heads.read_heads(client.get("/heads/file/").getvalue().decode())
    assert ([head.size for head in file.of("audit")], file.problems) == ([3, 5], ())
    told = client.get("/heads/proof/?log=audit&from=3&to=5").json()
    proof = [base64.b64decode(step) for step in told["proof"]]
    assert merkle.is_consistent(3, 5, proof, *(head.root for head in file.of("audit")))
    for wrong in ("log=audit&from=5&to=3", "log=audit&from=1&to=9", "log=other&from=1&to=1", ""):
        assert client.get(f"/heads/proof/?{wrong}").status_code == 404

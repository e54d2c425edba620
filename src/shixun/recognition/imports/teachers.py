"""The list of teachers for one activity, as a sheet or as pasted lines: names, numbers, and what is each one's own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import UUID

from rulebook.amounts import show_amount
from shixun.kernel.fields import in_force, keyed_digest
from shixun.kernel.refusals import Refusal
from shixun.kernel.spreadsheets.fields import Field, Problem, Row, error
from shixun.kernel.spreadsheets.kinds import Change, Run
from shixun.kernel.spreadsheets.models import What
from shixun.kernel.spreadsheets.parsers import name, text
from shixun.people.choices import IdentifierKind
from shixun.people.models import Appointment, Identifier, Person
from shixun.recognition.actions.batches import list_teachers
from shixun.recognition.facts import own_fields
from shixun.recognition.models import ClaimBatch
from shixun.recognition.queries.batches import batch_kind, batches_of, claims_of_batch
from shixun.recognition.validators import amount

TEACHERS: tuple[Field, ...] = (
    Field("name", "姓名", name, ("教师姓名",), required=True, hint="与登记的姓名一致", example="张敏"),
    Field(
        "number",
        "编号",
        text(longest=30),
        ("人员编号", "教师编号", "继续教育号", "身份证号", "身份证", "证件号码", "证件号"),
        private=True,
        hint="人员编号、教师编号、继续教育号或身份证号任一种；没有同名的可以不填",
        example="SH000123",
    ),
    Field(
        "school",
        "单位",
        text(longest=80),
        ("学校", "学校名称", "工作单位"),
        hint="同名时用来分辨，可以不填",
        example="示范小学",
    ),
    Field("hours", "学时", amount("学时", zero=False), ("本人学时",), hint="与活动的学时不同时才填", example="8"),
    Field("certificate", "证书编号", text(longest=80), ("本人证书编号", "结业证书编号"), hint="各人不同的证书编号"),
)
_KINDS = (IdentifierKind.ID_CARD, IdentifierKind.TEACHER_NUMBER, IdentifierKind.CONTINUING_NUMBER)


class TeacherImporter:
    """Implements ``Importer``: each row puts one teacher on the list of the batch chosen with the file."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.batch = batch_meant(run)
        self._known = {claim.person_id: claim for claim in claims_of_batch(self.batch)}
        kind = batch_kind(self.batch, run.today)
        self._names = own_fields(kind) if kind else []
        self._met: dict[int, int] = {}
        self._found: dict[int, Person] = {}

    def check(self, rows: Sequence[Row]) -> Iterable[Problem]:
        by_number = persons_by_number([row.get("number") or "" for row in rows])
        by_name = self._persons_by_name({row.get("name") or "" for row in rows})
        self._own_people = set(self._within({person.pk for person in by_number.values()}))
        self._found = {}
        return [problem for row in rows for problem in self._check_row(row, by_number, by_name)]

    def _persons_by_name(self, names: set[str]) -> dict[str, list[Appointment]]:
        rows = Appointment.objects.filter(
            in_force(self.run.today), self.run.actor.scope.within(), is_main=True, person__name__in=names - {""}
        )
        found: dict[str, list[Appointment]] = {}
        for row in rows.select_related("person", "organisation").order_by("pk"):
            found.setdefault(row.person.name, []).append(row)
        return found

    def _within(self, persons: set[int]) -> Iterable[int]:
        rows = Appointment.objects.filter(in_force(self.run.today), self.run.actor.scope.within(), person__in=persons)
        return rows.values_list("person_id", flat=True)

    def _check_row(
        self, row: Row, by_number: Mapping[str, Person], by_name: Mapping[str, list[Appointment]]
    ) -> Iterator[Problem]:
        said, number = row.get("name"), _plain(row.get("number") or "")
        if not said:
            return
        held = by_name.get(said, [])
        if number:
            found = by_number.get(number)
            held = [one for one in held if found and one.person_id == found.pk]
            # Whose number it is, is told of one's own people only.
            if found is not None and found.name != said and found.pk in self._own_people:
                says = f"这个编号登记的姓名是“{found.name}”，与表中不同。"
                yield Problem(row, "name", error("name-differs", "姓名与编号不符", says, "请核对编号和姓名"))
                return
        elif row.get("school"):
            held = [one for one in held if one.organisation.name == row.values["school"]] or held
        if not held:
            says = "您的管理范围内没有这位教师。"
            yield Problem(row, "name", error("unknown-person", "没有找到的人", says, "请核对姓名和编号"))
        elif len(held) > 1:
            places = "、".join(one.organisation.name for one in held[:4])
            says = f"有 {len(held)} 位同名的教师（{places}）。"
            yield Problem(row, "name", error("namesakes", "同名", says, "请填写编号或单位"))
        elif held[0].person_id in self._met:
            says = f"与第 {self._met[held[0].person_id]} 行是同一位教师。"
            yield Problem(row, "name", error("twice", "同一人出现两次", says, "请只留一行"))
        else:
            self._met[held[0].person_id] = row.number
            self._found[row.number] = held[0].person

    def changes(self, rows: Sequence[Row]) -> Iterable[Change]:
        for row in rows:
            person = self._found[row.number]
            own, claim = self._own(row), self._known.get(person.pk)
            before = claim.values if claim else {}
            differs = {key: said for key, said in own.items() if said != before.get(key)}
            what = What.NEW if claim is None else What.CHANGED if differs else None
            words = {"hours": "学时", "number": "证书编号"}
            shown = tuple((words[key], str(before.get(key) or ""), said) for key, said in differs.items())
            yield Change(row, what, person.name, shown, (person, own))

    def _own(self, row: Row) -> dict[str, str]:
        """What a row says that differs from what the activity says."""
        said = {
            "hours": show_amount(row.values["hours"]) if row.get("hours") else "",
            "number": row.get("certificate") or "",
        }
        shared = self.batch.values
        return {key: text for key, text in said.items() if text and key in self._names and text != shared.get(key)}

    def last(self) -> Iterable[Change]:
        """Who is not in the file stays on the list."""
        return ()

    def write(self, changes: Sequence[Change]) -> None:
        teachers = dict(change.plan for change in changes)
        if teachers:
            list_teachers(actor=self.run.actor, at=self.run.at, batch=self.batch, teachers=teachers)


def _plain(number: str) -> str:
    return number.strip().upper()


def persons_by_number(numbers: Iterable[str]) -> dict[str, Person]:
    """The persons behind person codes, teacher, continuing-education or identity numbers; two queries."""
    wanted = {_plain(number) for number in numbers} - {""}
    digests = {keyed_digest(number, kind): number for number in wanted for kind in _KINDS}
    rows = Identifier.objects.filter(digest__in=list(digests), valid_until=None).select_related("person")
    found = {digests[row.digest]: row.person for row in rows}
    return {**found, **{person.code.upper(): person for person in Person.objects.filter(code__in=list(wanted))}}


def batch_meant(run: Run) -> ClaimBatch:
    """The batch the file is for. Raises ``Refusal`` where it is not the actor's, or is handed in already."""
    batch = batches_of(run.actor).filter(uuid=UUID(run.options["batch"])).first()
    if batch is None:
        raise Refusal("没有这份批量申报，或者它不是您单位的。", who_can="请在“批量申报”中重新选择。", status=409)
    if batch.submitted_at is not None:
        raise Refusal("这份批量申报已经提交，名单不能再改。", status=409)
    return batch


def pasted_as_file(lines: str) -> bytes:
    """Pasted lines as a sheet: name, number, hours, certificate, parted by tabs, commas or blanks.

    A first line of headings is kept as it is, so that part of a sheet can be pasted whole.
    """
    rows = [_cells(line) for line in lines.splitlines() if line.strip()]
    if rows and not any(cell.strip() in ("姓名", "教师姓名") for cell in rows[0]):
        rows.insert(0, ["姓名", "编号", "学时", "证书编号"])
    return "\n".join(",".join(f'"{cell.strip()}"' for cell in row) for row in rows).encode()


def _cells(line: str) -> list[str]:
    plain = line.replace("，", ",").replace("、", ",").replace('"', "").replace(";", ",").replace("；", ",")
    for sign in ("\t", ","):
        if sign in plain:
            return plain.split(sign)
    return plain.split()

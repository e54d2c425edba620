"""Activities declared for many, sampled rounds and the registers of the outside, in every state they can be in (RW-05).

Told as days before the demo's day. Of teachers nobody signs in as; what reaches an account is theirs whose credits show
nothing else, so that no standing means anything by it.
"""

import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from PIL import Image, ImageDraw

from shixun.approvals.actions import move_case
from shixun.demo.places.shanghai import HUANGPU
from shixun.demo.seeded import draws_for, uuid_for
from shixun.kernel.access import Scope
from shixun.kernel.fields import in_force
from shixun.people.acting import Actor, actor_of
from shixun.people.choices import Duty, Role
from shixun.people.models import Appointment, Organisation, Person, RoleGrant
from shixun.recognition.actions.batch_submitting import submit_batch, withdraw_batch
from shixun.recognition.actions.batches import attach_to_batch, list_teachers, save_batch, start_batch
from shixun.recognition.actions.registers import (
    confirm_registered,
    merge_registered,
    organiser_named,
    programme_named,
    region_of,
)
from shixun.recognition.actions.sampling import decide_item, drop_round, open_round, pass_rest
from shixun.recognition.models import Claim, ClaimBatch, SamplingRound
from shixun.recognition.queries.rounds import items_of, items_to_see

_KIND = "school-hours"


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity: its name, day and hours, for how many teachers, and how many days ago it was handed in."""

    title: str
    activity: str
    category: str
    on: str
    hours: str
    teachers: int
    days_ago: int


ENDED = Activity("命题与评价专题研讨", "topic", "knowledge", "2019-06-11", "4", 5, 34)
DRAFT = Activity("单元作业设计校本研讨", "topic", "knowledge", "2019-09-24", "4", 6, 3)
SAMPLED = Activity("师德专题学习：“四有”好教师", "lecture", "ethics", "2019-09-10", "4", 8, 15)
FAULTY = Activity("听评课：高年级阅读", "watching", "knowledge", "2019-05-21", "4", 6, 12)
MIXED = Activity("课堂观察工作坊", "workshop", "knowledge", "2019-04-16", "4", 4, 20)
TAKEN_BACK = Activity("心理健康教育讲座", "lecture", "literacy", "2019-03-12", "4", 3, 17)
WAITING = Activity("信息技术与教学融合", "workshop", "knowledge", "2019-06-18", "8", 8, 6)


@dataclass(frozen=True, slots=True)
class _Cast:
    """Who acts, and for whom: the credit officer of a school with the teachers there, a reviewer, a recogniser.

    ``plain``: those of the teachers whose credits show nothing.
    """

    school: Actor
    reviewer: Actor
    recogniser: Actor
    teachers: Sequence[Person]
    plain: Sequence[Person]


def build_many_claims(
    organisations: Mapping[str, Organisation], *, plain: Collection[str], at: datetime, on: date
) -> int:
    """Declare, take back, sample; how many activities there are. In the order of time, as rounds take what waits.

    ``plain``: codes of persons whose credits show nothing.
    """
    reviewer = _acting("reviewer", Role.REVIEWER)
    school = _acting("school", Role.SCHOOL_OFFICER)
    teachers = list(_plain_teachers(school, on))
    recogniser = _acting("recogniser", Role.RECOGNISER)
    cast = _Cast(school, reviewer, recogniser, teachers, [person for person in teachers if person.code in plain])
    _faulty_to_its_end(cast, at)
    _decided_in_many_ways(cast, at)
    _taken_back(cast, at)
    _sampled_and_passed(cast, at)
    _found_faulty(cast, at)
    _under_way(cast, at)
    _draft(cast, at)
    _registers(organisations[HUANGPU], reviewer, at)
    return ClaimBatch.objects.count()


def _declared(
    cast: _Cast, activity: Activity, at: datetime, *, submit: bool = True, teachers: Sequence[Person] = ()
) -> ClaimBatch:
    """An activity with its list and its sheet of signatures, handed in some days ago."""
    actor, begun = cast.school, at - timedelta(days=activity.days_ago)
    batch = start_batch(actor=actor, at=begun, kind=_KIND)
    raw = {
        "title": activity.title,
        "activity": activity.activity,
        "category": activity.category,
        "starts_on": activity.on,
        "ends_on": activity.on,
        "hours": activity.hours,
    }
    save_batch(actor=actor, at=begun, batch=batch, raw=raw)
    listed: dict[Person, dict[str, str]] = {person: {} for person in (teachers or cast.teachers)[: activity.teachers]}
    list_teachers(actor=actor, at=begun, batch=batch, teachers=listed)
    for claim in _claims(batch):
        # The draw goes by these numbers: the same every time, so that the same ones are drawn.
        claim.uuid = uuid_for("batch", activity.title, claim.person.code)
        claim.save(update_fields=["uuid"])
    if submit:
        sheet = _signatures(activity)
        attach_to_batch(
            actor=actor, at=begun, batch=batch, upload=io.BytesIO(sheet), name="签到表.jpg", size=len(sheet)
        )
        submit_batch(actor=actor, at=begun, batch=batch)
    return batch


def _draft(cast: _Cast, at: datetime) -> None:
    """Not handed in: one teacher with hours of her own, and no sheet of signatures yet."""
    batch = _declared(cast, DRAFT, at, submit=False)
    own = {cast.teachers[0]: {"hours": "1.5"}}
    list_teachers(actor=cast.school, at=at - timedelta(days=DRAFT.days_ago), batch=batch, teachers=own)


def _faulty_to_its_end(cast: _Cast, at: datetime) -> None:
    """Errors in the sample, so all were looked at; one was refused, one returned and withdrawn, the rest credited."""
    teachers = sorted(cast.teachers, key=lambda person: person not in cast.plain)[: ENDED.teachers]
    _declared(cast, ENDED, at, teachers=teachers)
    moment = at - timedelta(days=ENDED.days_ago - 2)
    row = _opened(cast, ENDED, moment, 50, "ended")
    said = {
        teachers[-1]: ("district_refuse", "签到表上没有本人签名，学校也不能证明。"),
        teachers[-2]: ("return", "签到表上是另一天，请核对日期。"),
    }
    while item := items_to_see(row).first():
        action, reason = said.get(item.claim.person, ("district_pass", ""))
        decide_item(actor=cast.reviewer, at=moment + timedelta(hours=2), item=item, action=action, reason=reason)
        row.refresh_from_db()
    for item in items_of(row):
        if item.claim.person == teachers[-2]:
            _moved(item.claim, cast.school, "withdraw", moment + timedelta(days=2), "核对后确认没有参加。")
        elif not item.note:
            _moved(item.claim, cast.recogniser, "recognise", moment + timedelta(days=4))


def _moved(claim: Claim, actor: Actor, action: str, at: datetime, reason: str = "") -> None:
    if claim.case is not None:
        move_case(actor=actor, at=at, case=claim.case, action=action, reason=reason)


def _decided_in_many_ways(cast: _Cast, at: datetime) -> None:
    """One passed on to the city, one returned, one refused, one taken back."""
    batch, moment = _declared(cast, MIXED, at), at - timedelta(days=MIXED.days_ago - 3)
    moves = (
        (cast.reviewer, "district_pass", ""),
        (cast.reviewer, "return", "签到表上没有本人签名，请补充说明。"),
        (cast.reviewer, "district_refuse", "当天在外区参加另一项培训，没有到场。"),
        (cast.school, "withdraw", "名单有误。"),
    )
    for claim, (actor, action, reason) in zip(_claims(batch), moves, strict=False):
        if claim.case is not None:
            move_case(actor=actor, at=moment, case=claim.case, action=action, reason=reason)


def _taken_back(cast: _Cast, at: datetime) -> None:
    batch = _declared(cast, TAKEN_BACK, at)
    withdraw_batch(
        actor=cast.school, at=at - timedelta(days=TAKEN_BACK.days_ago - 1), batch=batch, reason="日期写错了。"
    )


def _claims(batch: ClaimBatch) -> Iterator[Claim]:
    rows = Claim.objects.filter(batch=batch).select_related("case", "person").order_by("person__code")
    return iter(list(rows))


def _opened(cast: _Cast, activity: Activity, at: datetime, share: int, name: str) -> SamplingRound:
    return open_round(
        actor=cast.reviewer,
        at=at,
        state="district_pending",
        share=share,
        kind=_KIND,
        title="校本研修学时",
        seed=uuid_for("round", name).bytes * 2,
    )


def _looked_at(cast: _Cast, row: SamplingRound, at: datetime, number: int) -> None:
    for item in list(items_to_see(row)[:number]):
        decide_item(actor=cast.reviewer, at=at, item=item, action="district_pass")


def _sampled_and_passed(cast: _Cast, at: datetime) -> None:
    _declared(cast, SAMPLED, at)
    moment = at - timedelta(days=SAMPLED.days_ago - 2)
    row = _opened(cast, SAMPLED, moment, 50, "passed")
    _looked_at(cast, row, moment + timedelta(hours=2), row.drawn)
    pass_rest(actor=cast.reviewer, at=moment + timedelta(hours=3), row=row)


def _found_faulty(cast: _Cast, at: datetime) -> None:
    """An error at the second one: all of it is looked at, and some are left."""
    _declared(cast, FAULTY, at)
    moment = at - timedelta(days=FAULTY.days_ago - 3)
    row = _opened(cast, FAULTY, moment, 50, "faulty")
    _looked_at(cast, row, moment + timedelta(hours=1), 1)
    reason = "签到表上的日期与申报的不一致。"
    decide_item(
        actor=cast.reviewer, at=moment + timedelta(hours=2), item=items_to_see(row)[0], action="return", reason=reason
    )
    row.refresh_from_db()
    _looked_at(cast, row, moment + timedelta(hours=3), 1)


def _under_way(cast: _Cast, at: datetime) -> None:
    """A round given up, and the one that followed, with one looked at."""
    _declared(cast, WAITING, at)
    given_up = _opened(cast, WAITING, at - timedelta(days=4), 20, "dropped")
    drop_round(actor=cast.reviewer, at=at - timedelta(days=3), row=given_up, reason="抽得太少，改为抽一半。")
    row = _opened(cast, WAITING, at - timedelta(days=2), 50, "open")
    _looked_at(cast, row, at - timedelta(days=1), 1)


def _registers(district: Organisation, officer: Actor, at: datetime) -> None:
    """Names confirmed, to be looked at, spelled twice, and merged already."""
    region, moment = region_of(district), at - timedelta(days=30)
    names = ("华东师范大学", "上海师范大学", "国家中小学智慧教育平台网", "华师大", "上海市师资培训中心")
    organiser_named(actor=officer, at=moment, region=region, name="国家中小学智慧教育平台")
    rows = [organiser_named(actor=officer, at=moment, region=region, name=name) for name in names]
    confirm_registered(actor=officer, at=moment, row=rows[0], name="华东师范大学")
    confirm_registered(actor=officer, at=moment, row=rows[4], name="上海市师资培训中心")
    for name in ("国培计划（2019）骨干教师研修", "国培计划2019骨干教师研修班"):
        programme_named(actor=officer, at=moment, region=region, organiser=rows[0], name=name)
    merge_registered(actor=officer, at=moment + timedelta(days=1), row=rows[3], into=rows[0])


def _acting(username: str, role: str) -> Actor:
    grants = RoleGrant.objects.select_related("user__person", "organisation__parent")
    return actor_of(grants.get(user__username=username, role=role))


def _plain_teachers(school: Actor, on: date) -> Iterator[Person]:
    """Teachers of the officer's school who are nobody's persona and hold nothing but a teaching post."""
    place = school.organisation
    duty = {"duty": Duty.TEACHER, "is_main": True, "valid_until": None}
    held = Appointment.objects.filter(Scope(place.path if place else "").within(), in_force(on), **duty)
    plain = RoleGrant.objects.filter(role=Role.TEACHER, user__demo_login=None).values("user__person")
    beside = Appointment.objects.filter(is_main=False).values("person")
    rows = held.filter(person__in=plain).exclude(person__in=beside).select_related("person")
    yield from (row.person for row in rows.order_by("person__code"))


def _signatures(activity: Activity) -> bytes:
    """A sheet of signatures as a phone sees it: lines, and a scrawl on each; the same activity is the same sheet."""
    chance = draws_for("signatures", activity.title)
    paper = Image.new("RGB", (720, 960), (250, 249, 244))
    pen = ImageDraw.Draw(paper)
    for line in range(activity.teachers):
        y = 140 + line * 70
        pen.line((60, y, 660, y), fill=(150, 150, 150), width=2)
        points = [(80 + step * 14, y - chance.randrange(8, 44)) for step in range(chance.randrange(6, 16))]
        pen.line(points, fill=(chance.randrange(20, 70),) * 3, width=4)
        pen.line([(x + 320, height) for x, height in points], fill=(40, 40, 90), width=3)
    made = io.BytesIO()
    paper.save(made, "JPEG", quality=85)
    return made.getvalue()

"""Claims in every state they can be in, two that look alike, a sampled round, an appeal, a reversal, a loan (RW-01).

Through the rooms' own actions, by teachers nobody signs in as, so that no persona's standing changes; the first persona
has what is still on its way.
"""

import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from PIL import Image, ImageDraw

from shixun.approvals.actions import move_case
from shixun.demo.moves import herself, officer_at, ordinary_teachers
from shixun.demo.places.shanghai import HUANGPU, XUHUI
from shixun.demo.seeded import draws_for, uuid_for
from shixun.people.acting import Actor, actor_of
from shixun.people.choices import Role
from shixun.people.models import Organisation, Person, RoleGrant
from shixun.recognition.actions.deciding import adjust_claim
from shixun.recognition.actions.drafting import attach_evidence, save_draft, start_claim
from shixun.recognition.actions.reversing import request_reversal
from shixun.recognition.actions.submitting import submit_claim
from shixun.recognition.actions.suspecting import compare_photos
from shixun.recognition.models import Claim


@dataclass(frozen=True, slots=True)
class Declared:
    """A claim: its kind and values, how many days ago it was begun, and the moves made since, by whom and when."""

    kind: str
    values: Mapping[str, str]
    days_ago: int
    moves: tuple[tuple[str, str, int], ...] = ()
    paper: str = ""
    host: bool = False
    adjusted: int = 0
    reversed_as: str = ""
    decided: str = ""
    twin_of: str = ""
    submitted: bool = True


def _values(**said: str) -> Mapping[str, str]:
    return said


_SUMMER = _values(
    programme="暑期教师研修", organiser="国家智慧教育平台", category="ethics", starts_on="2019-07-20",
    ends_on="2019-08-31", hours="10", number="SJ2019072000871",
)  # fmt: skip
_NATIONAL = _values(
    programme="国培计划（2019）骨干教师研修", organiser="华东师范大学", category="knowledge", starts_on="2019-07-01",
    ends_on="2019-07-10", hours="60", number="GP2019-31-00482", place="上海",
)  # fmt: skip
_MENTORING = _values(title="带教见习教师两名", starts_on="2018-09-01", ends_on="2019-06-30")
_CONTEST = _values(
    title="中青年教师教学评选", organiser="黄浦区教育学院", grade="county", prize="second", ends_on="2019-05-16",
    number="HP2019-JX-036",
)  # fmt: skip
_PAPER = _values(
    title="低年级识字教学的三个误区", organiser="黄浦区教育学会", grade="city", prize="first", ends_on="2019-04-18",
    number="HP2019-LW-118",
)  # fmt: skip
_RESEARCH = _values(
    title="小学语文作业设计的实践研究", organiser="黄浦区教育学院", grade="county", leaders="1", ends_on="2019-06-12",
    number="HPKT-2019-17",
)  # fmt: skip
_ACROSS = _values(
    programme="徐汇区单元教学设计工作坊", organiser="徐汇区教育学院", category="knowledge", starts_on="2019-04-08",
    ends_on="2019-04-12", hours="24", place="徐汇区教育学院",
)  # fmt: skip
_TEACHING = _values(
    programme="区见习教师规范化培训", organiser="黄浦区教育学院", level="district", category="knowledge",
    starts_on="2019-03-05", ends_on="2019-06-11", half_days="2", lessons="0",
)  # fmt: skip
_DEGREE = _values(
    title="学科教学（语文）", organiser="上海师范大学", degree="master", ends_on="2019-06-28",
    number="102701201902000345",
)  # fmt: skip
_LOAN = _values(
    title="婚产假，当年课程未能参加", case="family", category="knowledge", amount="two", ends_on="2019-09-20",
    returns_on="2020-06-30",
)  # fmt: skip
_PASSED = (("school_pass", "school", 12), ("district_pass", "district", 8))
_RECOGNISED = (*_PASSED, ("recognise", "city", 4))

CLAIMS: tuple[Declared, ...] = (
    Declared("digital-resource", _SUMMER, 14, paper="summer"),
    Declared("mentoring", _MENTORING, 16, (("school_pass", "school", 12),), paper="mentor"),
    Declared("national-project", _NATIONAL, 18, _PASSED, paper="national"),
    Declared("national-project", {**_NATIONAL, "number": "GP2019-31-00519"}, 20, _RECOGNISED, adjusted=5_000),
    Declared("teaching-contest", _CONTEST, 17, (("return", "school", 13),), paper="contest"),
    Declared("research", _RESEARCH, 19, (("school_refuse", "school", 14),), paper="research"),
    Declared(
        "research", {**_RESEARCH, "title": "科研课题：低年级阅读", "number": "HPKT-2019-22"}, 21,
        (("school_pass", "school", 17), ("district_refuse", "district", 11)), paper="research-2",
    ),
    Declared(
        "digital-resource", {**_SUMMER, "number": "SJ2019072000913"}, 22,
        (("school_pass", "school", 18), ("district_refuse", "district", 12), ("appeal", "self", 6)), paper="summer-2",
    ),
    Declared(
        "degree", _DEGREE, 26,
        (*_PASSED, ("city_refuse", "city", 5)), paper="degree",
    ),
    Declared(
        "degree", {**_DEGREE, "title": "教育管理", "number": "102701201902000611"}, 27,
        (*_PASSED, ("city_refuse", "city", 6), ("appeal_city", "self", 3)), paper="degree-2",
    ),
    Declared(
        "paper-contest", _PAPER, 25,
        (("school_pass", "school", 20), ("district_refuse", "district", 14), ("appeal", "self", 9),
         ("dismiss", "reviewer", 4)), paper="essay",
    ),
    Declared(
        "digital-resource", {**_SUMMER, "number": "SJ2019072001204"}, 23,
        (("school_pass", "school", 19), ("district_refuse", "district", 15), ("appeal", "self", 10),
         ("uphold", "reviewer", 5)), paper="summer-3",
    ),
    Declared("cross-region", _ACROSS, 18, _PASSED, paper="across", host=True),
    Declared(
        "cross-region", {**_ACROSS, "programme": "徐汇区单元教学设计工作坊（二）", "starts_on": "2019-05-06",
        "ends_on": "2019-05-10"}, 24,
        (*_PASSED, ("host_confirm", "host", 6), ("recognise", "city", 3)), paper="across-2", host=True,
    ),
    *(
        Declared(
            "cross-region", {**_ACROSS, "programme": f"徐汇区学科基地研修（{number}）", "starts_on": f"2019-03-{day}",
            "ends_on": f"2019-03-{day}", "hours": "8"}, 25,
            (*_PASSED, ("host_confirm", "host", 7), ("recognise", "city", 5)), paper=f"across-{day}", host=True,
        )
        for number, day in (("作文", "08"), ("数学", "14"), ("科学", "20"))
    ),
    # Its settlement between the two districts falls away with it.
    Declared(
        "cross-region", {**_ACROSS, "programme": "徐汇区学科基地研修（英语）", "starts_on": "2019-03-27",
        "ends_on": "2019-03-27", "hours": "8"}, 25,
        (*_PASSED, ("host_confirm", "host", 7), ("recognise", "city", 5)), paper="across-27", host=True,
        reversed_as="twice", decided="reverse",
    ),
    Declared("teaching", _TEACHING, 20, _RECOGNISED, paper="teaching", reversed_as="mistake"),
    Declared(
        "teaching", {**_TEACHING, "programme": "区骨干教师研修授课"}, 20, _RECOGNISED, paper="teaching-2",
        reversed_as="twice", decided="reverse",
    ),
    Declared(
        "teaching", {**_TEACHING, "programme": "区班主任研修授课"}, 20, _RECOGNISED, paper="teaching-3",
        reversed_as="false", decided="refuse",
    ),
    Declared(
        "teaching", {**_TEACHING, "programme": "区教研组长研修授课"}, 20, _RECOGNISED, paper="teaching-4",
        reversed_as="mistake", decided="withdraw",
    ),
    Declared("loan", _LOAN, 20, _RECOGNISED, paper="loan"),
    Declared(
        "loan", {**_LOAN, "amount": "one"}, 23, _RECOGNISED, paper="loan-2", reversed_as="repaid", decided="reverse",
    ),
    Declared("digital-resource", {**_SUMMER, "number": "SJ2019072000555"}, 10, (("withdraw", "self", 9),)),
    # The same certificate again, photographed anew, by a teacher of another school.
    Declared("digital-resource", {**_SUMMER, "programme": "暑期教师研修项目"}, 7, paper="summer", twin_of="crop"),
    Declared("mentoring", {**_MENTORING, "title": "带教实习教师"}, 5, submitted=False),
)  # fmt: skip


@dataclass
class _Cast:
    """Who acts: officers by what they are, and the teacher whose claim it is."""

    officers: Mapping[str, Actor]
    teacher: Actor
    school: Actor

    def of(self, who: str) -> Actor:
        return {"self": self.teacher, "school": self.school}.get(who) or self.officers[who]


def build_claims(organisations: Mapping[str, Organisation], *, plain: Collection[str], at: datetime, on: date) -> int:
    """Declare and decide; how many claims there are. ``plain``: codes of persons whose credits show nothing."""
    officers = {
        "district": officer_at(organisations[f"{HUANGPU}-B"], Role.DISTRICT_OFFICER, on),
        "reviewer": officer_at(organisations[f"{HUANGPU}-C"], Role.REVIEWER, on),
        "host": officer_at(organisations[f"{XUHUI}-B"], Role.DISTRICT_OFFICER, on),
        "city": _city_officer(on),
    }
    teachers = [held for held in _teachers(organisations[HUANGPU], on) if held[0].code in plain]
    for number, declared in enumerate(CLAIMS):
        person, school = teachers[number % len(teachers)]
        cast = _Cast(officers, herself(person), officer_at(school, Role.SCHOOL_OFFICER, on))
        _declare(declared, number, cast, organisations[XUHUI], at)
    persona = Person.objects.filter(users__username="teacher").first()
    if persona is not None:
        _persona_claims(persona, officers, organisations[XUHUI], at, on)
    compare_photos(at)
    return Claim.objects.count()


def _persona_claims(person: Person, officers: Mapping[str, Actor], host: Organisation, at: datetime, on: date) -> None:
    """What the first persona has on its way: a draft, one at the school, one returned."""
    home = person.appointments.select_related("organisation").filter(is_main=True).latest("valid_from").organisation
    cast = _Cast(officers, herself(person), officer_at(home, Role.SCHOOL_OFFICER, on))
    number = len(CLAIMS)
    prize = {**_CONTEST, "number": "HP2019-JX-052"}
    wanted = (
        Declared("digital-resource", {**_SUMMER, "number": "SJ2019072000644"}, 3, paper="own-summer"),
        Declared("teaching-contest", prize, 9, (("return", "school", 2),), paper="own-prize"),
        Declared("research", {**_RESEARCH, "number": "", "leaders": ""}, 1, submitted=False),
    )
    for place, declared in enumerate(wanted):
        _declare(declared, number + place, cast, host, at)


def _declare(declared: Declared, number: int, cast: _Cast, host: Organisation, at: datetime) -> None:
    begun = at - timedelta(days=declared.days_ago)
    teacher = cast.teacher
    if teacher.person is None:
        return
    claim = start_claim(
        actor=teacher, at=begun, person=teacher.person, kind=declared.kind, uuid=uuid_for("claim", str(number))
    )
    if declared.submitted:
        content = _paper(declared.paper or f"paper-{number}", cropped=bool(declared.twin_of))
        attach_evidence(
            actor=teacher, at=begun, claim=claim, upload=io.BytesIO(content), name="证书.jpg", size=len(content)
        )
    raw = {**declared.values, **({"host": str(host.uuid)} if declared.host else {})}
    save_draft(actor=teacher, at=begun, claim=claim, raw=raw)
    if not declared.submitted:
        return
    claim = submit_claim(actor=teacher, at=begun, claim=claim)
    _decide(declared, claim, cast, at)


_REASONS = {
    "return": "证书照片不清楚，请补拍编号一页。",
    "school_refuse": "课题由教研组集体完成，负责人不是本人。",
    "district_refuse": "平台证书与名单不符。",
    "city_refuse": "学位证书编号查不到，请提供认证报告。",
    "appeal": "名单上的姓名有误，平台已经更正，证书有效。",
    "appeal_city": "已补学历认证报告，编号可以查到。",
    "dismiss": "评选单位不是教育行政部门认定的主办单位，维持原结论。",
    "refuse": "授课安排和聘书齐全，没有发现不实。",
}


def _decide(declared: Declared, claim: Claim, cast: _Cast, at: datetime) -> None:
    for action, who, days_ago in declared.moves:
        decided_at = at - timedelta(days=days_ago)
        if action == "district_pass" and declared.adjusted:
            adjust_claim(
                actor=cast.of(who), at=decided_at, claim=claim, hours=declared.adjusted, memo="课程表实为 50 学时。"
            )
        case = claim.case
        if case is None:
            return
        claim.case = move_case(
            actor=cast.of(who), at=decided_at, case=case, action=action, reason=_REASONS.get(action, "")
        )
    if declared.reversed_as:
        _take_back(declared, claim, cast, at)


def _take_back(declared: Declared, claim: Claim, cast: _Cast, at: datetime) -> None:
    is_repaid = declared.reversed_as == "repaid"
    request = request_reversal(
        actor=cast.teacher if is_repaid else cast.of("district"),
        at=at - timedelta(days=2),
        claim=claim,
        ground=declared.reversed_as,
        reason="已补修课程取得学分。" if is_repaid else "同一授课在项目中已按专家计过。",
    )
    if not declared.decided or request.case is None:
        return
    decider = cast.of("district" if is_repaid or declared.decided == "withdraw" else "city")
    reason = _REASONS.get(declared.decided, "")
    move_case(actor=decider, at=at - timedelta(days=1), case=request.case, action=declared.decided, reason=reason)


def _teachers(district: Organisation, on: date) -> Iterator[tuple[Person, Organisation]]:
    """Plain teachers from the end of the list: moves and corrections take theirs from its beginning."""
    for held in reversed(list(ordinary_teachers(district, on))):
        yield held.person, held.organisation


def _city_officer(on: date) -> Actor:
    rows = RoleGrant.objects.filter(role=Role.CITY_OFFICER, user__demo_login__region="上海市")
    return actor_of(rows.select_related("user__person", "organisation__parent").order_by("id")[0])


def _paper(name: str, *, cropped: bool) -> bytes:
    """A certificate as a phone sees it: a frame, lines of writing, a red seal; the same name is the same paper."""
    rng = draws_for("paper", name)
    size = (900, 640)
    paper = Image.new("RGB", size, (252, 249, 240))
    pen = ImageDraw.Draw(paper)
    # What lies on the desk beside it: no two photos are taken at one place.
    for _ in range(4):
        x, y, tint = rng.randrange(-100, 800), rng.randrange(-100, 560), rng.randrange(120, 235)
        pen.rectangle((x, y, x + rng.randrange(160, 420), y + rng.randrange(120, 320)), fill=(tint, tint, tint - 20))
    pen.rectangle((30, 30, 870, 610), outline=(160, 120, 40), width=6)
    for line in range(rng.randrange(5, 9)):
        x, y = rng.randrange(80, 180), 110 + line * 58
        while x < rng.randrange(620, 800):
            width = rng.randrange(14, 34)
            ink = rng.randrange(20, 90)
            pen.rectangle((x, y, x + width, y + rng.randrange(18, 30)), fill=(ink, ink, ink))
            x += width + rng.randrange(6, 16)
    x, y = rng.randrange(600, 720), rng.randrange(430, 500)
    pen.ellipse((x, y, x + 120, y + 120), outline=(190, 30, 30), width=8)
    if cropped:
        paper = paper.crop((45, 40, 860, 600)).resize((760, 522))
    made = io.BytesIO()
    paper.save(made, "JPEG", quality=60 if cropped else 88)
    return made.getvalue()

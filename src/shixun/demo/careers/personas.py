"""The people a visitor may become by one click: which seat they sit in, and one sentence of what each shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from shixun.demo.careers.officers import OFFICERS
from shixun.demo.careers.staffing import OFFICER_SEAT, PRINCIPAL_SEAT, Seat, Wanted
from shixun.demo.places import Region
from shixun.demo.places.shanghai import HUANGPU, XUHUI
from shixun.demo.places.zhejiang import PUTUO
from shixun.demo.school_terms import TERMS
from shixun.demo.seeded import uuid_for
from shixun.people.bulk import AccountRow, DemoLoginRow, GrantRow, PersonRow
from shixun.people.choices import Duty, Role, Sex

_PD = "pd_school"
_COLLEGE = "college"


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody with a seat; ``where`` is a district and a stage (or a college, or any pd school of the district)."""

    where: tuple[str, str]
    seat: int
    wanted: Wanted
    label: str
    role: str = Role.TEACHER


def _teacher(username: str, name: str, reason: str, entered: int, subject: str = "语文", *additions: str) -> Wanted:
    return Wanted(Duty.TEACHER, (entered, entered), 0, additions, name, Sex.FEMALE, subject, username, reason)


SHANGHAI = (
    Persona((HUANGPU, "primary"), 4, _teacher("teacher", "张敏", "two_gaps", 2008), "周期过半，还缺两项，看怎么补最省"),
    Persona((HUANGPU, "primary"), 5, _teacher("teacher-met", "李文静", "met", 2006, "数学"), "各项都已达标"),
    Persona(
        (HUANGPU, "lower_secondary"),
        4,
        _teacher("teacher-offset", "陈晓岚", "covered_by_both", 2007, "物理"),
        "一次国家级培训同时冲抵市级和区级，因此达标",
    ),
    Persona(
        (HUANGPU, "lower_secondary"),
        5,
        _teacher("teacher-degree", "沈佳宁", "covered_by_degree", 2010, "英语"),
        "在职读完硕士，用学历进修冲抵课程学分",
    ),
    Persona(
        (XUHUI, "lower_secondary"),
        4,
        _teacher("teacher-released", "顾海燕", "covered_by_release", 2009, "历史"),
        "离岗学习，实践体验由其他课程冲抵",
    ),
    Persona(
        (XUHUI, "primary"),
        4,
        _teacher("teacher-it", "陆思源", "it_general", 2005, "英语"),
        "总学分已够，只缺信息技术通识 1 学分",
    ),
    Persona(
        (HUANGPU, "lower_secondary"),
        6,
        Wanted(
            Duty.TEACHER,
            (1993, 1993),
            1,
            ("class_teacher",),
            "周建华",
            Sex.MALE,
            "数学",
            "senior",
            "senior_class_teacher",
        ),
        "高级教师兼班主任，另有 18 学分和 3 学分两项要求",
    ),
    Persona(
        (XUHUI, "primary"),
        5,
        Wanted(Duty.PROBATION, (2019, 2019), 0, (), "林雨欣", Sex.FEMALE, "语文", "new-teacher"),
        "2019 年入职，正在见习规培",
    ),
    Persona(
        (XUHUI, "lower_secondary"),
        5,
        Wanted(Duty.PROBATION, (2017, 2017), 0, (), "徐子豪", Sex.MALE, "数学", "teacher-reduced", "reduced"),
        "2017 年入职，按徐汇区递减后的要求已达标",
    ),
    Persona(
        (HUANGPU, "primary"),
        PRINCIPAL_SEAT,
        Wanted(
            Duty.PRINCIPAL,
            (1990, 1990),
            1,
            ("principal",),
            "王丽华",
            Sex.FEMALE,
            "数学",
            "principal",
            "principal_release",
        ),
        "校长有两个账户，脱产培训还差 6 学分",
    ),
    Persona(
        (XUHUI, "primary"),
        PRINCIPAL_SEAT,
        Wanted(Duty.PRINCIPAL, (1994, 1994), 0, ("principal",), "顾明华", Sex.MALE, "数学", "principal-xuhui"),
        "校长，指定本校的学分工作负责人",
        Role.PRINCIPAL,
    ),
    Persona(
        (HUANGPU, "primary"),
        3,
        Wanted(
            Duty.TEACHER,
            (1997, 1997),
            0,
            ("principal_designate",),
            "朱文斌",
            Sex.MALE,
            "语文",
            "designate",
            "designate",
        ),
        "拟任校长，任职资格培训还差 6 学分",
    ),
    Persona(
        (XUHUI, "primary"),
        2,
        _teacher("manager", "何静怡", "middle_manager", 2001, "语文", "middle_manager"),
        "教导主任，岗位技能还差 3 学分",
    ),
    Persona(
        (XUHUI, _COLLEGE),
        2,
        Wanted(Duty.TRAINER, (1996, 1996), 0, ("trainer",), "高明远", Sex.MALE, "化学", "trainer", "trainer_year"),
        "师训员，2017 年没有修满 7 学分，补不回来了",
    ),
    Persona(
        (HUANGPU, _COLLEGE),
        0,
        Wanted(
            Duty.COLLEGE_HEAD,
            (1991, 1991),
            0,
            ("college_head", "class_teacher"),
            "马秀英",
            Sex.FEMALE,
            "语文",
            "college-head",
            "halves",
        ),
        "院长兼班主任，学历和市级学分无论怎么分，都还差 0.55 学分",
    ),
    Persona(
        (HUANGPU, _PD),
        4,
        _teacher("pd-teacher", "吴若彤", "pd_practice", 2009, ""),
        "教师专业发展学校，校本要满 30 学分，实践体验还差 3 学分",
    ),
    Persona(
        (XUHUI, "vocational"),
        4,
        _teacher("vocational", "孙志刚", "enterprise_done", 2004, "数控技术应用", "dual_qualified"),
        "中职双师型教师，企业实践已满一年",
    ),
    Persona(
        (HUANGPU, "primary"),
        OFFICER_SEAT,
        _teacher("school", "赵雅琴", "", 2000, "英语", "middle_manager"),
        "师训专管员，看本校谁缺什么",
        Role.SCHOOL_OFFICER,
    ),
)
ZHEJIANG = (
    Persona(
        (PUTUO, "primary"),
        4,
        _teacher("zj-teacher", "虞海波", "zj_two_gaps", 2008),
        "按普陀区的要求，还缺网络培训，2018 年也没有满 36 学分",
    ),
    Persona(
        (PUTUO, "primary"),
        5,
        _teacher("zj-teacher-met", "乐佳", "zj_met", 2009, "数学"),
        "360 学分和县里的各项要求都已满足",
    ),
    Persona(
        (PUTUO, "lower_secondary"),
        4,
        Wanted(Duty.PROBATION, (2019, 2019), 0, (), "庄若涵", Sex.FEMALE, "科学", "zj-new-teacher"),
        "2019 年入职，新任教师培训 180 学分另算",
    ),
    Persona(
        (PUTUO, "primary"),
        OFFICER_SEAT,
        _teacher("zj-school", "夏国平", "", 2001, "语文", "middle_manager"),
        "师训专管员，看本校各人的年度学分",
        Role.SCHOOL_OFFICER,
    ),
)
PERSONAS = {"上海市": SHANGHAI, "浙江省": ZHEJIANG}


def cast_of(region: Region) -> Mapping[Seat, Wanted]:
    """The seats of a region's personas."""
    return {(_place(region, persona), persona.seat): persona.wanted for persona in PERSONAS[region.name]}


def officers_of(region: Region, prefix: str) -> Iterator[tuple[PersonRow, AccountRow]]:
    """The officers of a region, known by name, without appointments of their own."""
    for number, officer in enumerate(OFFICERS[region.name], start=1):
        code = f"{prefix}9{number:05d}"
        grant = GrantRow(officer.role, officer.place, TERMS[0].starts_on)
        yield (
            PersonRow(code, officer.name, officer.sex, date(1975, 3, number), uuid=uuid_for("person", code)),
            AccountRow(officer.username, code, (grant,), uuid_for("user", officer.username)),
        )


def logins_of(region: Region) -> Iterator[DemoLoginRow]:
    """The one-click logins of a region, teachers first, then officers from the school upwards."""
    offers = [(item.wanted.username, item.role, item.label) for item in PERSONAS[region.name]]
    offers += [(item.username, item.role, item.label) for item in OFFICERS[region.name]]
    for order, (username, role, label) in enumerate(offers):
        yield DemoLoginRow(username, region.name, role, label, order)


def _place(region: Region, persona: Persona) -> str:
    district, stage = persona.where
    if stage == _COLLEGE:
        return f"{district}-C"
    schools = (school for school in region.schools if school.row.parent == district)
    if stage == _PD:
        return next(school.row.code for school in schools if school.trains_its_own)
    return next(school.row.code for school in schools if school.row.stage == stage and not school.trains_its_own)

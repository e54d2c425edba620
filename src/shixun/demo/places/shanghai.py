"""The city: its sixteen districts with their codes (GB/T 2260), the bodies of each, and about three hundred schools."""

from collections.abc import Iterator
from random import Random

from shixun.demo.places import College, Region, School
from shixun.demo.places.school_names import SchoolNames
from shixun.demo.school_terms import TERMS
from shixun.demo.seeded import draws_for, uuid_for
from shixun.people.bulk import DesignationRow, OrganisationRow

CITY = "310000"
INSTITUTION = f"{CITY}-I1"
HUANGPU, XUHUI = "310101", "310104"
# Code, name, college, schools of the full region.
DISTRICTS = (
    (HUANGPU, "黄浦区", "黄浦区教育学院", 14),
    (XUHUI, "徐汇区", "徐汇区教育学院", 20),
    ("310105", "长宁区", "长宁区教育学院", 12),
    ("310106", "静安区", "静安区教育学院", 18),
    ("310107", "普陀区", "普陀区教育学院", 16),
    ("310109", "虹口区", "虹口区教育学院", 13),
    ("310110", "杨浦区", "杨浦区教育学院", 18),
    ("310112", "闵行区", "闵行区教育学院", 28),
    ("310113", "宝山区", "宝山区教育学院", 22),
    ("310114", "嘉定区", "嘉定区教育学院", 19),
    ("310115", "浦东新区", "浦东教育发展研究院", 50),
    ("310116", "金山区", "金山区教育学院", 12),
    ("310117", "松江区", "松江区教育学院", 22),
    ("310118", "青浦区", "青浦区教师进修学院", 14),
    ("310120", "奉贤区", "奉贤区教育学院", 15),
    ("310151", "崇明区", "崇明区教育学院", 11),
)
# Stages in turn, so that every district has every one, and the sizes of their schools.
_STAGES = (
    "primary",
    "kindergarten",
    "lower_secondary",
    "nine_year",
    "upper_secondary",
    "primary",
    "vocational",
    "kindergarten",
    "primary",
    "lower_secondary",
    "kindergarten",
    "nine_year",
)
_SIZES = {
    "kindergarten": (8, 11),
    "primary": (12, 17),
    "lower_secondary": (12, 18),
    "upper_secondary": (14, 21),
    "nine_year": (15, 22),
    "vocational": (14, 19),
}
_SMALL_STAGES = ("primary", "lower_secondary", "vocational", "kindergarten")
_SMALL_STAFF = 15
_ONE_IN_TEN = 10
_PD_TURN = 3


def shanghai(*, small: bool) -> Region:
    """The region; small: the two districts with choices of their own, four schools each."""
    rng = draws_for("shanghai", "places")
    chosen = [row for row in DISTRICTS if not small or row[0] in (HUANGPU, XUHUI)]
    names = SchoolNames(rng)
    schools: list[School] = []
    for code, name, _, count in chosen:
        stages = _SMALL_STAGES if small else [_STAGES[turn % len(_STAGES)] for turn in range(count)]
        for number, stage in enumerate(stages, start=1):
            pd = len(schools) % _ONE_IN_TEN == _PD_TURN if not small else number == len(stages)
            schools.append(_school(code, number, names.next_for(name, stage), stage, pd, rng, small))
    colleges = tuple(
        College(_row(f"{code}-C", college, "college", code, code), 3 if small else max(6, count // 2))
        for code, _, college, count in chosen
    )
    return Region(
        name="上海市",
        policy_id="shanghai-2016",
        root=_row(CITY, "上海市", "city", CITY),
        above=tuple(_above(chosen)),
        districts=tuple(code for code, *_ in chosen),
        schools=tuple(schools),
        colleges=colleges,
    )


def _above(chosen: list[tuple[str, str, str, int]]) -> Iterator[OrganisationRow]:
    yield _row(CITY, "上海市", "city", CITY)
    yield _row(f"{CITY}-B", "上海市教育委员会", "bureau", CITY, CITY)
    yield _row(f"{CITY}-T", "上海市师资培训中心", "centre", CITY, CITY)
    yield _row(f"{CITY}-D", "上海市人民政府教育督导室", "supervision_office", CITY, CITY)
    yield _row(INSTITUTION, "浦江教师发展学院", "institution", CITY, CITY)
    for code, name, _, _ in chosen:
        yield _row(code, name, "district", code, CITY)
        yield _row(f"{code}-B", f"{name}教育局", "bureau", code, code)
        yield _row(f"{code}-D", f"{name}人民政府教育督导室", "supervision_office", code, code)


def _school(district: str, number: int, name: str, stage: str, pd: bool, rng: Random, small: bool) -> School:
    low, high = _SIZES[stage]
    qualities = [DesignationRow("pd_school", TERMS[0].starts_on)] if pd and stage != "vocational" else []
    if stage == "vocational":
        qualities.append(DesignationRow("vocational", TERMS[0].starts_on))
    row = _row(f"{district}-{number:03d}", name, "school", district, district, stage, tuple(qualities))
    return School(row, _SMALL_STAFF if small else rng.randint(low, high), pd and stage != "vocational")


def _row(
    code: str,
    name: str,
    kind: str,
    area: str,
    parent: str = "",
    stage: str = "",
    designations: tuple[DesignationRow, ...] = (),
) -> OrganisationRow:
    return OrganisationRow(
        code, name, kind, area, parent, stage, designations=designations, uuid=uuid_for("organisation", code)
    )

"""The province: two cities, five counties with their codes (GB/T 2260), their bodies and some twenty-four schools."""

from collections.abc import Iterator

from shixun.demo.places import College, Region, School
from shixun.demo.places.school_names import SchoolNames
from shixun.demo.seeded import draws_for, uuid_for
from shixun.people.bulk import OrganisationRow

PROVINCE = "330000"
PUTUO = "330903"
CITIES = (("330900", "舟山市"), ("330200", "宁波市"))
# Code, name, city, schools of the full region.
COUNTIES = (
    (PUTUO, "普陀区", "330900", 7),
    ("330902", "定海区", "330900", 6),
    ("330921", "岱山县", "330900", 4),
    ("330922", "嵊泗县", "330900", 3),
    ("330225", "象山县", "330200", 4),
)
_STAGES = ("primary", "lower_secondary", "kindergarten", "nine_year", "primary", "upper_secondary", "primary")
_STAFF, _SMALL_STAFF = 16, 8
_COLLEGE_STAFF, _SMALL_COLLEGE_STAFF = 4, 1


def zhejiang(*, small: bool) -> Region:
    """The region; small: one county of each city, two schools each."""
    chosen = [row for row in COUNTIES if not small or row[0] in (PUTUO, "330225")]
    names = SchoolNames(draws_for("zhejiang", "places"))
    schools = tuple(
        School(
            _row(f"{code}-{number:03d}", names.next_for(name, stage), "school", code, code, stage),
            _SMALL_STAFF if small else _STAFF,
        )
        for code, name, _, count in chosen
        for number, stage in enumerate(_STAGES[: 2 if small else count], start=1)
    )
    colleges = tuple(
        College(
            _row(f"{code}-C", f"{name}教师进修学校", "college", code, code),
            _SMALL_COLLEGE_STAFF if small else _COLLEGE_STAFF,
        )
        for code, name, _, _ in chosen
    )
    return Region(
        name="浙江省",
        policy_id="zhejiang-2016",
        root=_row(PROVINCE, "浙江省", "province", PROVINCE),
        above=tuple(_above(chosen)),
        districts=tuple(code for code, *_ in chosen),
        schools=schools,
        colleges=colleges,
    )


def _above(chosen: list[tuple[str, str, str, int]]) -> Iterator[OrganisationRow]:
    yield _row(PROVINCE, "浙江省", "province", PROVINCE)
    yield _row(f"{PROVINCE}-B", "浙江省教育厅", "bureau", PROVINCE, PROVINCE)
    yield _row(f"{PROVINCE}-T", "浙江省中小学教师培训中心", "centre", PROVINCE, PROVINCE)
    yield _row(f"{PROVINCE}-D", "浙江省人民政府教育督导室", "supervision_office", PROVINCE, PROVINCE)
    for code, name in CITIES:
        yield _row(code, name, "city", code, PROVINCE)
        yield _row(f"{code}-B", f"{name}教育局", "bureau", code, code)
    for code, name, city, _ in chosen:
        yield _row(code, name, "district", code, city)
        yield _row(f"{code}-B", f"{name}教育局", "bureau", code, code)
        yield _row(f"{code}-D", f"{name}人民政府教育督导室", "supervision_office", code, code)


def _row(code: str, name: str, kind: str, area: str, parent: str = "", stage: str = "") -> OrganisationRow:
    return OrganisationRow(code, name, kind, area, parent, stage, uuid=uuid_for("organisation", code))

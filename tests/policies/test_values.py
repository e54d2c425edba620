"""Each figure of the policies stands in the data: the tables of the policy study, written out once more by hand."""

import pytest

from rulebook.amounts import parse_amount
from rulebook.policy import Policy, shipped_policies

POLICIES = shipped_policies()
FREE = "none"

# (requirement, low end, high end); no high end: one figure.
SHANGHAI_2016 = [
    # 一.1 总量与类别
    ("teacher/total", "36"),
    ("teacher/ethics_literacy", "12"),
    ("teacher/knowledge", "12", "14"),
    ("teacher/practice", "10", "12"),
    # 一.1 级别
    ("teacher/city", "4", "7"),
    ("teacher/district", "11", "14"),
    ("teacher/school", "15", "18"),
    # 一.1 级别与类别
    ("teacher/city.ethics_literacy", "1", "2"),
    ("teacher/city.knowledge", "3", "5"),
    ("teacher/district.ethics_literacy", "2", "3"),
    ("teacher/district.knowledge", "9", "11"),
    ("teacher/school.ethics", "4", "5"),
    ("teacher/school.literacy", "1", "2"),
    ("teacher/school.practice", "10", "12"),
    # 一.1 信息技术
    ("teacher/city.it_general", "1"),
    ("teacher/district.it_specialised", "3"),
    ("teacher/school.it_practice", "1"),
    # 一.3
    ("teacher/autonomous", "3", "5"),
    ("teacher/autonomous.district", "3", "4"),
    ("teacher/autonomous.school", "1"),
    # 一.2
    ("pd_school/total", "36"),
    ("pd_school/city_district", "6"),
    ("pd_school/city_district.ethics_literacy", "0.01"),
    ("pd_school/city_district.it_general", "1"),
    ("pd_school/city_district.it_specialised", "3"),
    ("pd_school/school", "30"),
    ("pd_school/school.ethics", "4", "5"),
    ("pd_school/school.literacy", "2", "3"),
    ("pd_school/school.practice", "19", "22"),
    ("pd_school/school.it_practice", "1"),
    ("pd_school/autonomous", "3", "5"),
    # 实施意见 三(一)1
    ("vocational/total", "36"),
    ("vocational/city_district", "18"),
    ("vocational/school", "18"),
    # 一.4 … 一.10
    ("probation/total", "12"),
    ("class_teacher/class_teacher", "3"),
    ("trainer/trainer", "7"),
    ("senior/senior", "18"),
    ("senior/senior_core", "14"),
    ("principal_designate/total", "30"),
    ("principal/total", "36"),
    ("principal/release", "18"),
    ("middle_manager/middle_manager", "9"),
    ("college_head/college_head", "10"),
    # 实施意见 三(一)4、三(四)17
    ("dual_qualified/enterprise_practice", "365"),
    ("teacher/it_hours", "50"),
    ("principal/it_hours", "50"),
]
SHANGHAI_2021 = [
    ("teacher/total", "36"),
    ("teacher/ethics_literacy", "8"),
    ("teacher/knowledge", "10"),
    ("teacher/practice", "14"),
    ("teacher/autonomous", "4"),
    ("teacher/city", "7"),
    ("teacher/city.ethics_literacy", "2"),
    ("teacher/city.counselling", "1"),
    ("teacher/city.knowledge", "4"),
    ("teacher/city.subject_teaching", "2"),
    ("teacher/city.homework_design", "1"),
    ("teacher/city.it_general", "1"),
    ("teacher/city.practice", "1"),
    ("teacher/city.experiment", "1"),
    ("teacher/district", "10"),
    ("teacher/district.ethics_literacy", "2"),
    ("teacher/district.counselling", "1"),
    ("teacher/district.family_education", "1"),
    ("teacher/district.knowledge", "6"),
    ("teacher/district.subject_teaching", "2"),
    ("teacher/district.homework_design", "1"),
    ("teacher/district.it_specialised", "1.5"),
    ("teacher/district.practice", "2"),
    ("teacher/district.experiment", "1"),
    ("teacher/district.cross_subject", "1"),
    ("teacher/school", "15"),
    ("teacher/school.ethics", "2"),
    ("teacher/school.literacy", "2"),
    ("teacher/school.family_education", "1"),
    ("teacher/school.practice", "11"),
    ("teacher/school.subject_teaching", "2"),
    ("teacher/school.homework_design", "1"),
    ("teacher/school.cross_subject", "1"),
    ("teacher/school.it_practice", "2.5"),
]
ZHEJIANG_2016 = [
    ("teacher/total", "360", FREE),
    ("teacher/yearly", "24"),
    ("teacher/yearly_local", "0", FREE),
    ("teacher/ethics_required", "0", FREE),
    ("teacher/online", "0", FREE),
    ("teacher/concentrated_90", "90"),
    ("probation/total", "180"),
    ("probation/practice", "80"),
    ("principal_designate/total", "300"),
    ("principal_designate/concentrated", "90"),
]
KUNMING_2015 = [("teacher/total", "360"), ("teacher/yearly", "72")]
BEIJING_2016 = [
    ("teacher/total", "36"),
    ("teacher/compulsory", "16"),
    ("teacher/public", "6"),
    ("teacher/subject", "10"),
    ("teacher/elective", "10"),
    ("teacher/school_based", "10"),
    ("new_teacher/induction", "120"),
]
WHOLE = {
    "shanghai-2016": SHANGHAI_2016,
    "zhejiang-2016": ZHEJIANG_2016,
    "kunming-2015": KUNMING_2015,
    "beijing-2016": BEIJING_2016,
}
TARGETS = {
    "zhejiang-2016": {
        "mean-credits": "72",
        "concentrated-90": "21",
        "assigned": "100",
        "attendance": "94",
        "evaluation": "100",
        "national-places": "16",
        "provincial-places": "32",
        "excellent": "20",
        "spot-check": "20",
    },
    "kunming-2015": {
        "city-2015": "3200",
        "city-2016": "3200",
        "city-2017": "3600",
        "city-total": "10000",
        "county-share": "40",
        "county-2015": "30",
        "county-2016": "30",
        "county-2017": "40",
        "backbone": "20",
        "city-money": "1500",
        "county-wages": "2",
        "county-surcharge": "5",
        "school-money": "5",
    },
}
AWARDS = {
    "shanghai-2016": {"it-general": "1", "it-specialised": "3", "it-practice": "1"},
    "shanghai-2021": {"it-general": "1", "it-specialised": "1.5", "it-practice": "2.5"},
}


def as_ranges(rows: list[tuple[str, ...]]) -> dict[str, tuple[int, int | None]]:
    return {key: (parse_amount(low), _high(low, *rest)) for key, low, *rest in rows}


def _high(low: str, high: str = "") -> int | None:
    return None if high == FREE else parse_amount(high or low)


def ranges_of(policy: Policy) -> dict[str, tuple[int, int | None]]:
    return {row.key: (row.low, row.high) for row in policy.requirements}


@pytest.mark.parametrize("policy_id", WHOLE)
def test_minima_and_ranges(policy_id: str) -> None:
    assert ranges_of(POLICIES[policy_id]) == as_ranges(WHOLE[policy_id])


def test_minima_of_a_teacher_in_the_fourteenth_plan() -> None:
    policy = POLICIES["shanghai-2021"]
    of_teacher = {key: value for key, value in ranges_of(policy).items() if key.startswith("teacher/")}
    assert of_teacher == as_ranges(SHANGHAI_2021)
    assert not any(row.assumed for row in policy.requirements if row.profile == "teacher")


def test_what_the_fourteenth_plan_does_not_say_is_the_thirteenth_and_marked() -> None:
    before, now = POLICIES["shanghai-2016"], POLICIES["shanghai-2021"]
    kept = {row.key: row for row in now.requirements if row.profile != "teacher" and row.assumed}
    lows = {key: low for key, (low, _) in ranges_of(before).items() if key in kept}
    # The autonomous credits of every teacher are 4 in the fourteenth plan; that figure was read.
    assert {key: row.low for key, row in kept.items()} == {
        **lows,
        "pd_school/autonomous": 400,
        # A certificate of the fourteenth plan is worth 1.50; asking for three would contradict it.
        "pd_school/city_district.it_specialised": 150,
    }
    read = {row.key for row in now.requirements if row.profile != "teacher" and not row.assumed}
    assert read == {"pd_school/total", "vocational/total"}


def test_the_columns_of_the_fourteenth_plan_add_up() -> None:
    low = {key.removeprefix("teacher/"): value for key, (value, _) in ranges_of(POLICIES["shanghai-2021"]).items()}
    assert low["ethics_literacy"] + low["knowledge"] + low["practice"] + low["autonomous"] == low["total"]
    assert low["city"] + low["district"] + low["school"] + low["autonomous"] == low["total"]
    assert low["city.ethics_literacy"] + low["city.knowledge"] + low["city.practice"] == low["city"]
    assert low["district.ethics_literacy"] + low["district.knowledge"] + low["district.practice"] == low["district"]
    assert low["school.ethics"] + low["school.literacy"] + low["school.practice"] == low["school"]
    assert low["city.it_general"] + low["district.it_specialised"] + low["school.it_practice"] == parse_amount("5")


def test_level_shares_of_the_opinion_are_the_ranges_of_the_measures() -> None:
    """实施意见 三(一)1: 10–20, 30–40, 40–50 per cent of 36, widened to whole credits (AMB-09)."""
    ranges = ranges_of(POLICIES["shanghai-2016"])
    shares = {"city": (10, 20), "district": (30, 40), "school": (40, 50)}
    for level, (low, high) in shares.items():
        at_least, at_most = ranges[f"teacher/{level}"]
        assert at_most is not None
        assert abs(at_least - 36 * low) <= 60
        assert abs(at_most - 36 * high) <= 40


@pytest.mark.parametrize("policy_id", TARGETS)
def test_targets(policy_id: str) -> None:
    said = {row.id: row.value for row in POLICIES[policy_id].targets}
    assert said == {key: parse_amount(value) for key, value in TARGETS[policy_id].items()}


@pytest.mark.parametrize("policy_id", AWARDS)
def test_certificates(policy_id: str) -> None:
    said = {row.id: row.credits for row in POLICIES[policy_id].awards.values()}
    assert said == {key: parse_amount(value) for key, value in AWARDS[policy_id].items()}


def test_kinds_and_dates_of_what_is_not_judged_over_the_cycle() -> None:
    said = {
        f"{policy.id} {row.key}": (row.kind, row.unit, str(row.due_on or ""))
        for policy in POLICIES.values()
        for row in policy.requirements
        if row.kind != "cycle"
    }
    assert said == {
        "beijing-2016 new_teacher/induction": ("dated", "hours", ""),
        "kunming-2015 teacher/yearly": ("yearly", "hours", ""),
        "shanghai-2016 trainer/trainer": ("yearly", "credits", ""),
        "shanghai-2016 dual_qualified/enterprise_practice": ("dated", "days", ""),
        "shanghai-2016 teacher/it_hours": ("dated", "hours", "2017-12-31"),
        "shanghai-2016 principal/it_hours": ("dated", "hours", "2017-12-31"),
        "shanghai-2021 trainer/trainer": ("yearly", "credits", ""),
        "shanghai-2021 dual_qualified/enterprise_practice": ("dated", "days", ""),
        "zhejiang-2016 teacher/yearly": ("yearly", "credits", ""),
        "zhejiang-2016 teacher/yearly_local": ("yearly", "credits", ""),
        "zhejiang-2016 teacher/concentrated_90": ("dated", "hours", ""),
    }


def test_conversion_figures() -> None:
    rules = POLICIES["shanghai-2016"].conversions
    course, practice = rules["course-hours"], rules["practice-term"]
    assert (course.minutes_per_hour, course.block_hours, course.hours_per_credit) == (45, 400, 1000)
    assert (practice.sessions, practice.session_minutes, practice.lecture_share) == (10, 120, 10)
    beijing = POLICIES["beijing-2016"].conversions
    assert {row.id: row.hours_per_credit for row in beijing.values()} == {"course-hours": 1000, "practice-hours": 2000}


def test_putuo_raises_what_its_plan_names() -> None:
    putuo = POLICIES["zhejiang-2016"].locals["putuo"]
    assert putuo["minimum"] == {"yearly_local": "36", "ethics_required": "8", "online": "50"}

"""What the credits of some people in the city are made to show: each way of being short, and of being met only so."""

from collections.abc import Mapping

from shixun.demo.history.reason import ALL, Reason
from shixun.demo.places.shanghai import HUANGPU, XUHUI

_MEASURES = "shanghai-2016:学分管理办法:"
_TEACHER = frozenset({"teacher"})


def _plain(
    name: str,
    shows: str,
    less: Mapping[str, int],
    more: Mapping[str, int],
    *short: str,
    with_: str = "",
    moved: str = "",
) -> Reason:
    profiles = _TEACHER | {with_} if with_ else _TEACHER
    return Reason(name, shows, profiles, less, more, frozenset(short), f"{_MEASURES}{moved}" if moved else "")


_LIST = (
    _plain("it_general", "只缺信息技术通识 1 学分", {"city_it": ALL}, {"city_knowledge": 120}, "city.it_general"),
    _plain(
        "it_specialised",
        "只缺信息技术专业 3 学分",
        {"district_it": ALL},
        {"district_knowledge": 320},
        "district.it_specialised",
    ),
    _plain(
        "it_practice", "只缺信息技术实践应用 1 学分", {"school_it": ALL}, {"school_practice": 100}, "school.it_practice"
    ),
    _plain("school_ethics", "只缺校级师德", {"school_ethics": 160}, {"school_literacy": 160}, "school.ethics"),
    _plain(
        "school_practice",
        "只缺校级实践体验，区级的顶不了",
        {"school_practice": 200},
        {"district_practice": 200, "school_knowledge": 200},
        "school.practice",
    ),
    _plain(
        "city_knowledge",
        "只缺市级知识与技能，区级的顶不了",
        {"city_knowledge": 160},
        {"city_literacy": 160, "district_knowledge": 160},
        "city.knowledge",
    ),
    _plain(
        "district_knowledge",
        "只缺区级知识与技能",
        {"district_knowledge": 200},
        {"district_literacy": 200, "school_knowledge": 200},
        "district.knowledge",
    ),
    _plain(
        "autonomous_district",
        "只缺区级自主研修",
        {"own_district_literacy": 160},
        {"own_school_literacy": 160},
        "autonomous.district",
    ),
    _plain(
        "autonomous_school",
        "只缺校级自主研修",
        {"own_school_literacy": 120},
        {"own_district_literacy": 120},
        "autonomous.school",
    ),
    Reason(
        "total",
        "各项都够，只缺总学分",
        _TEACHER,
        {"school_knowledge": 160},
        {},
        frozenset({"total"}),
        not_in=frozenset({HUANGPU}),
    ),
    _plain(
        "covered_by_city",
        "区级知识与技能由市级学分冲抵后达标",
        {"district_knowledge": 200},
        {"city_knowledge": 200},
        moved="三.2",
    ),
    _plain(
        "covered_by_national",
        "市级知识与技能由国家级培训冲抵后达标",
        {"city_knowledge": 200},
        {"national": 200},
        moved="三.1",
    ),
    _plain(
        "covered_by_both",
        "市级和区级知识与技能都由一次国家级培训冲抵后达标",
        {"city_knowledge": 120, "district_knowledge": 200},
        {"national": 400},
        moved="三.2",
    ),
    _plain(
        "covered_by_degree",
        "区级课程和校级师德由学历进修冲抵后达标",
        {"district_knowledge": 200, "district_ethics": 120, "school_ethics": 80},
        {"degree": 400},
        moved="三.4",
    ),
    Reason(
        "covered_by_release",
        "离岗学习，实践体验由其他课程冲抵后达标",
        _TEACHER,
        {"school_practice": 300},
        {"school_knowledge": 320},
        moved=f"{_MEASURES}二.2",
        released=True,
    ),
    _plain(
        "class_teacher",
        "班主任，专题培训一分也没有",
        {"class_topic": ALL},
        {"district_literacy": 320},
        "class_teacher",
        with_="class_teacher",
    ),
    _plain(
        "class_teacher_covered",
        "班主任专题由市级专题冲抵后达标",
        {"class_topic": ALL},
        {"city_class_topic": 320},
        with_="class_teacher",
        moved="三.2",
    ),
    _plain(
        "middle_manager",
        "中层干部，岗位技能差 3 学分",
        {"manager_topic": 320},
        {"district_knowledge": 320},
        "middle_manager",
        with_="middle_manager",
    ),
    Reason(
        "senior_core",
        "高级教师，带教、课程、课题不足 14 学分",
        frozenset({"teacher", "senior"}),
        {"senior_core": 400},
        {"senior_study": 400},
        frozenset({"senior_core"}),
    ),
    Reason(
        "senior",
        "高级教师，36 学分已满，另加的 18 学分未满",
        frozenset({"teacher", "senior"}),
        {"senior_study": 200},
        {"district_literacy": 200},
        frozenset({"senior"}),
    ),
    Reason(
        "senior_class_teacher",
        "高级教师兼班主任，两项另加的要求都未满",
        frozenset({"teacher", "senior", "class_teacher"}),
        {"senior_core": 400, "class_topic": ALL},
        {"senior_study": 400, "district_literacy": 320},
        frozenset({"senior_core", "class_teacher"}),
    ),
    Reason("trainer_year", "培训者，2017 年未满 7 学分", frozenset({"teacher", "trainer"}), missed_year=1),
    _plain(
        "college_head",
        "进修院校院长，市级不足 10 学分",
        {"city_knowledge": 400},
        {"district_knowledge": 400},
        "college_head",
        with_="college_head",
    ),
    Reason(
        "halves",
        "院长兼班主任，学历和市级学分怎么分都不够（三项要求各计一半）",
        frozenset({"teacher", "college_head", "class_teacher"}),
        {"class_topic": ALL, "city_knowledge": 400, "district_knowledge": 160},
        {"city_class_topic": 320, "district_ethics": 120, "district_literacy": 80, "degree": 200},
        frozenset({"class_teacher"}),
        only_in=frozenset({HUANGPU}),
    ),
    Reason(
        "two_gaps",
        "还缺两项：区级知识与技能、校级师德",
        _TEACHER,
        {"district_knowledge": 200, "school_ethics": 80, "school_knowledge": 160},
        short=frozenset({"district.knowledge", "school.ethics"}),
    ),
    Reason("it_late", "50 学时信息技术培训到 2018 年才完成", _TEACHER, early_terms=(4, 5)),
    Reason(
        "enterprise_done", "双师型，企业实践已满一年", frozenset({"vocational", "dual_qualified"}), enterprise_done=True
    ),
    Reason(
        "pd_practice",
        "专业发展学校，校级实践体验不足 19 学分",
        frozenset({"pd_school"}),
        {"school_practice": 300},
        {"school_knowledge": 320},
        frozenset({"school.practice"}),
    ),
    Reason(
        "pd_city_district",
        "专业发展学校，市区级不足 6 学分",
        frozenset({"pd_school"}),
        {"district_knowledge": 160},
        {"school_knowledge": 160},
        frozenset({"city_district"}),
    ),
    Reason(
        "vocational",
        "中职，市区级不足一半",
        frozenset({"vocational"}),
        {"district_knowledge": 400},
        {"school_knowledge": 400},
        frozenset({"city_district"}),
    ),
    Reason(
        "principal_release",
        "校长，脱产培训不足 18 学分",
        frozenset({"principal"}),
        {"release": 600},
        {"principal_course": 600},
        frozenset({"release"}),
    ),
    Reason(
        "designate",
        "拟任校长，任职资格培训未满 30 学分",
        frozenset({"principal_designate"}),
        qualification_less=600,
        short=frozenset({"total"}),
    ),
    Reason(
        "probation", "见习期延长，见习培训未满 12 学分", frozenset({"probation"}), half_probation=True, by_seat=True
    ),
    Reason("reduced", "2016 年以后进入，按本区递减后的要求已达标", _TEACHER, only_in=frozenset({XUHUI})),
)
REASONS: dict[str, Reason] = {reason.id: reason for reason in _LIST}

"""What a programme under the city's thirteenth plan is made of, for each base and with each addition."""

from collections.abc import Mapping

from shixun.demo.careers.career import Career
from shixun.demo.history.programme import Amounts, Programme, changed
from shixun.demo.history.reason import NO_REASON, Reason
from shixun.demo.history.shanghai_reasons import REASONS
from shixun.demo.places.shanghai import HUANGPU, XUHUI
from shixun.demo.school_terms import TERMS

_CYCLE_ENDS_AFTER, _SPAN = 2021, 5
_TEACHER: Amounts = {
    "city_ethics": 80,
    "city_literacy": 40,
    "city_it": 100,
    "city_knowledge": 200,
    "district_ethics": 120,
    "district_literacy": 80,
    "district_it": 300,
    "district_knowledge": 600,
    "school_ethics": 400,
    "school_literacy": 120,
    "school_knowledge": 160,
    "school_it": 100,
    "school_practice": 900,
    "own_district_ethics": 160,
    "own_district_literacy": 160,
    "own_school_literacy": 120,
}
_PD_SCHOOL: Amounts = {
    "city_ethics": 80,
    "city_it": 100,
    "district_it": 300,
    "district_knowledge": 160,
    "school_ethics": 400,
    "school_literacy": 200,
    "school_knowledge": 200,
    "school_it": 100,
    "school_practice": 1800,
    "own_district_literacy": 200,
    "own_school_literacy": 120,
}
_VOCATIONAL: Amounts = {
    "city_ethics": 120,
    "city_it": 100,
    "city_knowledge": 400,
    "district_ethics": 120,
    "district_it": 300,
    "district_knowledge": 800,
    "school_ethics": 400,
    "school_knowledge": 400,
    "school_it": 100,
    "school_practice": 900,
}
# A principal's own training covers city and district; what nothing covers is done at school (三.2, 三.3).
_PRINCIPALS_OWN: Amounts = {
    "principal_course": 1400,
    "release": 1800,
    "principal_city_it": 100,
    "principal_district_it": 300,
    "principal_school_it": 100,
}
_PRINCIPAL: Amounts = _PRINCIPALS_OWN | {
    "city_ethics": 120,
    "district_ethics": 200,
    "school_ethics": 400,
    "school_literacy": 120,
    "school_practice": 900,
    "own_district_ethics": 160,
    "own_district_literacy": 160,
    "own_school_literacy": 120,
}
_TEACHERS_IT: Amounts = {"city_it": 100, "district_it": 300, "school_it": 100}
_BASES = {"teacher": _TEACHER, "pd_school": _PD_SCHOOL, "vocational": _VOCATIONAL}
# Addition: what it takes the place of, and what it asks.
_ADDITIONS: dict[str, tuple[Amounts, Amounts]] = {
    "class_teacher": ({"district_ethics": 120, "district_literacy": 80}, {"class_topic": 320}),
    "middle_manager": ({"district_knowledge": 600}, {"manager_topic": 920}),
    "senior": ({}, {"senior_core": 1400, "senior_study": 400}),
    "college_head": ({}, {"city_knowledge": 680}),
    "trainer": ({"district_knowledge": 600, "city_knowledge": 200}, {}),
}
# What two districts ask beyond the city's least (PR-18).
_LOCAL: dict[str, Amounts] = {HUANGPU: {"city_knowledge": 120, "district_knowledge": 160}}
_TRAINER_YEAR = ((0, "trainer_district", 160), (0, "trainer_city", 200), (1, "trainer_district", 360))
_QUALIFICATION, _PROBATION, _ENTERPRISE_DAYS = 3000, 1200, 60
_INDUCTION, _PROBATION_FIRST_HALF = 200, 600


def programme_of(career: Career) -> Programme:
    """The whole programme of one person, with what her reason takes away or adds."""
    reason = REASONS.get(career.reason, NO_REASON)
    amounts = changed(_reduced(career, _amounts(career)), reason.less, reason.more)
    dated = [*_trainer_years(career, reason), *_first_year(career, reason), *_qualification(career, reason)]
    if "dual_qualified" in career.profiles:
        dated += [("enterprise", days, term) for term, days in _enterprise(reason)]
    return Programme(amounts, tuple(dated), reason.early_terms)


def _amounts(career: Career) -> Amounts:
    base = next((name for name in _BASES if name in career.profiles), "teacher")
    amounts = changed(_BASES[base], {}, _LOCAL.get(career.district, {}) if base == "teacher" else {})
    if "principal" in career.profiles:
        amounts = dict(_PRINCIPAL) if base == "teacher" else changed(amounts, _TEACHERS_IT, _PRINCIPALS_OWN)
    for addition, (less, more) in _ADDITIONS.items():
        if addition in career.profiles:
            amounts = changed(amounts, less if base == "teacher" else {}, more)
    return amounts


def _reduced(career: Career, amounts: Mapping[str, int]) -> Amounts:
    """In the district that reduces by year of entry (AMB-07), as much less as it asks less, in blocks of 0.40."""
    left = _CYCLE_ENDS_AFTER - career.entered_on.year
    if career.district != XUHUI or left >= _SPAN:
        return dict(amounts)
    return {name: -(-amount * left // (_SPAN * 40)) * 40 for name, amount in amounts.items()}


def _trainer_years(career: Career, reason: Reason) -> list[tuple[str, int, int]]:
    if "trainer" not in career.profiles:
        return []
    years = range(len(TERMS) // 2)
    return [
        (kind, amount, 2 * year + half)
        for year in years
        for half, kind, amount in _TRAINER_YEAR
        if not (year == reason.missed_year and half == 0)
    ]


def _first_year(career: Career, reason: Reason) -> list[tuple[str, int, int]]:
    """The credits of the probation year, by whose end the programme proper begins (一.4)."""
    term = next((term.number for term in TERMS if term.starts_on >= career.entered_on), None)
    if term is None or career.entered_on < TERMS[0].starts_on:
        return []
    rest = _PROBATION - _INDUCTION - _PROBATION_FIRST_HALF
    parts = [("induction", _INDUCTION, term), ("probation", _PROBATION_FIRST_HALF, term), ("probation", rest, term + 1)]
    return [part for part in parts if part[2] < len(TERMS)][: 2 if reason.half_probation else 3]


def _qualification(career: Career, reason: Reason) -> list[tuple[str, int, int]]:
    if career.designate_from is None:
        return []
    return [("qualification", _QUALIFICATION - reason.qualification_less, career.designate_from)]


def _enterprise(reason: Reason) -> list[tuple[int, int]]:
    years = 5 if reason.enterprise_done else 4
    days = _ENTERPRISE_DAYS + (30 if reason.enterprise_done else 0)
    return [(2 * year, days) for year in range(years)]

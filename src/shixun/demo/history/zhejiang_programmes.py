"""What five years under the province's rules are made of, year by year (360 in all, 24 or 36 a year)."""

from shixun.demo.careers.career import Career
from shixun.demo.history.programme import Programme
from shixun.demo.history.reason import ALL, NO_REASON, Reason
from shixun.demo.school_terms import TERMS
from shixun.demo.seeded import draws_for

# The rules begin in the autumn of 2016.
_FIRST_TERM = 1
_LONG_YEARS = (1, 2, 3)
# Per year: kind, half of the year, amount. Every year but one; in that one the long course takes the choice's place.
_YEAR = (
    ("zj_school", 0, 1200),
    ("zj_school", 1, 2400),
    ("zj_course", 0, 1200),
    ("zj_course", 1, 1200),
    ("zj_online", 1, 1000),
    ("zj_literacy", 0, 800),
)
_ETHICS, _CONCENTRATED = 800, 9000
_INDUCTION, _PROBATION, _PROBATION_PRACTICE = 3000, 8000, 8000
_QUALIFICATION = (("zj_qualification", 21_000), ("zj_qualification_concentrated", 9000))
_TEACHER = frozenset({"teacher"})
_LIST = (
    Reason("zj_met", "360 学分已满", _TEACHER, more={"zj_province": 4800, "zj_online": 2000, "zj_other": 1600}),
    Reason("zj_year", "2018 年未满年度最低学分", _TEACHER, missed_year=2),
    Reason("zj_online", "网络培训为零", _TEACHER, {"zj_online": ALL}, {"zj_literacy": 4000}),
    Reason("zj_ethics", "师德必修为零", _TEACHER, {"zj_ethics": ALL}, {"zj_literacy": 800}),
    Reason("zj_concentrated", "还没有参加 90 学时集中培训", _TEACHER, {"zj_concentrated": ALL}, {"zj_course": 7200}),
    Reason("zj_national", "由国家级指令性培训计入", _TEACHER, more={"zj_national": 6000}),
    Reason(
        "zj_two_gaps",
        "缺网络培训，且有一年未满",
        _TEACHER,
        {"zj_online": ALL},
        {"zj_province": 9600, "zj_literacy": 6400},
        missed_year=2,
    ),
)
REASONS: dict[str, Reason] = {reason.id: reason for reason in _LIST}


def programme_of(career: Career) -> Programme:
    """The five years of one person, with what her reason takes away or adds."""
    reason = REASONS.get(career.reason, NO_REASON)
    rng = draws_for("zhejiang", career.code)
    long_year = rng.choice(
        _LONG_YEARS if not career.reason else [year for year in _LONG_YEARS[:2] if year != reason.missed_year]
    )
    dated = [*_probation(career), *_qualification(career)]
    for year in range(len(TERMS) // 2):
        dated += [row for row in _year(year, long_year, reason) if row[2] >= max(career.began, _FIRST_TERM)]
    closed = {*range(_FIRST_TERM), 2 * reason.missed_year, 2 * reason.missed_year + 1}
    return Programme(
        dict(reason.more), tuple(row for row in dated if row[0] not in reason.less), closed=frozenset(closed)
    )


def _year(year: int, long_year: int, reason: Reason) -> list[tuple[str, int, int]]:
    rows = [(kind, amount, 2 * year + half) for kind, half, amount in _YEAR]
    if year == reason.missed_year:
        return rows[:1]
    if year == long_year:
        rows = [row for row in rows if row[0] != "zj_course"]
        rows.append(("zj_concentrated", _CONCENTRATED, 2 * year + 1))
    if year == 1:
        rows.append(("zj_ethics", _ETHICS, 2 * year))
    return rows


def _probation(career: Career) -> list[tuple[str, int, int]]:
    term = next((term.number for term in TERMS if term.starts_on >= career.entered_on), None)
    if term is None or career.entered_on < TERMS[0].starts_on:
        return []
    halves = (term, term + 1)
    return [("zj_induction", _INDUCTION, term)] + [
        (kind, amount // 2, half)
        for half in halves
        if half < len(TERMS)
        for kind, amount in (("zj_probation", _PROBATION), ("zj_probation_practice", _PROBATION_PRACTICE))
    ]


def _qualification(career: Career) -> list[tuple[str, int, int]]:
    if career.designate_from is None:
        return []
    return [(kind, amount, career.designate_from) for kind, amount in _QUALIFICATION]

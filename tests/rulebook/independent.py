"""An own reading of shanghai-2016, written from the articles alone: it shares no line with the engine it judges.

Amounts are hundredths of a credit. Every way of counting every credit is a variable of one linear program, solved by
HiGHS: no cells merged, nothing decided in advance, no rule taken from the policy's files.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

import highspy
import numpy as np

CYCLE = (date(2016, 1, 1), date(2020, 12, 31))
CATEGORIES = ("ethics", "literacy", "knowledge", "practice")
BASES = ("teacher", "pd_school", "vocational", "principal", "principal_designate", "probation")
SENIOR_TAGS = frozenset({"senior", "senior_core"})
STAYING_TAGS = frozenset({"class_teacher", "middle_manager"})
# A float optimum is read as the nearest multiple of this part of a hundredth: fifths by reduction, halves by vertices.
GRAIN = 120


@dataclass(frozen=True)
class Place:
    """Where one credit counts, with the tags it still has there."""

    level: str
    category: str
    form: str
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Demand:
    """One requirement: the profile that brings it, its name there, hundredths, and which places count."""

    profile: str
    name: str
    minimum: Fraction
    counts: Callable[[Place], bool]


@dataclass(frozen=True)
class Choices:
    """What a district has chosen; ``minimum`` is by (profile, name), in hundredths."""

    minimum: Mapping[tuple[str, str], int] = field(default_factory=dict)
    autonomous_in_level: bool = False
    reduction: bool = False
    released_practice: bool = True


@dataclass(frozen=True)
class Answer:
    """``shortfall`` is rounded up to a whole hundredth; ``moved`` is the fewest credits an optimal counting moves."""

    met: bool
    shortfall: int
    exact: Fraction
    moved: Fraction | None = None


def _level(place: Place, *levels: str, autonomous: bool = False) -> bool:
    return place.level in levels and (autonomous or place.form != "autonomous")


def _teacher(choices: Choices) -> list[tuple[str, int, Callable[[Place], bool]]]:
    """一.1, 一.3: the low ends, in whole credits."""
    too = choices.autonomous_in_level
    el = ("ethics", "literacy")
    return [
        ("total", 36, lambda p: True),
        ("ethics_literacy", 12, lambda p: p.category in el),
        ("knowledge", 12, lambda p: p.category == "knowledge"),
        ("practice", 10, lambda p: p.category == "practice"),
        ("city", 4, lambda p: _level(p, "city", autonomous=too)),
        ("district", 11, lambda p: _level(p, "district", autonomous=too)),
        ("school", 15, lambda p: _level(p, "school", autonomous=too)),
        ("city.ethics_literacy", 1, lambda p: _level(p, "city") and p.category in el),
        ("city.knowledge", 3, lambda p: _level(p, "city") and p.category == "knowledge"),
        ("city.it_general", 1, lambda p: _level(p, "city") and p.category == "knowledge" and "it_general" in p.tags),
        ("district.ethics_literacy", 2, lambda p: _level(p, "district") and p.category in el),
        ("district.knowledge", 9, lambda p: _level(p, "district") and p.category == "knowledge"),
        (
            "district.it_specialised",
            3,
            lambda p: _level(p, "district") and p.category == "knowledge" and "it_specialised" in p.tags,
        ),
        ("school.ethics", 4, lambda p: _level(p, "school") and p.category == "ethics"),
        ("school.literacy", 1, lambda p: _level(p, "school") and p.category == "literacy"),
        ("school.practice", 10, lambda p: _level(p, "school") and p.category == "practice"),
        (
            "school.it_practice",
            1,
            lambda p: _level(p, "school") and p.category == "practice" and "it_practice" in p.tags,
        ),
        ("autonomous", 3, lambda p: p.form == "autonomous"),
        ("autonomous.district", 3, lambda p: p.form == "autonomous" and p.level == "district"),
        ("autonomous.school", 1, lambda p: p.form == "autonomous" and p.level == "school"),
    ]


def _pd_school(choices: Choices) -> list[tuple[str, Any, Callable[[Place], bool]]]:
    """一.2, 一.3: every autonomous entry counts as school, at whatever level it was recorded."""
    above = ("city", "district")

    def knowledge(place: Place) -> bool:
        return _level(place, *above) and place.category == "knowledge"

    return [
        ("total", 36, lambda p: True),
        ("city_district", 6, lambda p: _level(p, *above)),
        ("city_district.it_general", 1, lambda p: knowledge(p) and "it_general" in p.tags),
        ("city_district.it_specialised", 3, lambda p: knowledge(p) and "it_specialised" in p.tags),
        (
            "city_district.ethics_literacy",
            Fraction(1, 100),
            lambda p: _level(p, *above) and p.category in ("ethics", "literacy"),
        ),
        ("school", 30, lambda p: p.level == "school" or p.form == "autonomous"),
        ("school.ethics", 4, lambda p: _level(p, "school") and p.category == "ethics"),
        ("school.literacy", 2, lambda p: _level(p, "school") and p.category == "literacy"),
        ("school.practice", 19, lambda p: _level(p, "school") and p.category == "practice"),
        (
            "school.it_practice",
            1,
            lambda p: _level(p, "school") and p.category == "practice" and "it_practice" in p.tags,
        ),
        ("autonomous", 3, lambda p: p.form == "autonomous"),
    ]


def _vocational(choices: Choices) -> list[tuple[str, int, Callable[[Place], bool]]]:
    """Opinion 三(一)1: half at city and district, half at school."""
    too = choices.autonomous_in_level
    return [
        ("total", 36, lambda p: True),
        ("city_district", 18, lambda p: _level(p, "city", "district", autonomous=too)),
        ("school", 18, lambda p: _level(p, "school", autonomous=too)),
    ]


def _principal(choices: Choices) -> list[tuple[str, int, Callable[[Place], bool]]]:
    return [
        ("total", 36, lambda p: bool(p.tags & {"principal", "release"})),
        ("release", 18, lambda p: "release" in p.tags),
    ]


def _additions(profiles: frozenset[str]) -> list[tuple[str, str, int, Callable[[Place], bool]]]:
    """一.5, 一.7, 一.9, 一.10; the trainer's minimum is yearly and not part of f."""
    rows: list[tuple[str, str, int, Callable[[Place], bool]]] = []
    for tag, least in (("class_teacher", 3), ("middle_manager", 9)):
        if tag in profiles:
            rows.append((tag, tag, least, _tagged_district_course(tag)))
    if "college_head" in profiles:
        rows.append(("college_head", "college_head", 10, lambda p: _level(p, "city")))
    if "senior" in profiles:
        rows.append(("senior", "senior", 18, lambda p: bool(p.tags & SENIOR_TAGS)))
        rows.append(("senior", "senior_core", 14, lambda p: "senior_core" in p.tags))
    return rows


def _tagged_district_course(tag: str) -> Callable[[Place], bool]:
    return lambda p: p.level == "district" and p.form == "course" and tag in p.tags


def base_of(profiles: Iterable[str]) -> str:
    named = [name for name in profiles if name in BASES]
    return named[0] if named else "teacher"


def demands(person: Any, choices: Choices) -> list[Demand]:
    """Every requirement of one person, raised and reduced."""
    profiles = frozenset(person.profiles)
    base = base_of(person.profiles)
    own: list[tuple[str, Any, Callable[[Place], bool]]]
    if base == "teacher":
        own = _teacher(choices)
    elif base == "pd_school":
        own = _pd_school(choices)
    elif base == "vocational":
        own = _vocational(choices)
    elif base == "principal":
        own = _principal(choices)
    elif base == "principal_designate":
        own = [("total", 30, lambda p: "qualification" in p.tags)]
    else:
        own = [("total", 12, lambda p: "probation" in p.tags)]
    rows = [(base, *row) for row in own] + _additions(profiles)
    return [
        Demand(profile, name, _reduced(person, choices, profile, name, credits), _reserving(profile, profiles, counts))
        for profile, name, credits, counts in rows
    ]


def _reserving(profile: str, profiles: frozenset[str], counts: Callable[[Place], bool]) -> Callable[[Place], bool]:
    """一.7: a senior's tagged credits count in the two senior minima and in no other; 一.4: probation's likewise."""
    kept_out = frozenset() if profile == "probation" else frozenset({"probation"})
    if "senior" in profiles and profile != "senior":
        kept_out |= SENIOR_TAGS
    return lambda p: not p.tags & kept_out and counts(p)


def _reduced(person: Any, choices: Choices, profile: str, name: str, credits: Any) -> Fraction:
    """一.11: each minimum by the years left of the five, exactly; only the total is rounded, up to half a credit."""
    least = Fraction(choices.minimum.get((profile, name), Fraction(credits) * 100))
    if profile == "senior":
        return least * _share(person.senior_on) if choices.reduction else least
    if not choices.reduction or profile in ("probation", "principal_designate"):
        return least  # 一.11 lowers what the five years ask, not the training for a first post
    least *= _share(person.entered_on)
    return Fraction(math.ceil(least / 50) * 50) if name == "total" else least


def _share(since: date | None) -> Fraction:
    return Fraction(1) if since is None else min(Fraction(1), max(Fraction(0), Fraction(2021 - since.year, 5)))


def ways_to_count(kind: Place, person: Any, choices: Choices) -> list[Place]:
    """The places of A_i: its own first, then every place an offset opens (三.1, 三.2, 三.4, 二.2)."""
    if "probation" in kind.tags or ("senior" in person.profiles and kind.tags & SENIOR_TAGS):
        return [kind]  # what counts in no other requirement does not get there by a move either
    places = [kind]
    if kind.form == "degree":
        return places + [
            Place(level, category, "course")
            for level in ("city", "district", "school")
            for category in ("ethics", "literacy", "knowledge")
        ]
    if kind.form != "course":
        return places
    if kind.level == "national":
        places.append(Place("city", kind.category, "course"))
    if kind.level in ("national", "city"):
        places.append(Place("district", kind.category, "course", kind.tags & STAYING_TAGS))
    if person.released and choices.released_practice and kind.category != "practice":
        places += [Place(place.level, "practice", "course") for place in places]
    return places


def new_places(base: str) -> list[Place]:
    """Where a credit can still be earned, with at most one tag."""
    made = [Place(level, c, "course") for level in ("city", "district", "school") for c in CATEGORIES]
    made += [Place(level, c, "autonomous") for level in ("district", "school") for c in CATEGORIES]
    made += [
        Place("city", "knowledge", "course", frozenset({"it_general"})),
        Place("district", "knowledge", "course", frozenset({"it_specialised"})),
        Place("school", "practice", "course", frozenset({"it_practice"})),
    ]
    made += [Place("district", c, "course", frozenset({tag})) for c in CATEGORIES for tag in sorted(STAYING_TAGS)]
    made += [
        Place(level, c, "autonomous", frozenset({tag}))
        for level in ("district", "school")
        for c in CATEGORIES
        for tag in sorted(SENIOR_TAGS)
    ]
    made += [
        Place(level, c, "course", frozenset({tag}))
        for level in ("city", "district")
        for c in CATEGORIES
        for tag in ("release", "principal")
    ]
    if base in ("principal_designate", "probation"):
        tag = "qualification" if base == "principal_designate" else "probation"
        made += [Place(level, c, "course", frozenset({tag})) for level in ("city", "district") for c in CATEGORIES]
    return made


def supplies(person: Any, entries: Iterable[Any], on: date) -> dict[Place, int]:
    """Sums per kind of what counts at all: inside the cycle, not after ``on``, probation credits only for their own."""
    base = base_of(person.profiles)
    sums: dict[Place, int] = defaultdict(int)
    for entry in entries:
        inside = CYCLE[0] <= entry.earned_on <= min(CYCLE[1], on)
        if inside and (base == "probation" or "probation" not in entry.tags):
            sums[Place(entry.level, entry.category, entry.form, frozenset(entry.tags))] += entry.credits
    return dict(sums)


def solve(
    person: Any, entries: Iterable[Any], on: date, choices: Choices | None = None, *, fewest_moves: bool = False
) -> Answer:
    """f of one person by the whole program: every x_ij with the own place, every y_j."""
    choices = choices or Choices()
    asked = demands(person, choices)
    kinds = [(kind, amount) for kind, amount in supplies(person, entries, on).items() if amount > 0]
    columns: list[tuple[int, bool, Place]] = []  # supply row or −1 for new, whether it is a move, place
    for index, (kind, _) in enumerate(kinds):
        columns += [(index, place != kind, place) for place in ways_to_count(kind, person, choices)]
    columns += [(-1, False, place) for place in new_places(base_of(person.profiles))]
    program = _Program(asked, kinds, columns)
    exact = program.least([1.0 if row < 0 else 0.0 for row, _, _ in columns])
    moved = None
    if fewest_moves:
        program.hold_new_credits(exact)
        moved = program.least([1.0 if moves else 0.0 for _, moves, _ in columns])
    return Answer(met=exact == 0, shortfall=math.ceil(exact), exact=exact, moved=moved)


class _Program:
    """min c·z, one row per demand (≥ minimum), one per kind (≤ supply), one for the sum of new credits."""

    def __init__(
        self, asked: list[Demand], kinds: list[tuple[Place, int]], columns: list[tuple[int, bool, Place]]
    ) -> None:
        self.columns = columns
        rows_of: list[list[int]] = []
        last = len(asked) + len(kinds)
        for source, _, place in columns:
            rows = [row for row, demand in enumerate(asked) if demand.counts(place)]
            rows.append(last if source < 0 else len(asked) + source)
            rows_of.append(rows)
        lp = highspy.HighsLp()
        lp.num_col_ = len(columns)
        lp.num_row_ = last + 1
        lp.col_cost_ = np.zeros(len(columns))
        lp.col_lower_ = np.zeros(len(columns))
        lp.col_upper_ = np.full(len(columns), highspy.kHighsInf)
        lp.row_lower_ = np.array(
            [float(demand.minimum) for demand in asked] + [-highspy.kHighsInf] * len(kinds) + [0.0]
        )
        lp.row_upper_ = np.array(
            [highspy.kHighsInf] * len(asked) + [float(amount) for _, amount in kinds] + [highspy.kHighsInf]
        )
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.cumsum([0] + [len(rows) for rows in rows_of])
        lp.a_matrix_.index_ = np.array([row for rows in rows_of for row in rows])
        lp.a_matrix_.value_ = np.ones(sum(len(rows) for rows in rows_of))
        self.solver = highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.solver.passModel(lp)
        self.new_row = last

    def least(self, cost: list[float]) -> Fraction:
        count = len(cost)
        self.solver.changeColsCost(count, np.arange(count, dtype=np.int32), np.array(cost))
        self.solver.run()
        assert self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        value = self.solver.getInfo().objective_function_value
        exact = Fraction(round(value * GRAIN), GRAIN)
        assert abs(float(exact) - value) < 1e-4, value
        return exact

    def hold_new_credits(self, exact: Fraction) -> None:
        self.solver.changeRowBounds(self.new_row, 0.0, float(exact) + 1e-7)


def trainer_years(entries: Iterable[Any], on: date) -> dict[int, int]:
    """一.6: hundredths tagged ``trainer`` at national, city or district, for each calendar year up to ``on``."""
    years = dict.fromkeys(range(CYCLE[0].year, min(on, CYCLE[1]).year + 1), 0)
    for entry in entries:
        usable = "trainer" in entry.tags and entry.level in ("national", "city", "district")
        if usable and CYCLE[0] <= entry.earned_on <= min(on, CYCLE[1]):
            years[entry.earned_on.year] += entry.credits
    return years

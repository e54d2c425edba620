"""Random teachers under shanghai-2016, always the same for the same seed: ordinary, sparse and adversarial ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Any

from rulebook.facts import EntryFacts, PersonFacts
from tests.rulebook.credits import complete_teacher, entry
from tests.rulebook.independent import CATEGORIES, Choices

LEVELS = ("national", "city", "district", "school")
ADDITIONS = ("class_teacher", "middle_manager", "college_head", "senior", "trainer", "dual_qualified")
BASES = ("teacher",) * 3 + ("", "pd_school", "vocational", "principal", "principal_designate", "probation")
DAYS = (date(2020, 12, 31), date(2020, 12, 31), date(2019, 10, 14), date(2018, 3, 1), date(2021, 6, 1))
# Where each tag is really found, and how an adversary would put it.
TAG_PLACES = {
    "it_general": ("city", "knowledge", "course"),
    "it_specialised": ("district", "knowledge", "course"),
    "it_practice": ("school", "practice", "course"),
    "class_teacher": ("district", "ethics", "course"),
    "middle_manager": ("district", "knowledge", "course"),
    "senior": ("district", "practice", "autonomous"),
    "senior_core": ("school", "practice", "autonomous"),
    "trainer": ("city", "knowledge", "course"),
    "principal": ("city", "knowledge", "course"),
    "release": ("district", "knowledge", "course"),
    "qualification": ("city", "knowledge", "course"),
    "probation": ("school", "practice", "course"),
}
ALSO_FITTING = (
    ("principal", "release"),
    ("senior", "senior_core"),
    ("principal_designate", "qualification"),
)
ADDED = {
    "class_teacher": entry("district/practice", 3, "class_teacher"),
    "middle_manager": entry("city/knowledge", 9, "middle_manager"),
    "college_head": entry("city/practice", 6),
    "senior": entry("school/practice:autonomous", 18, "senior_core"),
    "principal": entry("city/knowledge", 36, "release"),
    "principal_designate": entry("city/knowledge", 30, "qualification"),
    "probation": entry("school/practice", 12, "probation"),
    "pd_school": entry("school/practice", 12),
    "vocational": entry("district/knowledge", 3),
}
# Ranges of 一.1 to 一.3, hundredths: (profile, name) → low, high.
RANGES = {
    ("teacher", "knowledge"): (1200, 1400),
    ("teacher", "practice"): (1000, 1200),
    ("teacher", "city"): (400, 700),
    ("teacher", "district"): (1100, 1400),
    ("teacher", "school"): (1500, 1800),
    ("teacher", "city.ethics_literacy"): (100, 200),
    ("teacher", "city.knowledge"): (300, 500),
    ("teacher", "district.ethics_literacy"): (200, 300),
    ("teacher", "district.knowledge"): (900, 1100),
    ("teacher", "school.ethics"): (400, 500),
    ("teacher", "school.literacy"): (100, 200),
    ("teacher", "school.practice"): (1000, 1200),
    ("teacher", "autonomous"): (300, 500),
    ("teacher", "autonomous.district"): (300, 400),
    ("pd_school", "school.ethics"): (400, 500),
    ("pd_school", "school.literacy"): (200, 300),
    ("pd_school", "school.practice"): (1900, 2200),
    ("pd_school", "autonomous"): (300, 500),
}


@dataclass(frozen=True)
class District:
    """One district's day and choices, as the policy's file writes them and as the own reading takes them."""

    on: date
    table: dict[str, dict[str, Any]]
    choices: Choices


@dataclass(frozen=True)
class Teacher:
    person: PersonFacts
    entries: tuple[EntryFacts, ...]


def districts(seed: int, count: int) -> Iterator[District]:
    """Minima raised in their ranges to the hundredth, every setting of the switches; the first one chooses nothing."""
    random = Random(seed)
    yield District(DAYS[0], {}, Choices())
    for _ in range(count - 1):
        raised = {
            key: random.choice((high, random.randint(low, high)))
            for key, (low, high) in RANGES.items()
            if random.random() < 0.4
        }
        switch = {
            "autonomous_in_level": random.random() < 0.3,
            "reduction_by_entry_year": random.random() < 0.4,
            "released_practice": random.random() < 0.8,
        }
        choices = Choices(
            minimum=raised,
            autonomous_in_level=switch["autonomous_in_level"],
            reduction=switch["reduction_by_entry_year"],
            released_practice=switch["released_practice"],
        )
        table = {
            "minimum": {f"{profile}/{name}": f"{amount / 100:.2f}" for (profile, name), amount in raised.items()},
            "switch": switch,
        }
        yield District(random.choice(DAYS), table, choices)


def teachers(seed: int, count: int) -> Iterator[Teacher]:
    random = Random(seed)
    for number in range(count):
        person = _person(random, f"T{number}")
        yield Teacher(person, tuple(_entries(random, person)))


def _person(random: Random, name: str) -> PersonFacts:
    base = random.choice(BASES)
    additions = [addition for addition in ADDITIONS if random.random() < random.choice((0.05, 0.3))]
    return PersonFacts(
        name,
        tuple(([base] if base else []) + additions),
        entered_on=_some_day(random, 2012, 2020) if random.random() < 0.5 else None,
        senior_on=_some_day(random, 2014, 2020) if random.random() < 0.5 else None,
        released=random.random() < 0.25,
    )


def _some_day(random: Random, first: int, last: int) -> date:
    return date(first, 1, 1) + timedelta(days=random.randrange((last - first + 1) * 365))


def _entries(random: Random, person: PersonFacts) -> Iterator[EntryFacts]:
    style = random.choice(("ordinary", "sparse", "tagged", "wild", "nearly"))
    if style == "nearly":
        yield from _nearly_done(random, person)
        return
    count = {"ordinary": 40, "sparse": 4, "tagged": 8, "wild": 12}[style]
    for _ in range(random.randint(0, count)):
        level, category, form, tags = _kind(random, person, style)
        yield EntryFacts(_earned_on(random), level, category, form, _credits(random, style), frozenset(tags))


def _nearly_done(random: Random, person: PersonFacts) -> Iterator[EntryFacts]:
    """What meets a teacher's minima, with here and there an entry lost, cut, lifted a level or of another category."""
    added = [fact for profile, fact in ADDED.items() if profile in person.profiles]
    for fact in [*complete_teacher(), *added]:
        fate = random.random()
        if fate < 0.06:
            continue
        if fate < 0.12:
            fact = replace(fact, credits=random.randint(0, fact.credits))
        elif fate < 0.2:
            fact = replace(fact, credits=fact.credits + random.choice((1, 50, 100, 300)))
        elif fate < 0.3 and fact.level in ("city", "district"):
            fact = replace(fact, level=random.choice(("national", "city")))
        elif fate < 0.35:
            fact = replace(fact, category=random.choice(CATEGORIES))
        elif fate < 0.38:
            fact = EntryFacts(fact.earned_on, "", "", "degree", fact.credits)
        yield replace(fact, earned_on=_some_day(random, 2016, 2017))


def _kind(random: Random, person: PersonFacts, style: str) -> tuple[str, str, str, set[str]]:
    if random.random() < 0.08:
        return "", "", "degree", set()
    tags: set[str] = set()
    level, category = random.choice(LEVELS), random.choice(CATEGORIES)
    form = "autonomous" if random.random() < 0.2 else "course"
    fitting = [tag for tag in TAG_PLACES if tag in person.profiles or tag.startswith("it_")]
    fitting += [tag for profile, tag in ALSO_FITTING if profile in person.profiles]
    if style in ("tagged", "ordinary") and random.random() < 0.4:
        tag = random.choice(fitting if random.random() < 0.7 else list(TAG_PLACES))
        level, category, form = TAG_PLACES[tag]
        tags.add(tag)
        if tag in ("class_teacher", "middle_manager") and random.random() < 0.5:
            level = random.choice(LEVELS)
    if style == "wild" and random.random() < 0.6:
        tags = set(random.sample(list(TAG_PLACES), random.choice((1, 1, 2, 3))))
    return level, category, form, tags


def _earned_on(random: Random) -> date:
    if random.random() < 0.1:
        return random.choice((date(2015, 12, 31), date(2016, 1, 1), date(2020, 12, 31), date(2021, 1, 1)))
    return _some_day(random, 2016, 2020)


def _credits(random: Random, style: str) -> int:
    if style == "ordinary":
        return random.choice((40, 80, 100, 120, 200))
    return random.choice((1, 50, 99, 100, 300, 900, 1000, 1100, random.randint(1, 1800)))

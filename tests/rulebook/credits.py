"""Words in which the tests of the rulebook speak of people and their credits under shanghai-2016."""

from datetime import date
from typing import Any

from rulebook.facts import EntryFacts, PersonFacts
from rulebook.parameters import LocalChoices, parse_choices
from rulebook.policy import shipped_policy
from rulebook.standing import Standing, standing_of

POLICY = shipped_policy("shanghai-2016")
END = date(2020, 12, 31)
ARTICLE = "shanghai-2016:学分管理办法:"


def entry(kind: str, credits: float | str, *tags: str, on: date = date(2018, 3, 1), **more: Any) -> EntryFacts:
    """``entry("city/knowledge", 3)``, ``entry("district/ethics:autonomous", 3)``, ``entry("degree", 5)``."""
    place, _, form = kind.partition(":")
    level, _, category = ("", "", "") if place == "degree" else place.partition("/")
    form = "degree" if place == "degree" else form or "course"
    return EntryFacts(on, level, category, form, round(float(credits) * 100), frozenset(tags), **more)


def teacher(*profiles: str, **more: Any) -> PersonFacts:
    return PersonFacts("T1", profiles, **more)


def judged(
    person: PersonFacts, entries: Any = (), *, on: date = END, local: LocalChoices | dict[str, Any] | None = None
) -> Standing:
    chosen = parse_choices(POLICY, local) if isinstance(local, dict) else local
    return standing_of(POLICY, person, entries, on=on, local=chosen)


def short(standing: Standing) -> dict[str, int]:
    """What each requirement lacks, hundredths, where anything is lacking."""
    return {row.id: row.short for row in standing.requirements if row.short}


def complete_teacher() -> list[EntryFacts]:
    """A teacher who meets every minimum of 一.1 and 一.3 with exactly 36 credits."""
    return [
        entry("city/ethics", 1),
        entry("city/knowledge", 2),
        entry("city/knowledge", 1, "it_general"),
        entry("district/ethics", 2),
        entry("district/knowledge", 6),
        entry("district/knowledge", 3, "it_specialised"),
        entry("school/ethics", 4),
        entry("school/literacy", 1),
        entry("school/practice", 11),
        entry("school/practice", 1, "it_practice"),
        entry("district/ethics:autonomous", 3),
        entry("school/literacy:autonomous", 1),
    ]

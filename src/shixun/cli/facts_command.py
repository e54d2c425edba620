"""Write what the credit bank holds of a school or an area as files for ``shixun standing``.

Into --out come people.csv, entries.csv and local.toml, as of --on. An account that is judged apart (a principal's, a
new teacher's) is a line of its own, named code:kind. A corrected entry is written as it stands after the correction.
All places of one call must be under the same policy and the same local choices. Prints the command that follows.
"""

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rulebook.amounts import show_amount
from rulebook.facts import EntryFacts
from shixun.cli import site

if TYPE_CHECKING:
    # Rooms may be loaded only after the site is set up.
    from shixun.standing.facts import Subject

_CHUNK = 2_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--organisation", required=True, metavar="CODE", help="code of the school or area")
    parser.add_argument("--on", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD", help="the day to judge")
    parser.add_argument("--out", required=True, type=Path, help="a folder; its three files are replaced")


def run(args: argparse.Namespace) -> int:
    site.set_up()
    from shixun.people.models import Organisation, Person
    from shixun.standing.facts import subjects_of
    from shixun.standing.queries import holders_within

    place = Organisation.objects.filter(code=args.organisation).first()
    if place is None:
        print(f"--organisation {args.organisation}: there is no such code", file=sys.stderr)
        return 2
    pks = list(holders_within(place.scope, args.on).order_by("code").values_list("pk", flat=True))
    subjects: list[Subject] = []
    for first in range(0, len(pks), _CHUNK):
        persons = list(Person.objects.filter(pk__in=pks[first : first + _CHUNK]).order_by("code"))
        found = subjects_of(persons, args.on)
        subjects += [subject for person in persons for subject in found[person.pk]]
    rules = {(subject.policy.id, _local_text(subject)) for subject in subjects}
    if len(rules) != 1:
        print(f"{place.name}: {len(rules)} sets of rules apply here; name a district or a school", file=sys.stderr)
        return 2
    policy_id, local = rules.pop()
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "local.toml").write_text(local, encoding="utf-8")
    _write(args.out / "people.csv", _PEOPLE, map(_person, subjects))
    _write(args.out / "entries.csv", _ENTRIES, _entries(subjects))
    print(_following(args.out, policy_id, args.on))
    return 0


_PEOPLE = ("person", "profiles", "entered_on", "senior_on", "released")
_ENTRIES = ("person", "earned_on", "level", "category", "form", "credits", "tags")


def _write(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows(rows)


def _name(subject: "Subject") -> str:
    return subject.person.code if subject.kind == "teacher" else f"{subject.person.code}:{subject.kind}"


def _person(subject: "Subject") -> tuple[str, ...]:
    facts = subject.facts
    days = (day.isoformat() if day else "" for day in (facts.entered_on, facts.senior_on))
    return (_name(subject), ";".join(facts.profiles), *days, "true" if facts.released else "false")


def _entries(subjects: "Sequence[Subject]") -> Iterator[tuple[str, ...]]:
    from shixun.standing.facts import entries_for

    for first in range(0, len(subjects), _CHUNK):
        chunk = subjects[first : first + _CHUNK]
        held = entries_for(chunk)
        for subject in chunk:
            yield from ((_name(subject), *row) for row in _netted(held[subject.person.pk, subject.kind]))


def _netted(entries: Iterable[EntryFacts]) -> Iterator[tuple[str, ...]]:
    """Entries that say the same added up, so that a reversal takes away what it reverses."""
    sums: Counter[tuple[date, str, str, str, str]] = Counter()
    for one in entries:
        sums[one.earned_on, one.level, one.category, one.form, ";".join(sorted(one.tags))] += one.credits
    for (day, level, category, form, tags), credits in sums.items():
        if credits:
            yield day.isoformat(), level, category, form, show_amount(credits), tags


def _local_text(subject: "Subject") -> str:
    """The choices in force as a ``local.toml``."""
    local = subject.in_force.local
    lines = ["[minimum]", *(f'"{key}" = {show_amount(value)}' for key, value in sorted(local.minimum.items()))]
    lines += ["[switch]", *(f"{key} = {str(value).lower()}" for key, value in sorted(local.switch.items()))]
    for key, years in sorted(local.factors.items()):
        lines += [f"[reduction.{key}]", *(f'"{year}" = "{float(share):.2f}"' for year, share in sorted(years.items()))]
    return "\n".join(lines) + "\n"


def _following(out: Path, policy_id: str, on: date) -> str:
    files = f"--people {out / 'people.csv'} --entries {out / 'entries.csv'} --local {out / 'local.toml'}"
    return f"shixun standing --policy {policy_id} {files} --on {on} --out {out / 'standing.jsonl'}"

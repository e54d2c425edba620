"""Each teacher's standing under a policy, from a file of people and a file of entries.

People: person, profiles (joined by ;), entered_on, senior_on, released. Entries: person, earned_on, level, category,
form, credits, tags (joined by ;). Files are .csv (UTF-8, or --encoding gb18030) or .parquet; the output is .jsonl
(everything, with a certificate a reader can check), .csv or .parquet (verdict and shortfalls).
Needs no database. All mistakes of the input are told together, and then nothing is written (exit 2).
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from rulebook.parameters import NO_CHOICES, BadChoices, LocalChoices, parse_choices_text
from rulebook.policy import Policy, PolicyErrors, load_folder, shipped_folder
from rulebook.standing.files import read_entries, read_people
from rulebook.standing.files.reading import DAY
from rulebook.standing.files.writing import FORMATS, Question, write_standings


class _Unusable(Exception):
    """The call cannot be carried out; the text tells the person what to change."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``shixun standing``."""
    parser.add_argument("--policy", required=True, help="id of a shipped policy, such as shanghai-2016, or a folder")
    parser.add_argument("--people", required=True, type=Path, help="people.csv or .parquet")
    parser.add_argument("--entries", required=True, type=Path, help="entries.csv or .parquet")
    parser.add_argument("--on", required=True, help="the day to judge, such as 2020-12-31")
    parser.add_argument("--out", required=True, type=Path, help="standing.jsonl, .csv or .parquet")
    parser.add_argument("--local", type=Path, help="a district's own values (toml)")
    parser.add_argument("--encoding", default="utf-8-sig", help="of csv files: utf-8 (default) or gb18030")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def run(args: argparse.Namespace) -> int:
    """0 written, 1 the output cannot be written, 2 the input cannot be used (every mistake is on stderr)."""
    try:
        question = _question(args)
    except _Unusable as error:
        print(error, file=sys.stderr)
        return 2
    try:
        with _bar(args, "judging", total=len(question.people)) as bar:
            write_standings(question, args.out, bar.update)
    except OSError as error:
        print(f"--out {args.out}: cannot be written: {error.strerror}; nothing was written.", file=sys.stderr)
        return 1
    for line in _remarks(question):
        print(line, file=sys.stderr)
    return 0


def _bar(args: argparse.Namespace, what: str, total: int | None = None) -> "tqdm[NoReturn]":
    """Progress on a terminal; how many rows a file has is not known before it is read."""
    unit = " rows" if total is None else " people"
    return tqdm(desc=what, total=total, unit=unit, disable=args.quiet or None, file=sys.stderr)


def _remarks(question: Question) -> Iterator[str]:
    """What the reader of the standings should know and the files do not say."""
    policy, on, cycle = question.policy, question.on, question.policy.cycle_of(question.on)
    if not policy.valid_from <= on < policy.valid_until:
        days = f"from {policy.valid_from} and before {policy.valid_until}"
        yield f"{policy.id} is in force {days}; {on} is judged by its cycle {cycle.id} all the same."
    if question.left_out and on < cycle.starts_on:
        yield f"{question.left_out} entries do not count: the cycle begins on {cycle.starts_on}, after {on}."
    elif question.left_out:
        last = min(on, cycle.ends_on)
        yield f"{question.left_out} entries lie outside {cycle.starts_on} to {last} and do not count."


def _question(args: argparse.Namespace) -> Question:
    policy = load_policy(args.policy)
    on = _day(args.on)
    if args.out.suffix not in FORMATS:
        raise _Unusable(f"--out {args.out}: ends in none of {', '.join(FORMATS)}")
    if not args.out.parent.is_dir():
        raise _Unusable(f"--out {args.out}: the folder {args.out.parent} does not exist")
    for name in ("people", "entries"):
        if args.out.resolve() == getattr(args, name).resolve():
            raise _Unusable(f"--out {args.out}: is the --{name} file itself and would replace it")
    encoding = "utf-8-sig" if args.encoding.lower().replace("_", "-") in ("utf-8", "utf8") else args.encoding
    try:
        "".encode(encoding)
    except LookupError:
        raise _Unusable(f"--encoding {args.encoding}: is not known; use utf-8 or gb18030") from None
    local = _local(policy, args.local)
    with _bar(args, "reading people") as bar:
        people, mistakes = read_people(args.people, policy, encoding=encoding, progress=bar.update)
    with _bar(args, "reading entries") as bar:
        entries, more = read_entries(args.entries, policy, people, encoding=encoding, progress=bar.update)
    mistakes += more
    if mistakes:
        listed = "\n".join(map(str, mistakes))
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        raise _Unusable(f"{listed}\n{count}; nothing was written.")
    return Question(policy, people, entries, on, local)


def load_policy(name: str) -> Policy:
    """A shipped policy by id, or the policy in a folder; unusable with every mistake named."""
    try:
        folder = Path(name)
        return load_folder(folder if folder.is_dir() else shipped_folder(name))
    except KeyError as error:
        raise _Unusable(f"--policy: {error.args[0]}") from None
    except PolicyErrors as error:
        raise _Unusable(f"--policy {name}: {len(error.errors)} mistakes\n{error}") from None


def _local(policy: Policy, path: Path | None) -> LocalChoices:
    if path is None:
        return NO_CHOICES
    try:
        return parse_choices_text(policy, path.read_text("utf-8-sig"))
    except OSError as error:
        raise _Unusable(f"--local {path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _Unusable(f"--local {path}: is not UTF-8 text") from None
    except BadChoices as error:
        raise _Unusable(f"--local {path}: {len(error.errors)} choices are refused\n{error}") from None


def _day(text: str) -> date:
    try:
        if not DAY.match(text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError:
        raise _Unusable(f"--on {text}: is not a date such as 2020-12-31") from None

"""G2: the product against an independent linear program: random policies with random and extreme supplies.

``exactness.py POLICIES PEOPLE`` prints how many verdicts and shortfalls differ, in tables and in the single
computation, and how many certificates the checker refuses. The program is ``tests/rulebook/random_policies``.
"""

import json
import math
import sys
from collections.abc import Sequence
from random import Random

from rulebook.facts import PersonFacts
from rulebook.parameters import NO_CHOICES
from rulebook.policy import load_texts
from rulebook.standing.batch import columns_of, in_order, people_columns, verdicts_of
from rulebook.standing.checker import problems
from rulebook.standing.files.writing import Question, line_of
from tests.rulebook.random_policies import ON, Reading, random_entries, random_policy


def compare(policies: int, people: int, seed: int = 7) -> dict[str, int]:
    found = dict.fromkeys(("policies", "people", "differ_table", "differ_single", "refused", "halves", "by_table"), 0)
    for number in range(policies):
        _compare_one(seed * 1000 + number, people // policies, found)
    return found


def _compare_one(seed: int, people: int, found: dict[str, int]) -> None:
    texts, random = random_policy(seed), Random(seed)
    policy, reading = load_texts(texts), Reading(texts)
    persons = [PersonFacts(f"T{one}") for one in range(people)]
    entries = [list(random_entries(random)) for _ in persons]
    columns = columns_of((index, fact) for index, facts in enumerate(entries) for fact in facts)
    question = Question(policy, persons, columns, ON, NO_CHOICES)
    verdicts = verdicts_of(policy, people_columns(persons), in_order(columns, people), on=ON, worth_a_table=1)
    for index, (person, facts) in enumerate(zip(persons, entries, strict=True)):
        exact = reading.shortfall(facts)
        line = line_of(question, person, facts)
        least = math.ceil(exact)
        found["people"] += 1
        found["halves"] += exact.denominator > 1
        found["by_table"] += int(verdicts.served[index] >= 0)
        found["differ_table"] += (bool(verdicts.met[index]), int(verdicts.shortfall[index])) != (exact == 0, least)
        found["differ_single"] += (line["met"], line["shortfall"]) != (exact == 0, f"{least / 100:.2f}")
        found["refused"] += bool(problems(json.loads(json.dumps(line))))
    found["policies"] += 1


def main(words: Sequence[str]) -> None:
    print(json.dumps(compare(int(words[0]), int(words[1]))))


if __name__ == "__main__":
    main(sys.argv[1:])

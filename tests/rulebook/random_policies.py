"""Random small policies as texts, and a reading of those texts that shares nothing with the rulebook but the program.

Each has a few levels and categories, overlapping requirements, one-way moves, a tag, and a degree that fits anywhere.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import highspy
import numpy as np

from rulebook.facts import EntryFacts

LEVELS, CATEGORIES = ("high", "middle", "low"), ("one", "two", "three")
ON = date(2020, 12, 31)
GRAIN = 2520
ARTICLES = """
[document."办法"]
title = "办法"
[[article]]
id = "{name}:办法:一"
document = "办法"
title = "总量"
text = "总量。"
kind = "rule"
"""
HEAD = """
[policy]
id = "{name}"
name = "{name}"
short_name = "{name}"
region = "某县"
area_code = "310999"
valid_from = 2016-01-01
valid_until = 2021-01-01
cycle_starts_on = 2016-01-01
cycle_years = 5
unit = "credits"
unit_label = "学分"
hours_per_credit = "10"
default_base = "teacher"
[label.level]
high = "高"
middle = "中"
low = "低"
[label.category]
one = "一"
two = "二"
three = "三"
[label.form]
course = "课程"
degree = "学历"
[label.tag]
it = "信息技术"
[[profile]]
id = "teacher"
name = "教师"
kind = "base"
article = "{name}:办法:一"
account = "teacher"
"""


def random_policy(seed: int) -> dict[str, str]:
    """The files of a policy."""
    random = Random(seed)
    name = f"random-{seed}"
    parts = [HEAD.format(name=name)]
    for number in range(random.randint(2, 8)):
        chosen = {"level": _some(random, LEVELS), "category": _some(random, CATEGORIES)}
        counts = [f"{key} = {list(some)}".replace("'", '"') for key, some in chosen.items() if some]
        counts += ['tags = ["it"]'] if random.random() < 0.2 else []
        need = random.choice((1, 3, random.randint(1, 20), Fraction(random.randint(1, 2000), 100)))
        parts.append(
            f'[[requirement]]\nid = "r{number}"\nprofile = "teacher"\nname = "r{number}"\n'
            f'article = "{name}:办法:一"\nminimum = "{float(need):.2f}"\ncounts = {{ {", ".join(counts)} }}\n'
        )
    for number in range(random.randint(1, 3)):
        source, target = random.sample(range(3), 2)
        step = random.choice((f'level = ["{LEVELS[target]}"]', f'category = ["{CATEGORIES[target]}"]'))
        key, names = ("level", LEVELS) if step.startswith("level") else ("category", CATEGORIES)
        parts.append(_move(name, f"m{number}", f'{key} = ["{names[source]}"], form = ["course"]', step))
    wide = (
        f"level = {list(_some(random, LEVELS) or LEVELS)}, category = {list(_some(random, CATEGORIES) or CATEGORIES)}"
    )
    parts.append(_move(name, "degree", 'form = ["degree"]', wide.replace("'", '"')))
    both = f'level = {list(LEVELS)}\ncategory = {list(CATEGORIES)}\nform = "course"\n'.replace("'", '"')
    parts += [f"[[new_credit]]\n{both}", f'[[new_credit]]\n{both}tag = "it"\n']
    return {"articles.toml": ARTICLES.format(name=name), "rules.toml": "\n".join(parts)}


def _some(random: Random, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if random.random() < 0.5) if random.random() < 0.8 else ()


def _move(policy: str, name: str, source: str, target: str) -> str:
    ends = "ends = true\n" if name == "degree" else ""
    return f'[[move]]\nid = "{name}"\nfrom = {{ {source} }}\nto = {{ {target} }}\n{ends}article = "{policy}:办法:一"\n'


def random_entries(random: Random) -> Iterator[EntryFacts]:
    """Few or many entries, of ordinary size or of none at all, or far too large."""
    for _ in range(random.choice((0, 2, 6, 15))):
        credits = random.choice((0, 1, 50, 100, random.randint(0, 1500), random.randint(0, 100_000)))
        day = date(random.randint(2016, 2020), random.randint(1, 12), 1)
        if random.random() < 0.2:
            yield EntryFacts(day, "", "", "degree", credits)
            continue
        tags = frozenset(("it",) if random.random() < 0.2 else ())
        yield EntryFacts(day, random.choice(LEVELS), random.choice(CATEGORIES), "course", credits, tags)


@dataclass(frozen=True)
class Spot:
    level: str
    category: str
    form: str
    tags: frozenset[str] = frozenset()


class Reading:
    """A policy's texts read anew; ``shortfall`` is exact for multiples of 1/2520 of a hundredth."""

    def __init__(self, texts: dict[str, str]) -> None:
        rules = tomllib.loads(texts["rules.toml"])
        self.asked = [(row["counts"], round(float(row["minimum"]) * 100)) for row in rules["requirement"]]
        self.moves = rules["move"]
        self.new = [
            Spot(level, category, "course", frozenset(tags))
            for level, category, tags in product(LEVELS, CATEGORIES, ((), ("it",)))
        ]

    def spots_of(self, entry: EntryFacts) -> list[Spot]:
        """Where an entry may count: as it is, or after any chain of moves, which lose its tags."""
        own = Spot(entry.level, entry.category, entry.form, entry.tags)
        reached, waiting = [own], [own]
        while waiting:
            at = waiting.pop()
            for move in self.moves:
                if not _fits(at, move["from"]):
                    continue
                levels = move["to"].get("level", [at.level])
                for level, category in product(levels, move["to"].get("category", [at.category])):
                    spot = Spot(level, category, "course")
                    if all((spot.level, spot.category, spot.form) != (s.level, s.category, s.form) for s in reached):
                        reached.append(spot)
                        waiting += [] if move.get("ends") else [spot]
        return reached

    def shortfall(self, entries: list[EntryFacts]) -> Fraction:
        columns = [(row, spot) for row, entry in enumerate(entries) for spot in self.spots_of(entry)]
        columns += [(-1, spot) for spot in self.new]
        count, rows = len(columns), len(self.asked) + len(entries)
        matrix = np.zeros((rows, count))
        for column, (row, spot) in enumerate(columns):
            for k, (counts, _) in enumerate(self.asked):
                matrix[k, column] = _fits(spot, counts)
            if row >= 0:
                matrix[len(self.asked) + row, column] = 1
        return _least(matrix, [need for _, need in self.asked], [entry.credits for entry in entries], columns)


def _fits(spot: Spot, selector: dict[str, Any]) -> bool:
    plain = all(getattr(spot, key) in selector[key] for key in ("level", "category", "form") if key in selector)
    return plain and ("tags" not in selector or bool(spot.tags & set(selector["tags"])))


def _least(matrix: Any, needs: list[int], supplies: list[int], columns: list[tuple[int, Spot]]) -> Fraction:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = matrix.shape[1], matrix.shape[0]
    lp.col_cost_ = np.array([float(row < 0) for row, _ in columns])
    lp.col_lower_, lp.col_upper_ = np.zeros(len(columns)), np.full(len(columns), highspy.kHighsInf)
    lp.row_lower_ = np.array([*map(float, needs), *[-highspy.kHighsInf] * len(supplies)])
    lp.row_upper_ = np.array([*[highspy.kHighsInf] * len(needs), *map(float, supplies)])
    columns_of, rows_of = np.nonzero(matrix.T)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.searchsorted(columns_of, np.arange(matrix.shape[1] + 1))
    lp.a_matrix_.index_ = rows_of
    lp.a_matrix_.value_ = matrix.T[columns_of, rows_of]
    solver.passModel(lp)
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    value = solver.getInfo().objective_function_value
    exact = Fraction(round(value * GRAIN), GRAIN)
    assert abs(float(exact) - value) < 1e-3
    return exact

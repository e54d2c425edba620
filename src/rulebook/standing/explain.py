"""A standing in plain Chinese: what is missing, why no way of counting does better, and what would close it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from rulebook.amounts import ceil_hundredths, show_amount, show_exact
from rulebook.policy.model import Policy
from rulebook.standing.program import Allocation
from rulebook.standing.result import NewCredits, Place, Reason, Standing, Way
from rulebook.standing.structure import NewPlace, Structure


def label_of(policy: Policy, places: Sequence[Place]) -> str:
    """``区级知识与技能``, ``区级师德或素养``, ``校级实践体验（信息技术实践应用）``, ``区级自主研修``."""
    first = places[0]
    if not first.level:
        return policy.forms.get(first.form, first.form)
    held = {level: {place.category for place in places if place.level == level} for level in policy.levels}
    level = _either([policy.levels[name] for name in policy.levels if held[name] == held[first.level]])
    names = [text for name, text in policy.categories.items() if name in held[first.level]]
    every = len(names) == len(policy.categories) > 1
    category = "任一类别" if every else _either(names)
    form = "" if first.form == "course" else policy.forms.get(first.form, "")
    tags = "、".join(policy.tags[tag] for tag in first.tags)
    body = form if every and form else f"{category}{form}"
    return f"{level}{body}（{tags}）" if tags else f"{level}{body}"


def _either(names: Sequence[str]) -> str:
    """``市级``, ``市级或区级``, ``省级、市级或县级``."""
    return "或".join(filter(None, ("、".join(names[:-1]), *names[-1:])))


def new_credits_of(policy: Policy, new: NewPlace, amount: Fraction) -> NewCredits:
    label = label_of(policy, new.alike)
    if new.then:
        label += f"（冲抵{policy.levels.get(new.then.level, '')}）"
    return NewCredits(new.place, ceil_hundredths(amount), label, new.then, new.article)


def way_of(policy: Policy, parts: Mapping[NewPlace, Fraction]) -> Way:
    """What to earn; the total is of the exact amounts, rounded up once."""
    shown = tuple(new_credits_of(policy, new, amount) for new, amount in parts.items())
    return Way(shown, ceil_hundredths(sum(parts.values(), Fraction(0))))


def sentence_of(policy: Policy, met: bool, shortfall: int, total: int, ways: Sequence[Way], rows: int) -> str:
    """One sentence of where I stand (pages.md §2)."""
    if met:
        return f"您已达标：累计 {show_amount(total)} {policy.unit_label}，{rows} 项要求全部满足。"
    parts = "，".join(f"{part.label} {show_amount(part.credits)}" for part in ways[0].parts)
    return f"您还缺 {show_amount(shortfall)} {policy.unit_label}：{parts}。"


def reason_of(
    structure: Structure, needs: Sequence[Fraction], supply: Mapping[Place, int], allocation: Allocation
) -> Reason | None:
    """The binding row of an allocation, or None where nothing is missing."""
    if not allocation.shortfall:
        return None
    weights = dict(enumerate(allocation.row_duals))
    need = sum((weights[k] * needs[k] for k in weights), Fraction(0))
    counted = sum((amount * _best_weight(structure, place, weights) for place, amount in supply.items()), Fraction(0))
    binding = {structure.rows[k].id: weight for k, weight in weights.items() if weight}
    helping = tuple(
        dict.fromkeys(
            label_of(structure.policy, new.alike) for new in structure.new_places if _weight(new.mask, weights) == 1
        )
    )
    names = [structure.rows[k].name for k, weight in weights.items() if weight]
    text = _reason_text(names, list(binding.values()), need, counted, structure.policy.unit_label)
    return Reason(binding, need, counted, need - counted, helping, text)


def _weight(mask: int, weights: Mapping[int, Fraction]) -> Fraction:
    return sum((weight for k, weight in weights.items() if mask >> k & 1), Fraction(0))


def _best_weight(structure: Structure, place: Place, weights: Mapping[int, Fraction]) -> Fraction:
    masks = [structure.mask_of(place), *(option.mask for option in structure.options_of(place))]
    return max(_weight(mask, weights) for mask in masks)


def _reason_text(
    names: Sequence[str], weights: Sequence[Fraction], need: Fraction, counted: Fraction, unit: str
) -> str:
    listed = "、".join(f"“{name}”" for name in names)
    sums = f"{_shown(need)} {unit}，能计入的已有{unit}（含冲抵）共 {_shown(counted)}"
    end = f"所以至少还缺 {_shown(need - counted)}，换任何一种算法都不会更少。"
    if len(names) == 1:
        return f"{listed}需要 {sums}，{end}"
    if all(weight == 1 for weight in weights):
        return f"这几项要求互不重叠：{listed}。合计需要 {sums}，{end}"
    if all(weight == Fraction(1, 2) for weight in weights):
        return f"这几项要求两两交叉，同一{unit}至多同时计入其中两项：{listed}。合计的一半是 {sums}（折半计），{end}"
    shares = "、".join(f"“{name}”×{weight}" for name, weight in zip(names, weights, strict=True))
    return f"按这样的份量合计：{shares}，同一{unit}最多计一次。合计需要 {sums}，{end}"


def _shown(amount: Fraction) -> str:
    return show_exact(amount)


def statement(policy: Policy, standing: Standing) -> str:
    """The whole statement as text: sentence, each short requirement with what counts and its article, reason, ways."""
    return "\n".join(_statement_lines(policy, standing))


def _statement_lines(policy: Policy, standing: Standing) -> Iterable[str]:
    yield standing.sentence
    for row in standing.requirements:
        if row.short:
            yield (
                f"· {row.name}：需要 {show_amount(row.need)}，已有 {show_amount(row.counted)}，"
                f"缺 {show_amount(row.short)}；计入的是{row.counts_text}（依据 {row.article}）"
            )
    if standing.reason:
        yield f"为什么：{standing.reason.text}"
    for number, way in enumerate(standing.ways, start=1):
        parts = "，".join(f"{part.label} {show_amount(part.credits)}" for part in way.parts)
        yield f"办法{number}：{parts}，合计 {show_amount(way.total)} {policy.unit_label}"
    if len(standing.ways) == 1:
        yield "没有第二种办法。"
    for move in standing.moves:
        source, target = label_of(policy, [move.source]), label_of(policy, [move.target])
        yield f"冲抵：{source} → {target} {show_amount(move.credits)}（依据 {move.article}）"
    for yearly in standing.yearly:
        if not yearly.met:
            state = "当年未达标" if yearly.state == "missed" else "当年尚缺，仍可补"
            yield (
                f"· {yearly.year}年{yearly.name}：需要 {show_amount(yearly.need)}，"
                f"已有 {show_amount(yearly.counted)}，{state}（依据 {yearly.article}）"
            )
    for dated in standing.dated:
        if not dated.met:
            yield (
                f"· {dated.name}：{dated.due_on:%Y-%m-%d} 前需要 {show_amount(dated.need)}，"
                f"已有 {show_amount(dated.counted)}（依据 {dated.article}）"
            )

"""A district's own numbers: permitted ranges, switches and reduction tables, refused with the article (PR-18)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from rulebook.amounts import BadAmount, parse_amount, show_amount

if TYPE_CHECKING:
    # The loader of policies checks the local files that come with them, so it stands above this module.
    from rulebook.policy.claim_kinds import ClaimKind, WorthRow
    from rulebook.policy.model import Policy, Requirement

LAYERS = ("province", "city", "district", "school")


@dataclass(frozen=True, slots=True)
class ChoiceError:
    """One refused choice: the key as given, what is wrong in Chinese, and the article that says so."""

    key: str
    value: str
    message: str
    article: str

    def __str__(self) -> str:
        return f"{self.key} = {self.value}:{self.message}" + (f"(依据 {self.article})" if self.article else "")


class BadChoices(Exception):
    """All refused choices together."""

    def __init__(self, errors: list[ChoiceError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class LocalChoices:
    """What a district (or a school under it) has chosen. ``minimum``: requirement key → hundredths.

    ``factors``: reduction id → year → factor, which stands in for the proportional formula (AMB-07).
    ``awards``: ``kind/row`` of a claim's table → hundredths (CL-05, CL-12); ``opened``: closed kinds open here.
    """

    minimum: Mapping[str, int] = field(default_factory=dict)
    switch: Mapping[str, bool] = field(default_factory=dict)
    factors: Mapping[str, Mapping[int, Fraction]] = field(default_factory=dict)
    awards: Mapping[str, int] = field(default_factory=dict)
    opened: frozenset[str] = frozenset()

    def award_of(self, kind: str, row: WorthRow) -> int:
        return self.awards.get(f"{kind}/{row.key}", row.credits)

    def minimum_of(self, row: Requirement) -> int:
        return self.minimum.get(row.key, row.minimum)

    def is_on(self, policy: Policy, switch_id: str) -> bool:
        return self.switch.get(switch_id, policy.switches[switch_id].default)

    def over(self, wider: LocalChoices) -> LocalChoices:
        """These choices on top of a wider layer's (city → district → school); the narrower one wins."""
        return LocalChoices(
            minimum={**wider.minimum, **self.minimum},
            switch={**wider.switch, **self.switch},
            factors={**wider.factors, **self.factors},
            awards={**wider.awards, **self.awards},
            opened=wider.opened | self.opened,
        )


NO_CHOICES = LocalChoices()


def parse_choices_text(policy: Policy, text: str, *, layer: str = "district") -> LocalChoices:
    """Choices from the text of a ``local.toml``. Raises ``BadChoices``, also when the text is not TOML."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadChoices([ChoiceError("文件", "", f"不是有效的 TOML:{error}", "")]) from None
    return parse_choices(policy, table, layer=layer)


def parse_choices(policy: Policy, table: Mapping[str, Any], *, layer: str = "district") -> LocalChoices:
    """Validated choices of one layer. Raises ``BadChoices`` with every mistake, each with its article."""
    errors: list[ChoiceError] = []
    for name in table:
        if name not in ("minimum", "switch", "reduction", "claim", "name", "area_code", "article", "note"):
            errors.append(ChoiceError(name, "", "不是可以选择的项目;可用 minimum、switch、reduction、claim", ""))
    awards, opened = _claims(policy, _section(table, "claim", errors), layer, errors)
    chosen = LocalChoices(
        minimum=dict(_minima(policy, _section(table, "minimum", errors), layer, errors)),
        switch=dict(_switches(policy, _section(table, "switch", errors), layer, errors)),
        factors=dict(_factors(policy, _section(table, "reduction", errors), errors)),
        awards=awards,
        opened=frozenset(opened),
    )
    if errors:
        raise BadChoices(errors)
    return chosen


def _section(table: Mapping[str, Any], name: str, errors: list[ChoiceError]) -> Mapping[str, Any]:
    section = table.get(name, {})
    if isinstance(section, Mapping):
        return section
    errors.append(ChoiceError(name, str(section), f"应写成 [{name}] 表", ""))
    return {}


def _minima(
    policy: Policy, section: Mapping[str, Any], layer: str, errors: list[ChoiceError]
) -> Iterable[tuple[str, int]]:
    for key, value in section.items():
        row = policy.requirement_for_choice(key)
        if row is None:
            errors.append(ChoiceError(key, str(value), "没有这项要求", ""))
            continue
        amount = _amount(value)
        if amount is None:
            errors.append(ChoiceError(key, str(value), "应是不小于 0、最多两位小数的数", row.article))
        elif amount != row.minimum and not _may_choose(layer, row.chooser):
            errors.append(ChoiceError(key, str(value), f"{row.name}不由这一级确定", row.article))
        elif amount < row.low or (row.high is not None and amount > row.high):
            errors.append(ChoiceError(key, str(value), f"{row.name}{_range_text(row)}", row.article))
        else:
            yield row.key, amount


def _range_text(row: Requirement) -> str:
    low = show_amount(row.low)
    if row.high is None:
        return f"不得低于 {low}"
    if row.high == row.low:
        return f"由文件定为 {low},不能改动"
    return f"只能在 {low} 至 {show_amount(row.high)} 之间"


def _amount(value: Any) -> int | None:
    """Numbers are written bare in a local file; a float is read by its shortest decimal text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return parse_amount(str(value))
    except BadAmount:
        return None


def _may_choose(layer: str, chooser: str) -> bool:
    return chooser in LAYERS and LAYERS.index(layer) <= LAYERS.index(chooser)


def _switches(
    policy: Policy, section: Mapping[str, Any], layer: str, errors: list[ChoiceError]
) -> Iterable[tuple[str, bool]]:
    for key, value in section.items():
        row = policy.switches.get(key)
        if row is None:
            errors.append(ChoiceError(key, str(value), f"没有这个开关;可用:{'、'.join(policy.switches)}", ""))
        elif not isinstance(value, bool):
            errors.append(ChoiceError(key, str(value), "应是 true 或 false", row.article))
        elif value != row.default and not _may_choose(layer, row.chooser):
            errors.append(ChoiceError(key, str(value), f"{row.name}不由这一级确定", row.article))
        else:
            yield key, value


def _factors(
    policy: Policy, section: Mapping[str, Any], errors: list[ChoiceError]
) -> Iterable[tuple[str, Mapping[int, Fraction]]]:
    for key, years in section.items():
        row = policy.reductions.get(key)
        if row is None or not isinstance(years, Mapping):
            errors.append(ChoiceError(f"reduction.{key}", str(years), "没有这种递减,或不是“年份 = 比例”的表", ""))
            continue
        made: dict[int, Fraction] = {}
        for year, value in years.items():
            amount = _amount(value)
            if not str(year).isdigit() or amount is None or amount > 100:
                message = "应是年份 = 0 至 1 之间、最多两位小数的比例"
                errors.append(ChoiceError(f"reduction.{key}.{year}", str(value), message, row.article))
            else:
                made[int(year)] = Fraction(amount, 100)
        yield key, made


def _claims(
    policy: Policy, section: Mapping[str, Any], layer: str, errors: list[ChoiceError]
) -> tuple[dict[str, int], set[str]]:
    """An area's own conversion tables and opened kinds: ``[claim.research]`` with ``open`` and ``credits``."""
    awards: dict[str, int] = {}
    opened: set[str] = set()
    for name, asked in section.items():
        kind = policy.claim_kinds.get(name)
        if kind is None or not isinstance(asked, Mapping):
            errors.append(ChoiceError(f"claim.{name}", str(asked), "没有这种申报,或不是表", ""))
        elif not _may_choose(layer, kind.chooser):
            errors.append(
                ChoiceError(f"claim.{name}", str(dict(asked)), f"{kind.name}的换算不由这一级确定", kind.article)
            )
        else:
            awards |= dict(_awards(kind, asked, errors))
            opened |= {name} if asked.get("open") is True else set()
    return awards, opened


def _awards(kind: ClaimKind, asked: Mapping[str, Any], errors: list[ChoiceError]) -> Iterable[tuple[str, int]]:
    rows = {row.key for row in kind.worth.rows}
    for name in asked:
        if name not in ("open", "credits"):
            errors.append(ChoiceError(f"claim.{kind.id}.{name}", str(asked[name]), "可用 open、credits", kind.article))
    credits = asked.get("credits", {})
    for key, value in credits.items() if isinstance(credits, Mapping) else ():
        amount = _amount(value)
        if key not in rows or amount is None:
            message = f"应是换算表中一行的学分;可用:{'、'.join(sorted(rows))}"
            errors.append(ChoiceError(f"claim.{kind.id}.credits.{key}", str(value), message, kind.article))
        else:
            yield f"{kind.id}/{key}", amount

"""A district's own numbers: permitted ranges, switches and reduction tables, refused with the article (PR-18)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from rulebook import local_rows
from rulebook.amounts import BadAmount, parse_amount, show_amount
from rulebook.local_rows import ChoiceError, LocalRow

if TYPE_CHECKING:
    # The loader of policies checks the local files that come with them, so it stands above this module.
    from rulebook.policy.claim_kinds import ClaimKind, WorthRow
    from rulebook.policy.model import MoveRule, Policy, Requirement

LAYERS = ("province", "city", "district", "school")
SECTIONS = ("minimum", "switch", "reduction", "layer", "conversion", "offset", "claim")


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
    ``layers``: layer → requirement key → hundredths, before ``minimum`` for people of that layer (PR-19). ``rows`` are
    the tables a district writes itself (CL-05, CL-12), ``moves`` the offsets among them.
    """

    minimum: Mapping[str, int] = field(default_factory=dict)
    switch: Mapping[str, bool] = field(default_factory=dict)
    factors: Mapping[str, Mapping[int, Fraction]] = field(default_factory=dict)
    awards: Mapping[str, int] = field(default_factory=dict)
    opened: frozenset[str] = frozenset()
    layers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    rows: tuple[LocalRow, ...] = ()
    moves: tuple[MoveRule, ...] = ()

    def award_of(self, kind: str, row: WorthRow) -> int:
        return self.awards.get(f"{kind}/{row.key}", row.credits)

    def minimum_of(self, row: Requirement, layer: str = "") -> int:
        own = self.layers.get(layer, {}).get(row.key)
        return self.minimum.get(row.key, row.minimum) if own is None else own

    def rows_of(self, table: str) -> tuple[LocalRow, ...]:
        """What the district has written into one of its own tables."""
        return tuple(row for row in self.rows if row.table == table)

    def is_on(self, policy: Policy, switch_id: str) -> bool:
        return self.switch.get(switch_id, policy.switches[switch_id].default)

    def over(self, wider: LocalChoices) -> LocalChoices:
        """These choices on top of a wider layer's (city → district → school); the narrower one wins.

        Of a table the narrower one has written itself, none of the wider one's rows are left.
        """
        own = {row.table for row in self.rows}
        return LocalChoices(
            minimum={**wider.minimum, **self.minimum},
            switch={**wider.switch, **self.switch},
            factors={**wider.factors, **self.factors},
            awards={**wider.awards, **self.awards},
            opened=wider.opened | self.opened,
            layers={
                name: {**wider.layers.get(name, {}), **self.layers.get(name, {})}
                for name in dict.fromkeys((*wider.layers, *self.layers))
            },
            rows=(*(row for row in wider.rows if row.table not in own), *self.rows),
            moves=(*(move for move in wider.moves if move.id not in own), *self.moves),
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
        if name not in (*SECTIONS, "name", "area_code", "article", "note"):
            errors.append(ChoiceError(name, "", f"不是可以选择的项目;可用 {'、'.join(SECTIONS)}", ""))
    rows = local_rows.rows_of(policy, table, _may_choose(layer, "district"), errors)
    awards, opened = _claims(policy, _section(table, "claim", errors), layer, errors)
    chosen = LocalChoices(
        minimum=dict(_minima(policy, _section(table, "minimum", errors), layer, errors)),
        switch=dict(_switches(policy, _section(table, "switch", errors), layer, errors)),
        factors=dict(_factors(policy, _section(table, "reduction", errors), errors)),
        awards=awards,
        opened=frozenset(opened),
        layers=_layered_minima(policy, _section(table, "layer", errors), layer, errors),
        rows=rows,
        moves=local_rows.moves_of(policy, rows),
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


def _layered_minima(
    policy: Policy, section: Mapping[str, Any], layer: str, errors: list[ChoiceError]
) -> dict[str, dict[str, int]]:
    """Minima that hold for one layer of people only, in the same ranges as those for everybody (PR-19, PR-24)."""
    made: dict[str, dict[str, int]] = {}
    for name, table in section.items():
        known = policy.layers.get(name)
        if known is None or not isinstance(table, Mapping):
            errors.append(ChoiceError(f"layer.{name}", str(table), "没有这个层次，或不是“要求 = 学分”的表", ""))
            continue
        refused: list[ChoiceError] = []
        chosen = dict(_minima(policy, table, layer, refused))
        timed = [row for row in policy.requirements if row.key in chosen and row.kind != "cycle"]
        refused += [ChoiceError(row.id, "", f"{row.name}不分层次", row.article) for row in timed]
        errors += [ChoiceError(f"layer.{name}.{row.key}", row.value, row.message, row.article) for row in refused]
        made[name] = chosen
    return made


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

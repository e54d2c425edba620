"""What a claim is worth (申报折算), exact: amount, cell, article, and which cap bites (CL-04 … CL-07, CL-11, PR-37).

Facts in, an answer out: values of the form's fields and what stands of the same kind already; no clock, no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

from rulebook.amounts import HUNDRED, show_amount
from rulebook.conversion import Conversion, convert_hours, convert_sessions
from rulebook.decision import Basis
from rulebook.parameters import LocalChoices
from rulebook.policy.claim_kinds import ClaimCap, ClaimKind
from rulebook.policy.model import ConversionRule, Policy

DEGREE = "degree"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A claim of the same kind that stands or is under way; amounts are hundredths."""

    earned_on: date
    credits: int
    hours: int = 0


@dataclass(frozen=True, slots=True)
class ClaimWorth:
    """What a claim gives. ``missing`` names the fields still to be filled in; then the amounts are 0.

    ``uncapped`` is what it would give without caps; ``bites`` says which caps took the difference.
    """

    credits: int = 0
    hours: int = 0
    days: int = 0
    level: str = ""
    category: str = ""
    form: str = ""
    tags: frozenset[str] = frozenset()
    earned_on: date | None = None
    uncapped: int = 0
    basis: tuple[Basis, ...] = ()
    bites: tuple[Basis, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Amount:
    credits: int = 0
    hours: int = 0
    days: int = 0
    basis: tuple[Basis, ...] = ()


def worth_of_claim(
    policy: Policy,
    local: LocalChoices,
    kind: ClaimKind,
    values: Mapping[str, Any],
    earlier: Iterable[Earlier] = (),
) -> ClaimWorth:
    """The worth of one claim of a kind other than ``project``.

    ``values``: hundredths for hours, whole counts and days, dates, options of choices, texts; absent is missing.
    """
    needed = _needed(kind)
    missing = tuple(row.name for row in kind.fields if row.id in needed and values.get(row.id) in (None, ""))
    if missing:
        return ClaimWorth(missing=missing)
    earned_on: date = values["ends_on"]
    level, category, form, tags = _place(policy, kind, values)
    found = _amount(policy, local, kind, category, values)
    credits, bites = _capped(policy, kind, found, earned_on, list(earlier))
    return ClaimWorth(
        credits=credits,
        hours=found.hours,
        days=found.days,
        level=level,
        category=category,
        form=form,
        tags=tags,
        earned_on=earned_on,
        uncapped=found.credits,
        basis=found.basis,
        bites=bites,
    )


def left_under_caps(
    policy: Policy, kind: ClaimKind, *, credits: int, hours: int, earned_on: date, earlier: Iterable[Earlier]
) -> tuple[int, tuple[Basis, ...]]:
    """How many of a claim's credits its caps still leave beside what stands already, and which caps take the rest.

    ``credits`` and ``hours`` are what it would give without caps.
    """
    return _capped(policy, kind, _Amount(credits, hours), earned_on, list(earlier))


def is_open(kind: ClaimKind, local: LocalChoices) -> bool:
    """May this kind be declared here? A closed one only where the district has opened it."""
    return not kind.closed or kind.id in local.opened


def _needed(kind: ClaimKind) -> set[str]:
    rule, place = kind.worth, kind.place
    own = {"hours": {"hours"}, "rate": {"hours"}, "award": {"award"}, "days": {"days"}}.get(rule.kind, set())
    own |= {"sessions", "session_minutes", "lectures"} if rule.kind == "sessions" else set()
    own |= {rule.shared_by} if rule.shared_by else set()
    return {"ends_on", *own, *rule.axes, *({place.level_of, place.category_of, place.tag_of} - {""})}


def _place(policy: Policy, kind: ClaimKind, values: Mapping[str, Any]) -> tuple[str, str, str, frozenset[str]]:
    if kind.worth.kind == "award":
        award = policy.awards[values["award"]]
        return award.level, award.category, award.form, frozenset(award.tags)
    place = kind.place
    tags = {*place.tags, *({str(values[place.tag_of])} - {"none"} if place.tag_of else ())}
    if place.form == DEGREE:
        return "", "", DEGREE, frozenset(tags)
    option = str(values.get(place.level_of, ""))
    level = place.levels.get(option, option) if place.level_of else place.level
    category = str(values[place.category_of]) if place.category_of else place.category
    return level, category, place.form, frozenset(tags)


def _amount(policy: Policy, local: LocalChoices, kind: ClaimKind, category: str, values: Mapping[str, Any]) -> _Amount:
    rule = kind.worth
    if rule.kind == "hours":
        return _by_conversion(policy, local, kind, category, values["hours"])
    if rule.kind == "rate":
        return _by_rate(kind, values["hours"])
    if rule.kind == "sessions":
        return _by_sessions(policy, local, kind, values)
    if rule.kind == "award":
        award = policy.awards[values["award"]]
        text = f"凭证书认定：{award.name}，{show_amount(award.credits)} 学分。"
        return _Amount(award.credits, basis=(Basis(text, award.article),))
    if rule.kind == "days":
        text = f"按天累计 {values['days']} 天，不折算学分，计入企业实践天数。"
        return _Amount(days=values["days"], basis=(Basis(text, kind.article),))
    if rule.kind == "times":
        return _by_times(local, kind, values)
    return _by_table(local, kind, values)


def conversion_of(policy: Policy, kind: ClaimKind, category: str) -> ConversionRule | None:
    """The conversion a kind counted in hours uses: the one it names, else the policy's first for the category."""
    if kind.worth.conversion:
        return policy.conversions[kind.worth.conversion]
    return next((row for row in policy.conversions.values() if not row.category or category in row.category), None)


def _by_conversion(policy: Policy, local: LocalChoices, kind: ClaimKind, category: str, hours: int) -> _Amount:
    rule = conversion_of(policy, kind, category)
    if rule is None:
        text = f"《{policy.short_name}》没有这一类别的换算规定，{show_amount(hours)} 学时暂不折算学分。"
        return _Amount(hours=hours, basis=(Basis(text, kind.article),))
    if rule.kind == "sessions":
        # Hours of 60 minutes fill sessions of the length the rule asks for.
        number = hours * 60 // (rule.session_minutes * HUNDRED)
        found = convert_sessions(
            rule, [(rule.session_minutes, False)] * number, pro_rata=_pro_rata(policy, local, rule)
        )
    else:
        found = convert_hours(rule, hours=hours)
    return _converted(kind, found, hours)


def _by_sessions(policy: Policy, local: LocalChoices, kind: ClaimKind, values: Mapping[str, Any]) -> _Amount:
    rule = policy.conversions[kind.worth.conversion]
    number, minutes, lectures = (
        values["sessions"],
        values["session_minutes"],
        min(values["lectures"], values["sessions"]),
    )
    sessions = [(minutes, place < lectures) for place in range(number)]
    found = convert_sessions(rule, sessions, pro_rata=_pro_rata(policy, local, rule))
    return _converted(kind, found, number * minutes * HUNDRED // 60)


def _pro_rata(policy: Policy, local: LocalChoices, rule: ConversionRule) -> bool:
    return bool(rule.pro_rata_switch) and local.is_on(policy, rule.pro_rata_switch)


def _converted(kind: ClaimKind, found: Conversion, hours: int) -> _Amount:
    own = () if any(row.article == kind.article for row in found.basis) else (Basis(kind.name + "。", kind.article),)
    return _Amount(found.credits, hours, basis=(*found.basis, *own))


def _by_rate(kind: ClaimKind, hours: int) -> _Amount:
    rate = kind.worth.hours_per_credit
    credits = floor(Fraction(hours, rate) * HUNDRED)
    text = f"{show_amount(hours)} 学时，每 {show_amount(rate)} 学时为 1 学分，合 {show_amount(credits)} 学分。"
    return _Amount(credits, hours, basis=(Basis(text, kind.article),))


def _by_times(local: LocalChoices, kind: ClaimKind, values: Mapping[str, Any]) -> _Amount:
    parts, total = [], 0
    for row in kind.worth.rows:
        number, each = values.get(row.key) or 0, local.award_of(kind.id, row)
        total += number * each
        if number:
            parts.append(f"{row.name} {number} × {show_amount(each)}")
    text = f"{' + '.join(parts) or '没有填写次数'}，合 {show_amount(total)} 学分。"
    return _Amount(total, basis=(Basis(text, kind.article),))


def _by_table(local: LocalChoices, kind: ClaimKind, values: Mapping[str, Any]) -> _Amount:
    wanted = ".".join(str(values[axis]) for axis in kind.worth.axes)
    row = next((row for row in kind.worth.rows if row.key == wanted), kind.worth.rows[0])
    credits = local.award_of(kind.id, row)
    text = f"{row.name or kind.name}，{show_amount(credits)} 学分"
    if kind.worth.shared_by:
        heads = max(1, values[kind.worth.shared_by])
        text += f"，{heads} 人平均" if heads > 1 else ""
        credits = credits // heads
    return _Amount(credits, basis=(Basis(f"{text}，计 {show_amount(credits)} 学分。", kind.article),))


def _capped(
    policy: Policy, kind: ClaimKind, found: _Amount, earned_on: date, earlier: list[Earlier]
) -> tuple[int, tuple[Basis, ...]]:
    credits, bites = found.credits, []
    for cap in kind.caps:
        allowed, used = _allowed(policy, cap, found, earned_on, earlier)
        if allowed < credits:
            bites.append(Basis(_cap_text(cap, used, allowed), cap.article or kind.article))
            credits = allowed
    return credits, tuple(bites)


def _allowed(policy: Policy, cap: ClaimCap, found: _Amount, earned_on: date, earlier: list[Earlier]) -> tuple[int, int]:
    """How many credits a cap leaves, and how much of it was used before."""
    counted = [row for row in earlier if _shares_period(policy, cap, row.earned_on, earned_on)]
    if cap.unit == "times":
        return (found.credits if len(counted) < cap.amount else 0), len(counted)
    if cap.unit == "credits":
        used = sum(row.credits for row in counted)
        return max(0, cap.amount - used), used
    used = sum(row.hours for row in counted)
    left = max(0, cap.amount - used)
    if found.hours <= left:
        return found.credits, used
    return floor(Fraction(found.credits * left, found.hours)), used


def _shares_period(policy: Policy, cap: ClaimCap, one: date, other: date) -> bool:
    if cap.period == "record":
        return False
    if cap.period == "year":
        return one.year == other.year
    return policy.cycle_of(one) == policy.cycle_of(other)


def _cap_text(cap: ClaimCap, used: int, allowed: int) -> str:
    period = {"record": "每项", "year": "每年", "cycle": "每周期"}[cap.period]
    if cap.unit == "times":
        return f"{period}最多 {cap.amount} 次，已有 {used} 次，本次不计学分。"
    unit = "学分" if cap.unit == "credits" else "学时"
    said = f"{period}最多 {show_amount(cap.amount)} {unit}"
    said += f"，已有 {show_amount(used)}" if cap.period != "record" else ""
    return f"{said}，本次计 {show_amount(allowed)} 学分。"

"""Activities into credits (学时换算), exact: blocks of hours, terms of sessions, rates, caps (CL-01, CL-02)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from rulebook.amounts import HUNDRED, show_amount
from rulebook.decision import Basis
from rulebook.local_rows import LocalRow
from rulebook.policy.model import ConversionRule


@dataclass(frozen=True, slots=True)
class Conversion:
    """What an activity is worth, in hundredths; ``remainder_hours`` are hours that gave nothing yet."""

    credits: int
    counted_hours: int
    remainder_hours: int
    capped: int
    basis: tuple[Basis, ...]


def convert_hours(
    rule: ConversionRule,
    *,
    hours: int | None = None,
    minutes: int | None = None,
    accumulate: bool = False,
    carried: int = 0,
    already: int = 0,
) -> Conversion:
    """Hours (hundredths) or clock minutes into credits by a rule of kind ``blocks`` or ``rate``.

    Only whole blocks count (AMB-29); with ``accumulate`` the ``carried`` remainder of earlier activities joins in.
    ``already`` are credits earned in the cap's period. Raises ``ValueError`` unless exactly one of hours and minutes
    is given, or for a rule of another kind.
    """
    if (hours is None) == (minutes is None) or rule.kind not in ("blocks", "rate"):
        raise ValueError("give hours or minutes, to a rule of kind blocks or rate")
    given = Fraction(hours) if hours is not None else Fraction(minutes or 0, rule.minutes_per_hour) * HUNDRED
    if accumulate:
        given += carried
    counted = floor(given / rule.block_hours) * rule.block_hours if rule.block_hours else floor(given)
    credits = floor(Fraction(counted, rule.hours_per_credit) * HUNDRED)
    remainder = floor(given) - counted
    reasons = [_blocks_text(rule, given, counted, credits, remainder)]
    return _capped(rule, credits, counted, remainder, already, reasons)


def _blocks_text(rule: ConversionRule, given: Fraction, counted: int, credits: int, remainder: int) -> str:
    text = f"{show_amount(floor(given))} 学时"
    if rule.block_hours:
        text += f"，以 {show_amount(rule.block_hours)} 学时为计量单位，计 {show_amount(counted)} 学时"
    text += f"，每 {show_amount(rule.hours_per_credit)} 学时为 1 学分，合 {show_amount(credits)} 学分"
    return text + (f"；余 {show_amount(remainder)} 学时不足一个计量单位。" if remainder else "。")


def convert_sessions(
    rule: ConversionRule,
    sessions: Iterable[tuple[int, bool]],
    *,
    pro_rata: bool = False,
    already: int = 0,
) -> Conversion:
    """The sessions of one term, as (clock minutes, is a lecture), into credits by a rule of kind ``sessions``.

    Each full ``rule.sessions`` long enough give one credit, none if lectures are more than their share (AMB-10);
    ``pro_rata`` gives a part of a credit for each session instead. Raises ``ValueError`` for a rule of another kind.
    """
    if rule.kind != "sessions":
        raise ValueError("sessions are converted by a rule of kind sessions")
    counted = [is_lecture for minutes, is_lecture in sessions if minutes >= rule.session_minutes]
    lectures = sum(counted)
    hours = len(counted) * rule.session_minutes * HUNDRED // 60
    if lectures * HUNDRED > rule.lecture_share * len(counted):
        share = f"{len(counted)} 次中讲座 {lectures} 次，超过 {rule.lecture_share}%，不予折算。"
        return _capped(rule, 0, 0, hours, already, [share])
    full = len(counted) if pro_rata else len(counted) // rule.sessions * rule.sessions
    credits = floor(Fraction(full, rule.sessions) * HUNDRED)
    used = full * rule.session_minutes * HUNDRED // 60
    text = (
        f"每次不少于 {rule.session_minutes} 分钟的活动 {len(counted)} 次，"
        f"每 {rule.sessions} 次为 1 学分，合 {show_amount(credits)} 学分。"
    )
    return _capped(rule, credits, used, hours - used, already, [text])


def convert_units(row: LocalRow, article: str, *, units: int, already: int = 0) -> Conversion:
    """So many units (hundredths) of what a district's own table names into credits (CL-05, CL-12).

    ``already`` are credits by this row in the cycle; what exceeds its cap is lost. ``article`` lets the table be.
    """
    full = floor(Fraction(units * row.credits, HUNDRED))
    rate = f"每{row.unit} {show_amount(row.credits)} 学分，合 {show_amount(full)} 学分。"
    text = f"{row.name} {show_amount(units)} {row.unit}，{rate}"
    return _within(row.cap, full, units, 0, already, [text], article)


def _capped(
    rule: ConversionRule, credits: int, counted: int, remainder: int, already: int, reasons: list[str]
) -> Conversion:
    return _within(rule.cap, credits, counted, remainder, already, reasons, rule.article)


def _within(
    cap: int | None, credits: int, counted: int, remainder: int, already: int, reasons: list[str], article: str
) -> Conversion:
    allowed = credits if cap is None else max(0, min(credits, cap - already))
    if allowed < credits:
        reasons.append(
            f"上限 {show_amount(cap or 0)} 学分，已有 {show_amount(already)}，本次计 {show_amount(allowed)} 学分。"
        )
    basis = tuple(Basis(text, article) for text in reasons)
    return Conversion(allowed, counted, remainder, credits - allowed, basis)

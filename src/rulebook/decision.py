"""An answer of the rulebook: what was decided and on which articles; rules answer, they never raise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Basis:
    """One reason: a sentence in Chinese and the id of the article it rests on (``shanghai-2016:学分管理办法:一.1``)."""

    text: str
    article: str


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed or refused, with the reasons in the order a reader wants them."""

    allowed: bool
    basis: tuple[Basis, ...]

"""Filters of a list page: each reads its own parameters from the address, narrows the rows, and names its chip."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils import timezone

# Databases and time zones have no use for moments before this day.
_FIRST_DAY = date(1900, 1, 1)

Narrow = Callable[[QuerySet[Any], str], QuerySet[Any]]
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Applied:
    """A filter that is set: its chip, the parameters that removing the chip drops, and how it narrows the rows."""

    chip: str
    names: tuple[str, ...]
    narrow: Callable[[QuerySet[Any]], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Unusable:
    """A parameter whose value cannot be used; the page says so and shows the rows without it."""

    sentence: str


Reading = list[Applied | Unusable]


@dataclass(frozen=True, slots=True)
class Filter(ABC):
    """What all filters share: the parameter ``key`` and the ``label`` of field and chip."""

    key: str
    label: str
    template: ClassVar[str] = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters of the address this filter reads."""
        return (self.key,)

    @abstractmethod
    def read(self, params: Mapping[str, str]) -> Reading:
        """What the address asks of this filter."""


@dataclass(frozen=True, slots=True)
class Choice(Filter):
    """One of a few values. ``options`` are pairs of value and words, or a function that fetches them in one query.

    Rows are narrowed by equality with ``field`` (default: the key), or by ``narrow(rows, value)``.
    """

    options: Options | Callable[[], Options] = ()
    field: str = ""
    narrow: Narrow | None = None
    every: str = "全部"
    template: ClassVar[str] = "kernel/list/choice.html"

    def shown_options(self) -> Options:
        return self.options() if callable(self.options) else self.options

    def read(self, params: Mapping[str, str]) -> Reading:
        value = params.get(self.key, "")
        if not value:
            return []
        words = dict(self.shown_options()).get(value)
        if words is None:
            return [Unusable(f"地址中的“{self.label}”没有“{value[:40]}”这一项，没有按它筛选。")]
        return [Applied(f"{self.label}：{words}", self.names, lambda rows: self._narrowed(rows, value))]

    def _narrowed(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        return self.narrow(rows, value) if self.narrow else rows.filter(**{self.field or self.key: value})


@dataclass(frozen=True, slots=True)
class Text(Filter):
    """Words that must all occur, each in any of ``fields`` or by any of ``also``; or ``narrow(rows, text)``."""

    fields: tuple[str, ...] = ()
    also: tuple[Callable[[str], Q], ...] = ()
    narrow: Narrow | None = None
    placeholder: str = ""
    template: ClassVar[str] = "kernel/list/text.html"

    def read(self, params: Mapping[str, str]) -> Reading:
        text = " ".join(params.get(self.key, "").split())[:80]
        if not text:
            return []
        return [Applied(f"{self.label}：{text}", self.names, lambda rows: self._narrowed(rows, text))]

    def _narrowed(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        if self.narrow:
            return self.narrow(rows, text)
        for word in text.split():
            anywhere = Q()
            for field in self.fields:
                anywhere |= Q(**{f"{field}__icontains": word})
            for condition in self.also:
                anywhere |= condition(word)
            rows = rows.filter(anywhere)
        return rows


@dataclass(frozen=True, slots=True)
class DateRange(Filter):
    """Days from and until, both included, of the date ``field``; parameters ``<key>_from`` and ``<key>_until``.

    ``moments``: the field holds moments, and is compared with the beginnings of days, so that its index is used.
    """

    field: str = ""
    moments: bool = False
    template: ClassVar[str] = "kernel/list/range.html"

    @property
    def names(self) -> tuple[str, ...]:
        return (f"{self.key}_from", f"{self.key}_until")

    def read(self, params: Mapping[str, str]) -> Reading:
        lower, upper = self.names
        found = (self._bound(params, lower, "gte", "自"), self._bound(params, upper, "lte", "至"))
        return [bound for bound in found if bound is not None]

    def _bound(self, params: Mapping[str, str], name: str, lookup: str, word: str) -> Applied | Unusable | None:
        text = params.get(name, "")
        if not text:
            return None
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return Unusable(f"“{self.label}”的日期“{text[:40]}”不是有效日期（应如 2019-10-14），没有按它筛选。")
        condition = self._condition(lookup, day)
        chip = f"{self.label}{word} {day.year}年{day.month}月{day.day}日"
        return Applied(chip, (name,), lambda rows: rows.filter(**condition))

    def _condition(self, lookup: str, day: date) -> dict[str, date]:
        field = self.field or self.key
        if not self.moments:
            return {f"{field}__{lookup}": day}
        # The last day there is has none after it.
        begins = day + timedelta(days=1) if lookup == "lte" and day < date.max else day
        midnight = timezone.make_aware(datetime.combine(max(begins, _FIRST_DAY), time.min))
        return {f"{field}__{'lt' if lookup == 'lte' else lookup}": midnight}


@dataclass(frozen=True, slots=True)
class Flag(Filter):
    """Rows that meet ``condition`` only; set by ``1``."""

    condition: Q | Callable[[], Q]
    template: ClassVar[str] = "kernel/list/flag.html"

    def read(self, params: Mapping[str, str]) -> Reading:
        if params.get(self.key) != "1":
            return []
        condition = self.condition() if callable(self.condition) else self.condition
        return [Applied(self.label, self.names, lambda rows: rows.filter(condition))]

"""Reads each kind of table of rules.toml, and checks what only the whole policy can show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from rulebook.policy import model
from rulebook.policy.reader import PolicyError, Table, Vocabulary

UNLIMITED = "none"
CHOOSERS = ("nobody", "city", "province", "district", "school")


@dataclass
class RowReader:
    """Knows the words, articles and ids a row may refer to."""

    words: Vocabulary
    articles: set[str]
    ambiguities: set[str]
    unit: str
    profiles: set[str] = field(default_factory=set)
    switches: set[str] = field(default_factory=set)
    reductions: set[str] = field(default_factory=set)

    def _article(self, table: Table, default: str | None = None) -> str:
        if default is not None and "article" not in table.values:
            table.seen.add("article")
            return default
        return table.one_of("article", self.articles)

    def profile(self, table: Table) -> model.Profile:
        return model.Profile(
            id=table.text("id"),
            name=table.text("name"),
            kind=table.one_of("kind", ("base", "addition")),
            article=self._article(table),
            account=table.text("account", ""),
        )

    def switch(self, table: Table) -> model.Switch:
        return model.Switch(
            id=table.text("id"),
            name=table.text("name"),
            default=table.flag("default"),
            chooser=table.one_of("chooser", CHOOSERS, "district"),
            article=self._article(table),
            ambiguity=table.texts("ambiguity", self.ambiguities),
        )

    def layer(self, table: Table) -> model.Layer:
        return model.Layer(
            id=table.text("id"),
            name=table.text("name"),
            article=self._article(table),
            titles=table.texts("titles"),
            duties=table.texts("duties"),
            ambiguity=table.texts("ambiguity", self.ambiguities),
        )

    def local_table(self, table: Table) -> model.LocalTable:
        barred = table.table("barred")
        named = [name for name in barred.values if name in self.words.categories]
        source = table.table("from")
        row = model.LocalTable(
            id=table.text("id"),
            section=table.one_of("section", ("conversion", "offset")),
            name=table.text("name"),
            article=self._article(table),
            level=table.one_of("level", self.words.levels),
            form=table.one_of("form", self.words.forms, "course"),
            category=table.texts("category", self.words.categories),
            tags=table.texts("tags", self.words.tags),
            source=self.words.selector(source) if source.values else None,
            barred={name: barred.one_of(name, self.articles) for name in named},
        )
        barred.nothing_else()
        return row

    def reduction(self, table: Table) -> model.Reduction:
        return model.Reduction(
            id=table.text("id"),
            name=table.text("name"),
            switch=table.one_of("switch", self.switches),
            source=table.one_of("from", ("entered_on", "senior_on")),
            last_year=table.number("last_year"),
            span=table.positive("span", table.number("span")),
            article=self._article(table),
        )

    def requirement(self, table: Table) -> model.Requirement:
        low = table.amount("minimum")
        high = self._high(table, low)
        unit = table.one_of("unit", ("credits", "hours", "days"), self.unit)
        row = model.Requirement(
            id=table.text("id"),
            profile=table.one_of("profile", self.profiles),
            name=table.text("name"),
            article=self._article(table),
            minimum=low,
            low=low,
            high=high,
            counts=self.words.selector(table.table("counts")),
            text=table.text("text", ""),
            kind=table.one_of("kind", ("cycle", "yearly", "dated"), "cycle"),
            unit=unit,
            chooser=table.one_of("chooser", CHOOSERS, "district"),
            due_on=table.day("due_on", None),
            counts_when=self._counts_when(table),
            reduces=table.one_of("reduces", self.reductions, ""),
            round_up_to=table.amount("round_up_to", 0),
            assumed=table.flag("assumed"),
            ambiguity=table.texts("ambiguity", self.ambiguities),
            everyone=table.flag("everyone"),
        )
        if row.kind == "cycle" and unit != self.unit:
            table.wrong("unit", f"a requirement of the cycle is in the policy's unit, {self.unit}")
        return row

    def _high(self, table: Table, low: int) -> int | None:
        if table.values.get("up_to") == UNLIMITED:
            table.seen.add("up_to")
            return None
        high = table.amount("up_to", low)
        if high < low:
            table.wrong("up_to", "is below the minimum")
        return high

    def _counts_when(self, table: Table) -> tuple[str, model.Selector] | None:
        if "counts_when" not in table.values:
            table.seen.add("counts_when")
            return None
        inner = table.table("counts_when")
        return inner.one_of("switch", self.switches), self.words.selector(inner)

    def reserved(self, table: Table) -> model.Reserved:
        return model.Reserved(
            tags=table.texts("tags", self.words.tags),
            profile=table.one_of("profile", self.profiles),
            when=table.one_of("when", ("held", "always")),
            article=self._article(table),
        )

    def treat(self, table: Table) -> model.Treat:
        target = table.table("as")
        row = model.Treat(
            profile=table.one_of("profile", self.profiles),
            match=self.words.selector(table.table("match")),
            level=target.one_of("level", self.words.levels, ""),
            category=target.one_of("category", self.words.categories, ""),
            article=self._article(table),
        )
        target.nothing_else()
        return row

    def move(self, table: Table) -> model.MoveRule:
        target = table.table("to")
        row = model.MoveRule(
            id=table.text("id"),
            source=self.words.selector(table.table("from")),
            to_level=target.texts("level", self.words.levels) or None,
            to_category=target.texts("category", self.words.categories) or None,
            article=self._article(table),
            released=table.flag("released"),
            switch=table.one_of("switch", self.switches, ""),
            ends=table.flag("ends"),
        )
        target.nothing_else()
        return row

    def kept_tags(self, table: Table) -> model.KeptTags:
        return model.KeptTags(
            tags=frozenset(table.texts("tags", self.words.tags)),
            from_level=table.texts("from_level", self.words.levels),
            to_level=table.texts("to_level", self.words.levels),
            article=self._article(table),
        )

    def account_cover(self, table: Table) -> model.AccountCover:
        return model.AccountCover(table.text("entries_of"), table.text("count_in"), self._article(table))

    def new_credit(self, table: Table) -> model.NewCreditRule:
        return model.NewCreditRule(
            level=table.texts("level", self.words.levels),
            category=table.texts("category", self.words.categories),
            form=table.one_of("form", self.words.forms, "course"),
            tag=table.one_of("tag", (*self.words.tags, ""), ""),
            profile=table.one_of("profile", (*self.profiles, ""), ""),
            article=self._article(table, ""),
        )

    def conversion(self, table: Table) -> model.ConversionRule:
        in_sessions = table.values.get("kind") == "sessions"
        asked = {} if in_sessions else {"default": 0}
        return model.ConversionRule(
            id=table.text("id"),
            kind=table.one_of("kind", ("blocks", "sessions", "rate")),
            category=table.texts("category", self.words.categories),
            article=self._article(table),
            name=table.text("name", ""),
            minutes_per_hour=table.number("minutes_per_hour", 60),
            block_hours=table.amount("block_hours", 0),
            hours_per_credit=table.amount("hours_per_credit", 0)
            if in_sessions
            else table.positive("hours_per_credit", table.amount("hours_per_credit")),
            accumulate_switch=table.one_of("accumulate_switch", self.switches, ""),
            sessions=table.positive("sessions", table.number("sessions", **asked)),
            session_minutes=table.positive("session_minutes", table.number("session_minutes", **asked)),
            lecture_share=table.amount("lecture_share", 0),
            pro_rata_switch=table.one_of("pro_rata_switch", self.switches, ""),
            cap=table.amount("cap", None) if "cap" in table.values else None,
            cap_period=table.one_of("cap_period", ("activity", "term", "year", "cycle"), "")
            if "cap" in table.values
            else "",
            ambiguity=table.texts("ambiguity", self.ambiguities),
        )

    def award(self, table: Table) -> model.FixedAward:
        entry = table.table("entry")
        row = model.FixedAward(
            id=table.text("id"),
            name=table.text("name"),
            article=self._article(table),
            level=entry.one_of("level", self.words.levels),
            category=entry.one_of("category", self.words.categories),
            form=entry.one_of("form", self.words.forms, "course"),
            credits=entry.amount("credits"),
            tags=entry.texts("tags", self.words.tags),
        )
        entry.nothing_else()
        return row

    def target(self, table: Table) -> model.Target:
        return model.Target(
            id=table.text("id"),
            name=table.text("name"),
            value=table.amount("value"),
            unit=table.text("unit"),
            article=self._article(table),
        )


def cross_check(policy: model.Policy) -> Iterator[PolicyError]:
    """Mistakes that no single row shows: double ids, an unknown default base, a policy that ends before it starts."""

    def wrong(key: str, message: str) -> PolicyError:
        return PolicyError("rules.toml", key, message)

    keys: set[str] = set()
    for row in policy.requirements:
        if row.key in keys:
            yield wrong(f"requirement[{row.key}]", "stands twice")
        keys.add(row.key)
    base = policy.profiles.get(policy.default_base)
    if base is None or base.kind != "base":
        yield wrong("policy.default_base", f"{policy.default_base!r} is not a profile of kind base")
    if policy.valid_from >= policy.valid_until:
        yield wrong("policy.valid_until", "is not after valid_from")
    if "course" not in policy.forms:
        yield wrong("label.form", "lacks course, the form every offset arrives in")
    for profile in policy.profiles.values():
        if profile.kind == "base" and not profile.account:
            yield wrong(f"profile[{profile.id}].account", "is missing; a base says in which account it is judged")

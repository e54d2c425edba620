"""From the texts of a policy folder to a validated ``Policy``; every mistake at once, with file and key."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rulebook.parameters import BadChoices, parse_choices
from rulebook.policy import claim_rows, rows
from rulebook.policy.model import Ambiguity, Article, Document, Policy
from rulebook.policy.reader import PolicyError, PolicyErrors, Table, Vocabulary

REQUIRED_FILES = ("articles.toml", "rules.toml")
OPTIONAL_FILES = ("ambiguities.toml", "cases.toml", "claims.toml")
TABLES = {
    "articles.toml": ("document", "article"),
    "rules.toml": (
        *("policy", "label", "profile", "requirement", "reserved", "treat", "move", "kept_tags", "account_cover"),
        *("new_credit", "switch", "reduction", "conversion", "fixed_award", "target", "layer", "local_table"),
    ),
    "ambiguities.toml": ("ambiguity",),
    "cases.toml": ("case", "conversion_case", "refusal_case"),
    "claims.toml": ("claim_kind", "claim_case"),
}


def load_folder(folder: Path) -> Policy:
    """The policy in a folder. Raises ``PolicyErrors`` naming every file and key that is wrong."""
    return load_texts(folder_texts(folder))


def folder_texts(folder: Path) -> dict[str, str]:
    """The texts of a policy folder by file name, local choices as ``local/<name>.toml``."""
    texts = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.toml"))}
    texts |= {f"local/{path.name}": path.read_text("utf-8") for path in sorted(folder.glob("local/*.toml"))}
    return texts


def digest_of(texts: Mapping[str, str]) -> str:
    """SHA-256 over names and texts in order: two policies with the same digest are the same to the letter."""
    sha = hashlib.sha256()
    for name in sorted(texts):
        sha.update(f"{name}\0{len(texts[name].encode())}\0".encode())
        sha.update(texts[name].encode())
    return sha.hexdigest()


def load_texts(texts: Mapping[str, str]) -> Policy:
    """A policy from its texts (files or a stored version). Raises ``PolicyErrors``."""
    errors: list[PolicyError] = []
    parsed = _parse(texts, errors)
    if not all(name in parsed for name in REQUIRED_FILES):
        raise PolicyErrors(errors)
    policy = _Loader(texts, parsed, errors).load()
    if errors:
        raise PolicyErrors(errors)
    return policy


def _parse(texts: Mapping[str, str], errors: list[PolicyError]) -> dict[str, dict[str, Any]]:
    parsed: dict[str, dict[str, Any]] = {}
    for name in REQUIRED_FILES:
        if name not in texts:
            errors.append(PolicyError(name, "", "is missing; a policy has articles.toml and rules.toml"))
    for name, text in texts.items():
        if name not in (*REQUIRED_FILES, *OPTIONAL_FILES) and not name.startswith("local/"):
            errors.append(PolicyError(name, "", "is not a file of a policy"))
            continue
        try:
            parsed[name] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            errors.append(PolicyError(name, "", f"is not TOML: {error}"))
            continue
        known = TABLES.get(name, parsed[name])
        for table in parsed[name]:
            if table not in known:
                errors.append(PolicyError(name, table, f"is not a table of this file; known: {', '.join(known)}"))
    return parsed


class _Loader:
    """Reads one policy; keeps what later tables refer to."""

    def __init__(self, texts: Mapping[str, str], parsed: dict[str, dict[str, Any]], errors: list[PolicyError]) -> None:
        self.texts, self.parsed, self.errors = texts, parsed, errors

    def load(self) -> Policy:
        documents, articles = self._articles()
        head = self._table("rules.toml", "policy")
        words = self._vocabulary()
        reader = rows.RowReader(words, set(articles), self._ambiguity_ids(), head.text("unit", "credits"))
        rules = self._rule_tables(reader)
        policy = Policy(
            id=head.text("id"),
            name=head.text("name"),
            short_name=head.text("short_name"),
            region=head.text("region"),
            area_code=head.text("area_code", ""),
            valid_from=head.day("valid_from"),  # type: ignore[arg-type]  # a missing day has been noted as an error
            valid_until=head.day("valid_until"),  # type: ignore[arg-type]  # likewise
            cycle_starts_on=head.day("cycle_starts_on"),  # type: ignore[arg-type]  # likewise
            cycle_years=head.positive("cycle_years", head.number("cycle_years")),
            unit=head.one_of("unit", ("credits", "hours"), "credits"),
            unit_label=head.text("unit_label", "学分"),
            hours_per_credit=head.amount("hours_per_credit"),
            default_base=head.text("default_base"),
            assumed=head.flag("assumed"),
            note=head.text("note", ""),
            digest=digest_of(self.texts),
            levels=words.levels,
            categories=words.categories,
            forms=words.forms,
            tags=words.tags,
            documents=documents,
            articles=articles,
            ambiguities=self._ambiguities(set(articles)),
            cases=tuple(self.parsed.get("cases.toml", {}).get("case", ())),
            conversion_cases=tuple(self.parsed.get("cases.toml", {}).get("conversion_case", ())),
            refusal_cases=tuple(self.parsed.get("cases.toml", {}).get("refusal_case", ())),
            claim_kinds=self._claim_kinds(words, set(articles), rules),
            claim_cases=tuple(self.parsed.get("claims.toml", {}).get("claim_case", ())),
            locals={name[6:-5]: table for name, table in self.parsed.items() if name.startswith("local/")},
            **rules,
        )
        head.nothing_else()
        if not self.errors:
            self.errors.extend(rows.cross_check(policy))
        if not self.errors:
            self.errors.extend(self._refused_choices(policy))
        return policy

    def _refused_choices(self, policy: Policy) -> Iterator[PolicyError]:
        """What a local file that comes with the policy may not choose."""
        for name, table in policy.locals.items():
            try:
                parse_choices(policy, table)
            except BadChoices as refused:
                for error in refused.errors:
                    yield PolicyError(f"local/{name}.toml", error.key, f"{error.value} {error.message}")

    def _rule_tables(self, reader: rows.RowReader) -> dict[str, Any]:
        profiles = self._by_id("profile", reader.profile)
        reader.profiles = set(profiles)
        switches = self._by_id("switch", reader.switch)
        reader.switches = set(switches)
        reductions = self._by_id("reduction", reader.reduction)
        reader.reductions = set(reductions)
        return {
            "profiles": profiles,
            "switches": switches,
            "reductions": reductions,
            "requirements": tuple(self._each("requirement", reader.requirement)),
            "reserved": tuple(self._each("reserved", reader.reserved)),
            "treats": tuple(self._each("treat", reader.treat)),
            "moves": tuple(self._each("move", reader.move)),
            "kept_tags": tuple(self._each("kept_tags", reader.kept_tags)),
            "account_covers": tuple(self._each("account_cover", reader.account_cover)),
            "new_credits": tuple(self._each("new_credit", reader.new_credit)),
            "conversions": self._by_id("conversion", reader.conversion),
            "layers": self._by_id("layer", reader.layer),
            "local_tables": self._by_id("local_table", reader.local_table),
            "awards": self._by_id("fixed_award", reader.award),
            "targets": tuple(self._each("target", reader.target)),
        }

    def _claim_kinds(self, words: Vocabulary, articles: set[str], rules: dict[str, Any]) -> dict[str, Any]:
        accounts = {row.account for row in rules["profiles"].values() if row.account}
        reader = claim_rows.ClaimReader(words, articles, rules["conversions"], rules["awards"], accounts)
        return self._by_id("claim_kind", reader.kind, "claims.toml")

    def _by_id(self, name: str, read: Any, file: str = "rules.toml") -> dict[str, Any]:
        made: dict[str, Any] = {}
        for row in self._each(name, read, file):
            if row.id in made:
                self.errors.append(PolicyError(file, f"{name}[{row.id}].id", "stands twice"))
            made[row.id] = row
        return made

    def _table(self, file: str, name: str) -> Table:
        found = self.parsed[file].get(name, {})
        if not isinstance(found, dict):
            self.errors.append(PolicyError(file, name, f"is {found!r}; write [{name}]"))
            found = {}
        return Table(file, name, found, self.errors)

    def _each(self, name: str, read: Any, file: str = "rules.toml") -> list[Any]:
        made = []
        for table in self._tables(file, name):
            made.append(read(table))
            table.nothing_else()
        return made

    def _tables(self, file: str, name: str, *, quiet: bool = False) -> list[Table]:
        found = self.parsed.get(file, {}).get(name, [])
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            if not quiet:
                self.errors.append(PolicyError(file, name, f"is no list of tables; write [[{name}]]"))
            return []
        return [
            Table(file, f"{name}[{row.get('id', place)}]", row, self.errors) for place, row in enumerate(found, start=1)
        ]

    def _vocabulary(self) -> Vocabulary:
        label = self._table("rules.toml", "label")
        tables = {name: dict(label.table(name).values) for name in ("level", "category", "form", "tag")}
        label.nothing_else()
        for name, words in tables.items():
            for word, text in words.items():
                if not isinstance(text, str):
                    self.errors.append(PolicyError("rules.toml", f"label.{name}.{word}", "is not a text"))
        return Vocabulary(tables["level"], tables["category"], tables["form"], tables["tag"])

    def _articles(self) -> tuple[dict[str, Document], dict[str, Article]]:
        documents: dict[str, Document] = {}
        written = self._table("articles.toml", "document")
        for name in written.values:
            table = written.table(name)
            documents[name] = Document(
                name,
                table.text("title"),
                table.text("issuer", ""),
                table.text("status", "read"),
                table.text("note", ""),
            )
            table.nothing_else()
        articles: dict[str, Article] = {}
        for table in self._tables("articles.toml", "article"):
            article = Article(
                id=table.text("id"),
                document=table.one_of("document", documents),
                title=table.text("title"),
                text=table.text("text").strip(),
                kind=table.one_of("kind", ("rule", "duty", "principle"), "duty"),
                requirements=table.texts("requirements"),
            )
            table.nothing_else()
            if article.id in articles:
                table.wrong("id", "stands twice")
            articles[article.id] = article
        return documents, articles

    def _ambiguity_ids(self) -> set[str]:
        return {str(table.values.get("id")) for table in self._tables("ambiguities.toml", "ambiguity", quiet=True)}

    def _ambiguities(self, articles: set[str]) -> dict[str, Ambiguity]:
        made: dict[str, Ambiguity] = {}
        for table in self._tables("ambiguities.toml", "ambiguity"):
            row = Ambiguity(
                id=table.text("id"),
                article=table.one_of("article", articles),
                problem=table.text("problem"),
                default=table.text("default"),
                chooser=table.one_of("chooser", ("nobody", "city", "province", "district", "school")),
            )
            table.nothing_else()
            if row.id in made:
                table.wrong("id", "stands twice")
            made[row.id] = row
        return made

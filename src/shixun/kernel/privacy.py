"""Personal fields and their purposes: what is kept of people, for which duty, who sees it, how long; by room, as data.

Each room that keeps something about people says so in a file ``privacy.toml`` beside its models. A test finds a field
that has no purpose and a model that nobody classified. The notice that people read is made of the same rows. What is
kept of one person is shown to her by the sources that rooms register.
"""

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.db.models import Field, Model

CLASSES = {"public": "公开", "internal": "内部", "sensitive": "敏感"}
_TECHNICAL = frozenset({"id", "uuid"})
_KEYS = frozenset({"model", "fields", "label", "class", "purpose", "duty", "seen_by", "keep"})


class BadPurposes(Exception):
    """A ``privacy.toml`` that cannot be used; the message names everything that is wrong."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why some fields of a model are kept: ``kind`` is a key of ``CLASSES``; the rest is text for people."""

    room: str
    model: str
    fields: tuple[str, ...]
    label: str
    kind: str
    purpose: str
    duty: str
    seen_by: str
    keep: str

    @property
    def kind_label(self) -> str:
        return CLASSES[self.kind]


@dataclass(frozen=True, slots=True)
class Stored:
    """One thing kept of a person, as she reads it: what it is called and what it says."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """What a room keeps of a person: ``rows(person)`` gives it in words, numbers masked."""

    key: str
    title: str
    order: int
    rows: Callable[[Any], Iterable[Stored]]


_sources: dict[str, Source] = {}


def register_source(key: str, *, title: str, order: int, rows: Callable[[Any], Iterable[Stored]]) -> None:
    """Declare what a room keeps of a person. Raises ``ValueError`` for a key that is taken."""
    if key in _sources:
        raise ValueError(f"two sources want the key {key!r}")
    _sources[key] = Source(key, title, order, rows)


def stored_about(person: Any) -> list[tuple[Source, list[Stored]]]:
    """Everything that is kept of a person, room by room; rooms that keep nothing are left out."""
    found = [(source, list(source.rows(person))) for source in sorted(_sources.values(), key=lambda one: one.order)]
    return [(source, rows) for source, rows in found if rows]


@cache
def purposes() -> tuple[Purpose, ...]:
    """The purposes of all rooms, in the order of the stairs. Raises ``BadPurposes`` with everything that is wrong."""
    rows = [row for config in _rooms() for row in _purposes_of(config)]
    problems = [problem for config in _rooms() for problem in _problems_of(config)]
    if problems:
        raise BadPurposes("; ".join(problems))
    return tuple(rows)


def unclassified() -> list[str]:
    """Models and fields nobody has classified: ``people.Person.nickname``; empty when all is well."""
    known = {(row.room, row.model, name) for row in purposes() for name in row.fields}
    impersonal = {(config.label, name) for config in _rooms() for name in _read(config).get("impersonal", ())}
    return [
        f"{config.label}.{model.__name__}.{field.name}"
        for config in _rooms()
        for model in config.get_models()
        if (config.label, model.__name__) not in impersonal
        for field in _kept_fields(model)
        if (config.label, model.__name__, field.name) not in known
    ]


def _rooms() -> Iterator[AppConfig]:
    return (config for config in apps.get_app_configs() if config.name.startswith("shixun."))


@cache
def _file(folder: Path) -> dict[str, Any]:
    path = folder / "privacy.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _read(config: AppConfig) -> dict[str, Any]:
    return _file(Path(config.path))


def _purposes_of(config: AppConfig) -> Iterator[Purpose]:
    for row in _read(config).get("field", ()):
        if row.keys() == _KEYS:
            texts = (row[name] for name in ("label", "class", "purpose", "duty", "seen_by", "keep"))
            yield Purpose(config.label, row["model"], tuple(row["fields"]), *texts)


def _problems_of(config: AppConfig) -> Iterator[str]:
    found = _read(config)
    models = {model.__name__: {field.name for field in _kept_fields(model)} for model in config.get_models()}
    for row in found.get("field", ()):
        named = f"{config.label}.{row.get('model', '?')}"
        if row.keys() != _KEYS:
            yield f"{named}: needs exactly {', '.join(sorted(_KEYS))}"
            continue
        unknown = set(row["fields"]) - models.get(row["model"], set())
        yield from (f"{named}: no field {name}" for name in sorted(unknown))
        yield from (f"{named}: {name} is empty" for name in sorted(_KEYS) if not row[name])
        if row["class"] not in CLASSES:
            yield f"{named}: no class {row['class']}"
    yield from (f"{config.label}: no model {name}" for name in found.get("impersonal", ()) if name not in models)


def _kept_fields(model: type[Model]) -> list[Field[Any, Any]]:
    """The columns of a model that say something; keys of the table itself do not."""
    return [field for field in model._meta.concrete_fields if field.name not in _TECHNICAL]

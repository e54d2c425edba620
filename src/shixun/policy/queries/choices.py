"""Local choices: the version in force on a day, its history, and the layers of province, city, district and school."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet

from rulebook.parameters import NO_CHOICES, BadChoices, LocalChoices, parse_choices
from rulebook.policy import Policy
from shixun.kernel.access import Scope
from shixun.kernel.fields import in_force
from shixun.people.choices import OrganisationKind
from shixun.people.models import Organisation
from shixun.people.queries import ancestor_paths
from shixun.policy.models import Adoption, LocalRules

_LAYER = {
    OrganisationKind.PROVINCE: "province",
    OrganisationKind.CITY: "city",
    OrganisationKind.DISTRICT: "district",
}


def layer_of(organisation: Organisation) -> str:
    """The layer at which an organisation may choose, as the rulebook names them."""
    return _LAYER.get(OrganisationKind(organisation.kind), "school")


def newest_rules(organisation: Organisation, policy_id: str) -> LocalRules | None:
    """The last version an area has set, whether or not its day has come."""
    return history_of(organisation, policy_id).first()


def rules_on(organisation: Organisation, policy_id: str, on: date) -> LocalRules | None:
    """The version in force on a day: the last one set whose own day has come."""
    return history_of(organisation, policy_id).filter(valid_from__lte=on).first()


def history_of(organisation: Organisation, policy_id: str) -> QuerySet[LocalRules]:
    """All versions of an area, the newest first."""
    rules = LocalRules.objects.filter(organisation=organisation, policy_id=policy_id)
    return rules.select_related("actor__person", "organisation", "case").order_by("-version")


def rules_by_path(paths: Iterable[str], on: date) -> dict[tuple[str, str], LocalRules]:
    """(path, policy id) → version in force on a day, for many places; one query."""
    rules = LocalRules.objects.filter(organisation__path__in=list(paths), valid_from__lte=on)
    # Later versions overwrite earlier ones.
    return {
        (row.organisation.path, row.policy_id): row for row in rules.select_related("organisation").order_by("version")
    }


def districts_of(scope: Scope, on: date) -> QuerySet[Organisation]:
    """The districts of a scope that exist on a day, in the order of their codes."""
    districts = Organisation.objects.filter(scope.within("path"), in_force(on), kind=OrganisationKind.DISTRICT)
    return districts.order_by("code")


class Layered(NamedTuple):
    """What one area sees of its own rules on a day: what it would have without them, what it chose, the version."""

    wider: LocalChoices
    own: LocalChoices
    rules: LocalRules | None


def layers_of(organisation: Organisation, policy: Policy, on: date) -> Layered:
    """The layers above an area taken together, and its own; one query."""
    found = rules_by_path(ancestor_paths(organisation.path), on)
    chain = [found[path, policy.id] for path in ancestor_paths(organisation.path) if (path, policy.id) in found]
    rules = found.get((organisation.path, policy.id))
    own = usable(policy, rules.choices, layer_of(organisation))[0] if rules else NO_CHOICES
    return Layered(layered(policy, [row for row in chain if row is not rules]).local, own, rules)


def adopted_policies(organisation: Organisation) -> list[str]:
    """Ids of the policies that were ever adopted by an area or above it, the latest first."""
    adoptions = Adoption.objects.filter(organisation__path__in=ancestor_paths(organisation.path))
    return list(dict.fromkeys(adoptions.order_by("-valid_from").values_list("policy_id", flat=True)))


class Layers(NamedTuple):
    """The layers of one place taken together; ``unusable`` names choices that the policy no longer permits."""

    local: LocalChoices
    unusable: tuple[str, ...]


def layered(policy: Policy, rules: Sequence[LocalRules]) -> Layers:
    """The choices of a chain of areas, widest first; the narrower one wins (PR-18)."""
    local, unusable = NO_CHOICES, []
    for row in rules:
        chosen, refused = usable(policy, row.choices, layer_of(row.organisation))
        local = chosen.over(local)
        unusable += [f"{row.organisation.name}：{text}" for text in refused]
    return Layers(local, tuple(unusable))


def usable(policy: Policy, choices: Mapping[str, Any], layer: str) -> tuple[LocalChoices, list[str]]:
    """Stored choices under the present text of a policy; what it does not permit (any more) is left out and named."""
    try:
        return parse_choices(policy, choices, layer=layer), []
    except BadChoices as refused:
        keys = {error.key for error in refused.errors}
        return parse_choices(policy, _without(choices, keys), layer=layer), [str(error) for error in refused.errors]


def _without(choices: Mapping[str, Any], keys: set[str]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for section in ("minimum", "switch"):
        kept[section] = {key: value for key, value in choices.get(section, {}).items() if key not in keys}
    kept["reduction"] = {
        key: {year: value for year, value in years.items() if f"reduction.{key}.{year}" not in keys}
        for key, years in choices.get("reduction", {}).items()
        if f"reduction.{key}" not in keys
    }
    kept["layer"] = {
        name: {key: value for key, value in table.items() if not _is_refused(f"layer.{name}.", key, keys)}
        for name, table in choices.get("layer", {}).items()
        if f"layer.{name}" not in keys
    }
    refused_rows = {key.rpartition(".")[0] for key in keys}
    for section in ("conversion", "offset"):
        rows = enumerate(choices.get(section, ()), start=1)
        kept[section] = [row for number, row in rows if f"{section}.{number}" not in refused_rows]
    refused_kinds = {key.split(".")[1] for key in keys if key.startswith("claim.")}
    kept["claim"] = {name: asked for name, asked in choices.get("claim", {}).items() if name not in refused_kinds}
    return kept


def _is_refused(prefix: str, key: str, keys: set[str]) -> bool:
    """A choice may be named by ``profile/id`` or, in the default base, by ``id`` alone; so may its refusal."""
    return f"{prefix}{key}" in keys or f"{prefix}{key.partition('/')[2]}" in keys

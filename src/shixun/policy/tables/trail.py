"""What the choices of an area are called in the trail."""

from collections.abc import Mapping
from typing import Any

from rulebook.parameters import NO_CHOICES
from shixun.policy.queries.choices import usable
from shixun.policy.queries.texts import newest_policies
from shixun.policy.tables.choices import differences_by_key

_LAYERS = ("district", "city", "province", "school")


def choices_told(value: Any, said: Mapping[str, Any]) -> str | None:
    """市级：5.00；区级知识与技能：10.50. The event does not say at which layer; the first that permits all is meant."""
    known = newest_policies()
    if not known or not isinstance(value, Mapping):
        return None
    meant = known.get(str(said.get("policy", "")))
    policies = [meant] if meant is not None else list(known.values())
    tried = [(policy, *usable(policy, value, layer)) for policy in policies for layer in _LAYERS]
    policy, chosen, _ = min(tried, key=lambda one: len(one[2]))
    told = [f"{change.name}：{change.after}" for _, change in differences_by_key(policy, NO_CHOICES, chosen)]
    return "；".join(told) or "与默认相同"

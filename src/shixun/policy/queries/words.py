"""What values of the trail that policies name are called: policies, levels, categories, forms, tags, claim kinds."""

from collections.abc import Callable, Mapping
from typing import Any

from rulebook.policy import Policy
from rulebook.policy.claim_kinds import ClaimField
from shixun.policy.queries.texts import newest_policies

Named = Callable[[Any, Mapping[str, Any]], str | None]


def policy_named(value: Any, said: Mapping[str, Any]) -> str | None:
    """上海“十三五”."""
    policy = newest_policies().get(str(value))
    return policy.short_name if policy is not None else None


def in_policies(names: Callable[[Policy], Mapping[str, str]]) -> Named:
    """What a key of levels, categories, forms or tags is called in whichever policy has it."""

    def named(value: Any, said: Mapping[str, Any]) -> str | None:
        tables = [names(policy) for policy in newest_policies().values()]
        # Tags of an entry stand in one text.
        keys = str(value).split(";")
        found = [next((table[key] for table in tables if key in table), "") for key in keys]
        return "、".join(found) if all(found) else None

    return named


claim_kind_named = in_policies(lambda policy: {kind.id: kind.name for kind in policy.claim_kinds.values()})
level_named = in_policies(lambda policy: policy.levels)
category_named = in_policies(lambda policy: policy.categories)
form_named = in_policies(lambda policy: policy.forms)
tag_named = in_policies(lambda policy: policy.tags)
_PLACES = (level_named, category_named, form_named)


def credit_place_named(value: Any, said: Mapping[str, Any]) -> str | None:
    """校级，知识与技能，课程研修, of ``school/knowledge/course``."""
    keys = str(value).split("/")
    words = [named(key, said) or key for named, key in zip(_PLACES, keys, strict=False)]
    return "，".join(filter(None, words)) if len(keys) == len(_PLACES) else None


def claim_values_told(value: Any, said: Mapping[str, Any]) -> str | None:
    """学时：8；活动：工作坊. What was filled in, under the names of the fields of the kind that they fit best."""
    if not isinstance(value, Mapping):
        return None
    kinds = [kind for policy in newest_policies().values() for kind in policy.claim_kinds.values()]
    fields = max(({field.id: field for field in kind.fields} for kind in kinds), key=lambda one: _fit(one, value))
    told = [
        f"{fields[key].name}：{fields[key].options.get(str(text)) or category_named(text, said) or text}"
        for key, text in value.items()
        if key in fields and text not in ("", None)
    ]
    return "；".join(told) or None


def _fit(fields: Mapping[str, ClaimField], value: Mapping[str, Any]) -> int:
    return sum(
        key in fields and (not fields[key].options or text in fields[key].options) for key, text in value.items()
    )

"""Which policy is in force where on a day, and with which local choices; for one place or for a page of them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from rulebook.parameters import LocalChoices
from rulebook.policy import Policy
from shixun.kernel.refusals import Refusal
from shixun.kernel.templatetags.formats import day
from shixun.people.models import Organisation
from shixun.people.queries import ancestor_paths
from shixun.policy.models import Adoption, LocalRules
from shixun.policy.queries.choices import Layers, layered, rules_by_path
from shixun.policy.queries.texts import newest_policies


class InForce(NamedTuple):
    """The policy of a place on a day, its layered choices, and what a reader should know about it (or None)."""

    policy: Policy
    local: LocalChoices
    notice: str | None


def policy_in_force(organisation: Organisation, on: date, known: dict[str, Policy] | None = None) -> InForce:
    """What an organisation goes by on a day (design §3). Raises ``Refusal`` where nothing was ever adopted above it.

    ``known``: the newest policies, where the caller has read them.
    """
    found = policies_in_force([organisation.path], on, known=known)[organisation.path]
    if found is None:
        raise Refusal(
            f"{organisation.name}所在的地区还没有登记执行哪一份培训政策，所以无法计算学分完成情况。",
            who_can="请联系市级管理员登记本地区执行的政策。",
            status=409,
        )
    return found


def policies_in_force(
    paths: Iterable[str],
    on: date,
    *,
    instead: Policy | None = None,
    proposed: LocalRules | None = None,
    known: dict[str, Policy] | None = None,
) -> dict[str, InForce | None]:
    """The same for many places, None where nothing was adopted: three queries whatever their number.

    Places with the same policy and the same choices share one ``LocalChoices`` object. ``instead``: as if all of them
    went by this policy, with whatever they have chosen under it. ``proposed``: as if this version, not stored
    yet, held in its area whatever its day.
    """
    chains = {path: ancestor_paths(path) for path in paths}
    every = {place for chain in chains.values() for place in chain}
    adoptions: dict[str, list[Adoption]] = {}
    if instead is not None:
        adoptions = {path: [Adoption(policy_id=instead.id, valid_from=on)] for path in chains}
    for row in Adoption.objects.filter(organisation__path__in=every if instead is None else ()).select_related(
        "organisation"
    ):
        adoptions.setdefault(row.organisation.path, []).append(row)
    rules = rules_by_path(every, on)
    if proposed is not None:
        rules[proposed.organisation.path, proposed.policy_id] = proposed
    policies = known if known is not None else newest_policies()
    layers: dict[tuple[str, ...], Layers] = {}
    return {path: _at(chain, on, adoptions, rules, policies, layers) for path, chain in chains.items()}


def _at(
    chain: list[str],
    on: date,
    adoptions: dict[str, list[Adoption]],
    rules: dict[tuple[str, str], LocalRules],
    policies: dict[str, Policy],
    layers: dict[tuple[str, ...], Layers],
) -> InForce | None:
    adoption = _nearest([adoptions[path] for path in reversed(chain) if path in adoptions], on)
    if adoption is None or adoption.policy_id not in policies:
        return None
    policy = policies[adoption.policy_id]
    chosen = [rules[path, policy.id] for path in chain if (path, policy.id) in rules]
    key = (policy.digest, *(str(row.pk) for row in chosen))
    if key not in layers:
        layers[key] = layered(policy, chosen)
    notices = [notice for notice in (_notice(policy, adoption, on), _unusable(layers[key])) if notice]
    return InForce(policy, layers[key].local, "".join(notices) or None)


def _nearest(by_place: list[list[Adoption]], on: date) -> Adoption | None:
    """The nearest adoption that covers the day; else the last one before it, else the first after it."""
    for rows in by_place:
        covering = [row for row in rows if row.is_in_force(on)]
        if covering:
            return max(covering, key=lambda row: row.valid_from)
    for rows in by_place:
        begun = [row for row in rows if row.valid_from <= on]
        if begun:
            return max(begun, key=lambda row: row.valid_from)
    return min((row for rows in by_place for row in rows), key=lambda row: row.valid_from, default=None)


def _notice(policy: Policy, adoption: Adoption, on: date) -> str:
    if on < adoption.valid_from:
        return f"{day(on)}还没有登记执行的政策，暂按最早登记的《{policy.name}》计算。"
    ends = min(day for day in (adoption.valid_until, policy.valid_until) if day is not None)
    if on < ends:
        return ""
    last = ends - timedelta(days=1)
    return f"《{policy.name}》执行到 {day(last)} 为止，此后没有新的规定，暂按原规定计算。"


def _unusable(layers: Layers) -> str:
    if not layers.unusable:
        return ""
    return f"本区规则中有 {len(layers.unusable)} 项与现行条文不符，已按条文计算：{'；'.join(layers.unusable)}。"

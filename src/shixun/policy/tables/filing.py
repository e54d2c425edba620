"""What a filing would change, beside its decision: choice by choice, and how many people each concerns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localtime

from rulebook.parameters import NO_CHOICES, LocalChoices
from rulebook.policy import Policy
from rulebook.profiles import layer_of
from shixun.approvals.models import Case
from shixun.kernel import clock
from shixun.kernel.access import Scope
from shixun.people.acting import Actor
from shixun.people.queries import appointments_within
from shixun.policy.queries.choices import layer_of as choosing_layer
from shixun.policy.queries.choices import layers_of, newest_rules, usable
from shixun.policy.queries.filings import filing_address, proposal_of
from shixun.policy.tables.choices import differences
from shixun.policy.tables.own_tables import SECTION_TITLES, layered_minima, own_rows


@dataclass(frozen=True, slots=True)
class LayerCount:
    """How many people of a district are of a layer."""

    name: str
    persons: int
    concerned: bool


def filing_context(case: Case, actor: Actor) -> Mapping[str, Any]:
    """The proposal against the rules it follows; of a closed case as it was then."""
    proposal = proposal_of(case)
    if proposal is None:
        return {"proposal": None, "organisation": case.organisation}
    before = _before(case, proposal.policy, proposal.after)
    today = clock.today()
    wider = layers_of(case.organisation, proposal.policy, today).wider
    own = [(title, own_rows(proposal.policy, proposal.chosen, section)) for section, title in SECTION_TITLES.items()]
    return {
        "proposal": proposal,
        "organisation": case.organisation,
        "changes": differences(proposal.policy, before, proposal.chosen),
        "layered": layered_minima(proposal.policy, proposal.chosen.over(wider)),
        "own": [(title, rows) for title, rows in own if rows],
        "persons": persons_count(case),
        "layers": layer_counts(case, proposal.policy, proposal.chosen),
        "is_past": proposal.valid_from < localtime(case.opened_at).date(),
        "rules_address": filing_address(case),
    }


def _before(case: Case, policy: Policy, after: int) -> LocalChoices:
    rules = newest_rules(case.organisation, policy.id)
    while rules is not None and rules.version > after:
        rules = (
            type(rules)
            .objects.filter(organisation=case.organisation, policy_id=policy.id, version=rules.version - 1)
            .first()
        )
    return usable(policy, rules.choices, choosing_layer(case.organisation))[0] if rules else NO_CHOICES


def persons_count(case: Case) -> int:
    """Everybody with an appointment in the district today."""
    held = appointments_within(Scope(case.organisation.path), clock.today())
    return held.values("person_id").distinct().count()


def layer_counts(case: Case, policy: Policy, chosen: LocalChoices) -> list[LayerCount]:
    """People by layer of the policy; one query."""
    duties: dict[int, set[str]] = {}
    titles: dict[int, str] = {}
    held = appointments_within(Scope(case.organisation.path), clock.today())
    for person, duty, title, is_main in held.values_list("person_id", "duty", "title", "is_main"):
        duties.setdefault(person, set()).add(duty)
        if is_main or person not in titles:
            titles[person] = title
    counts: dict[str, int] = {}
    for person, mine in duties.items():
        layer = layer_of(policy, titles[person], mine)
        counts[layer] = counts.get(layer, 0) + 1
    return [
        LayerCount(layer.name, counts.get(layer.id, 0), bool(chosen.layers.get(layer.id)))
        for layer in policy.layers.values()
    ]

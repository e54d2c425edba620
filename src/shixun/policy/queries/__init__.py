"""Questions to the room: texts, what is in force, local choices, articles and their cases."""

from shixun.policy.queries.adoptions import (
    Changed,
    adoptions_mark,
    adoptions_of,
    adoptions_within,
    choosing_districts,
    requirement_changes,
)
from shixun.policy.queries.articles import address_of_article, articles_found, policy_of_article
from shixun.policy.queries.choices import (
    adopted_policies,
    districts_of,
    history_of,
    layer_of,
    layers_of,
    newest_rules,
    rules_by_path,
    rules_on,
    usable,
)
from shixun.policy.queries.in_force import InForce, policies_in_force, policy_in_force
from shixun.policy.queries.texts import newest_digests, newest_policies, policies_by_day, policy_of_digest, read_policy

__all__ = [
    "Changed", "InForce", "address_of_article", "adopted_policies", "adoptions_mark", "adoptions_of",
    "adoptions_within", "articles_found", "choosing_districts", "districts_of", "history_of", "layer_of",
    "layers_of", "newest_digests", "newest_policies", "newest_rules", "policies_by_day", "policies_in_force",
    "policy_in_force", "policy_of_article", "policy_of_digest", "read_policy",
    "requirement_changes", "rules_by_path", "rules_on", "usable",
]  # fmt: skip

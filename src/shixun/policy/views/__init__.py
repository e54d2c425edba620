"""Pages of the room."""

from shixun.policy.views.adoptions import adoptions, switch, take_back
from shixun.policy.views.conversion import conversion
from shixun.policy.views.local_rules import change_local_rules, compare_local_rules, local_rules, own_local_rules
from shixun.policy.views.policies import article, cases, policies, policy

__all__ = [
    "adoptions", "article", "cases", "change_local_rules", "compare_local_rules", "conversion", "local_rules",
    "own_local_rules", "policies", "policy", "switch", "take_back",
]  # fmt: skip

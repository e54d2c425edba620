"""What may be done: store texts, adopt a policy, go over to another, set local rules, file them."""

from shixun.policy.actions.adopting import adopt
from shixun.policy.actions.choosing import set_local_rules
from shixun.policy.actions.filing import file_local_rules
from shixun.policy.actions.storing import publish, store_shipped_policies
from shixun.policy.actions.switching import switch_policy, take_back_switch

__all__ = [
    "adopt", "file_local_rules", "publish", "set_local_rules", "store_shipped_policies", "switch_policy",
    "take_back_switch",
]  # fmt: skip

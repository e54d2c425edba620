"""Rows → facts: what records are worth under which policy, and what claims are."""

from shixun.recognition.facts.batches import BatchGround, merged_values, own_fields
from shixun.recognition.facts.claims import (
    ClaimGround,
    account_of_claim,
    earlier_of,
    ground_of,
    kinds_offered,
    posted_of,
    worth_of_values,
)
from shixun.recognition.facts.records import (
    Held,
    Policies,
    Worth,
    agrees,
    conversion_for,
    earned_on,
    is_known_to,
    may_set_rate,
    whole,
    worth_of,
)

__all__ = [
    "BatchGround", "ClaimGround", "Held", "Policies", "Worth", "account_of_claim", "agrees", "conversion_for",
    "earlier_of", "earned_on", "ground_of", "is_known_to", "kinds_offered", "may_set_rate", "merged_values",
    "own_fields", "posted_of", "whole", "worth_of", "worth_of_values",
]  # fmt: skip

"""Every write of the ledger, one verb a file; many entries at once go through ``ledger.bulk``."""

from shixun.ledger.actions.accounts import open_account
from shixun.ledger.actions.posting import post_entry
from shixun.ledger.actions.reversal import reverse_entry

__all__ = ["open_account", "post_entry", "reverse_entry"]

"""学分账户 (floor 6): credit accounts and immutable entries, the bank's own book.

Owns: Account, Batch, Entry. A mistake is mended by a reversal and a new entry, never by an edit; balances are sums.
Reads: people (whose account, who recognises). Asks: nobody; the standing above judges what the entries are worth.
Writes: entries through ``ledger.actions`` (one at a time) and ``ledger.bulk`` (many at once), each with its trail.
Requirements: CL-13, CL-15, CL-18 (what every entry shows), CL-14 (credits of other places), AR-01 (the record by year).
"""

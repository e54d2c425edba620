"""Append-only logs with proof: rows of a room are numbered as leaves of a Merkle tree whose heads are signed.

A room registers a log at start-up (``logs.register_log``). One sequencer numbers its rows after they are committed,
never inside the transaction that writes them. What was numbered can be proven to be kept (``tree``), and a row that is
changed, removed, put in behind or reordered is named (``checks``), whoever did it and however. Signed heads go out of
the house (``heads``), so that rewriting the whole log is found as well.
"""

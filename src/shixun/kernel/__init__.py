"""The floor everybody stands on: a short, closed list of mechanisms, and no noun of the domain.

Owns the domain's clock, the access mechanism, the audit log, append-only triggers, encrypted columns, refusals, page
shells, slots and list pages. Reads nothing of other rooms. Requirement: DX-01.
"""

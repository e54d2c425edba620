"""学分完成情况 (floor 7): where each teacher stands against the policy in force for her, and why.

Owns: no rows yet; a standing is computed from appointments, local rules and the ledger whenever it is asked for.
Reads: people, policy, ledger. Asks: the rulebook, once for one person with reasons, in columns for a list of them.
Requirements: PR-01 … PR-17, PR-20 (profiles combine), CL-09 (principal credits cover teacher credits), AR-01.
"""

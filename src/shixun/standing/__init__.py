"""学分完成情况 (floor 7): where each teacher stands against the policy in force for her, and why.

Owns: the stored standings of everybody (``StoredStanding``, ``StandingGap``, ``Measure``), a projection that may be
thrown away; how far it has read (``Watermark``).
One person's own page is computed whenever it is asked for.
Reads: people, policy, ledger. Asks: the rulebook, once for one person with reasons, in columns for a population.
Requirements: PR-01 … PR-17, PR-20 (profiles combine), CL-09 (principal credits cover teacher credits), AR-01.
"""

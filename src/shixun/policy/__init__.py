"""政策 (floor 5): which policy is in force where and when, what a district has chosen in it, pages of articles.

Owns: PolicyVersion, Adoption, LocalRules, the flow by which a district files its rules. Reads: people (the tree of
organisations, who acts), approvals (cases of filing). Asks: the rulebook, which reads the texts, checks every choice
and works the cases. Writes: new versions, never over old ones.
Requirements: PR-01 … PR-18 (structure, ranges and layers), PR-19, PR-24, PL-11, CL-05, CL-12 (a district's own rules
and their filing), PR-20, CL-01 … CL-11 (articles with their worked cases).
"""

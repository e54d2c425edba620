"""审核 (floor 4): the one mechanism of every review chain, and the one inbox (待办).

Owns: Case, Revision, Step, LevelSetting, and the registry of flows that rooms declare. Reads: people (the tree of
organisations, who acts, who holds which role), the kernel. Asks: the room that declared a flow, through its declaration
(what a move does, what may not be, what stands beside the decision). Writes: cases with their steps and revisions; the
effect of a decision is written by the declaring room, inside the deciding transaction.
Requirements: PR-18, PL-11 (filing level by level), RW-01 (school, district, city), RW-07 (deadlines), CL-12 (filing).
"""

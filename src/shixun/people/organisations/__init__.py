"""机构变更: how an organisation is opened, renamed, moved, merged into another and closed, and what follows from it.

Every change is a dated row of the organisation's history. What it means for people, roles, cases, windows and rules is
said by each room in the registry of consequences; a preview asks them all, the change carries them all out.
"""

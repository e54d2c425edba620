"""Demo (floor 21): two invented regions with everything a visitor may want to look at, the same every time.

Owns: nothing that lasts; it calls the bulk writers of the rooms below and never deletes anything.
Reads: policies, to know what a programme of study must reach. Writes: organisations, persons, accounts, credits,
local rules and the personas of the sign-in page, all in one transaction into an empty database.
No person, school or course here is meant to be a real one; areas and their codes are (GB/T 2260).
"""

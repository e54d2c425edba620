"""When things happen: school years and terms, windows in which something may be done, the work calendar of a district.

Owns these, the registry of purposes, and the trigger by which the database refuses what lies outside its window; reads
people; asks nobody; tells people through notices. Requirements: RW-03, RW-06, RW-07, SU-01, CS-06.
"""

"""The roster (floor 5): who works where, as schools and districts send it in, and how that changes.

Owns: the columns of the roster, what their words mean, what a row changes; Transfer, PersonCorrection, Departure and
the chains in which the first two are decided. Reads people; asks both sides of a move and whoever answers for a detail,
through approvals. Writes through ``people.bulk`` alone, inside the job of an import or the transaction of a decision.
Profiles are not typed: they arise from appointments, duties, titles and dates.
Requirements: DX-01, DX-05, AR-02, CL-14.
"""

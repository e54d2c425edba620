"""The roster (floor 5): who works where, as schools and districts send it in.

Owns: the columns of the roster, what their words mean, and what a row changes (persons, numbers, appointments). Reads
people; asks nobody. Writes through ``people.bulk`` alone, inside the job of an import. Profiles are not typed: they
arise from appointments, duties, titles and dates. Requirements: DX-01, DX-05, AR-02.
"""

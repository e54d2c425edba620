"""Recognition (floor 16), its first part: training records and class results that come in as spreadsheets.

Owns: TrainingRecord, ProjectClassification, ReportedProject; what a record is worth, and the postings that follow.
Owns too: Paper with its proof and revocation (``certificates``): transcripts, archives, extracts, seals, verification.
Reads: people, policy (which one is in force), ledger (what stands). Asks: the rulebook, hours into credits.
Writes: entries through ``ledger.actions`` and ``ledger.bulk`` alone, each record's at most once at a time.
Requirements: RW-02, RW-09, DX-05, AR-02, NT-12, PR-22, CL-05, PR-34 … PR-36, AR-01, CL-13.
"""

"""Recognition (floor 16): training records and class results from spreadsheets; claims, their review and posting.

Owns: TrainingRecord, ProjectClassification, ReportedProject; what a record is worth, and the postings that follow.
Claim and ClaimBatch (one activity for many), Evidence, SamplingRound, the registers of outside organisers.
Owns too: Paper with its proof and revocation (``certificates``): transcripts, archives, extracts, seals, verification.
Reads: people, policy (which one is in force), ledger (what stands). Asks: the rulebook, hours into credits.
Writes: entries through ``ledger.actions`` and ``ledger.bulk`` alone, each record's at most once at a time.
Requirements: RW-02, RW-09, DX-05, AR-02, NT-12, PR-22, CL-05, PR-34 … PR-36, AR-01, CL-13.
"""

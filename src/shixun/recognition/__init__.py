"""Recognition (floor 16): what somebody declares, what comes in as spreadsheets, and the papers that prove it.

Owns: Claim with its evidence, prints, adjustments, suspected twins, reversal requests, settlements between districts;
ClaimBatch (one activity for many), SamplingRound, YearReview with each school's part and its teachers' objections,
the registers of outside organisers; their chains (``flow``).
Owns too: TrainingRecord, ProjectClassification, ReportedProject; what a record is worth, and the postings that follow.
Owns too: Paper with its proof and revocation (``certificates``): transcripts, archives, extracts, seals, verification.
Reads: people, terms (when claims may be handed in), policy (which one is in force), ledger, standing (what a claim
would change). Asks: the rulebook, what a claim or its hours are worth; approvals, to carry a claim through its chain.
Writes: entries through ``ledger.actions`` and ``ledger.bulk`` alone, each record's at most once at a time.
Requirements: RW-01, RW-02, RW-03, RW-05, RW-09, DX-05, AR-01, AR-02, AR-04, NT-12, PR-22, PR-34 … PR-37, CL-03 … CL-14,
CL-18.
"""

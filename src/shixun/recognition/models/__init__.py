"""The nouns of the room: reported records, claims with their evidence, registers of the outside, reviews of many."""

from shixun.recognition.models.claims import Adjustment, Claim, ClaimBatch, ReversalRequest, Settlement
from shixun.recognition.models.evidence import Evidence, ImagePrint
from shixun.recognition.models.papers import Paper, PaperProof, PaperRevocation
from shixun.recognition.models.records import Placing, ProjectClassification, ReportedProject, TrainingRecord
from shixun.recognition.models.registers import Organiser, OutsideProgramme
from shixun.recognition.models.reviews import Objection, SamplingItem, SamplingRound, SchoolFeedback, YearReview
from shixun.recognition.models.suspicions import Suspicion

__all__ = [
    "Adjustment", "Claim", "ClaimBatch", "Evidence", "ImagePrint", "Objection", "Organiser", "OutsideProgramme",
    "Paper", "PaperProof", "PaperRevocation", "Placing", "ProjectClassification", "ReportedProject",
    "ReversalRequest", "SamplingItem", "SamplingRound", "SchoolFeedback", "Settlement", "Suspicion",
    "TrainingRecord", "YearReview",
]  # fmt: skip

"""Verbs of the room: settle records with the ledger, classify projects, register projects, write exports."""

from shixun.recognition.actions.classifying import classify_project, start_posting
from shixun.recognition.actions.projects import register_project
from shixun.recognition.actions.releasing import start_release
from shixun.recognition.actions.settling import settle_records, store_records

__all__ = [
    "classify_project",
    "register_project",
    "settle_records",
    "start_posting",
    "start_release",
    "store_records",
]

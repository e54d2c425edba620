"""What changes who works where: files taken away, departures, moves between places, corrections of details."""

from shixun.roster.actions.corrections import ask_for_correction
from shixun.roster.actions.departures import register_departure, register_departures
from shixun.roster.actions.exporting import start_export
from shixun.roster.actions.transfers import ask_for_transfer, revise_transfer

__all__ = [
    "ask_for_correction",
    "ask_for_transfer",
    "register_departure",
    "register_departures",
    "revise_transfer",
    "start_export",
]

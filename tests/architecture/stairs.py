"""The stairs as data: reads the order of the rooms from .importlinter, the one place where it is written."""

import configparser
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def floors() -> dict[str, int]:
    """Room → floor, the kernel being 0; rooms on one floor share a number, rooms not yet built included."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    lines = parser["importlinter:contract:stairs"]["layers"].split("\n")
    rows = [re.findall(r"\w+", line) for line in lines if line.strip()]
    return {room: floor for floor, row in enumerate(reversed(rows)) for room in row}


def may_look_at(room: str, other: str) -> bool:
    """Whether ``room`` may know that ``other`` exists: itself, or a room on a lower floor."""
    return room == other or floors()[other] < floors()[room]

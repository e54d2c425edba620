"""Files of ``shixun standing`` (credit-engine §7): people and entries in, standings out, all errors together."""

from rulebook.standing.files.reading import FileError, read_entries, read_people
from rulebook.standing.files.writing import write_standings

__all__ = ["FileError", "read_entries", "read_people", "write_standings"]

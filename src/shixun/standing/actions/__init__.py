"""Verbs of the room: compute stored standings anew, for a scope, for some persons, or for whatever has changed."""

from shixun.standing.actions.pulling import pull_changes
from shixun.standing.actions.refreshing import refresh_persons, refresh_standings
from shixun.standing.actions.requesting import REFRESH, ask_for_refresh, run_refresh

__all__ = ["REFRESH", "ask_for_refresh", "pull_changes", "refresh_persons", "refresh_standings", "run_refresh"]

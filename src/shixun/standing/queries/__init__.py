"""Questions to the room: one person's standings with reasons, short ones for a few, stored ones for a population."""

from shixun.standing.queries.accounts import (
    AccountStanding,
    Brief,
    Figures,
    briefs_for,
    figures_within,
    main_standing,
    persons_by_state,
    standings_for,
    teachers_within,
)
from shixun.standing.queries.freshness import Freshness, freshness_of, is_behind
from shixun.standing.queries.population import judged_of

__all__ = [
    "AccountStanding", "Brief", "Figures", "Freshness", "briefs_for", "figures_within", "freshness_of", "is_behind",
    "judged_of", "main_standing", "persons_by_state",
    "standings_for", "teachers_within",
]  # fmt: skip

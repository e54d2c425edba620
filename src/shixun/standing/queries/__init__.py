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
from shixun.standing.queries.checking import Difference, differences_of, persons_to_check
from shixun.standing.queries.freshness import Freshness, freshness_of, is_behind
from shixun.standing.queries.population import judged_of
from shixun.standing.queries.stored import (
    Asked,
    Heat,
    HeatRow,
    Missing,
    StoredFigures,
    asked_by,
    gaps_of,
    heat_within,
    holding,
    kinds_within,
    lacking,
    measures_within,
    profiles_by,
    stored_figures,
    stored_within,
    subjects_within,
)

__all__ = [
    "AccountStanding", "Asked", "Brief", "Difference", "Figures", "Freshness", "Heat", "HeatRow", "Missing",
    "StoredFigures", "asked_by", "briefs_for", "differences_of", "figures_within", "freshness_of", "gaps_of",
    "heat_within", "holding", "is_behind", "judged_of", "kinds_within", "lacking", "main_standing", "measures_within",
    "persons_by_state", "persons_to_check", "profiles_by", "standings_for", "stored_figures", "stored_within",
    "subjects_within", "teachers_within",
]  # fmt: skip

"""Questions to the room: one person's standings with reasons, stored ones for a population."""

from shixun.standing.queries.accounts import (
    AccountStanding,
    main_standing,
    standing_if_earned,
    standings_for,
    standings_of,
)
from shixun.standing.queries.checking import Difference, differences_of, differing_sums, persons_to_check
from shixun.standing.queries.freshness import Freshness, freshness_of, is_behind
from shixun.standing.queries.heat import Heat, HeatRow, Missing, heat_within
from shixun.standing.queries.moving import Compared, IfMoved, standing_if_moved
from shixun.standing.queries.population import holders_within, judged_of
from shixun.standing.queries.stored import (
    Asked,
    Lacks,
    StoredFigures,
    asked_by,
    gaps_of,
    holding,
    kinds_within,
    lacking,
    measures_within,
    profiles_by,
    stored_figures,
    stored_within,
    subjects_within,
)
from shixun.standing.queries.switching import Outlook, outlook_of, outlook_of_rules

__all__ = [
    "AccountStanding", "Asked", "Compared", "Difference", "Freshness", "Heat", "HeatRow", "IfMoved", "Lacks",
    "Missing", "Outlook", "StoredFigures", "asked_by", "differences_of", "differing_sums", "freshness_of",
    "gaps_of", "heat_within", "holders_within", "holding", "is_behind", "judged_of", "kinds_within", "lacking",
    "main_standing", "measures_within", "outlook_of", "outlook_of_rules", "persons_to_check", "profiles_by",
    "standing_if_earned",
    "standing_if_moved", "standings_for", "standings_of", "stored_figures", "stored_within", "subjects_within",
]  # fmt: skip

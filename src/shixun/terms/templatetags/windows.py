"""The tag ``{% window_banner "claims.declare" organisation %}``: what is open for this purpose, and what is left."""

from __future__ import annotations

from typing import Any

from django import template

from shixun.kernel import clock
from shixun.people.models import Organisation
from shixun.terms.queries.windows import round_words, window_words

register = template.Library()


@register.inclusion_tag("terms/banner.html")
def window_banner(purpose: str, organisation: Organisation) -> dict[str, Any]:
    """The state of a purpose at a place in one line; a countdown only in the last hour."""
    state = window_words(purpose, organisation, clock.now())
    return {"state": state, "window": state.window, "round": round_words(state.window) if state.window else ""}

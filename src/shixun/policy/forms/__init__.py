"""Forms of the room: local choices of an area, and the calculator of hours."""

from shixun.policy.forms.hours import HoursForm, SessionsForm
from shixun.policy.forms.local_rules import LocalRulesForm, initial_of

__all__ = ["HoursForm", "LocalRulesForm", "SessionsForm", "initial_of"]

"""Forms of the room: local choices of an area, going over to a policy, and the calculator of hours."""

from shixun.policy.forms.hours import HoursForm, SessionsForm
from shixun.policy.forms.local_rules import LocalRulesForm, initial_of
from shixun.policy.forms.switching import SwitchForm

__all__ = ["HoursForm", "LocalRulesForm", "SessionsForm", "SwitchForm", "initial_of"]

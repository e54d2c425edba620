"""For the tests of this room and those above: a city that goes by a shipped policy."""

from datetime import date

from django.utils import timezone

from shixun.approvals.models import Case
from shixun.people.acting import system_actor
from shixun.people.choices import AREAS
from shixun.people.models import Organisation
from shixun.people.testing import Setting
from shixun.policy.actions import adopt
from shixun.policy.models import Adoption
from shixun.policy.queries.filings import FILING

BUILDER = system_actor("测试")


def an_adoption(
    organisation: Organisation,
    policy_id: str = "shanghai-2016",
    *,
    valid_from: date = date(2016, 1, 1),
    valid_until: date | None = None,
) -> Adoption:
    """The organisation goes by the policy, since 2016 unless said otherwise."""
    return adopt(
        actor=BUILDER,
        at=timezone.now(),
        organisation=organisation,
        policy_id=policy_id,
        valid_from=valid_from,
        valid_until=valid_until,
    )


def _an_area(setting: Setting) -> Organisation | None:
    return setting.organisation if setting.organisation.kind in AREAS else None


def _a_filing(setting: Setting) -> Case:
    """A filing of the place's rules, not kept."""
    return Case(flow=FILING, organisation=setting.organisation)


def _an_adoption(setting: Setting) -> Adoption | None:
    area = _an_area(setting)
    return Adoption(organisation=area, policy_id="shanghai-2016", valid_from=date(2016, 1, 1)) if area else None


# Of each permission about a thing: such a thing in a setting, or None where there is none.
SUBJECTS = {
    "can_see_local_rules": _an_area,
    "can_set_local_rules": _an_area,
    "can_adopt_policy": _an_area,
    "can_review_filing": _a_filing,
    "can_take_back_switch": _an_adoption,
}

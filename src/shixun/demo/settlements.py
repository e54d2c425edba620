"""Credits between two districts in every state: waiting, queried, answered, accepted, settled, void (CL-14)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from shixun.demo.moves import officer_at
from shixun.demo.places.shanghai import HUANGPU, XUHUI
from shixun.people.acting import actor_of
from shixun.people.choices import Role
from shixun.people.models import Organisation, RoleGrant
from shixun.recognition.actions.settlements import accept_settlements, answer_settlement, query_settlement, settle
from shixun.recognition.models import Settlement


def build_settlements(organisations: Mapping[str, Organisation], *, at: datetime) -> int:
    """Take what the demo's claims have left between two districts some steps further; how many there are."""
    today = at.date()
    home = officer_at(organisations[f"{HUANGPU}-B"], Role.DISTRICT_OFFICER, today)
    host = officer_at(organisations[f"{XUHUI}-B"], Role.DISTRICT_OFFICER, today)
    grants = RoleGrant.objects.select_related("user__person", "organisation__parent")
    city = actor_of(grants.get(user__username="city", role=Role.CITY_OFFICER))
    rows = list(Settlement.objects.select_related("home", "host", "claim").order_by("pk"))
    moment = at - timedelta(days=2)
    accept_settlements(actor=home, at=moment, rows=rows[:2])
    settle(actor=city, at=at - timedelta(days=1), rows=rows[:1])
    for row in rows[2:4]:
        query_settlement(actor=home, at=moment, row=row, text="课表写的是 6 学时，与申报的 8 学时不一致。")
    for row in rows[3:4]:
        answer_settlement(actor=host, at=moment + timedelta(hours=5), row=row, text="另有 2 学时在线研讨，附记录。")
    return len(rows)

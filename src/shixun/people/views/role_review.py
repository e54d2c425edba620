"""在岗角色复核: the roles I answer for that are due to be looked at; confirmed or ended, many at once."""

from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shixun.kernel import clock
from shixun.kernel.access import acting, require
from shixun.kernel.filters import Choice, Text
from shixun.kernel.listing import BatchAction, Column, Empty, ListPage
from shixun.people.choices import GRANTS, Role
from shixun.people.models import RoleGrant
from shixun.people.organisations.names import by_name
from shixun.people.permissions import can_grant_roles
from shixun.people.role_review.actions import confirm_roles, end_reviewed_roles
from shixun.people.role_review.queries import WHY, narrowed_to, roles_to_review, why_of

_MOST_AT_ONCE = 200


@require_http_methods(["GET", "HEAD", "POST"])
@require(can_grant_roles)
def role_review(request: HttpRequest) -> HttpResponseBase:
    """The roles due, the longest unseen first."""
    actor, today = acting(request), clock.today()
    page = ListPage(
        rows=roles_to_review(actor, today),
        columns=(
            Column("holder", "姓名", _holder, sort=("user__person__name",), card="title", link=_address),
            Column("role", "角色", "get_role_display", sort=("role", "organisation__path"), card="figure"),
            Column("organisation", "机构", "organisation.name", sort=("organisation__path", "role")),
            Column("why", "为什么要复核", partial(why_of, on=today)),
            Column("seen_on", "上次复核或授予", "seen_on", kind="date", sort=("seen_on",), card="figure"),
            Column("valid_until", "至（不含）", "valid_until", kind="date", sort=("valid_until",), card="hidden"),
        ),
        default_sort="seen_on",
        noun="项角色",
        file_name="待复核的角色",
        empty=Empty("没有要复核的角色。", next=f"每项角色每 {settings.ROLE_REVIEW_MONTHS} 个月复核一次。"),
        filters=(
            Text(
                "q",
                "姓名或机构",
                fields=("user__person__name",),
                also=(by_name("organisation"),),
                placeholder="姓名或机构",
            ),
            Choice("role", "角色", options=[(role.value, role.label) for role in Role if role in GRANTS[actor.role]]),
            Choice("why", "原因", options=WHY, narrow=partial(_narrow, today=today)),
        ),
        actions=(
            BatchAction("confirm", "确认仍然需要", "确认这 {count} 项角色仍然需要，下一次复核在一年以后。", _confirm),
            BatchAction("end", "结束", "这 {count} 项角色今天结束，立即不能再用；要恢复只能重新授予。", _end, "x"),
        ),
    )
    return page.respond(request, "people/role-review.html")


def _narrow(rows: QuerySet[Any], value: str, *, today: Any) -> QuerySet[Any]:
    return narrowed_to(rows, value, today)


def _holder(grant: RoleGrant) -> str:
    return str(grant.user)


def _address(grant: RoleGrant) -> str:
    person = grant.user.person
    return reverse("people:person", kwargs={"uuid": person.uuid}) if person else ""


def _confirm(request: HttpRequest, rows: QuerySet[RoleGrant]) -> str:
    done = confirm_roles(actor=acting(request), at=clock.now(), grants=list(rows[:_MOST_AT_ONCE]))
    return f"已确认 {done} 项角色。"


def _end(request: HttpRequest, rows: QuerySet[RoleGrant]) -> str:
    done = end_reviewed_roles(actor=acting(request), at=clock.now(), grants=list(rows[:_MOST_AT_ONCE]))
    return f"已结束 {done} 项角色，立即生效。"

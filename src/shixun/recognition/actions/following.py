"""What an organisation's change means for claims: what is not decided goes along with its case, the rest stays.

What is not settled between two districts goes to the heir of either. Sampled rounds and yearly checks under way stand
in the way, for both end by a word of the place itself.
"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from shixun.kernel import audit
from shixun.people.acting import Actor
from shixun.people.organisations.choices import OrganisationChangeKind
from shixun.people.organisations.consequences import Finding, register_consequence
from shixun.people.organisations.plans import Plan
from shixun.recognition.choices import SettlementState
from shixun.recognition.models import Claim, SamplingRound, SchoolFeedback, Settlement, YearReview


def register() -> None:
    """Called once at start-up."""
    register_consequence("recognition.claims", title="学分申报", order=150, find=_find, carry_out=_carry_out)
    register_consequence(
        "recognition.settlements", title="跨区结算", order=151, find=_find_unsettled, carry_out=_settle_with_the_heir
    )
    register_consequence("recognition.reviews", title="抽查和年度核对", order=152, find=_find_reviews)


def _undecided(plan: Plan) -> QuerySet[Claim]:
    open_ones = Q(case__isnull=True) | Q(case__closed_at__isnull=True)
    return Claim.objects.filter(open_ones, Q(organisation__in=plan.keys) | Q(host__in=plan.keys))


def _find(plan: Plan) -> Iterator[Finding]:
    count = _undecided(plan).count() if plan.is_merger else 0
    if count:
        yield Finding(f"{count:,} 份没有办结的申报和草稿随教师转到{plan.heir_name}；已认定的不变。")


def _carry_out(plan: Plan, actor: Actor, at: datetime) -> None:
    if plan.is_merger:
        _undecided(plan).filter(organisation__in=plan.keys).update(organisation=plan.heir)
        _undecided(plan).filter(host__in=plan.keys).update(host=plan.heir)


def _unsettled(plan: Plan) -> QuerySet[Settlement]:
    rows = Settlement.objects.exclude(state__in=(SettlementState.SETTLED, SettlementState.VOID))
    return rows.filter(Q(home__in=plan.keys) | Q(host__in=plan.keys))


def _find_unsettled(plan: Plan) -> Iterator[Finding]:
    count = _unsettled(plan).count() if plan.is_merger else 0
    if count:
        yield Finding(f"{count:,} 笔没有结算的跨区学分转到{plan.heir_name}；两区并为一区的不再结算。")


def _settle_with_the_heir(plan: Plan, actor: Actor, at: datetime) -> None:
    if not plan.is_merger:
        return
    keys = set(plan.keys)
    for row in _unsettled(plan).select_for_update(of=("self",)).select_related("home", "host", "claim"):
        before = {"home": row.home.name, "host": row.host.name, "state": row.state}
        home, host = (plan.heir if one.pk in keys else one for one in (row.home, row.host))
        if home == host:
            # Nothing is owed within one district: the row keeps the names of the two that it was between.
            row.state = SettlementState.VOID
        else:
            row.home, row.host = home, host
        row.save(update_fields=["home", "host", "state"])
        audit.record(
            actor=actor,
            at=at,
            action="settlement.followed",
            subject_kind="recognition.settlement",
            subject_uuid=row.uuid,
            organisation=plan.heir,
            before=before,
            after={"home": row.home.name, "host": row.host.name, "state": row.state},
        )


def _find_reviews(plan: Plan) -> Iterator[Finding]:
    """Rounds and reviews of a place that ends block, and a school's yearly check where no heir can finish it.

    What a merged school has not signed goes with its case to the heir, which finishes it.
    """
    rounds = SamplingRound.objects.filter(organisation__in=plan.keys, closed_at=None).count() if plan.is_ending else 0
    if rounds:
        yield Finding(f"{rounds} 次抽查审核没有结束，请先办完或放弃。", blocks=True)
    years = YearReview.objects.filter(organisation__in=plan.keys, closed_at=None).count() if plan.is_ending else 0
    if years:
        yield Finding(f"{years} 次年度审核没有完成，请先完成。", blocks=True)
    waiting = SchoolFeedback.objects.filter(school__in=plan.keys, case__isnull=False, case__closed_at=None).count()
    if not waiting:
        return
    if plan.is_merger:
        yield Finding(f"{waiting} 份没有审定的年度核对由{plan.heir_name}办完。")
    elif plan.kind in (OrganisationChangeKind.CLOSED, OrganisationChangeKind.MOVED):
        yield Finding(f"{waiting} 份年度核对没有审定，请先由区县审定。", blocks=True)

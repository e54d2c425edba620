"""Questions about sampled rounds: what may go into one, what is still to be looked at, what the sample says of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from rulebook.amounts import show_amount
from rulebook.sampling import ErrorBound, error_bound
from shixun.approvals.models import Case
from shixun.approvals.queries import inbox_of
from shixun.approvals.queries.levels import places_of
from shixun.kernel.access import Scope
from shixun.people.acting import Actor
from shixun.people.choices import BODIES
from shixun.people.models import Organisation
from shixun.recognition.choices import CLAIM_FLOW, RoundState, Verdict
from shixun.recognition.models import Claim, SamplingItem, SamplingRound, Suspicion

STATES = ("school_pending", "district_pending", "host_pending", "city_pending")
_RECENT = timedelta(days=30)


def place_of(organisation: Organisation) -> Organisation:
    """Where a round belongs: the area a body acts for, else the place itself."""
    is_body = organisation.kind in BODIES and organisation.parent is not None
    return organisation.parent if is_body and organisation.parent else organisation


def cases_to_sample(actor: Actor, at: datetime, state: str, kind: str = "") -> QuerySet[Case]:
    """The claims of one level that wait for the actor and may go into a round.

    Left out: her own (also those she handed in for others), what a suspicion was found for, and what is in a round that
    is under way.
    """
    rows = inbox_of(actor, at).filter(flow=CLAIM_FLOW, state=state, place__in=places_of(actor))
    if kind:
        rows = rows.filter(claim__kind=kind)
    twins = Suspicion.objects.filter(Q(claim=OuterRef("claim__pk")) | Q(other=OuterRef("claim__pk")))
    taken = SamplingItem.objects.filter(claim=OuterRef("claim__pk"), round__closed_at=None)
    return rows.exclude(claim=None).exclude(Exists(twins)).exclude(Exists(taken))


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many claims in one state may go into a round, and how many wait there in all; by kind."""

    state: str
    number: int
    waiting: int
    kinds: Sequence[tuple[str, int]]


def waiting_by_state(actor: Actor, at: datetime) -> list[Waiting]:
    """What could be sampled now, level by level; those with nothing are left out."""
    found = []
    everything = inbox_of(actor, at).filter(flow=CLAIM_FLOW).order_by()
    counts = dict(everything.values_list("state").annotate(number=Count("pk")))
    for state in STATES:
        if not counts.get(state):
            continue
        rows = cases_to_sample(actor, at, state).order_by()
        kinds = list(rows.values_list("claim__kind").annotate(number=Count("pk")).order_by("-number"))
        found.append(Waiting(state, sum(number for _, number in kinds), counts[state], kinds))
    return found


def rounds_within(scope: Scope) -> QuerySet[SamplingRound]:
    """The rounds of a scope with their progress, the newest first; one query."""
    seen = Count("items", filter=~Q(items__verdict=""))
    wrong = Count("items", filter=Q(items__verdict=Verdict.WRONG))
    rows = SamplingRound.objects.filter(scope.within()).select_related("organisation", "opened_by__person")
    return rows.annotate(seen=seen, wrong=wrong)


def items_of(round: SamplingRound) -> QuerySet[SamplingItem]:
    """The claims of a round in drawn order, each with what a list shows."""
    related = ("claim__person", "claim__organisation", "claim__case", "seen_by__person", "round")
    return SamplingItem.objects.filter(round=round).select_related(*related).order_by("position")


def items_to_see(round: SamplingRound) -> QuerySet[SamplingItem]:
    """What is still to be looked at in full: of the drawn ones, of all once an error was found."""
    rows = items_of(round).filter(verdict="", claim__case__version=F("version"))
    return rows if round.state == RoundState.FAULTY else rows.filter(is_drawn=True)


def items_gone(round: SamplingRound) -> QuerySet[SamplingItem]:
    """What was not looked at and has left the level since: withdrawn, or decided above."""
    return items_of(round).filter(verdict="").exclude(claim__case__version=F("version"))


def items_left(round: SamplingRound) -> QuerySet[SamplingItem]:
    """What was not drawn and may be passed with the rest."""
    return items_of(round).filter(verdict="", is_drawn=False, claim__case__version=F("version"))


def open_item_of(claim: Claim) -> SamplingItem | None:
    """The claim's place in a round that is not over."""
    rows = SamplingItem.objects.filter(claim=claim, round__closed_at=None)
    return rows.select_related("round__opened_by__person", "round__organisation").first()


def dropped_lately(place: Organisation, at: datetime) -> int:
    """How many rounds a place has given up in the last thirty days: a draw is not to be repeated until it suits."""
    rows = SamplingRound.objects.filter(organisation=place, state=RoundState.DROPPED, closed_at__gte=at - _RECENT)
    return rows.count()


def bound_of(round: SamplingRound) -> ErrorBound | None:
    """What the claims looked at say of all that were in the round; None while nothing was looked at."""
    seen = SamplingItem.objects.filter(round=round).exclude(verdict="")
    counts = seen.aggregate(seen=Count("pk"), wrong=Count("pk", filter=Q(verdict=Verdict.WRONG)))
    number = round.number - (items_gone(round).count() if round.closed_at is None else round.gone)
    return error_bound(number, counts["seen"], counts["wrong"]) if counts["seen"] else None


def bound_words(bound: ErrorBound) -> str:
    """The bound in a sentence for whoever has to sign for it."""
    head = f"共 {bound.number} 项，完整核查了 {bound.seen} 项，"
    found = f"发现 {bound.wrong} 项有差错" if bound.wrong else "没有发现差错"
    if bound.seen == bound.number:
        return f"{head}{found}。全部看过，这就是实际的差错数。"
    rate = show_amount(round_up(bound))
    if bound.wrong:
        return f"{head}{found}。全部里有差错的可能多达 {bound.most} 项（{rate}%，95% 的把握），所以其余须逐件核查。"
    return (
        f"{head}{found}。据此有 95% 的把握：全部 {bound.number} 项里有差错的不超过 {bound.most} 项（{rate}%）；"
        f"反过来说，如果差错比这更多，抽到这样好的结果的机会不到 5%。"
    )


def round_up(bound: ErrorBound) -> int:
    """The rate in hundredths of a percent, rounded up."""
    return -(-bound.rate.numerator * 10_000 // bound.rate.denominator)

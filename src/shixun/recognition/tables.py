"""What the pages of claims show: the form of a kind, worth and change of standing, suspicions with their twins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from rulebook.claims import ClaimWorth
from rulebook.policy import Policy
from rulebook.policy.claim_kinds import ClaimField, ClaimKind
from shixun.approvals.models import Case
from shixun.kernel import clock
from shixun.ledger.choices import AccountKind
from shixun.people.acting import Actor
from shixun.people.models import Person
from shixun.recognition.actions.deciding import claim_of_case
from shixun.recognition.actions.reading import shown_values, worth_now
from shixun.recognition.actions.reversing import request_of_case
from shixun.recognition.facts import ClaimGround
from shixun.recognition.models import Adjustment, Claim, Evidence, Suspicion
from shixun.recognition.permissions import can_review_claim
from shixun.recognition.queries.claims import adjustments_of, evidence_of, standing_change
from shixun.recognition.queries.rounds import open_item_of
from shixun.recognition.queries.years import feedback_of_case, figures_of

INPUTS = {"day": "date", "hours": "text", "count": "text", "days": "text"}
MODES = {"hours": "decimal", "count": "numeric", "days": "numeric"}
LISTS = {"organiser": "organisers", "programme": "programmes"}


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field of the form: what was typed, and what is wrong with it."""

    field: ClaimField
    value: str
    problem: str

    @property
    def type(self) -> str:
        return INPUTS.get(self.field.type, "text")

    @property
    def mode(self) -> str:
        return MODES.get(self.field.type, "text")

    @property
    def suggestions(self) -> str:
        """The list of registered names to pick from."""
        return LISTS.get(self.field.type, "")


def fields_of(kind: ClaimKind, values: Mapping[str, Any], problems: Mapping[str, str]) -> list[ShownField]:
    """The form of a kind; a field that is still empty is not told to be wrong."""
    return [
        ShownField(row, str(values.get(row.id) or ""), problems.get(row.id, "") if values.get(row.id) else "")
        for row in kind.fields
    ]


def place_words(policy: Policy, worth: ClaimWorth) -> str:
    """The cell in words: 区级知识与技能，自主研修，信息技术专业."""
    cell = policy.levels.get(worth.level, "") + policy.categories.get(worth.category, "")
    form = policy.forms.get(worth.form, worth.form) if worth.form != "course" else ""
    tags = [policy.tags.get(tag, tag) for tag in sorted(worth.tags)]
    return "，".join(text for text in (cell, form, *tags) if text)


@dataclass(frozen=True, slots=True)
class ShownWorth:
    """What the form shows at once: worth, cell, article, caps, and the standing before and after."""

    kind: ClaimKind
    worth: ClaimWorth
    place: str
    account: str
    policy: str
    before: str
    after: str
    fields: list[ShownField]
    problems: list[str]


def shown_worth(claim: Claim, today: date, reader: Person | None) -> ShownWorth | None:
    """What a claim would be worth as it stands; None where its day has no such kind."""
    ground, worth, problems = worth_now(claim, today)
    if ground is None:
        return None
    change = change_words(claim, worth, today, reader)
    return ShownWorth(
        kind=ground.kind,
        worth=worth,
        place=place_words(ground.policy, worth),
        account=str(AccountKind(claim.account).label) if claim.account != AccountKind.TEACHER else "",
        policy=ground.policy.short_name,
        before=change[0] if change else "",
        after=change[1] if change else "",
        fields=fields_of(ground.kind, claim.values, problems),
        problems=[sentence for field, sentence in problems.items() if claim.values.get(field)],
    )


@dataclass(frozen=True, slots=True)
class ShownTwin:
    """A suspicion as a reviewer sees it: on what ground, and the twin with its evidence beside."""

    suspicion: Suspicion
    ground: str
    title: str
    where: str
    days: str
    state: str
    url: str
    photos: list[Evidence]


def twins_of(claim: Claim) -> list[ShownTwin]:
    """The suspicions of a claim, whichever of the two came first; a fixed number of queries."""
    related = (
        "claim__person",
        "claim__organisation",
        "claim__case",
        "other__person",
        "other__organisation",
        "other__case",
    )
    mine = Suspicion.objects.filter(claim=claim) | Suspicion.objects.filter(other=claim)
    rows = list(mine.select_related(*related, "record").order_by("-score", "pk")[:12])
    others = [row.other if row.claim_id == claim.pk else row.claim for row in rows]
    photos: dict[int, list[Evidence]] = {}
    behind = Claim.evidence.through.objects.filter(claim__in=[other for other in others if other])
    for link in behind.filter(evidence__width__gt=0).select_related("evidence__file"):
        photos.setdefault(link.claim_id, []).append(link.evidence)
    return [_shown_twin(row, other, photos) for row, other in zip(rows, others, strict=True)]


def _shown_twin(row: Suspicion, other: Claim | None, photos: Mapping[int, list[Evidence]]) -> ShownTwin:
    ground = row.get_ground_display()
    if other is None or row.record is not None:
        record = row.record
        days = f"{record.year} 年" if record else ""
        return ShownTwin(row, ground, record.name if record else "", "培训记录", days, "", "", [])
    state = other.case.declared_state.title if other.case else ""
    days = " 至 ".join(f"{day:%Y-%m-%d}" for day in (other.starts_on, other.ends_on) if day)
    where = f"{other.person.name}，{other.organisation.name}"
    return ShownTwin(row, ground, other.title, where, days, state, claim_url(other), photos.get(other.pk, []))


def claim_url(claim: Claim) -> str:
    return reverse("recognition:claim", kwargs={"uuid": claim.uuid})


def claim_address(case: Case) -> str:
    """The page of the claim a case is about."""
    return reverse("recognition:claim", kwargs={"uuid": case.subject_uuid})


def claim_case(case: Case, actor: Actor) -> dict[str, Any]:
    """What stands beside the decision: the claim, its evidence, what the rules say, its suspected twins."""
    claim = claim_of_case(case)
    item = open_item_of(claim)
    sampled = item if item and not item.verdict else None
    return {**claim_facts(claim, actor.person), "may_adjust": can_review_claim(actor, claim), "sampled": sampled}


def change_words(claim: Claim, worth: ClaimWorth, today: date, reader: Person | None) -> tuple[str, str] | None:
    """The standing before and after in a sentence each: said to the teacher herself, of her to everybody else."""
    change = standing_change(claim.person, claim.account, worth, today)
    if change is None:
        return None
    first, then = (account.standing.sentence for account in change)
    if reader == claim.person:
        return first, then
    return first.replace("您", claim.person.name, 1), then.replace("您", claim.person.name, 1)


def claim_facts(claim: Claim, reader: Person | None) -> dict[str, Any]:
    """The claim in words, for whoever reads it, with everything that belongs to it."""
    today = clock.today()
    ground, worth, _ = worth_now(claim, today)
    is_open = claim.case is None or claim.case.closed_at is None
    return {
        "claim": claim,
        "kind": ground.kind if ground else None,
        "values": shown_values(claim, ground) if ground else {},
        "place": _stored_place(claim, ground) if ground else "",
        "worth": worth,
        "evidence": evidence_of(claim),
        "adjustments": _adjustments(claim),
        "twins": twins_of(claim),
        "change": change_words(claim, worth, today, reader) if is_open else None,
        "counted": ground is not None and ground.kind.worth.kind in ("hours", "rate"),
    }


def _adjustments(claim: Claim) -> list[tuple[str, Adjustment]]:
    """What reviewers have set, each with the name of its level."""
    if claim.case is None:
        return []
    flow = claim.case.declared
    return [(flow.level(row.level).shown_title if row.level else "", row) for row in adjustments_of(claim)]


def _stored_place(claim: Claim, ground: ClaimGround) -> str:
    tags = frozenset(claim.tags.split(";")) - {""}
    return place_words(
        ground.policy, ClaimWorth(level=claim.level, category=claim.category, form=claim.form, tags=tags)
    )


def year_address(case: Case) -> str:
    """The page of a school's part of a yearly review."""
    return reverse("recognition:school-year", kwargs={"uuid": case.subject_uuid})


def year_case(case: Case, actor: Actor) -> dict[str, Any]:
    """What stands beside the decision on a school's year: its figures of today, what teachers object to."""
    feedback = feedback_of_case(case)
    objections = list(feedback.objections.select_related("person", "answered_by__person").order_by("-pk")[:20])
    return {"feedback": feedback, "figures": figures_of(feedback, clock.today()), "objections": objections}


def reversal_address(case: Case) -> str:
    """The page of the claim whose credits are to be taken back."""
    return claim_url(request_of_case(case).claim)


def reversal_case(case: Case, actor: Actor) -> dict[str, Any]:
    """What stands beside the decision on a reversal: the request, and the claim with its evidence."""
    request = request_of_case(case)
    return {**claim_facts(request.claim, actor.person), "request": request}

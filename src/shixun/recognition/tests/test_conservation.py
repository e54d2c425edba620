"""Credits are conserved: whatever is declared, decided, undone, taken back, imported and sent again, in any order.

The machine keeps a small model of what should stand: recognised claims not taken back, and the last file of each
project. After every step the book says the same, and in the end the standings do (RW-01, RW-02, CL-18, DX-05).
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from shixun.approvals.actions import move_case, undo_step
from shixun.kernel import clock
from shixun.kernel.refusals import Refusal
from shixun.kernel.spreadsheets import sweep
from shixun.ledger.checks import run_checks
from shixun.ledger.testing import the_book
from shixun.people.models import Person
from shixun.people.testing import Cast, actor_for
from shixun.recognition.actions import classify_project
from shixun.recognition.actions.deciding import post_recognised
from shixun.recognition.actions.reversing import request_reversal, reverse_posted
from shixun.recognition.actions.submitting import submit_claim
from shixun.recognition.models import Claim, ReportedProject, TrainingRecord
from shixun.recognition.testing import (
    RESULT_HEADINGS,
    WORDS,
    a_numbered_person,
    a_project,
    handed_in,
    record_row,
    records_file,
    result_row,
    results_file,
)
from shixun.roster.testing import browser_of
from shixun.standing.queries import differences_of
from shixun.standing.testing import computed

_NAME = "区级:作业设计与命题"
_WORTH = {"优秀": 400, "良好": 280, "合格": 280, "不合格": 0}
_OF_HOURS = {16: 160, 20: 200, 40: 400}
_ON = {"school_pending": "school_pass", "district_pending": "district_pass", "city_pending": "recognise"}
_DOWN = {"school_pending": "school_refuse", "district_pending": "district_refuse", "city_pending": "city_refuse"}
_PEOPLE = st.integers(0, 1)
_GRADES = st.lists(st.sampled_from(sorted(_WORTH)), min_size=2, max_size=2)


class History(RuleBasedStateMachine):
    """One history; ``scene`` is set by the test, and everything is undone at the end."""

    scene: tuple[Cast, list[Person], ReportedProject]
    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.cast, self.people, self.project = self.scene
        self.actors = {
            "school_pending": actor_for(self.cast.school_officer),
            "district_pending": actor_for(self.cast.district_officer),
            "city_pending": actor_for(self.cast.city_officer),
        }
        self.declared = 0
        self.results: list[int] = [0, 0]
        self.records: list[int] = [0, 0]
        self.files: list[Callable[[], None]] = []
        self._block = transaction.atomic()
        self._block.__enter__()

    def teardown(self) -> None:
        try:
            computed()
            assert list(differences_of([person.pk for person in self.people], clock.today())) == []
            assert [check.name for check in run_checks() if not check.ok] == []
        finally:
            transaction.set_rollback(True)
            self._block.__exit__(None, None, None)

    # Claims

    @rule(target=claims, who=_PEOPLE, hours=st.sampled_from(["10", "30", "60"]))
    def declare(self, who: int, hours: str) -> Any:
        self.declared += 1
        words = {"programme": f"国培{self.declared}", "number": f"GP{self.declared}", "hours": hours}
        teacher = self.actors["school_pending"]
        try:
            return handed_in(teacher, self.people[who], "national-project", **words).pk
        except Refusal:
            return multiple()

    @rule(claim=claims)
    def pass_on(self, claim: int) -> None:
        self._move(claim, _ON)

    @rule(claim=claims)
    def turn_down(self, claim: int) -> None:
        self._move(claim, _DOWN)

    @rule(claim=claims)
    def send_back_and_hand_in_again(self, claim: int) -> None:
        if self._move(claim, dict.fromkeys(_ON, "return")):
            submit_claim(actor=self.actors["school_pending"], at=clock.now(), claim=self._claim(claim))

    @rule(claim=claims)
    def undo(self, claim: int) -> None:
        for actor in self.actors.values():
            with suppress(Refusal):
                undo_step(actor=actor, at=clock.now(), case=self._case(claim))

    @rule(claim=claims)
    def retry(self, claim: int) -> None:
        """The very effects again, as after a lost answer."""
        held = self._claim(claim)
        if held.posted_at:
            post_recognised(case=self._case(claim), actor=self.actors["city_pending"], at=clock.now())
        for request in held.reversal_requests.filter(case__state="reversed"):
            reverse_posted(case=request.case, actor=self.actors["city_pending"], at=clock.now())

    @rule(claim=claims, agreed=st.booleans())
    def take_back(self, claim: int, agreed: bool) -> None:
        with suppress(Refusal):
            request = request_reversal(
                actor=self.actors["district_pending"],
                at=clock.now(),
                claim=self._claim(claim),
                ground="mistake",
                reason="类别有误",
            )
            move_case(
                actor=self.actors["city_pending"],
                at=clock.now(),
                case=request.case,
                action="reverse" if agreed else "refuse",
                reason="核对过",
            )

    def _claim(self, pk: int) -> Claim:
        return Claim.objects.select_related("case", "person", "organisation").get(pk=pk)

    def _case(self, pk: int) -> Any:
        case = self._claim(pk).case
        assert case
        return case

    def _move(self, claim: int, moves: dict[str, str]) -> bool:
        case = self._case(claim)
        if case.state not in moves:
            return False
        actor = self.actors[case.state]
        move_case(actor=actor, at=clock.now(), case=case, action=moves[case.state], reason="核对过")
        return True

    # Files

    @rule(grades=_GRADES)
    def bring_results(self, grades: list[str]) -> None:
        school = self.cast.school.name
        rows = [
            result_row(person, number, grade, school)
            for number, (person, grade) in enumerate(zip(self.people, grades, strict=True), start=1)
        ]
        content = results_file(rows, RESULT_HEADINGS)

        def bring() -> None:
            self._bring("class-results", content, project=str(self.project.uuid))
            self.results = [_WORTH[grade] for grade in grades]

        bring()
        self.files.append(bring)

    @rule(who=_PEOPLE, hours=st.sampled_from(sorted(_OF_HOURS)))
    def bring_a_record(self, who: int, hours: int) -> None:
        content = records_file([record_row(self.people[who], who + 1, 培训获得学时=hours)])

        def bring() -> None:
            self._bring("records", content)
            self.records[who] = _OF_HOURS[hours]

        bring()
        self.files.append(bring)

    @rule(which=st.integers(0, 9))
    def bring_an_old_file_again(self, which: int) -> None:
        if self.files:
            self.files[which % len(self.files)]()

    def _bring(self, kind: str, content: bytes, **options: str) -> None:
        browser = browser_of(self.cast.district_officer, kind)
        source = browser.uploaded(content, effective_on="", **options)
        if source.stage == "mapping":
            browser.settle(source)
        browser.agree_to_all(source, set_aside=False)
        browser.apply(source)

    # What holds after every step

    @invariant()
    def the_book_holds_what_stands(self) -> None:
        for number, person in enumerate(self.people):
            held = the_book().filter(account__person=person).aggregate(total=Sum("credits"))["total"] or 0
            standing = Claim.objects.filter(person=person, case__state="recognised", reversed_at=None)
            claimed = sum(standing.values_list("credits", flat=True))
            assert held == claimed + self.results[number] + self.records[number]

    @invariant()
    def nothing_is_entered_twice(self) -> None:
        lines = the_book().select_related("reversal")
        held = [entry.idempotency_key for entry in lines.filter(reverses=None) if not hasattr(entry, "reversal")]
        claims = [claim.posting_key for claim in Claim.objects.exclude(posted_at=None).filter(reversed_at=None)]
        records = [record.posting_key for record in TrainingRecord.objects.filter(state="posted")]
        assert sorted(held) == sorted(claims + records)

    @invariant()
    def what_is_taken_back_is_taken_back_exactly(self) -> None:
        for line in the_book().exclude(reverses=None).select_related("reverses"):
            first = line.reverses
            assert first is not None
            same = ("account_id", "level", "category", "form", "tags", "earned_on", "source_uuid", "source_name")
            assert [getattr(line, name) for name in same] == [getattr(first, name) for name in same]
            assert (line.credits, line.hours, line.days) == (-first.credits, -first.hours, -first.days)


@pytest.mark.django_db
def test_credits_are_conserved(town: Cast, person: Person, frozen_clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "CHUNK", 1)
    classify_project(actor=actor_for(town.district_officer), at=clock.now(), name=_NAME, code="40", words=WORDS)
    people = [person, a_numbered_person(town.school, 2)]
    History.scene = (town, people, a_project(actor_for(town.district_officer)))
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=8,
            stateful_step_count=14,
            deadline=None,
            # A history takes a second: one that fails is told as it is, not shortened for minutes.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            suppress_health_check=list(HealthCheck),
        ),
    )

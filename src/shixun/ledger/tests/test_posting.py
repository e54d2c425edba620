"""Posting and reversing, one at a time: what an entry says, retries, refusals (CL-18)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rulebook.periods import Cycle
from shixun.kernel.models import AuditEvent
from shixun.kernel.refusals import Refusal
from shixun.ledger.actions import open_account, post_entry, reverse_entry
from shixun.ledger.content import Recognition
from shixun.ledger.models import Account, Entry
from shixun.ledger.queries import totals_of
from shixun.ledger.testing import AT, CYCLE, TELLER, a_posting, a_source, an_account, an_entry, posted
from shixun.people.models import Organisation
from shixun.people.testing import Cast, actor_for


def test_an_entry_shows_all_that_the_measures_ask(account: Account, college: Organisation) -> None:
    """CL-18: level, category, source project, hours, credit, cycle, recogniser and date."""
    tags = frozenset({"it_specialised", "class_teacher"})
    entry = Entry.objects.get(pk=an_entry(account, college, credits=300, tags=tags, days=2, key="claim:1").pk)
    assert (entry.level, entry.category, entry.form) == ("district", "knowledge", "course")
    assert (entry.credits, entry.hours, entry.days, entry.tags) == (300, 3000, 2, "class_teacher;it_specialised")
    assert (entry.source_kind, entry.source_uuid, entry.source_name) == (
        "project",
        a_source().uuid,
        "学科德育专题培训",
    )
    assert (entry.recogniser, entry.recognised_on, entry.decision) == (college, date(2018, 6, 3), "2018-041")
    assert (entry.earned_on, entry.account.cycle, entry.idempotency_key) == (date(2018, 5, 4), "2016-2020", "claim:1")
    assert (entry.posted_at, entry.posted_by, entry.reverses, entry.reason) == (AT, None, None, "")


def test_the_poster_is_named(account: Account, college: Organisation, cast: Cast) -> None:
    posting = a_posting(account, college)
    entry = post_entry(
        actor=actor_for(cast.district_officer),
        at=AT,
        account=account,
        facts=posting.facts,
        source=posting.source,
        recognition=posting.recognition,
        idempotency_key=posting.key,
    )
    assert entry.posted_by == cast.district_officer


def test_the_trail_tells_of_a_posting_once(account: Account, college: Organisation) -> None:
    posting = a_posting(account, college)
    entry = posted(posting)
    posted(posting)
    event = AuditEvent.objects.get(subject_uuid=entry.uuid)
    assert (event.action, event.at, event.organisation_path) == ("entry.posted", AT, college.path)
    assert event.after["credits"] == 100
    assert event.after["account"] == str(account.uuid)


def test_the_same_posting_again_is_the_first_entry(account: Account, college: Organisation) -> None:
    posting = a_posting(account, college)
    first = posted(posting)
    assert posted(posting, at=AT + timedelta(days=3)) == first
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"credits": 200}, "学分原为“100”，现为“200”"),
        ({"level": "city"}, "层级原为“district”，现为“city”"),
        ({"tags": frozenset({"it_general"})}, "标记原为“”，现为“it_general”"),
        ({"earned_on": date(2018, 5, 5)}, "取得日期原为“2018-05-04”，现为“2018-05-05”"),
    ],
)
def test_a_used_key_with_other_content_is_refused_and_the_difference_named(
    account: Account, college: Organisation, change: dict[str, object], said: str
) -> None:
    posting = a_posting(account, college, key="claim:7")
    posted(posting)
    with pytest.raises(Refusal) as refused:
        posted(replace(posting, facts=replace(posting.facts, **change)))
    assert refused.value.sentence == f"登记号 claim:7 已经用于另一条明细：{said}。"
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"credits": -1}, "学分不得小于零；要减少已登记的，请作更正。"),
        ({"credits": 0, "hours": 0}, "学分、学时、天数至少有一项大于零。"),
        ({"form": "讲座"}, "形式“讲座”须填写，并用政策文件中的标识。"),
        ({"form": "degree"}, "学历进修的学分不写层级和类别，由冲抵时确定。"),
        ({"category": ""}, "层级“district”和类别“”都须填写，并用政策文件中的标识。"),
        ({"tags": frozenset({"a;b"})}, "标记“a;b”不是可用的标识。"),
        (
            {"earned_on": date(2015, 12, 31)},
            "取得日期 2015-12-31 不在账户周期 2016-01-01 至 2020-12-31 之内。",
        ),
    ],
)
def test_what_cannot_be_posted_is_refused_with_its_reason(
    account: Account, college: Organisation, change: dict[str, object], said: str
) -> None:
    posting = a_posting(account, college)
    with pytest.raises(Refusal) as refused:
        posted(replace(posting, facts=replace(posting.facts, **change)))
    assert refused.value.sentence == said
    assert Entry.objects.count() == 0


def test_both_ends_of_the_cycle_belong_to_it(account: Account, college: Organisation) -> None:
    an_entry(account, college, earned_on=date(2016, 1, 1))
    last = a_posting(account, college, earned_on=date(2020, 12, 31))
    posted(last, at=AT + timedelta(days=600))
    assert Entry.objects.count() == 2


def test_all_reasons_come_together(account: Account, college: Organisation) -> None:
    posting = a_posting(account, college, earned_on=date(2019, 10, 10), credits=-1, hours=10)
    with pytest.raises(Refusal) as refused:
        posted(posting)
    assert refused.value.sentence == (
        "学分不得小于零；要减少已登记的，请作更正。认定日期 2019-11-09 还没有到（今天是 2019-10-14）。"
    )


def test_recognition_does_not_precede_the_study(account: Account, college: Organisation) -> None:
    posting = replace(a_posting(account, college), recognition=Recognition(college, date(2018, 5, 3)))
    with pytest.raises(Refusal) as refused:
        posted(posting)
    assert refused.value.sentence == "认定日期 2018-05-03 早于取得日期 2018-05-04。"


def test_a_reversal_takes_back_exactly_one_entry(account: Account, college: Organisation) -> None:
    kept = an_entry(account, college, credits=250)
    wrong = an_entry(account, college, credits=400, category="ethics", days=3)
    reversal = reverse_entry(actor=TELLER, at=AT, entry=wrong, reason="重复申报", idempotency_key="rev:1")
    assert (reversal.credits, reversal.hours, reversal.days) == (-400, -4000, -3)
    assert (reversal.level, reversal.category, reversal.earned_on) == ("district", "ethics", wrong.earned_on)
    assert (reversal.reverses, reversal.reason, reversal.recogniser) == (wrong, "重复申报", college)
    assert reversal.recognised_on == date(2019, 10, 14)
    assert {cell.category: cell.credits for cell in totals_of(account)} == {"ethics": 0, "knowledge": kept.credits}


def test_the_same_reversal_again_is_the_first_one_even_a_day_later(account: Account, college: Organisation) -> None:
    entry = an_entry(account, college)
    first = reverse_entry(actor=TELLER, at=AT, entry=entry, reason="登错", idempotency_key="rev:1")
    again = reverse_entry(actor=TELLER, at=AT + timedelta(days=1), entry=entry, reason="登错", idempotency_key="rev:1")
    assert again == first
    assert Entry.objects.count() == 2


def test_a_second_reversal_is_refused_with_the_first_ones_reason(account: Account, college: Organisation) -> None:
    entry = an_entry(account, college)
    reverse_entry(actor=TELLER, at=AT, entry=entry, reason="登错人", idempotency_key="rev:1")
    with pytest.raises(Refusal) as refused:
        reverse_entry(actor=TELLER, at=AT, entry=entry, reason="再来一次", idempotency_key="rev:2")
    assert refused.value.sentence == "“学科德育专题培训”这条明细已在 2019-10-14 09:00 更正过，原因：登错人"
    assert Entry.objects.count() == 2


def test_a_reversal_is_not_reversed(account: Account, college: Organisation) -> None:
    reversal = reverse_entry(
        actor=TELLER, at=AT, entry=an_entry(account, college), reason="登错", idempotency_key="rev:1"
    )
    with pytest.raises(Refusal, match="更正本身不能再更正"):
        reverse_entry(actor=TELLER, at=AT, entry=reversal, reason="反悔", idempotency_key="rev:2")


def test_a_reversal_needs_a_reason(account: Account, college: Organisation) -> None:
    with pytest.raises(Refusal, match="请写明更正原因"):
        reverse_entry(actor=TELLER, at=AT, entry=an_entry(account, college), reason="  ", idempotency_key="rev:1")


def test_an_account_is_opened_once_a_person_kind_and_cycle(cast: Cast) -> None:
    assert cast.teacher.person
    first = an_account(cast.teacher.person)
    assert an_account(cast.teacher.person) == first
    assert an_account(cast.teacher.person, kind="principal") != first
    assert AuditEvent.objects.get(subject_uuid=first.uuid).after["kind"] == "teacher"
    assert AuditEvent.objects.filter(action="credit_account.opened").count() == 2


def test_an_open_account_keeps_its_days(account: Account) -> None:
    moved = Cycle(CYCLE.id, CYCLE.starts_on, date(2021, 12, 31))
    with pytest.raises(Refusal, match="已经开户，周期为 2016-01-01 至 2020-12-31"):
        open_account(actor=TELLER, at=AT, person=account.person, kind=account.kind, cycle=moved)


def test_an_account_of_an_unknown_kind_is_refused(account: Account) -> None:
    with pytest.raises(Refusal, match="没有“savings”这种学分账户"):
        open_account(actor=TELLER, at=AT, person=account.person, kind="savings", cycle=CYCLE)

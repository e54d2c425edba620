"""What can be declared at a place: the kinds of its policy, and one for each row of the district's own (CL-05, CL-12).

A row that gives credits for a unit of something becomes a kind like any other, with the article of its table; a row
that lets credits count elsewhere has no credits of its own and is declared by nobody.
"""

from __future__ import annotations

import hashlib

from rulebook.local_rows import LocalRow
from rulebook.parameters import LocalChoices
from rulebook.policy.claim_kinds import ClaimCap, ClaimField, ClaimKind, PlaceRule, WorthRow, WorthRule
from rulebook.policy.model import LocalTable, Policy

#: What the ids of a district's own kinds begin with.
OWN_KIND = "own-"
_UNITS = "units"


def kinds_in(policy: Policy, local: LocalChoices) -> dict[str, ClaimKind]:
    """Every kind that can be declared under a policy with these choices, by id; the policy's own come first."""
    own = [_kind_of(policy, policy.local_tables[row.table], row) for row in local.rows if row.unit]
    return {**policy.claim_kinds, **{kind.id: kind for kind in own}}


def _kind_of(policy: Policy, table: LocalTable, row: LocalRow) -> ClaimKind:
    cap = () if row.cap is None else (ClaimCap("credits", "cycle", row.cap, table.article),)
    return ClaimKind(
        # A row has no number that lasts; its name is what stays when rows are added or put in another order.
        id=f"{OWN_KIND}{table.id}-{hashlib.sha256(row.name.encode()).hexdigest()[:12]}",
        name=row.name,
        group=f"本区规定：{table.name}",
        article=table.article,
        fields=(
            ClaimField("title", "内容", "text"),
            ClaimField("starts_on", "开始日期", "day"),
            ClaimField("ends_on", "结束日期", "day"),
            ClaimField(_UNITS, f"数量（{row.unit}）", "count"),
        ),
        evidence=("证明材料",),
        worth=WorthRule("times", rows=(WorthRow(_UNITS, row.unit, row.credits),)),
        place=PlaceRule(level=table.level, category=row.category, form=table.form, tags=(row.tag,) if row.tag else ()),
        caps=cap,
        declared_by=("teacher", "school_officer", "district_officer"),
        chain=("school", "district"),
        account=_account_of(policy, row.tag),
        for_many=True,
        closed=False,
        returns=False,
        crosses=False,
        chooser="district",
        assumed=False,
        help="",
        note="",
    )


def _account_of(policy: Policy, tag: str) -> str:
    """The account in which a requirement asks for the tag; the teacher's where none of another account does (CL-09)."""
    asking = (policy.profiles[row.profile] for row in policy.requirements if tag and tag in (row.counts.tags or ()))
    return next((profile.account for profile in asking if profile.account not in ("", "teacher")), "teacher")

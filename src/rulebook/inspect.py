"""What rests on an article, and what a policy lacks: a rule without an article, an article without a rule or a case."""

from __future__ import annotations

from collections.abc import Iterator

from rulebook.amounts import show_amount
from rulebook.policy.model import Policy


def rules_on(policy: Policy, article_id: str) -> list[str]:
    """One line, in Chinese with its values, for each rule and target that cites an article."""
    targets = [f"指标 {row.name} {show_amount(row.value)}" for row in policy.targets if row.article == article_id]
    claims = [f"申报 {row.name}" for row in policy.claim_kinds.values() if row.article == article_id]
    return [text for cited, text in _citations(policy) if cited == article_id] + targets + claims


def _citations(policy: Policy) -> Iterator[tuple[str, str]]:
    for profile in policy.profiles.values():
        yield profile.article, f"身份 {profile.name}"
    for row in policy.requirements:
        yield row.article, f"要求 {row.key} {row.name} {_range(row.low, row.high)}（{row.text}）"
    for reserved in policy.reserved:
        tags = "、".join(policy.tags[tag] for tag in reserved.tags)
        yield reserved.article, f"专用 {tags} 只计入“{policy.profiles[reserved.profile].name}”的要求"
    for treat in policy.treats:
        yield treat.article, f"视同 {policy.profiles[treat.profile].name}：按{policy.levels.get(treat.level, '')}计"
    for move in policy.moves:
        yield move.article, f"冲抵 {move.id}"
    for kept in policy.kept_tags:
        yield kept.article, f"冲抵后保留标记 {'、'.join(policy.tags[tag] for tag in sorted(kept.tags))}"
    for switch in policy.switches.values():
        yield switch.article, f"可选 {switch.name}（默认{'是' if switch.default else '否'}）"
    for reduction in policy.reductions.values():
        yield reduction.article, f"递减 {reduction.name}"
    for rule in policy.conversions.values():
        yield rule.article, f"折算 {rule.id}"
    for layer in policy.layers.values():
        yield layer.article, f"层次 {layer.name}，区县可以另定要求"
    for table in policy.local_tables.values():
        yield table.article, f"区县自定 {table.name}"
        for name, article in table.barred.items():
            yield article, f"区县自定 {table.name} 不能计入{policy.categories[name]}"
    for award in policy.awards.values():
        yield award.article, f"定额 {award.name} {show_amount(award.credits)}"
    for cover in policy.account_covers:
        yield cover.article, f"账户 {cover.entries_of} 的学分同时计入 {cover.count_in}，反向不计"
    for new in policy.new_credits:
        if new.article:
            yield new.article, f"可得学分 {'、'.join(policy.tags[tag] for tag in (new.tag,) if tag) or new.form}"


def _range(low: int, high: int | None) -> str:
    if high is None:
        return f"≥ {show_amount(low)}，可提高"
    return f"≥ {show_amount(low)}" if high == low else f"≥ {show_amount(low)}–{show_amount(high)}"


def case_articles(policy: Policy) -> set[str]:
    """Articles that some worked case shows."""
    shown: set[str] = set()
    for case in (*policy.cases, *policy.conversion_cases, *policy.refusal_cases):
        shown |= {str(case.get("article", "")), *map(str, case.get("articles", ()))}
    return shown


def rule_findings(policy: Policy) -> list[str]:
    """Articles marked as rules that nothing computes or no case shows, and rules on an article not marked as one."""
    cited = {article for article, _ in _citations(policy)}
    shown = case_articles(policy)
    findings = []
    for article in policy.articles.values():
        if article.kind == "rule" and article.id not in cited:
            findings.append(f"{article.id} is marked as a rule, but no rule cites it")
        if article.kind == "rule" and article.id not in shown:
            findings.append(f"{article.id} is marked as a rule, but no worked case shows it")
        if article.kind != "rule" and article.id in cited:
            findings.append(f"{article.id} carries a rule, but is not marked as one")
    worked = {str(case.get("kind")) for case in policy.claim_cases}
    findings += [
        f"no worked case shows the claim {row.id}"
        for row in policy.claim_kinds.values()
        if row.worth.kind != "project" and row.id not in worked
    ]
    findings += [f"a case is about the claim {kind}, which does not exist" for kind in worked - set(policy.claim_kinds)]
    findings += [
        f"a case cites {article}, which does not exist" for article in sorted(shown - {""} - set(policy.articles))
    ]
    return findings


def article_lines(policy: Policy, article_id: str) -> Iterator[str]:
    """An article for the terminal: title, text, rules, ambiguities."""
    article = policy.articles[article_id]
    yield f"{article.id}  {article.title}"
    yield article.text
    for rule in rules_on(policy, article_id):
        yield f"→ {rule}"
    for row in policy.ambiguities.values():
        if row.article == article_id:
            yield f"? {row.id} {row.problem} 默认：{row.default}（{row.chooser}）"

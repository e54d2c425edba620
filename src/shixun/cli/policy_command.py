"""Look at a policy: check a folder, show what it asks, print an article with the rules that rest on it.

shixun policy check [ID or FOLDER …]      every mistake with file and key (all shipped policies if none is named)
shixun policy show ID [--local FILE]      requirements with range, chosen value and article
shixun policy article ARTICLE-ID          the text, and every rule that cites it
"""

import argparse
import sys
from pathlib import Path

from rulebook.amounts import show_amount
from rulebook.inspect import article_lines, rule_findings
from rulebook.parameters import NO_CHOICES, BadChoices, parse_choices_text
from rulebook.policy import Policy, PolicyErrors, load_folder, shipped_folder, shipped_ids


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of ``shixun policy``."""
    actions = parser.add_subparsers(dest="action", required=True)
    check = actions.add_parser("check", help="validate policies")
    check.add_argument("policy", nargs="*", help="id of a shipped policy or a folder")
    show = actions.add_parser("show", help="what a policy asks")
    show.add_argument("policy", help="id of a shipped policy or a folder")
    show.add_argument("--local", type=Path, help="a district's own values (toml)")
    article = actions.add_parser("article", help="an article and the rules that rest on it")
    article.add_argument("article", help="such as shanghai-2016:学分管理办法:三.2")


def run(args: argparse.Namespace) -> int:
    """0 fine, 1 a policy has mistakes, 2 there is no such policy, article or local file."""
    if args.action == "check":
        return _check(args.policy or shipped_ids())
    try:
        return _show(args.policy, args.local) if args.action == "show" else _article(args.article)
    except (KeyError, OSError) as error:
        print(f"shixun policy: {error.args[0] if isinstance(error, KeyError) else error}", file=sys.stderr)
        return 2
    except (PolicyErrors, BadChoices) as error:
        print(error, file=sys.stderr)
        return 1


def _loaded(name: str) -> Policy:
    folder = Path(name)
    return load_folder(folder if folder.is_dir() else shipped_folder(name))


def _check(names: list[str]) -> int:
    worst = 0
    for name in names:
        try:
            policy = _loaded(name)
        except KeyError as error:
            print(error.args[0], file=sys.stderr)
            worst = 2
            continue
        except PolicyErrors as error:
            print(f"{name}: {len(error.errors)} mistakes\n{error}", file=sys.stderr)
            worst = max(worst, 1)
            continue
        findings = rule_findings(policy)
        for finding in findings:
            print(f"{name}: {finding}", file=sys.stderr)
        worst = max(worst, 1 if findings else 0)
        if not findings:
            print(f"{name}: {len(policy.articles)} articles, {len(policy.requirements)} requirements, fine")
    return worst


def _show(name: str, local: Path | None) -> int:
    policy = _loaded(name)
    choices = parse_choices_text(policy, local.read_text("utf-8-sig")) if local else NO_CHOICES
    last = policy.cycle_of(policy.cycle_starts_on).ends_on
    print(f"{policy.name}({policy.id}) {policy.cycle_starts_on} … {last}")
    for profile in policy.profiles.values():
        print(f"\n{profile.name} {profile.id}  {profile.article}")
        for row in policy.requirements:
            if row.profile == profile.id:
                high = "…" if row.high is None else show_amount(row.high)
                span = "" if row.high == row.low else f" ({show_amount(row.low)} – {high})"
                assumed = "  assumed" if row.assumed or policy.assumed else ""
                value = show_amount(choices.minimum_of(row))
                print(f"  {row.id:<32} {value:>7} {row.unit}{span}  {row.name}  {row.article}{assumed}")
    for switch in policy.switches.values():
        print(f"switch {switch.id} = {str(choices.is_on(policy, switch.id)).lower()}  {switch.name}  {switch.article}")
    return 0


def _article(article_id: str) -> int:
    policy = _loaded(article_id.partition(":")[0])
    if article_id not in policy.articles:
        known = "\n  ".join(policy.articles)
        raise KeyError(f"there is no article {article_id!r}; known:\n  {known}")
    print("\n".join(article_lines(policy, article_id)))
    return 0

"""The rulebook on its own: ``python -m rulebook article ID | check [ID …]``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rulebook.inspect import article_lines, rule_findings
from rulebook.policy import PolicyErrors, shipped_ids, shipped_policy

USAGE = "usage: python -m rulebook article ID | check [POLICY …]"


def main(words: Sequence[str]) -> int:
    """0 fine, 1 a policy has mistakes, 2 the call cannot be used."""
    if len(words) == 2 and words[0] == "article":
        return _article(words[1])
    if words and words[0] == "check":
        return max([_check(name) for name in words[1:] or shipped_ids()], default=0)
    print(USAGE, file=sys.stderr)
    return 2


def _article(article_id: str) -> int:
    policy_id = article_id.partition(":")[0]
    if policy_id not in shipped_ids() or article_id not in shipped_policy(policy_id).articles:
        print(f"there is no article {article_id!r}", file=sys.stderr)
        return 2
    print("\n".join(article_lines(shipped_policy(policy_id), article_id)))
    return 0


def _check(name: str) -> int:
    try:
        findings = rule_findings(shipped_policy(name))
    except KeyError as error:
        print(error.args[0], file=sys.stderr)
        return 2
    except PolicyErrors as error:
        findings = [str(mistake) for mistake in error.errors]
    print("\n".join(f"{name}: {finding}" for finding in findings) or f"{name}: fine")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

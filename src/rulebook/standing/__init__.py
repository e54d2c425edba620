"""学分完成情况: what a person has, needs and lacks under a policy, exact, explained and proven."""

from rulebook.standing.explain import statement
from rulebook.standing.result import Standing
from rulebook.standing.single import standing_of

__all__ = ["Standing", "standing_of", "statement"]

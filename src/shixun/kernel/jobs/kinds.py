"""The registry of kinds of jobs: each room declares at start-up what its jobs do and where their result is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shixun.kernel.jobs.models import Job
    from shixun.kernel.jobs.work import Work


NO_TRACE = "没有留下任何改动。"


@dataclass(frozen=True, slots=True)
class JobKind:
    """``run(job, work)`` does the work and returns a small JSON-ready result.

    ``atomic``: its writes and the state "done" are one transaction, so that a cancelled or dead job leaves no trace.
    ``trace`` says what a cancelled or dead job leaves behind, ``stop`` is the word on the button that cancels.
    ``address(job)`` is the page that shows the result; empty while there is none.
    """

    key: str
    run: Callable[[Job, Work], dict[str, Any]]
    address: Callable[[Job], str]
    atomic: bool
    trace: str = NO_TRACE
    stop: str = "取消任务"


_kinds: dict[str, JobKind] = {}


def register_job(
    key: str,
    *,
    run: Callable[[Job, Work], dict[str, Any]],
    address: Callable[[Job], str] = lambda job: "",
    atomic: bool = True,
    trace: str = NO_TRACE,
    stop: str = "取消任务",
) -> None:
    """Declare a kind of job. Raises ``ValueError`` for a key that is taken."""
    if key in _kinds:
        raise ValueError(f"two kinds of job want the key {key!r}")
    _kinds[key] = JobKind(key, run, address, atomic, trace, stop)


def job_kind(key: str) -> JobKind:
    """The kind registered under a key. Raises ``KeyError``."""
    return _kinds[key]

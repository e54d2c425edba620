"""Keeps a few child processes alive and ends them together.

A child that ends by itself is started again after a pause that doubles from one second to thirty; a child that has
run for a minute is trusted again. SIGINT and SIGTERM end every child: first gently, after ``GRACE`` seconds by force.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

GRACE = 20.0
FIRST_PAUSE, LONGEST_PAUSE, TRUSTED_AFTER = 1.0, 30.0, 60.0
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """One process to keep alive; ``command`` starts it."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = field(default=0.0)


class Supervisor:
    """Runs ``children`` until a signal comes; ``on_turn`` is called about five times a second."""

    def __init__(self, children: Sequence[Child], *, on_turn: Callable[[], None] = lambda: None) -> None:
        self.children = children
        self.on_turn = on_turn
        self.ending = False

    def run(self) -> int:
        """Keep the children alive until SIGINT or SIGTERM; returns 0, or 1 if a child had to be killed."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._end)
        while not self.ending:
            for child in self.children:
                self._look_after(child)
            self.on_turn()
            time.sleep(0.2)
        return self._end_all()

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.ending = True

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.due:
                child.process = subprocess.Popen(list(child.command), preexec_fn=_follow_parent, start_new_session=True)
                child.started = now
            return
        code = child.process.poll()
        if code is None:
            return
        if now - child.started > TRUSTED_AFTER:
            child.pause = FIRST_PAUSE
        print(f"{child.name} ended with code {code}; starting it again in {child.pause:.0f} s", file=sys.stderr)
        child.process, child.due = None, now + child.pause
        child.pause = min(child.pause * 2, LONGEST_PAUSE)

    def _end_all(self) -> int:
        running = [child for child in self.children if child.process and child.process.poll() is None]
        for child in running:
            _send(child, signal.SIGTERM)
        limit = time.monotonic() + GRACE
        while time.monotonic() < limit and any(child.process and child.process.poll() is None for child in running):
            time.sleep(0.1)
        stubborn = [child for child in running if child.process and child.process.poll() is None]
        for child in stubborn:
            print(f"{child.name} did not end within {GRACE:.0f} s and is killed", file=sys.stderr)
            _send(child, signal.SIGKILL)
        return 1 if stubborn else 0


def _send(child: Child, number: signal.Signals) -> None:
    """SIGTERM goes to the child itself, which ends its own workers; SIGKILL to its whole session."""
    if child.process is None:
        return
    try:
        if number is signal.SIGKILL:
            os.killpg(child.process.pid, number)
        else:
            child.process.send_signal(number)
    except ProcessLookupError:
        return


def _follow_parent() -> None:
    """In the child: end with the supervisor, even if that is killed outright (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

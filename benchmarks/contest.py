"""The side of a worker: a process of its own that does what a line of its input names, and tells how long it took.

Imported by every contestant, whatever its environment: nothing but the standard library.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any


def serve(actions: Mapping[str, Callable[[], Any]]) -> None:
    """Answer each line with wall time, processor time of all threads, peak memory and what the action returned."""
    # Libraries may print; only answers go where the other side reads.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        value = actions[line.strip()]()
        told = {
            "wall": time.perf_counter() - wall,
            "cpu": time.process_time() - cpu,
            "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            "value": value,
        }
        print(json.dumps(told), file=answers, flush=True)

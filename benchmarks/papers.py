"""Papers in batch: how long a thousand transcripts take, from the standings to the sheets in one file.

    .venv/bin/python benchmarks/papers.py [--count 1000] [--profile]

A PostgreSQL and a folder of its own, the demo built there. The job is the one that the page starts, done in this
process; its drawing takes as many processes as there are cores. Prints seconds by phase, and looks at the sheets: all
say PDF/A-2b, every font of every page is inside, and no two have the same number.
"""

import argparse
import cProfile
import io
import os
import pstats
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "scripts")]


def prepare(folder: str, address: str) -> None:
    """A site of its own with the demo, whatever the environment says."""
    os.environ |= {
        "SHIXUN_VAR": folder,
        "SHIXUN_DEMO": "1",
        "SHIXUN_DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": os.pathsep.join(sys.path[:3]),
    }
    for words in (["prepare"], ["demo"]):
        command = [sys.executable, "-m", "shixun.cli.main", *words]
        subprocess.run(command, check=True, stdout=sys.stderr)  # noqa: S603 - our own script
    import django

    django.setup()


def measure(count: int, profile: bool) -> None:
    from django.core.files.storage import default_storage

    from shixun.kernel import clock
    from shixun.kernel.jobs.models import Job
    from shixun.kernel.jobs.work import Work
    from shixun.kernel.models import StoredFile
    from shixun.people.acting import actor_of
    from shixun.people.models import User
    from shixun.people.queries import roles_of
    from shixun.recognition.certificates import batch

    actor = actor_of(roles_of(User.objects.get(username="city"), clock.today())[0])
    everybody = batch.batch_persons
    batch.batch_persons = lambda *words: everybody(*words)[:count]  # type: ignore[assignment]
    said = {"kind": "transcript", "since": "2016-01-01", "until": clock.today().isoformat(), "school": ""}
    job = Job.objects.create(
        kind=batch.BATCH,
        title="批量制作证明",
        arguments={**said, "grant": str(actor.grant.uuid)},
        started_by_label=actor.label,
        acting_role=actor.role,
        created_at=clock.now(),
    )
    steps = _Phases(job.uuid)
    profiler = cProfile.Profile()
    began = time.monotonic()
    if profile:
        profiler.enable()
    result = batch.make_batch(job, steps)
    profiler.disable()
    seconds = time.monotonic() - began
    if profile:
        pstats.Stats(profiler, stream=sys.stderr).sort_stats("cumulative").print_stats(45)
    stored = StoredFile.objects.get(pk=result["file"])
    with default_storage.open(stored.path) as file:
        pages, size = look(file.read())
    print(f"{result['papers']} papers, {pages} pages, {size / 1e6:.0f} MB, {os.cpu_count()} cores")
    for name, until in steps.phases(seconds):
        print(f"{until:7.1f} s  {name}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{seconds:7.1f} s  all together; peak memory {peak} MB here, {child} MB in the largest drawing process")
    assert Work


def look(archive: bytes) -> tuple[int, int]:
    """Every sheet of the file is PDF/A-2b and carries its fonts; gives pages and bytes."""
    from pypdf import PdfReader

    pages, numbers = 0, set()
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        for name in packed.namelist():
            reader = PdfReader(io.BytesIO(packed.read(name)))
            metadata = reader.trailer["/Root"]["/Metadata"].get_data()  # type: ignore[index]
            assert b"<pdfaid:part>2</pdfaid:part>" in metadata, name
            assert b"<pdfaid:conformance>B</pdfaid:conformance>" in metadata, name
            for page in reader.pages:
                for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
                    told = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
                    assert {"/FontFile2", "/FontFile3"} & set(told), f"{name}: {told} is not inside"
            pages += len(reader.pages)
            numbers.update(re.findall(r"_(SX[^_]+)\.pdf$", name))
        assert len(numbers) == len(packed.namelist())
    return pages, len(archive)


class _Phases:
    """Stands in for the job's hand: notes when which message was first said."""

    def __init__(self, uuid: Any) -> None:
        self.uuid, self.first = uuid, {}
        self._began = time.monotonic()

    def report(self, done: int, total: int = 0, message: str = "") -> None:
        self.first.setdefault(message, time.monotonic() - self._began)

    def heed(self) -> None:
        """Nobody cancels a measurement."""

    def phases(self, end: float) -> list[tuple[str, float]]:
        names = list(self.first)
        ends = [*(self.first[name] for name in names[1:]), end]
        return [(name, until - self.first[name]) for name, until in zip(names, ends, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    from private_postgres import private_cluster

    with private_cluster() as address, tempfile.TemporaryDirectory(prefix="shixun-papers-") as folder:
        prepare(folder, address)
        measure(asked.count, asked.profile)
        from django.db import connections

        connections.close_all()


if __name__ == "__main__":
    main()

"""Sums of credits by teacher and place alone, no rules: ``sums.py duckdb|polars|postgres FOLDER``.

Each holds the same columns in its own memory or tables before the clock starts; the sums stay where they are made.
"""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import contest
import numpy as np
import population

LAST = population.ON.toordinal() - population.DAY_ZERO
SUMS = f"SELECT person, place, sum(credits) AS total FROM entries WHERE day <= {LAST} GROUP BY person, place"  # noqa: S608
TOTALS = f"SELECT count(*), sum(total) FROM ({SUMS}) AS sums"  # noqa: S608


def columns_in(folder: Path) -> dict[str, Any]:
    found = population.read(folder)
    person = np.repeat(np.arange(len(found.which), dtype=np.int32), np.diff(found.first))
    return {"person": person, "place": found.place, "day": found.day, "credits": found.credits}


def duckdb_sums(folder: Path) -> Callable[[], list[int]]:
    import duckdb

    connection = duckdb.connect(config={"threads": os.cpu_count() or 1})
    given = columns_in(folder)  # noqa: F841 - DuckDB finds it by its name
    connection.execute("CREATE TABLE entries AS SELECT * FROM given")
    return lambda: [int(value) for value in connection.execute(TOTALS).fetchone()]


def polars_sums(folder: Path) -> Callable[[], list[int]]:
    import polars

    frame = polars.DataFrame(columns_in(folder))
    wanted = frame.lazy().filter(polars.col("day") <= LAST).group_by("person", "place")

    def once() -> list[int]:
        made = wanted.agg(polars.col("credits").cast(polars.Int64).sum()).collect()
        return [made.height, int(made["credits"].sum())]

    return once


def postgres_sums(folder: Path) -> Callable[[], list[int]]:
    import psycopg

    connection = psycopg.connect(os.environ["SHIXUN_DATABASE_URL"], autocommit=True)
    connection.execute("CREATE TABLE entries (person int4, place int2, day int2, credits int4)")
    with connection.cursor().copy("COPY entries FROM STDIN (FORMAT binary)") as copy:
        for piece in _binary(columns_in(folder)):
            copy.write(piece)
    connection.execute("VACUUM ANALYZE entries")
    connection.execute("SET work_mem = '1GB'")
    connection.execute(f"SET max_parallel_workers_per_gather = {os.cpu_count()}")

    def once() -> list[int]:
        row = connection.execute(TOTALS).fetchone()
        assert row
        return [int(value) for value in row]

    return once


def _binary(columns: dict[str, Any]) -> Iterator[bytes]:
    """Rows as COPY reads them: the number of fields, and each field with its length, high bytes first."""
    wide = {"person": ">i4", "place": ">i2", "day": ">i2", "credits": ">i4"}
    fields: list[tuple[str, str]] = [("count", ">i2")]
    for name, kind in wide.items():
        fields += [(f"{name}_length", ">i4"), (name, kind)]
    yield b"PGCOPY\n\xff\r\n\0" + bytes(8)
    for start in range(0, len(columns["person"]), 1_000_000):
        part = slice(start, start + 1_000_000)
        rows = np.zeros(len(columns["person"][part]), np.dtype(fields))
        rows["count"] = len(wide)
        for name, kind in wide.items():
            rows[f"{name}_length"] = np.dtype(kind).itemsize
            rows[name] = columns[name][part]
        yield rows.tobytes()
    yield b"\xff\xff"


MADE = {"duckdb": duckdb_sums, "polars": polars_sums, "postgres": postgres_sums}

if __name__ == "__main__":
    contest.serve({"sums": MADE[sys.argv[1]](Path(sys.argv[2]))})

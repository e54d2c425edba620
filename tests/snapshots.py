"""A picture of the test database, taken once and put back before each test that changes it through the pages.

PostgreSQL copies its template database, SQLite its file; both in a fraction of a second and with triggers in place.
"""

import sqlite3
from pathlib import Path
from typing import Any

from django.db import connection, connections


class Snapshot:
    """Take one with ``Snapshot()`` while nothing else is connected; ``restore`` puts the database back."""

    def __init__(self) -> None:
        self._postgresql = connection.vendor == "postgresql"
        self._name = str(connection.settings_dict["NAME"])
        self._kept = f"{self._name}_kept"
        if self._postgresql:
            self._copy_database(self._name, self._kept)
        else:
            self._copy_file(self._name, self._kept)

    def restore(self) -> None:
        if self._postgresql:
            self._copy_database(self._kept, self._name)
        else:
            self._copy_file(self._kept, self._name)

    def discard(self) -> None:
        if self._postgresql:
            self._maintain(f'DROP DATABASE IF EXISTS "{self._kept}" WITH (FORCE)')
        else:
            Path(self._kept).unlink(missing_ok=True)

    def _copy_database(self, origin: str, target: str) -> None:
        connections.close_all()
        self._maintain(
            f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)', f'CREATE DATABASE "{target}" TEMPLATE "{origin}"'
        )

    def _maintain(self, *statements: str) -> None:
        wrapper: Any = connection
        with wrapper._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def _copy_file(self, origin: str, target: str) -> None:
        connections.close_all()
        with sqlite3.connect(origin) as source, sqlite3.connect(target) as copy:
            source.backup(copy)
        source.close()
        copy.close()

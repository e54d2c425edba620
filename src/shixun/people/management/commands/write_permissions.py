"""``manage write_permissions``: the document of the permission table, from what the code declares."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from shixun.people.rights import document


class Command(BaseCommand):
    help = "Write the permission table as a document (docs/permissions.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        path.write_text(document(), encoding="utf-8")
        self.stdout.write(f"{path}: written")

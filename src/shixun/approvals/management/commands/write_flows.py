"""``manage write_flows``: the document of all review chains, from what the rooms declare."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from shixun.approvals.diagrams import document


class Command(BaseCommand):
    help = "Write every review chain with its diagram as a document (docs/flows.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *args: Any, path: Path, **options: Any) -> None:
        path.write_text(document(), encoding="utf-8")
        self.stdout.write(f"{path}: written")

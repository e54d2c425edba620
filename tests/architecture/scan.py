"""What import-linter cannot see: strings, templates, registries and signals that lead up the stairs.

Each function takes the folder that holds ``shixun`` and returns one line for every finding, so that the canaries can
run it over a copy with a planted violation.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.stairs import floors, may_look_at

MODEL_SIGNALS = {"pre_init", "post_init", "pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "Signal"}
IMPORTERS = {"import_module", "__import__", "import_string"}
FORBIDDEN = MODEL_SIGNALS | IMPORTERS | {"get_model"}
_NAME = r"(?P<room>[a-z]+)"
REFERENCES = (
    re.compile(rf"^shixun\.{_NAME}(\.|$)"),  # a module
    re.compile(rf"^{_NAME}:[\w-]+$"),  # an address
    re.compile(rf"^{_NAME}\.[A-Z]\w*$"),  # a model
    re.compile(rf"^{_NAME}/[\w./-]+\.(html|txt|css|js|svg)$"),  # a template or a static file
)
QUOTED = re.compile(r"""\{%[^%]*?%\}""")
LOADED = re.compile(r"\{%\s*load\s+([\w ]+?)\s*(?:from\s+\w+\s*)?%\}")


def references_uphill(src: Path) -> list[str]:
    """Strings in Python and quoted words of template tags that name a room the file may not know."""
    findings = []
    for path in _files(src, "*.py"):
        words = (node.value for node in ast.walk(_tree(path)) if isinstance(node, ast.Constant))
        findings += [_line(src, path, word) for word in words if isinstance(word, str) and _is_uphill(src, path, word)]
    for path in _files(src, "*.html"):
        tags = QUOTED.findall(path.read_text(encoding="utf-8"))
        quoted = (word for tag in tags for pair in re.findall(r'"([^"]+)"|' + r"'([^']+)'", tag) for word in pair)
        findings += [_line(src, path, word) for word in quoted if _is_uphill(src, path, word)]
    return findings


def template_tags_uphill(src: Path) -> list[str]:
    """``{% load %}`` of a tag library that belongs to a room above."""
    owners = {path.stem: _room(src, path) for path in _files(src, "*.py") if path.parent.name == "templatetags"}
    findings = []
    for path in _files(src, "*.html"):
        for names in LOADED.findall(path.read_text(encoding="utf-8")):
            above = [
                name for name in names.split() if name in owners and not may_look_at(_room(src, path), owners[name])
            ]
            findings += [_line(src, path, f"load {name}") for name in above]
    return findings


def hidden_doors(src: Path) -> list[str]:
    """``apps.get_model``, imports by a computed name, model signals: ways round the stairs (migrations excepted)."""
    findings = []
    for path in _files(src, "*.py"):
        if "migrations" in path.parts or _room(src, path) == "cli":
            continue
        for node in ast.walk(_tree(path)):
            findings += [_line(src, path, name) for name in _names_used(node) if name in FORBIDDEN]
    return findings


def slot_writers(src: Path) -> list[str]:
    """Calls that write inside the files of a room's start-up, where slots are filled: slots show and ask."""
    writers = {"save", "create", "bulk_create", "update", "delete", "get_or_create", "update_or_create"}
    findings = []
    for path in [*_files(src, "apps.py"), *_files(src, "frame.py")]:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in writers:
                findings.append(_line(src, path, node.func.attr))
    return findings


def _names_used(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        yield node.func.id


def _is_uphill(src: Path, path: Path, word: str) -> bool:
    for pattern in REFERENCES:
        match = pattern.match(word)
        if match and match["room"] in floors():
            return not may_look_at(_room(src, path), match["room"])
    return False


def _files(src: Path, pattern: str) -> Iterator[Path]:
    for path in sorted((src / "shixun").rglob(pattern)):
        if len(path.relative_to(src).parts) > 2 and "vendor" not in path.parts:
            yield path


def _room(src: Path, path: Path) -> str:
    return path.relative_to(src / "shixun").parts[0]


def _tree(path: Path) -> ast.AST:
    return ast.parse(path.read_text(encoding="utf-8"))


def _line(src: Path, path: Path, what: str) -> str:
    return f"{path.relative_to(src)}: {what}"

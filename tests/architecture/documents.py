"""What the documents claim, checked against the tree: links, journeys, terms, and nothing of any one machine."""

import re
import subprocess
from pathlib import Path

REQUIREMENT = re.compile(r"\b[A-Z]{2}-\d{2}\b")
JOURNEY = re.compile(r"`((?:tests|src)/[\w/]+\.py)::(\w+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[\w-]+)?\)")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:root|work|home/\w+|Users/\w+|opt)/[\w.-]+")
# Written apart, so that this file itself names none.
REGISTRY = re.compile(r"(?:py" r"pi\.org|pythonhos" r"ted\.org|registry\.npm\w+\.\w+|mirrors\.\w+\.)")
TEXT = {".py", ".md", ".toml", ".html", ".css", ".js", ".json", ".lock", ".cfg", ".txt", ".csv", ".svg", ""}


def committed_files(root: Path) -> list[Path]:
    """The text files that git keeps or is about to keep; copied packages and made files are not among them."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.splitlines()
    return [root / name for name in listed if (root / name).is_file() and (root / name).suffix in TEXT]


def broken_links(root: Path) -> list[str]:
    """Relative links of Markdown files to something that is not there."""
    findings = []
    for path in committed_files(root):
        if path.suffix != ".md":
            continue
        targets = [link for link in LINK.findall(path.read_text(encoding="utf-8")) if ":" not in link]
        findings += [f"{path.relative_to(root)}: {link}" for link in targets if not (path.parent / link).exists()]
    return findings


def unproven_journeys(root: Path) -> list[str]:
    """Rows of docs/journeys.md whose test is not there, or does not name a requirement id the row claims."""
    findings = []
    for line in (root / "docs" / "journeys.md").read_text(encoding="utf-8").splitlines():
        claimed = REQUIREMENT.findall(line)
        if not line.startswith("|") or not claimed:
            continue
        tests = JOURNEY.findall(line)
        if not tests:
            findings.append(f"no test in: {line}")
        texts = [_function(root / file, name) for file, name in tests]
        findings += [
            f"{file}::{name} is not there" for (file, name), text in zip(tests, texts, strict=True) if not text
        ]
        findings += [
            f"{key} is named by no test of: {line}" for key in claimed if not any(key in text for text in texts)
        ]
    return findings


def traces_of_a_machine(root: Path, files: list[Path]) -> list[str]:
    """Paths of one machine in any file, and addresses of package registries in lock files and settings of tools."""
    findings = []
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")
        found = MACHINE_PATH.findall(text) + REGISTRY.findall(text)
        findings += [f"{path.relative_to(root)}: {word}" for word in found]
    return findings


def _function(file: Path, name: str) -> str:
    """The text of one test function, docstring included; empty when it is not there."""
    if not file.exists():
        return ""
    found = re.search(rf"^def {name}\(.*?(?=^(?:def|@|class)\b|\Z)", file.read_text(encoding="utf-8"), re.M | re.S)
    return found.group(0) if found else ""

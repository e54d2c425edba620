"""The plan of a room: which files it may have. A room's own extra files are listed here, each for a reason."""

from pathlib import Path

from tests.architecture.stairs import floors

PLAN = {
    "__init__",
    "apps",
    "choices",
    "validators",
    "models",
    "permissions",
    "queries",
    "facts",
    "flow",
    "frame",
    "privacy",
    "actions",
    "forms",
    "tables",
    "views",
    "urls",
    "api",
    "tasks",
    "admin",
    "testing",
    "migrations",
    "management",
    "templates",
    "templatetags",
    "static",
    "tests",
}
# The kernel is a short closed list of mechanisms; the command line and the demo are not rooms of the domain.
KERNEL = {
    "attachments",
    "access",
    "append_only",
    "audit",
    "chronicle",
    "clock",
    "context",
    "exporting",
    "exports",
    "fields",
    "files",
    "filters",
    "jobs",
    "listing",
    "merkle",
    "pictures",
    "reach",
    "refusals",
    "schedule",
    "slots",
    "spreadsheets",
    "triggers",
}
EXTRA = {
    # how a chain is declared and the registry of those; what people are told; the chains drawn for readers
    "approvals": {"flows", "telling", "diagrams"},
    "terms": {"purposes", "calendars", "triggers"},  # what windows are for, templates of work, the guard of windows
    # papers with their proof; the two kinds of sheets it takes in; how alike two claims are
    "recognition": {"certificates", "imports", "likeness"},
    "notices": {"kinds", "channels"},  # what rooms say to people, and the ways out of the site
    # signing in, who acts, the bulk writer, limits of trying; the permission table: its rows in short, read by people;
    # acting for an absent colleague, who answers for a school's credits, the yearly look at roles;
    # how organisations change
    "people": {"accounts", "acting", "bulk", "throttling", "reaches", "rights", "organisations"}
    | {"delegation", "credit_officers", "role_review"},
    # its columns, what their words mean, what is registered, what a row changes, the pass over a file
    # what may be corrected, and what decided moves and corrections do
    "roster": {"columns", "words", "registered", "plans", "importer", "details", "effects"},
    "ledger": {"bulk", "checks", "content"},  # the one bulk writer, the named checks, what makes two entries equal
}
FREE = {"cli", "demo"}
ROOMLESS_NAMES = {"utils", "helpers", "services", "core", "common", "misc", "manager", "managers", "handlers"}
LIMIT = 400


def strangers(src: Path) -> list[str]:
    """Files and folders at the top of a room that the plan does not know, and names that say nothing anywhere."""
    findings = []
    for room in sorted(path.name for path in (src / "shixun").iterdir() if path.is_dir() and path.name in floors()):
        known = PLAN | EXTRA.get(room, set()) | (KERNEL if room == "kernel" else set())
        names = {path.stem for path in (src / "shixun" / room).iterdir() if path.name != "__pycache__"}
        findings += [] if room in FREE else [f"{room}/{name}" for name in sorted(names - known)]
    for path in sorted(src.rglob("*.py")):
        if path.stem in ROOMLESS_NAMES or path.parent.name in ROOMLESS_NAMES:
            findings.append(str(path.relative_to(src)))
    return findings


def unsigned(src: Path) -> list[str]:
    """Rooms whose door has no sign: a docstring in ``__init__.py`` that says what it owns."""
    rooms = sorted(path for path in (src / "shixun").iterdir() if path.name in floors())
    return [room.name for room in rooms if "owns" not in (room / "__init__.py").read_text(encoding="utf-8").lower()]


def oversized(folders: list[Path]) -> list[str]:
    """Hand-written files longer than ``LIMIT`` lines (migrations and copied assets excepted)."""
    findings = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix not in {".py", ".html", ".css", ".js"} or {"migrations", "vendor"} & set(path.parts):
                continue
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > LIMIT:
                findings.append(f"{path.relative_to(folder.parent)}: {lines} lines")
    return findings

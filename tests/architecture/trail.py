"""Which actions the code writes into the audit trail, read from its source."""

import ast
import re
from pathlib import Path

ACTION = re.compile(r"[a-z_]+\.[a-z_]*\Z")
# Calls whose text arguments are actions: the two of ``kernel.audit``, and what rooms wrap around them.
WRITERS = re.compile(r"\w*(record|event|about|changed|enter_once)\w*\Z")


def actions_in(src: Path) -> dict[str, str]:
    """Every action named in a call that writes the trail, with the file that names it first."""
    found: dict[str, str] = {}
    for path in sorted((src / "shixun").rglob("*.py")):
        if "tests" in path.parts or path.name == "testing.py":
            continue
        text = path.read_text(encoding="utf-8")
        for action in _actions(ast.parse(text)) if "audit" in text or "action=" in text else ():
            found.setdefault(action, str(path.relative_to(src)))
    return found


def _actions(tree: ast.Module) -> list[str]:
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        named = [word.value for word in call.keywords if word.arg == "action"]
        callee = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if WRITERS.match(callee):
            named += call.args
        found += [value for node in named for value in _texts(node, constants) if ACTION.match(value)]
    return found


def _texts(node: ast.expr, constants: dict[str, object]) -> list[str]:
    if isinstance(node, ast.JoinedStr):
        # The room names every ending; here it is enough that some action begins like this.
        return _texts(node.values[0], constants)
    if isinstance(node, ast.IfExp):
        return _texts(node.body, constants) + _texts(node.orelse, constants)
    value = node.value if isinstance(node, ast.Constant) else constants.get(getattr(node, "id", ""))
    return [value] if isinstance(value, str) else []

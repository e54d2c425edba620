"""Third-party style sheets, icons and fonts: installs the npm packages of package-lock.json, copies what is listed.

assets.json lists what the pages are served from ``static/vendor``, and the fonts of papers, which nobody is served.

Uses the machine's npm; where there is none, Node comes as a locked Python package into the virtual environment.
"""

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

from system import run

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "assets.json"
SOURCES = (LIST, ROOT / "package.json", ROOT / "package-lock.json")


def main() -> None:
    """Copy the listed files, unless they are there already from the same list and lock."""
    listed = json.loads(LIST.read_text(encoding="utf-8"))
    copies = {
        ROOT / group["to"] / name: ROOT / listed["from"] / source
        for group in (listed, listed["fonts"])
        for source, name in group["files"].items()
    }
    stamp = ROOT / listed["to"] / ".stamp"
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in SOURCES)).hexdigest()
    if all(target.exists() for target in copies) and stamp.exists() and stamp.read_text() == digest:
        return
    print("fetching and copying the assets …", file=sys.stderr)
    _install()
    for group in (listed, listed["fonts"]):
        shutil.rmtree(ROOT / group["to"], ignore_errors=True)
    for target, source in copies.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    stamp.write_text(digest)


def _install() -> None:
    venv = ROOT / ".venv"
    env = {**os.environ, "npm_config_update_notifier": "false"}
    npm = shutil.which("npm")
    if npm is None:
        lock = ROOT / "requirements" / "node.lock"
        uv_env = {**os.environ, "VIRTUAL_ENV": str(venv)}
        run(venv / "bin" / "uv", "pip", "install", "-q", "--require-hashes", "-r", lock, env=uv_env)
        npm = str(venv / "bin" / "npm")
        env["PATH"] = f"{venv / 'bin'}{os.pathsep}{env.get('PATH', '')}"
    run(npm, "ci", "--silent", env=env, cwd=ROOT)


if __name__ == "__main__":
    main()

"""Check a paper (学分证明, 培训档案, 证书): a PDF, the text of its QR, or its number.

With --heads only the file of signed heads is asked, no database and no network: whether the QR was signed by a key of
that file, and whether that very head stands in it. Without, the papers of this installation are asked as well, as the
public page does: valid, revoked, superseded, expired, altered or unknown. Exit code 0: it holds; 1: it does not; 2: the
call or its input cannot be used.
"""

import argparse
import sys
from pathlib import Path

from shixun.cli import site


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paper", help="a PDF file, a file with the text of the QR, that text itself, or a number")
    parser.add_argument("--heads", type=Path, metavar="FILE", help="signed heads kept elsewhere: check without us")


def run(args: argparse.Namespace) -> int:
    try:
        content = Path(args.paper).read_bytes() if _is_file(args.paper) else b""
        heads = args.heads.read_text("utf-8") if args.heads else ""
    except (OSError, UnicodeDecodeError) as error:
        print(f"shixun verify: {error}", file=sys.stderr)
        return 2
    site.set_up()
    return _offline(content, args.paper, heads) if args.heads else _here(content, args.paper)


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except OSError:
        # A long code is no name that a file system could have.
        return False


def _offline(content: bytes, text: str, heads: str) -> int:
    from shixun.kernel.chronicle.heads import read_heads
    from shixun.recognition.certificates.code import BadCode
    from shixun.recognition.certificates.verifying import attested

    file = read_heads(heads)
    try:
        found = attested(content.decode("latin-1") if content else text, file)
    except BadCode as error:
        print(f"shixun verify: {error}", file=sys.stderr)
        return 2
    print(f"number   {found.code.number}")
    print(f"digest   {found.code.digest.hex()}")
    print(f"leaf     {found.code.leaf} of {found.code.size}")
    print(f"signed   {'yes' if found.signed else 'NO'}, key {found.code.key}")
    print(f"kept     {'this head stands in the file' if found.kept else 'this head does not stand in the file'}")
    if found.signed and not found.kept:
        print("The key is one of the file; the paper was issued after the file was kept, or the log was rewritten.")
    return 0 if found.signed else 1


def _here(content: bytes, text: str) -> int:
    from shixun.kernel import clock
    from shixun.recognition.certificates.verifying import verdict_of_file, verdict_of_text

    today = clock.today()
    is_pdf = content.startswith(b"%PDF")
    verdict = verdict_of_file(content, today) if is_pdf else verdict_of_text(content.decode("latin-1") or text, today)
    print(verdict.outcome)
    if verdict.paper is not None:
        print(f"number   {verdict.paper.number}")
        print(f"digest   {verdict.paper.digest}")
        for label, value in verdict.paper.content["facts"]:
            print(f"         {label} {value}")
    return 0 if verdict.holds else 1

"""Start the site: the web server, one worker for background jobs and the minute tick. Ctrl-C ends all of them.

SHIXUN_PORT and SHIXUN_BIND say where it listens (8000 and 127.0.0.1), SHIXUN_WEB_WORKERS with how many processes.
"""

import argparse
import os
import socket
import sys

from shixun.cli.supervisor import Child, Supervisor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from config.env import env_int, env_text

    parser.add_argument("--port", type=int, default=env_int("SHIXUN_PORT", 8000), help="default: %(default)s")
    parser.add_argument("--bind", default=env_text("SHIXUN_BIND", "127.0.0.1"), help="default: %(default)s")
    parser.add_argument(
        "--web-workers",
        type=int,
        default=env_int("SHIXUN_WEB_WORKERS", max(2, os.cpu_count() or 2)),
        help="web processes of four threads each (default: %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    if _answers(args.bind, args.port):
        print(f"Port {args.port} is taken by another program: set SHIXUN_PORT to another one.", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    return Supervisor(_children(args), on_turn=_Greeting(args.bind, args.port)).run()


def _children(args: argparse.Namespace) -> list[Child]:
    manage = [sys.executable, "-m", "shixun.cli.main", "manage"]
    web = [
        *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
        *("--bind", f"{args.bind}:{args.port}", "--workers", str(args.web_workers)),
        *("--worker-class", "gthread", "--threads", "4", "--timeout", "60", "--graceful-timeout", "10"),
        *("--max-requests", "20000", "--max-requests-jitter", "2000", "--log-level", "warning", "--no-control-socket"),
    ]
    return [
        Child("web", web),
        Child("worker", [*manage, "db_worker", "--interval", "1", "--verbosity", "0"]),
        Child("tick", [*manage, "tick", "--every", "60"]),
    ]


class _Greeting:
    """Says once, when the web server answers, where the site is and how to sign in."""

    def __init__(self, bind: str, port: int) -> None:
        self.bind, self.port, self.said = bind, port, False

    def __call__(self) -> None:
        if self.said or not _answers(self.bind, self.port):
            return
        self.said = True
        from config.env import env_bool

        print(f"\n  Shixun 师训 is running at http://localhost:{self.port}  (Ctrl-C ends it)", flush=True)
        if env_bool("SHIXUN_DEMO", False):
            print(
                "  演示登录: the sign-in page lists the demo's people; one click on a name signs you in.\n", flush=True
            )


def _answers(bind: str, port: int) -> bool:
    host = "127.0.0.1" if bind in {"0.0.0.0", ""} else bind  # noqa: S104 - compared, not bound
    try:
        with socket.create_connection((host, port), timeout=0.5):
            return True
    except OSError:
        return False

"""The strict check on a fresh clone: format, lint, types, import contracts, tests."""

import subprocess
import sys
import time

from environment import ROOT, prepare

STEPS = (
    ("format", ["-m", "ruff", "format", "--check", "."]),
    ("lint", ["-m", "ruff", "check", "."]),
    ("types", ["-m", "mypy"]),
    (
        "import contracts",
        ["-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"],
    ),
    ("tests", ["-m", "pytest", *sys.argv[1:]]),
)

if __name__ == "__main__":
    python = str(prepare("check"))
    for number, (name, arguments) in enumerate(STEPS, start=1):
        began = time.monotonic()
        print(f"[{number}/{len(STEPS)}] {name}", flush=True)
        status = subprocess.run([python, *arguments], cwd=ROOT, check=False).returncode
        if status:
            sys.exit(f"{name} failed")
        if name != "tests":
            print(f"      fine, {time.monotonic() - began:.0f} s", flush=True)

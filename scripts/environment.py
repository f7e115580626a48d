"""Sets up `.venv` with pinned packages, on a machine that has only Python 3.11 with pip."""

import hashlib
import importlib.util
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / ".venv"
WINDOWS = os.name == "nt"


def prepare(what: str) -> Path:
    """The Python of an environment with `requirements/WHAT.txt`; says what it does meanwhile."""
    if not (3, 11) <= sys.version_info[:2] < (3, 15):
        sys.exit(f"markwatch needs Python 3.11 to 3.14; this is {sys.version.split()[0]}")
    pins = ROOT / "requirements" / f"{what}.txt"
    mark = PLACE / f"installed-{what}"
    state = hashlib.sha256(pins.read_bytes()).hexdigest()
    if not mark.exists() or mark.read_text() != state:
        _install(pins)
        mark.write_text(state)
    return _python()


def _install(pins: Path) -> None:
    began = "once; later starts skip this"
    print(f"[1/2] making a Python environment in {PLACE} ({began})", flush=True)
    pip = _pip()
    count = sum("==" in line for line in pins.read_text().splitlines())
    print(f"[2/2] installing {count} pinned packages with pip, a minute or two", flush=True)
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    done = subprocess.run([*pip, "install", *options, "-r", str(pins)], check=False)
    if done.returncode:
        sys.exit("the packages could not be installed; pip says why above")
    _link()


def _pip() -> list[str]:
    """Our own Python's pip works on the new environment; Debian's Python can give it none."""
    if importlib.util.find_spec("pip"):
        venv.create(PLACE, with_pip=False)
        return [sys.executable, "-m", "pip", "--python", str(_python())]
    try:
        venv.create(PLACE, with_pip=True)
    except subprocess.CalledProcessError:
        sys.exit("this Python has no pip; on Debian: apt-get install python3-pip")
    return [str(_python()), "-m", "pip"]


def _link() -> None:
    """Makes `import markwatch` and the `markwatch` command work from any folder."""
    paths = {"base": str(PLACE), "platbase": str(PLACE)}
    packages = Path(sysconfig.get_path("purelib", "venv", vars=paths))
    (packages / "markwatch.pth").write_text(f"{ROOT}\n", "utf-8")
    if not WINDOWS:
        command = _python().with_name("markwatch")
        command.write_text(f"#!{_python()}\nfrom markwatch import main\n\nmain()\n", "utf-8")
        command.chmod(0o755)


def _python() -> Path:
    return PLACE / ("Scripts/python.exe" if WINDOWS else "bin/python")

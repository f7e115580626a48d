"""A server program of somebody else's: its files fetched once, its process started and ended."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

READY_SECONDS = 120
STOP_SECONDS = 20
JVMS = ("/usr/lib/jvm/*", "/opt/java/*", "/Library/Java/JavaVirtualMachines/*/Contents/Home")


class Unavailable(Exception):
    """This server cannot be had here; the text says what to install or to set."""


def java(oldest: int) -> Path:
    """The home of the oldest JDK that is new enough; raises `Unavailable`."""
    homes = {Path(home) for home in (os.environ.get("JAVA_HOME"),) if home}
    homes |= {path for place in JVMS for path in Path("/").glob(place.lstrip("/"))}
    fitting = sorted(
        (version, home) for home in homes if (version := _version(home)) and version >= oldest
    )
    if not fitting:
        raise Unavailable(f"no JDK {oldest} or newer in JAVA_HOME or {JVMS[0]}; install one")
    return fitting[0][1]


def _version(home: Path) -> int | None:
    release = home / "release"
    if not (home / "bin" / "java").exists() or not release.exists():
        return None
    found = re.search(r'JAVA_VERSION="(\d+)', release.read_text("utf-8"))
    return int(found[1]) if found else None


def maven(*arguments: str, folder: Path) -> None:
    """Runs Maven quietly; raises `Unavailable` where there is none or it fetched nothing."""
    command = shutil.which("mvn")
    if command is None:
        raise Unavailable("no mvn on the PATH; install Maven")
    done = subprocess.run(
        [command, "-q", "-B", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Unavailable(f"mvn {' '.join(arguments)}: {done.stdout[-400:]}")


def cache(name: str) -> Path:
    """A folder kept between runs, and readable by a server that runs as nobody."""
    place = os.environ.get("MARKWATCH_SERVICES_CACHE")
    folder = Path(place or Path(tempfile.gettempdir()) / f"markwatch-services-{os.getuid()}") / name
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise Unavailable(f"{folder} belongs to somebody else; set MARKWATCH_SERVICES_CACHE")
    return folder


def free_ports(count: int) -> Sequence[int]:
    """Ports nobody listens on now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


class Server(ABC):
    """A process with data of its own; leaving the block ends it and removes its data."""

    process: subprocess.Popen[bytes] | None = None
    user: str | None = None

    def __init__(self, certificates: Path | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"markwatch-{type(self).__name__.lower()}-"))
        self.runs_in = self.folder
        self.folder.chmod(0o755)
        try:
            for each in certificates.glob("*.*") if certificates else ():
                shutil.copy(each, self.folder)
            self.prepare()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    @abstractmethod
    def prepare(self) -> None:
        """Fetches the program, picks ports and writes its settings."""

    @abstractmethod
    def command(self) -> tuple[Sequence[str], Mapping[str, str]]:
        """The command line and what its environment needs besides ours."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it is ready to serve."""

    @property
    @abstractmethod
    def address(self) -> str: ...

    def start(self) -> None:
        """Starts it on its data and waits until it serves."""
        arguments, further = self.command()
        with (self.folder / "said").open("ab") as said:
            self.process = subprocess.Popen(
                [*_ends_with_us(), *arguments],
                cwd=self.runs_in,
                env={**os.environ, **further},
                stdout=said,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                user=self.user,
                group="nogroup" if self.user else None,
                extra_groups=[] if self.user else None,
            )
        self._await_ready()

    def _await_ready(self) -> None:
        late = time.monotonic() + READY_SECONDS
        while not self.answers():
            assert self.process is not None
            if self.process.poll() is not None or time.monotonic() > late:
                said = (self.folder / "said").read_text("utf-8", "replace")[-2000:]
                raise Unavailable(f"{type(self).__name__} did not start:\n{said}")
            time.sleep(0.1)

    def stop(self) -> None:
        """Asks it to end, and ends it if it does not."""
        if self.process is None:
            return
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """`kill -9`, of everything it started too."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _ends_with_us() -> Sequence[str]:
    """Whoever kills us must not leave our servers behind."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []

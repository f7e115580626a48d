"""Both servers by Docker Compose, where a Docker engine answers."""

import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.services.program import Unavailable, free_ports

FILE = Path(__file__).with_name("compose.yml")


@cache
def answers() -> bool:
    """Whether there is an engine and Compose, not only the command."""
    if shutil.which("docker") is None:
        return False
    asked = (["docker", "info"], ["docker", "compose", "version"])
    return all(
        subprocess.run(each, capture_output=True, timeout=20, check=False).returncode == 0
        for each in asked
    )


@contextmanager
def service(name: str) -> Iterator[str]:
    """The `host:port` of that service, up and healthy; what it made is removed afterwards."""
    (port,) = free_ports(1)
    project = f"markwatch-{uuid.uuid4().hex[:12]}"
    compose = ["docker", "compose", "-p", project, "-f", str(FILE)]
    environment = {**os.environ, "PORT": str(port)}
    try:
        up = [*compose, "up", "--detach", "--wait", "--no-deps", name]
        done = subprocess.run(up, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Unavailable(f"docker compose up {name}: {done.stderr[-400:]}")
        yield f"127.0.0.1:{port}"
    finally:
        down = [*compose, "down", "--volumes", "--timeout", "5"]
        subprocess.run(down, env=environment, capture_output=True, check=False)

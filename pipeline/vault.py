"""The vault: bytes kept under their own SHA-256, written once, whole or not at all."""

import contextlib
import hashlib
import os
import tempfile
import time
from pathlib import Path

from pipeline.errors import EvidenceLost, VaultError
from pipeline.records import Evidence

ABANDONED_SECONDS = 3600


class Vault:
    """A folder of evidence; the same bytes are one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"

    def put(self, content: bytes, media_type: str, source: str | None = None) -> Evidence:
        """Returns once `content` is on disk; raises `VaultError` and leaves nothing half."""
        sha256 = hashlib.sha256(content).hexdigest()
        place = self._place(sha256)
        try:
            if not place.exists():
                _write(place, content, self._incoming)
        except OSError as error:
            raise VaultError(
                f"cannot keep {len(content):,} bytes in {self._folder}: {error}"
            ) from error
        return Evidence(sha256=sha256, size=len(content), media_type=media_type, source=source)

    def get(self, sha256: str) -> bytes:
        """The bytes kept under this hash, checked against it.

        Raises `EvidenceLost` if they are gone or altered, `VaultError` if they cannot be read now.
        """
        try:
            content = self._place(sha256).read_bytes()
        except FileNotFoundError:
            raise EvidenceLost(f"no evidence {sha256}") from None
        except OSError as error:
            raise VaultError(f"evidence {sha256} cannot be read: {error}") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise EvidenceLost(f"evidence {sha256} was altered after it was kept")
        return content

    def sweep(self) -> None:
        """Removes what a killed process left half written, once nobody can be writing it."""
        for left in self._incoming.glob("*"):
            with contextlib.suppress(OSError):
                if time.time() - left.stat().st_mtime > ABANDONED_SECONDS:
                    left.unlink()

    def _place(self, sha256: str) -> Path:
        if len(sha256) != 64 or not sha256.isalnum():
            raise EvidenceLost(f"not a SHA-256: {sha256!r}")
        return self._folder / sha256[:2] / sha256[2:]


def _write(place: Path, content: bytes, incoming: Path) -> None:
    for folder in (incoming, place.parent):
        folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=incoming)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.chmod(0o444)
        fresh.replace(place)
        _sync_folder(place.parent)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    """A rename is durable only once its folder is; systems without folder handles skip this."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

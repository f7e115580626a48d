"""Evidence is whole or absent, and what was altered is told."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import EvidenceLost, VaultError
from pipeline.vault import Vault


def test_the_same_bytes_are_one_file(tmp_path):
    vault = Vault(tmp_path)
    first, second = vault.put(b"page", "text/html"), vault.put(b"page", "text/html")

    assert first == second
    assert vault.get(first.sha256) == b"page"
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_single_altered_bit_is_told(tmp_path):
    vault = Vault(tmp_path)
    kept = vault.put(b"page", "text/html")
    place = next(path for path in tmp_path.rglob("*") if path.is_file())
    place.chmod(0o644)
    place.write_bytes(b"pagf")

    with pytest.raises(EvidenceLost, match="altered"):
        vault.get(kept.sha256)


def test_evidence_that_is_gone_is_told():
    with pytest.raises(EvidenceLost, match="no evidence"):
        Vault(Path("nowhere")).get("a" * 64)


def test_a_vault_that_cannot_be_read_now_is_another_matter(tmp_path):
    vault = Vault(tmp_path)
    kept = vault.put(b"page", "text/html")
    place = tmp_path / kept.sha256[:2] / kept.sha256[2:]
    place.unlink()
    place.mkdir()

    with pytest.raises(VaultError, match="cannot be read"):
        vault.get(kept.sha256)


def test_what_a_killed_writer_left_is_swept_and_what_is_being_written_is_not(tmp_path):
    incoming = tmp_path / "incoming"
    incoming.mkdir()
    for name, age in (("left", 7200), ("fresh", 0)):
        (incoming / name).write_bytes(b"half")
        then = time.time() - age
        os.utime(incoming / name, (then, then))
    Vault(tmp_path).sweep()

    assert [path.name for path in incoming.iterdir()] == ["fresh"]


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "/" * 64])
def test_a_name_that_is_no_hash_opens_nothing(tmp_path, name):
    with pytest.raises(EvidenceLost, match="not a SHA-256"):
        Vault(tmp_path).get(name)


FULL = """
import resource, sys
from pathlib import Path
from pipeline.errors import VaultError
from pipeline.vault import Vault
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
vault = Vault(Path(sys.argv[1]))
try:
    vault.put(b"x" * 5000, "text/html")
except VaultError as error:
    print(error)
vault.put(b"small", "text/html")
"""


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="no file size limit here")
def test_a_disk_that_takes_no_more_leaves_nothing_half(tmp_path):
    """The system itself refuses the write, as it does on a full disk."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=True
    )

    assert "cannot keep 5,000 bytes" in done.stdout
    assert [path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()] == [5]

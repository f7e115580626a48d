"""Evidence is whole or absent, and what was altered is told."""

import resource
import subprocess
import sys

import pytest

from pipeline.errors import VaultError
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

    with pytest.raises(VaultError, match="altered"):
        vault.get(kept.sha256)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "/" * 64])
def test_a_name_that_is_no_hash_opens_nothing(tmp_path, name):
    with pytest.raises(VaultError, match="not a SHA-256"):
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

"""What running processes use: memory, open files, cores."""

import os
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

SAMPLE_SECONDS = 5


@dataclass(slots=True, kw_only=True)
class Sampler:
    """Memory (MiB) and open files of every process, every few seconds."""

    pids: Mapping[str, int]
    samples: dict[str, list[tuple[float, float, int]]] = field(default_factory=dict)

    def sample(self, stop: threading.Event) -> None:
        began = time.monotonic()
        while not stop.wait(SAMPLE_SECONDS):
            for name, pid in self.pids.items():
                pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
                files = len([*Path(f"/proc/{pid}/fd").iterdir()])
                memory = pages * os.sysconf("SC_PAGESIZE") / (1 << 20)
                row = (time.monotonic() - began, memory, files)
                self.samples.setdefault(name, []).append(row)

    def report(self) -> Iterator[str]:
        yield f"{'process':24} {'MiB first':>10} {'last':>8} {'MiB/hour':>10} {'files':>12}"
        for name, rows in self.samples.items():
            later = np.array(rows[len(rows) // 4 :])  # the first quarter warms up
            slope = np.polyfit(later[:, 0], later[:, 1], 1)[0] * 3600 if len(later) > 2 else 0.0
            files = f"{rows[0][2]} → {rows[-1][2]}"
            yield f"{name:24} {later[0][1]:10.1f} {later[-1][1]:8.1f} {slope:+10.1f} {files:>12}"


def server_of(launcher: int) -> int:
    """The process that Elasticsearch's launcher started."""
    tasks = Path(f"/proc/{launcher}/task").glob("*/children")
    return int(" ".join(each.read_text() for each in tasks).split()[0])


def cpu_seconds(pids: Mapping[str, int]) -> Mapping[str, float]:
    """Processor time that each has used so far."""
    ticks = os.sysconf("SC_CLK_TCK")
    fields = {
        name: Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        for name, pid in pids.items()
    }
    return {name: (int(each[11]) + int(each[12])) / ticks for name, each in fields.items()}

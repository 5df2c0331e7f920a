"""Running a command as a whole process: wall time, and memory of it and all that it starts."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_OFTEN = 0.02
# Reading the memory of a process can hold it up; with this pause between readings, by 5 % at most.
_PAUSE_PER_READING = 20


@dataclass(frozen=True)
class Run:
    """One run: seconds from start to end, and the peak of the memory of all its processes in MB.

    Memory is the sum of the proportional set sizes, in which what processes share counts once. It is
    sampled, every 20 ms or, where a reading takes more than 1 ms, after twenty times as long; a peak
    that lasts for less may be missed.
    """

    seconds: float
    megabytes: float
    output: str


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Run:
    """Run a command to its end. Raises CalledProcessError, with what it printed, if it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    peak = [0.0]
    ended = threading.Event()
    sampler = threading.Thread(target=_sample, args=(process.pid, peak, ended))
    sampler.start()
    output, _ = process.communicate()
    seconds = time.perf_counter() - began
    ended.set()
    sampler.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    return Run(seconds, peak[0], output)


def _sample(session: int, peak: list[float], ended: threading.Event) -> None:
    pause = _OFTEN
    while not ended.wait(pause):
        began = time.perf_counter()
        peak[0] = max(peak[0], sum(_proportional(pid) for pid in _members(session)) / 1024)
        pause = max(_OFTEN, _PAUSE_PER_READING * (time.perf_counter() - began))


def _members(session: int) -> list[str]:
    """The processes of a session."""
    found = []
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                fields = Path(entry.path, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session:
                found.append(entry.name)
    return found


def _proportional(pid: str) -> int:
    """The proportional set size of a process in KB; 0 if it has ended."""
    try:
        for line in Path("/proc", pid, "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0

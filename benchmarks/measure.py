"""Running a command as a whole process: wall time, and memory of it and all that it starts."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
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

    Memory is the sum of the proportional set sizes: what the processes share counts once, or in part
    if programs that are no part of the run share it too. It is sampled, every 20 ms or, where a reading
    takes more than 1 ms, after twenty times as long; a peak that lasts for less may be missed.
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
    )
    ended = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        peak = pool.submit(_peak, process.pid, ended)
        try:
            output, _ = process.communicate()
            seconds = time.perf_counter() - began
        finally:
            ended.set()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    return Run(seconds, peak.result(), output)


def _peak(root: int, ended: threading.Event) -> float:
    """The peak of the memory of a process and all that it starts, in MB, until the event."""
    peak = 0.0
    seen = {root}
    pause = 0.0
    while not ended.wait(pause):
        began = time.thread_time()
        # One whose parent has ended is a child of another program by now, but has been seen before.
        seen.update(*[_descendants(pid) for pid in seen])
        peak = max(peak, sum(map(_proportional, seen)) / 1024)
        pause = max(_OFTEN, _PAUSE_PER_READING * (time.thread_time() - began))
    return peak


def _descendants(pid: int) -> set[int]:
    """The processes that a process started, and those that they did."""
    try:
        children = {
            int(child)
            for thread in os.listdir(f"/proc/{pid}/task")
            for child in Path(f"/proc/{pid}/task/{thread}/children").read_text().split()
        }
    except OSError:
        return set()
    return children.union(*[_descendants(child) for child in children])


def _proportional(pid: int) -> int:
    """The proportional set size of a process in KB; 0 if it has ended."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0

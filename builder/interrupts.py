"""Interrupts wait while another process is forked.

What Python calls around a fork, its logging and its weak references for instance, can raise nothing:
an interrupt that comes there would be printed and forgotten, and the build go on. In the new process
it would come before that knows whose business interrupts are.
"""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def put_off() -> Iterator[None]:
    """Let an interrupt that comes meanwhile come at the end; processes begun meanwhile get none."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

"""`python -m builder` is the same program as the console script `digest`."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any


def main() -> None:
    """Run the program. An interrupt while it is still being loaded ends it as one that comes later."""
    signal.signal(signal.SIGINT, _interrupted)
    from builder.cli import main as run

    run()


def _interrupted(*_: Any) -> None:
    if sys.stderr is not None:
        sys.stderr.write("interrupted\n")
    os._exit(130)


if __name__ == "__main__":
    main()

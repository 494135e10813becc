"""`python -m timewaste`, and the `timewaste` command."""

import os
import sys
from typing import NoReturn

from timewaste.cli import run


def main() -> NoReturn:
    """Run the command line and leave at once.

    Without the interpreter's own shutdown, which takes time and in which DuckDB 2.0 prints forty lines about its
    Python types whenever Polars has read a result of it. Everything is closed and flushed before.
    """
    code = run()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # the reader, such as `head`, has gone
            continue
    os._exit(code)


if __name__ == "__main__":
    main()

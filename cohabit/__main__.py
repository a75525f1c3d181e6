"""The command line's entry point; also ``python -m cohabit``."""

from __future__ import annotations

import sys


def main() -> int:
    """Run cohabit on ``sys.argv`` and return its exit code."""
    from cohabit.command_line import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())

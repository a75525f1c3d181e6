"""A progress display on standard error, quiet where that is not a terminal, or one that cannot move its cursor."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from cohabit.fleet import Progress


@contextmanager
def shown() -> Iterator[Progress]:
    """Show progress while the block runs, and leave nothing behind."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Display

    console = Console(stderr=True)
    spinner = SpinnerColumn("line" if console.options.ascii_only else "dots")
    columns = (spinner, TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn())
    # FORCE_COLOR, which build servers set, makes a terminal of a file for rich; what moves there fills the log.
    moving = console.is_interactive and sys.stderr.isatty()
    with Display(*columns, TimeElapsedColumn(), console=console, transient=True, disable=not moving) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda step, done, total: bar.update(task, description=step, completed=done, total=total or None)

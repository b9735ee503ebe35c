"""Progress in the terminal: a bar where somebody looks, a line a step where nobody does."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress


@dataclass(slots=True)
class Progress:
    """Shows how far long work is."""

    is_quiet: bool = False

    @contextmanager
    def step(self, title: str, total: int) -> Iterator[Callable[[int], None]]:
        """Show a step; call what it gives with how many more are done."""
        if self.is_quiet:
            yield lambda _more: None
        elif not sys.stderr.isatty():
            yield lambda _more: None
            sys.stderr.write(f"  {title}\n")
            sys.stderr.flush()
        else:
            with self._bar() as bar:
                task = bar.add_task(title, total=total)
                yield lambda more: bar.advance(task, more)

    @staticmethod
    def _bar() -> RichProgress:
        columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        return RichProgress(*columns, console=Console(stderr=True))

"""The table that a run prints and writes: what was measured, the bar it is held to, and whether it is met."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """A figure. bar: "" where there is none; is_met: None without a bar. value None: not measured, words say why."""

    what: str
    value: float | None
    unit: str
    bar: str = ""
    is_met: bool | None = None
    words: str = ""

    def said(self) -> str:
        """Write it as a line of the table."""
        verdict = {None: "", True: "met", False: "NOT MET"}[self.is_met]
        return (
            f"  {self.what:<76} {_shown(self.value, self.words):>12} {self.unit:<5} {self.bar:>12}  {verdict}".rstrip()
        )


@dataclass
class Table:
    """Lines in their order; each is shown at once."""

    lines: list[Line] = field(default_factory=list)

    def title(self, words: str) -> None:
        """Begin a group."""
        print(f"\n{words}", flush=True)

    def add(
        self, what: str, value: float, unit: str, *, at_most: float | None = None, at_least: float | None = None
    ) -> None:
        """Add a figure, held to a bar if one is given."""
        bar, is_met = "", None
        if at_most is not None:
            bar, is_met = f"<= {at_most:,g}", value <= at_most
        elif at_least is not None:
            bar, is_met = f">= {at_least:,g}", value >= at_least
        self._put(Line(what, value, unit, bar, is_met))

    def say(self, what: str, words: str) -> None:
        """Add what could not be measured, and why."""
        self._put(Line(what, None, "", words=words))

    def write(self, path: Path, machine: dict[str, Any]) -> None:
        """Write all lines as JSON, and tell how many bars are met."""
        path.write_text(json.dumps({**machine, "lines": [asdict(line) for line in self.lines]}, indent=1) + "\n")
        held = [line for line in self.lines if line.is_met is not None]
        print(f"\n{sum(bool(line.is_met) for line in held)} of {len(held)} bars met; written to {path}")

    def _put(self, line: Line) -> None:
        self.lines.append(line)
        print(line.said(), flush=True)


def _shown(value: float | None, words: str) -> str:
    if value is None:
        return words
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}" if value < 10 else f"{value:,.1f}"

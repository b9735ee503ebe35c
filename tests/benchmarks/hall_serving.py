"""The server under a hall, and sessions to be held in it."""

import json
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field

from tests.benchmarks.hall_pages import Sitting
from tests.benchmarks.places import WAIT_S, WORK, run
from tests.benchmarks.processes import LINLI, Running, running
from tests.journeys.conftest import free_port

JURORS, TURNS = 50, 15


@dataclass
class Serving:
    """`linli serve` on one port, which may be killed and started again. variables: of all programs on its database.

    port: none that the system gives to whoever calls: pages that try again would take it while the server is away.
    """

    variables: dict[str, str]
    port: int = field(default_factory=free_port)
    _stack: ExitStack = field(default_factory=ExitStack)
    _server: Running | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._server = self._stack.enter_context(running(
            [str(LINLI), "serve"], variables=self.variables, ready="/readyz", log=WORK / "hall-serve.log",
            wait_s=WAIT_S, port=self.port,
        ))  # fmt: skip

    def stop(self) -> None:
        """End it, or tidy up after it was killed."""
        self._stack.close()
        self._server = None

    def kill(self) -> None:
        """Kill it, with -9."""
        if self._server is not None:
            self._server.kill()

    def memory_mb(self) -> float:
        """Give its memory."""
        return self._server.memory_mb() if self._server is not None else 0.0

    def sitting(self, *commands: str) -> Sitting:
        """Open a session of its own, with a jury of fifty and fifteen who report; the host presses these commands."""
        words = [sys.executable, "-m", "tests.benchmarks.sitting", str(JURORS), str(TURNS), *commands]
        return Sitting(**json.loads(run(words, self.variables)))

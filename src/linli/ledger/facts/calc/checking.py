"""Walk a ledger from its first seal to its last and name the first thing that is broken."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from linli.kernel.errors import InvalidInput
from linli.ledger.facts.calc.merkle import GrowingTree
from linli.ledger.facts.calc.seals import NO_CHAIN, SealRow, chain_of, fact_leaf
from linli.ledger.facts.choices import Flaw


@dataclass(frozen=True, slots=True)
class Breach:
    """Where a ledger is broken, as far as it can be told.

    position: from 0, within the seal; line: of the export, from 1, only when the file itself is at fault.
    """

    flaw: Flaw
    seal_number: int | None = None
    position: int | None = None
    fact_id: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a check saw, up to the first breach if there is one.

    unsealed: facts that no seal holds yet, which is no error; chain: of the last good seal, to be noted down.
    """

    district_id: str
    seals: int
    sealed: int
    unsealed: int
    chain: str
    breach: Breach | None

    @property
    def is_sound(self) -> bool:
        """Whether nothing is broken."""
        return self.breach is None


@dataclass(frozen=True, slots=True)
class SealedRow:
    """One place in a seal: which fact stands there and its 32-byte leaf. content: None if it is lost."""

    seal_number: int
    position: int
    fact_id: str
    leaf: bytes
    content: Mapping[str, object] | None


class Broken(Exception):
    """Ends a check; never leaves this room."""

    def __init__(self, breach: Breach) -> None:
        super().__init__(breach.flaw)
        self.breach = breach


class Checker:
    """A check in progress: seals in the order of their numbers, each followed by its facts by position.

    noted: chain values that somebody wrote down earlier, by seal number. Without one a ledger whose last seals were
    taken away whole, or that was rewritten from the start, can't be told from a true one.
    Every method raises Broken at the first breach.
    """

    def __init__(self, district_id: str, noted: Mapping[int, str]) -> None:
        self.district_id = district_id
        self.seals = self.sealed = self.unsealed = 0
        self.chain = NO_CHAIN
        self._noted = noted
        self._open: SealRow | None = None
        self._tree = GrowingTree()
        self._last_id = ""

    def take_seal(self, seal: SealRow) -> None:
        """Check that the seal continues the chain, and open it."""
        self._close()
        number = self.seals + 1
        if seal.number != number:
            _fail(Flaw.SEAL_MISSING, number)
        if seal.district_id != self.district_id:
            _fail(Flaw.WRONG_DISTRICT, number)
        if seal.previous_chain != self.chain:
            _fail(Flaw.CHAIN_BROKEN, number)
        if chain_of(seal) != seal.chain:
            _fail(Flaw.SEAL_CHANGED, number)
        if self._noted.get(number, seal.chain) != seal.chain:
            _fail(Flaw.NOT_AS_NOTED, number)
        self._open, self._tree, self._last_id = seal, GrowingTree(), ""

    def take_fact(self, row: SealedRow) -> None:
        """Check one sealed fact against its leaf and its place."""
        here = (row.seal_number, row.position, row.fact_id)
        if self._open is None or row.seal_number != self._open.number:
            _fail(Flaw.SEAL_MISSING, row.seal_number)
        if self._tree.size >= self._open.size:
            _fail(Flaw.FACT_INSERTED, *here)
        if row.position > self._tree.size:
            _fail(Flaw.FACT_LOST, row.seal_number, self._tree.size)
        if row.position < self._tree.size or row.fact_id <= self._last_id:
            _fail(Flaw.FACT_REORDERED, *here)
        leaf = readable_leaf(row.content)
        if not row.content or not leaf:
            _fail(Flaw.FACT_LOST, *here)
        if row.content.get("district_id") != self.district_id:
            _fail(Flaw.WRONG_DISTRICT, *here)
        if row.content.get("id") != row.fact_id or leaf != row.leaf:
            _fail(Flaw.FACT_CHANGED, *here)
        self._last_id = row.fact_id
        self._tree.add(row.leaf)
        self.sealed += 1

    def take_unsealed(self, content: Mapping[str, object]) -> None:
        """Count a fact that no seal holds yet."""
        self._close()
        fact_id = str(content.get("id", ""))
        if content.get("district_id") != self.district_id:
            _fail(Flaw.WRONG_DISTRICT, None, None, fact_id)
        if not readable_leaf(content):
            _fail(Flaw.FACT_LOST, None, None, fact_id)
        self.unsealed += 1

    def finish(self) -> None:
        """Close the last seal and look for noted seals that are gone."""
        self._close()
        gone = sorted(number for number in self._noted if number > self.seals)
        if gone:
            _fail(Flaw.SEAL_MISSING, gone[0])

    def report(self, breach: Breach | None) -> VerifyReport:
        """Say what was seen."""
        return VerifyReport(self.district_id, self.seals, self.sealed, self.unsealed, self.chain, breach)

    def _close(self) -> None:
        if self._open is None:
            return
        if self._tree.size < self._open.size:
            _fail(Flaw.FACT_LOST, self._open.number, self._tree.size)
        if self._tree.head().hex() != self._open.root:
            _fail(Flaw.ROOT_DIFFERS, self._open.number)
        self.seals, self.chain, self._open = self._open.number, self._open.chain, None


def readable_leaf(content: Mapping[str, object] | None) -> bytes:
    """Give the leaf of a content, or nothing if there is none or it holds what no fact can."""
    try:
        return fact_leaf(content) if content else b""
    except InvalidInput:
        return b""


def _fail(flaw: Flaw, seal_number: int | None, position: int | None = None, fact_id: str = "") -> NoReturn:
    raise Broken(Breach(flaw, seal_number, position, fact_id))

"""What cases are about: categories, and which one a text suggests."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from linli.cases.errors import Fault

OTHER, FEEDBACK = "other", "feedback"
STAYS = (OTHER, FEEDBACK)  # the program itself puts cases under these
# Of cases that the program opens where nobody is responsible; nobody else chooses it, and a document without it has it.
COVERAGE = "coverage"
EVIDENCE = ("note", "photo")
_HIGHEST = 3
_LONGEST_CODE = 40
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of problem.

    danger: 0 none, 1 some, 2 serious, 3 life at risk; pressing: whether each hour makes it worse; spread: 0 one home,
    1 a staircase, 2 a building or yard, 3 a street; keywords: words in a text that speak for it; evidence: what has to
    be there before "report back": "note", "photo"; standard_code: class and name as used in exports, "" if none;
    is_retired: goes on for the cases that have it, but no new case gets it.
    """

    code: str
    name: str
    group: str
    danger: int = 0
    pressing: bool = False
    spread: int = 0
    keywords: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ("note",)
    standard_code: str = ""
    is_retired: bool = False


def offered(categories: Iterable[Category]) -> list[Category]:
    """List those that a new case can have, in their order."""
    return [category for category in categories if not category.is_retired and category.code != COVERAGE]


def suggest(text: str, categories: Iterable[Category]) -> Category | None:
    """Choose the category whose keywords speak loudest in the text; None if none is mentioned.

    A longer keyword counts more (its length in characters), so that 消防通道 beats 通道; ties by the list's order.
    A retired one is never suggested.
    """
    best: Category | None = None
    best_weight = 0
    for category in offered(categories):
        weight = sum(len(word) for word in category.keywords if word in text)
        if weight > best_weight:
            best, best_weight = category, weight
    return best


def faults(
    rows: Sequence[Category], *, in_use: Mapping[str, int], open_cases: Mapping[str, int], named: Collection[str]
) -> list[Fault]:
    """List what makes categories unusable.

    in_use: codes that cases have or had, with their number; open_cases: the same of open cases only; named: codes that
    lines of the dispatch catalogue or the deadlines name.
    """
    codes = [row.code for row in rows]
    found = [
        Fault("category_twice", place, "name", {"category": row.code})
        for place, row in enumerate(rows)
        if row.code in codes[:place]
    ]
    found += _missing(set(codes), in_use, open_cases, named)
    for place, row in enumerate(rows):
        found += [Fault(code, place, field) for code, field in _faults_of(row)]
        if row.name.strip() and row.name in [other.name for other in rows[:place]]:
            found.append(Fault("category_name_twice", place, "name", {"name": row.name}))
    return found


def _missing(
    codes: Collection[str], in_use: Mapping[str, int], open_cases: Mapping[str, int], named: Collection[str]
) -> Iterator[Fault]:
    """Tell which categories can't be taken out: cases have them, lines name them, or the program needs them."""
    for code in sorted({*in_use, *named, *STAYS} - {*codes, COVERAGE}):
        if code in STAYS:
            yield Fault("category_needed", params={"category": code})
        elif code in in_use:
            said: dict[str, str | int] = {
                "category": code, "open_cases": open_cases.get(code, 0), "cases": in_use[code]
            }  # fmt: skip
            yield Fault("category_in_use", params=said)
        else:
            yield Fault("category_in_lines", params={"category": code})


def _faults_of(row: Category) -> Iterator[tuple[str, str]]:
    """Tell what is wrong with one category: (code, field)."""
    if not row.code or len(row.code) > _LONGEST_CODE:
        yield "category_code", "name"
    if not 0 < len(row.name.strip()) <= _LONGEST_NAME:
        yield "category_name", "name"
    if not 0 < len(row.group.strip()) <= _LONGEST_NAME:
        yield "category_group", "group"
    if not set(row.evidence) <= set(EVIDENCE):
        yield "category_evidence", "evidence"
    if not 0 <= row.danger <= _HIGHEST:
        yield "category_steps", "danger"
    if not 0 <= row.spread <= _HIGHEST:
        yield "category_steps", "spread"
    if "" in row.keywords:
        yield "empty_word", "keywords"
    if row.is_retired and row.code in STAYS:
        yield "category_not_retired", "is_retired"

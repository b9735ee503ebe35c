"""What cases are about: categories, and which one a text suggests."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

OTHER = "other"
EVIDENCE = ("note", "photo")
_HIGHEST = 3


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of problem.

    danger: 0 none, 1 some, 2 serious, 3 life at risk; pressing: whether each hour makes it worse; spread: 0 one home,
    1 a staircase, 2 a building or yard, 3 a street; keywords: words in a text that speak for it; evidence: what has to
    be there before "report back": "note", "photo"; standard_code: class and name as used in exports, "" if none.
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


def suggest(text: str, categories: Iterable[Category]) -> Category | None:
    """Choose the category whose keywords speak loudest in the text; None if none is mentioned.

    A longer keyword counts more (its length in characters), so that 消防通道 beats 通道; ties by the list's order.
    """
    best: Category | None = None
    best_weight = 0
    for category in categories:
        weight = sum(len(word) for word in category.keywords if word in text)
        if weight > best_weight:
            best, best_weight = category, weight
    return best


def faults(rows: Sequence[Category], *, in_use: Collection[str]) -> list[str]:
    """List what makes categories unusable: doubled or missing codes, no name, unknown evidence, steps out of range."""
    codes = [row.code for row in rows]
    found = [f"doubled: {code}" for code in sorted(set(codes)) if codes.count(code) > 1]
    found += [f"category in use is missing: {code}" for code in sorted({*in_use, OTHER} - set(codes))]
    for row in rows:
        if not row.code or not row.name.strip():
            found.append(f"no code or no name: {row.code}")
        if not set(row.evidence) <= set(EVIDENCE):
            found.append(f"{row.code}: unknown evidence")
        if not (0 <= row.danger <= _HIGHEST and 0 <= row.spread <= _HIGHEST):
            found.append(f"{row.code}: danger and spread go from 0 to 3")
        if "" in row.keywords:
            found.append(f"{row.code}: an empty keyword fits every text")
    return found

"""What is made out of a report's words: a title, search tokens, a number, a code to follow it by."""

import re
from collections.abc import Callable, Sequence
from hashlib import sha256

TITLE_LENGTH = 28
_SENTENCE_END = re.compile(r"[。！？!?；;\n]+")
# What people say before they come to the point.
_OPENER = re.compile(
    r"^(师傅|老师|领导|同志)?(您好|你好|请问|打扰|麻烦|又来麻烦|跟您|向您|想反映|反映(一下|个)|我要反映).{0,8}$"
)
_NUMBER = re.compile(r"[0-9]{5}-[0-9]{6,}")
_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[0-9a-z]+")  # hexagrams lie between: no characters


def title_of(text: str) -> str:
    """Cut a title: the first clause after the greetings, at most 28 characters, with an ellipsis where it was cut."""
    sentence = re.sub(r"\s+", " ", _SENTENCE_END.sub("\n", text).strip().split("\n")[0]).strip(" ，,、")
    clauses = re.split(r"[，,]", sentence)
    while len(clauses) > 1 and _OPENER.match(clauses[0]):
        del clauses[0]
    title = "，".join(clauses)
    return title if len(title) <= TITLE_LENGTH else title[: TITLE_LENGTH - 1].rstrip("，,、 ") + "…"


def plain(text: str) -> str:
    """Drop U+0000, which PostgreSQL can't keep."""
    return text.replace("\0", "")


def search_tokens(text: str) -> list[str]:
    """Cut a text into search tokens in their order: pairs of neighbouring Chinese characters, and whole Latin words.

    A run ends with its last character alone, which no pair begins with: so a phrase of pairs finds every place where a
    plain substring search would, never reaches over the end of a run, and single characters are found as well.
    """
    tokens: list[str] = []
    for run in _RUN.findall(text.lower()):
        if run[0] < "\u3400" or len(run) == 1:
            tokens.append(run)
        else:
            tokens += [run[i : i + 2] for i in range(len(run))]
    return tokens


def search_vector(text: str, blind_words: Sequence[str] = ()) -> str:
    """Write the tokens as PostgreSQL's tsvector literal, positions from 1 (at most 16,383 are kept).

    blind_words: of what is sealed, put behind the text's own.
    """
    places: dict[str, list[str]] = {}
    for position, token in enumerate([*search_tokens(text)[:16_000], *blind_words], start=1):
        places.setdefault(token, []).append(str(position))
    return " ".join(f"'{token}':{','.join(at[:255])}" for token, at in sorted(places.items()))


def search_query(wanted: str, blind: Callable[[Sequence[str]], Sequence[Sequence[str]]] | None = None) -> str:
    """Write a tsquery literal: runs of Chinese as phrases, all parts together; "" if nothing can be looked for.

    A single Chinese character matches any token that begins with it; Latin words and digits match from their start.
    blind: makes of words what stands for them where they are sealed, under each key; each part is then looked for there
    too, and only whole words are found.
    """
    parts: list[str] = []
    for run in _RUN.findall(wanted.lower()):
        is_single = run[0] < "\u3400" or len(run) == 1
        words = [run] if is_single else [run[i : i + 2] for i in range(len(run) - 1)]
        ways = [f"'{run}':*" if is_single else _phrase(words), *(map(_phrase, blind(words)) if blind else ())]
        parts.append(ways[0] if len(ways) == 1 else f"({' | '.join(ways)})")
    return " & ".join(parts)


def _phrase(words: Sequence[str]) -> str:
    return "(" + " <-> ".join(f"'{word}'" for word in words) + ")"


def has_characters(wanted: str) -> bool:
    """Whether Chinese characters are asked for, not only digits and Latin words."""
    return any(run[0] >= "\u3400" for run in _RUN.findall(plain(wanted)))


def case_number(*, district_id: str, year: int, serial: int) -> str:
    """Write a case number that can be said on the phone: last digits of the district, year, serial: "10626-000417"."""
    return f"{district_id[-3:]}{year % 100:02d}-{serial:06d}"


def is_case_number(words: str) -> bool:
    """Whether words are written as case numbers are."""
    return _NUMBER.fullmatch(words) is not None


def follow_code(digest: bytes, digits: int = 6) -> str:
    """Make six digits, or so many, out of a keyed digest."""
    return f"{int.from_bytes(digest[:8]) % 10**digits:0{digits}d}"


def is_sampled(case_id: str, percent: int) -> bool:
    """Whether a case is among the share that never times out; drawn by its id, so that nobody can choose."""
    return int.from_bytes(sha256(case_id.encode()).digest()[:4]) % 100 < percent

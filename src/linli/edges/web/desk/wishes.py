"""The form of how somebody wants to be told outside: one's own, or what the district begins with."""

from dataclasses import dataclass

from linli.edges.request import ViewerRequest
from linli.edges.words.facts import say_fact
from linli.edges.words.notices import CHANNELS, PACES
from linli.support.notices.calc.texts import LANGUAGES
from linli.support.notices.choices import PERSONAL
from linli.support.notices.queries.preferences import CHOSEN_KINDS, Wish

_LANGUAGE_WORDS = {"zh-hans": "中文", "en": "English"}


@dataclass(frozen=True, slots=True)
class Box:
    """A tick: its name in the form, how it is called, whether it is set."""

    name: str
    words: str
    is_on: bool


def read_wish(request: ViewerRequest) -> Wish:
    """Read the form; what is no hour becomes one that no wish takes."""
    return Wish(
        choices={
            kind: tuple(channel.value for channel in PERSONAL if f"{kind}|{channel}" in request.POST)
            for kind in CHOSEN_KINDS
        },
        paces={channel.value: request.POST.get(f"pace_{channel}", "") for channel in PERSONAL},
        quiet_from=_hour(request.POST.get("quiet_from", "")),
        quiet_to=_hour(request.POST.get("quiet_to", "")),
        language=request.POST.get("language", ""),
    )


def wish_fields(wish: Wish) -> dict[str, object]:
    """Give the form's fields in words."""
    return {
        "ways": [(str(channel), CHANNELS[channel]) for channel in PERSONAL],
        "rows": [
            (say_fact(kind), [Box(f"{kind}|{channel}", f"{say_fact(kind)} · {CHANNELS[channel]}",
                                  channel in wish.channels(kind)) for channel in PERSONAL])
            for kind in CHOSEN_KINDS
        ],
        "paces": [
            (str(channel), CHANNELS[channel],
             [(code, words, wish.pace(channel) == code) for code, words in PACES.items()])
            for channel in PERSONAL
        ],
        "hours": list(range(24)), "wish": wish,
        "languages": [(code, _LANGUAGE_WORDS[code]) for code in LANGUAGES],
    }  # fmt: skip


def _hour(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else -1  # noqa: PLR2004 - digits of an hour

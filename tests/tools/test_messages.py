"""The tool that keeps the catalogue: it finds every text, keeps translations, and names what is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

TOOL = Path(__file__).resolve().parents[2] / "tools" / "messages"
PYTHON = """
from django.utils.translation import gettext as _, gettext_lazy as lazy, ngettext, pgettext
A = _("Open")
B = lazy("Two parts, " "one text")
def c(n):
    return ngettext("%(n)s case", "%(n)s cases", n) % {"n": n}
D = pgettext("a light", "Light")
"""
TEMPLATE = """{% load i18n %}
    {% if true %}
  <p>{% translate "Find" %} {# not this #}
      {% blocktranslate %}Hello {{ name }}{% endblocktranslate %}</p>{% endif %}
"""
WHOLE = {
    "Open": "打开",
    "Two parts, one text": "两段一句",
    "Find": "查找",
    "Hello %(name)s": "%(name)s,您好",
}


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    (tmp_path / "code.py").write_text(PYTHON)
    (tmp_path / "page.html").write_text(TEMPLATE)
    return tmp_path / "django.po"


def run(catalogue: Path, *arguments: str) -> tuple[int, list[str]]:
    places = ["--source", str(catalogue.parent), "--catalogue", str(catalogue)]
    done = subprocess.run(  # noqa: S603 - our own tool
        [sys.executable, TOOL, *places, *arguments], check=False, capture_output=True, text=True
    )
    return done.returncode, done.stderr.splitlines()


def pairs(texts: dict[str, str]) -> str:
    plain = [f'msgid "{msgid}"\nmsgstr "{msgstr}"\n' for msgid, msgstr in texts.items()]
    plural = 'msgid "%(n)s case"\nmsgid_plural "%(n)s cases"\nmsgstr[0] "%(n)s 件"\n'
    light = 'msgctxt "a light"\nmsgid "Light"\nmsgstr "灯"\n'
    return "\n".join([*plain, plural, light])


def take(catalogue: Path, texts: dict[str, str]) -> tuple[int, list[str]]:
    other = catalogue.with_name("other.po")
    other.write_text(pairs(texts))
    return run(catalogue, "--take", str(other))


def test_every_text_is_found(catalogue: Path) -> None:
    code, said = run(catalogue)

    missing = ["%(n)s case", "Find", "Hello %(name)s", "Light", "Open", "Two parts, one text"]
    assert (code, sorted(said)) == (1, [f"messages: no Chinese: {text!r}" for text in missing])


def test_whole_catalogue_passes_and_stays_as_it_is(catalogue: Path) -> None:
    assert take(catalogue, WHOLE) == (0, [])
    written = catalogue.read_text()

    assert run(catalogue) == (0, [])
    assert (run(catalogue, "--check"), catalogue.read_text()) == ((0, []), written)


def test_what_is_known_goes_before_what_is_taken(catalogue: Path) -> None:
    take(catalogue, WHOLE)

    assert take(catalogue, WHOLE | {"Open": "开"}) == (0, [])
    assert '"打开"' in catalogue.read_text()


def test_unused_entry_is_named_then_dropped(catalogue: Path) -> None:
    take(catalogue, WHOLE)
    (catalogue.parent / "page.html").write_text("{% load i18n %}{% translate 'Find' %}")

    assert run(catalogue, "--check") == (1, ["messages: unused: 'Hello %(name)s'"])
    assert run(catalogue) == (0, [])
    assert "Hello" not in catalogue.read_text()


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("%(name)s,您好", "您好", "other placeholders: 'Hello %(name)s'"),
        ("%(n)s 件", "%(m)s 件", "other placeholders: '%(n)s case'"),
        ('msgid "Find"', '#, fuzzy\nmsgid "Find"', "fuzzy: 'Find'"),
    ],
)
def test_faulty_entry_is_named(catalogue: Path, before: str, after: str, fault: str) -> None:
    take(catalogue, WHOLE)
    catalogue.write_text(catalogue.read_text().replace(before, after))

    assert run(catalogue, "--check") == (1, [f"messages: {fault}"])


def test_msgid_in_chinese_is_refused(catalogue: Path) -> None:
    take(catalogue, WHOLE)
    (catalogue.parent / "more.py").write_text('from django.utils.translation import gettext\nX = gettext("打开")\n')

    assert run(catalogue, "--check") == (1, ["messages: not English: '打开'"])


def test_compiled_catalogue_holds_the_translations(catalogue: Path) -> None:
    take(catalogue, WHOLE)

    assert run(catalogue, "--compile") == (0, [])
    with catalogue.with_suffix(".mo").open("rb") as file:
        assert read_mo(file).get("Find").string == "查找"

"""What is looked at on any page: barriers, words, widths, paper, room for a finger, jumps while it loads."""

import json
import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response
from tests.journeys import steps
from tests.journeys.conftest import REPOSITORY, Town, new_context, session_of, watch

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_FULL = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": _RULES}}
# Themes change colours and sizes, not what a page is made of.
_LOOK = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}}
_AXE = Axe().axe_script
_WORD = re.compile(r"[A-Za-z]{2,}")
# Names of formats, keys and systems; demo accounts and their password; what is typed into fields is not looked at.
_ALLOWED = {
    "English",
    "Enter",
    "Esc",
    "Excel",
    "XLSX",
    "CSV",
    "JSON",
    "API",
    "chinesecalendar",
    "GCJ",
    "CGCS",
    "GeoJSON",
    "WGS",
    "SHA",
    "Python",
    "JPEG",
    "PNG",
    "WebP",
    "Linux",
    "PDF",
    "Word",
}
# These two are made without asking anything, for whoever it may be: no demo, no links, both languages.
NOT_ON_FAULTS = {"does not say 演示数据", "no link for complaints"}
# Accounts, codes of areas; numbers of draws, and check codes in groups or whole.
_NAMES = re.compile(
    r"https?://\S*|/api/\S+|(?:linli|ledger)\.[a-z_.]+|\{[a-z]+\}|tiexi\.\w+|linli-\w+|"
    r"linli review (?:auditor-key auditor\.pem|open-list)|"
    r"[A-Z]\d+|[a-z]+(?:-\d+)?/\d{4}-\d\d/\d+|(?:\b[0-9a-f]{4,8}\b\s*){8,}|\b[0-9a-f]{64}\b"
)
# Parts that come to life by a script, and its name; that each of these is built is seen by what pages load.
_ISLANDS = {
    part: file.stem
    for file in (REPOSITORY / "frontend" / "src" / "islands").glob("*.ts")
    for part in re.findall(r'^start\("([^"]+)"', file.read_text(), re.MULTILINE)
} | {"[hx-get], [hx-post]": "parts"}
_DEAD = """islands => Object.entries(islands).filter(([part, name]) =>
  document.querySelector(part) && !document.querySelector(`script[src$="/${name}.js"]`)).map(([part]) => part)"""
_SAID = """() => [document.body.innerText, document.title, ...[...document.querySelectorAll(
  '[aria-label],[placeholder],[title],[alt]')].flatMap(e => ['aria-label', 'placeholder', 'title', 'alt'].map(
  name => e.getAttribute(name) ?? ''))].join('\\n')"""
_A4_PX, _A4_ACROSS_PX = 703, 1031  # what the margins of base.css leave
# A link in a sentence, what a larger box around it answers for, and the numbers on a drawing of areas, each of which
# stands in the table below it too, may be lower. Source: WCAG 2.2, 2.5.8.
_LOW = """() => [...document.querySelectorAll(
  'a, button, summary, select, textarea, input:not([type=hidden], .tick)')].filter(e => {
    if (!e.checkVisibility() || e.closest('.sr, .skip, svg')) return false;
    if (getComputedStyle(e, '::after').inset === '0px') return false;
    const box = e.getBoundingClientRect();
    const isInText = getComputedStyle(e).display === 'inline' && e.closest('p, dd, td, small');
    return box.width > 1 && box.height < 43.5 && !isInText;
  }).map(e => `${Math.round(e.getBoundingClientRect().height)} ${e.outerHTML.slice(0, 90)}`)"""
_MOST_SHIFT = 0.05
_WATCH_SHIFTS = """window.shifted = 0;
new PerformanceObserver(list => list.getEntries().forEach(each => {
  if (!each.hadRecentInput) window.shifted += each.value;
})).observe({ type: 'layout-shift', buffered: true });"""


class Windows:
    """One window for each account, which keeps no files between pages, and what went wrong since the last look."""

    def __init__(self, browser: Browser, town: Town) -> None:
        self._browser = browser
        self._town = town
        self._pages: dict[str, Page] = {}
        self.faults: list[str] = []

    def open(self, user: str) -> Page:
        """Give the window of an account, "" for nobody's."""
        self.faults.clear()
        if user not in self._pages:
            state = session_of(self._browser, self._town, user) if user else None
            context = new_context(self._browser, self._town.url, storage_state=state)
            context.add_init_script(_WATCH_SHIFTS)
            page = context.new_page()
            context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
            watch(page, self._town.url, self.faults)
            self._pages[user] = page
        return self._pages[user]

    def close(self) -> None:
        """Close them all."""
        for page in self._pages.values():
            page.context.close()


def faults_of(page: Page) -> list[str]:
    """Look at a page wide and narrow, light, dark and in large print; returns what is wrong, in words."""
    page.set_viewport_size({"width": 1280, "height": 800})
    return [*_at_first_sight(page), *_in_other_looks(page)]


def faults_of_loading(page: Page, path: str) -> tuple[Response | None, list[str]]:
    """Load a page as for the first time, wide and narrow; returns the first answer, and what is wrong, in words.

    That is all of `faults_of`, and what jumps, what does not fit paper, and what has no room for a finger.
    """
    page.set_viewport_size({"width": 1280, "height": 800})
    answer = page.goto(path)
    faults = _at_first_sight(page)  # takes as long as whatever comes in after the page: parts, counters, the map
    faults += [*_jumps(page), *_in_other_looks(page), *_on_paper(page)]
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(path)
    page.wait_for_timeout(300)  # for the same; if that takes longer, less is looked at, but nothing fails
    return answer, [*faults, *_jumps(page), *(f"low for a finger: {part}" for part in page.evaluate(_LOW))]


def _at_first_sight(page: Page) -> list[str]:
    faults = [*_of_words(page), *_barriers(page, "light", _FULL)]
    return faults + [f"{part} without its script" for part in page.evaluate(_DEAD, _ISLANDS)]


def _in_other_looks(page: Page) -> list[str]:
    faults = []
    for look in ("dark", "elder"):
        page.evaluate(_DRESS[look])
        faults += _barriers(page, look, _LOOK)
    # 640 is what a window of 1280 shows at a zoom of 200 %.
    for width in (640, 360, 320):
        page.set_viewport_size({"width": width, "height": 740})
        for look in ("elder", "light"):
            wide, cut = page.evaluate(f"() => {{ {_DRESS[look]}; return [({_WIDE})(), ({_CUT})()]; }}")
            faults += [f"scrolls sideways at {width}, {look}: {part}" for part in wide]
            faults += [f"cut off at {width}, {look}: {text}" for text in cut]
    return faults


_DRESS = {
    "light": "Object.assign(document.documentElement.dataset, {theme: 'light', mode: 'standard'})",
    "dark": "Object.assign(document.documentElement.dataset, {theme: 'dark', mode: 'standard'})",
    "elder": "Object.assign(document.documentElement.dataset, {theme: 'light', mode: 'elder'})",
}
# Where the page is wider than the window: the first part that sticks out to the right, "" if none does.
_WIDE = """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] : [
  [...document.querySelectorAll('body *')].find(e =>
    e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)?.outerHTML.slice(0, 120) ?? '']"""
# Headings and buttons whose words do not fit into what is shown of them.
_CUT = """() => [...document.querySelectorAll('h1, h2, h3, .btn, button, summary, label, legend')].filter(e => {
  const style = getComputedStyle(e);
  const hides = way => ['hidden', 'clip'].includes(style[way]);
  return e.checkVisibility() && !e.closest('.sr') && (
    hides('overflowX') && e.scrollWidth > e.clientWidth + 1 ||
    hides('overflowY') && e.scrollHeight > e.clientHeight + 2);
}).map(e => e.outerHTML.slice(0, 120))"""


def _barriers(page: Page, look: str, options: dict[str, Any]) -> list[str]:
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    found = page.evaluate("async options => (await axe.run(document, options)).violations", options)
    return [
        f"{look}: {each['id']} {json.dumps([node['html'][:160] for node in each['nodes'][:2]], ensure_ascii=False)}"
        for each in found
    ]


def _jumps(page: Page) -> list[str]:
    shift = page.evaluate("window.shifted")
    return [f"jumps by {shift} at {page.viewport_size}"] if shift > _MOST_SHIFT else []


def _on_paper(page: Page) -> list[str]:
    is_register = page.locator(".table.dense").count() > 0
    page.emulate_media(media="print")
    page.set_viewport_size({"width": _A4_ACROSS_PX if is_register else _A4_PX, "height": 1000})
    faults = ["sticks out of the paper"] if steps.has_sideways_scroll(page) else []
    if page.locator(".menu, .find, .desk-foot").filter(visible=True).count():
        faults.append("menu on paper")
    page.emulate_media(media="screen")
    return faults


def _of_words(page: Page) -> list[str]:
    said = page.evaluate(_SAID)
    foreign = sorted({word for word in _WORD.findall(_NAMES.sub("", said)) if word not in _ALLOWED})
    faults = [f"foreign words: {' '.join(foreign[:12])}"] if foreign else []
    if page.locator("html").get_attribute("lang") != "zh-Hans":
        faults.append("lang")
    if not page.locator(".demo:visible").count():
        faults.append("does not say 演示数据")
    if not page.locator("a[href='/feedback/']").count():
        faults.append("no link for complaints")
    return faults + [f"holds {mark}" for mark in ("‼", "undefined", "None", "{{", "{%") if mark in said]

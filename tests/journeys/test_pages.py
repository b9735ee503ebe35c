"""Every page, as whoever may see it: no barrier, nothing sideways, no foreign word, nothing that the policy forbids."""

import json
import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, expect
from tests.journeys import steps
from tests.journeys.conftest import REPOSITORY, Town, new_context, session_of, watch
from tests.journeys.steps import ADMIN, AT_BUILDING_12, LEADER, SECRETARY, SECURITY, WORKER

pytestmark = pytest.mark.browser

_NOBODY = ""
PAGES = [
    *((_NOBODY, path) for path in ("/", "/report/", "/follow/", "/board/", "/feedback/", "/desk/login/")),
    *((_NOBODY, path) for path in ("/privacy/", "/privacy/consent/210106/1/", "/verify/draw")),
    *(
        (WORKER, f"/desk/{path}")
        for path in ("", "done/", "mine/", "overdue/", "open/", "cases/", "cases/new/", "password/", "tokens/",
                     "views/")
    ),
    (WORKER, "/map/"),
    (SECRETARY, "/desk/cases/import/"),
    *((SECRETARY, f"/desk/{path}") for path in ("verify/", "queue/", "registers/", "rules/", "data-requests/")),
    *((SECRETARY, f"/desk/registers/{name}/") for name in ("cases", "closed", "verifications", "coverage", "holes")),
    *((SECRETARY, f"/desk/rules/{kind}/") for kind in ("categories", "workflow", "dispatch", "deadlines", "priority")),
    *((LEADER, f"/cockpit/{path}?period=year") for path in ("", "rows/opened/", "rows/effective/")),
    (LEADER, "/cockpit/"),
    (LEADER, "/cockpit/?wall=1"),
    *((ADMIN, f"/desk/rules/{kind}/edit/") for kind in ("priority", "categories", "workflow", "dispatch", "deadlines")),
    (ADMIN, "/desk/registry/"),
    (ADMIN, "/desk/registry/areas/"),
    (ADMIN, "/desk/registry/areas/?q=新喜"),
    (ADMIN, f"/desk/registry/areas/{steps.COMMUNITY}/"),
    *((ADMIN, f"/desk/registry/areas/{steps.COMMUNITY}01/{kind}/")
      for kind in ("split", "merge", "move", "redraw", "add", "rename", "close")),
    ("tiexi.security", "/desk/registry/"),
    *((ADMIN, f"/desk/calendar/{path}") for path in ("", "edit/")),
    *((SECURITY, f"/desk/{path}") for path in ("people/", "people/vacancies/", "people/new/", "posts/new/")),
    *((SECURITY, f"/desk/{path}") for path in ("account/", "people/chart/", "people/roles/")),
    (WORKER, f"/desk/people/areas/{steps.COMMUNITY}/"),
    *((LEADER, f"/desk/people/coverage/{path}") for path in ("", "holes/", f"?area={steps.COMMUNITY}")),
    *((SECURITY, f"/desk/people/{path}") for path in ("coverage/", "elections/")),
    (SECURITY, f"/desk/people/elections/new/?area={steps.COMMUNITY}"),
    *((user, "/desk/people/coverage/functions/") for user in (ADMIN, WORKER)),
    (WORKER, "/desk/people/coverage/"),
    (LEADER, "/desk/cases/"),
    ("tiexi.auditor", "/desk/"),
    ("tiexi.auditor", "/desk/audit/"),
    ("tiexi.auditor", "/desk/retention/"),
    (ADMIN, "/desk/jobs/"),
    *((user, "/desk/alarms/") for user in (SECURITY, "tiexi.auditor")),
    (WORKER, "/desk/second-factor/"),
    (WORKER, "/desk/account/"),
    (ADMIN, "/desk/consent/"),
]  # fmt: skip
_NO_SUCH_CASE = f"/desk/cases/{UUID(int=7)}/"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_FULL = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": _RULES}}
# Themes change colours and sizes, not what a page is made of.
_LOOK = {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}}
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
    "JPEG",
    "PNG",
    "WebP",
    "Linux",
}
# These two are made without asking anything, for whoever it may be: no demo, no links, both languages.
NOT_ON_FAULTS = {"does not say 演示数据", "no link for complaints"}
_NAMES = re.compile(r"tiexi\.\w+|linli-\w+|[A-Z]\d+")
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


class Windows:
    """One window for each account, and what went wrong in them since the last look."""

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
            self._pages[user] = new_context(self._browser, self._town.url, storage_state=state).new_page()
            watch(self._pages[user], self._town.url, self.faults)
        return self._pages[user]


@pytest.fixture(scope="module")
def windows(browser: Browser, town: Town) -> Windows:
    """Keep windows open for all pages; they end with the browser."""
    return Windows(browser, town)


@pytest.mark.parametrize(("user", "path"), PAGES)
def test_page_has_no_barrier(windows: Windows, user: str, path: str) -> None:
    page = windows.open(user)
    answer = page.goto(path)
    assert answer is not None
    assert (answer.status, faults_of(page), windows.faults) == (200, [], [])
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_the_steps_of_a_report_have_no_barrier(open_page: Callable[..., Page]) -> None:
    page = open_page(here=AT_BUILDING_12)
    steps.write(page, "新喜小区12号楼楼顶漏雨，顶楼两家都湿了")
    steps.go_on(page)
    expect(page.locator("[data-place-name]")).to_contain_text("12号楼")
    found = {"where": faults_of(page)}
    steps.go_on(page)
    found["contact"] = faults_of(page)
    told = steps.send(page)
    found["done"] = faults_of(page)
    steps.follow(page, told)
    found["follow"] = faults_of(page)
    assert {step: faults for step, faults in found.items() if faults} == {}


def test_a_case_has_no_barrier_alone_or_beside_the_list(open_page: Callable[..., Page]) -> None:
    told = steps.report_by_list(open_page(java_script_enabled=False), "新喜小区花坛里有碎玻璃")
    page = open_page(user=SECRETARY)
    steps.find_case(page, told.number)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = !each.name; })")
    alone = faults_of(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"/desk/?q={told.number}")
    expect(page.locator("#detail .bar-top")).to_be_visible()
    assert (alone, faults_of(page)) == ([], [])


def test_a_person_has_no_barrier(open_page: Callable[..., Page]) -> None:
    page = open_page(user=SECURITY)
    page.goto("/desk/people/?q=网格员·新喜01")
    steps.turn(page, page.locator("main tbody a").first)
    person = page.url
    found = {"person": faults_of(page)}
    for name in ("absence/", "hand-over/", "rights/?area=210106003007"):
        page.goto(person + name)
        found[name] = faults_of(page)
    page.goto(person)
    steps.turn(page, page.locator("main a[href$='/end/']").first)
    found["end"] = faults_of(page)
    assert {part: faults for part, faults in found.items() if faults} == {}


@pytest.mark.parametrize("path", [_NO_SUCH_CASE, "/nowhere/"])
def test_what_is_not_there_is_said_in_words(open_page: Callable[..., Page], path: str) -> None:
    page = open_page(user=WORKER)
    answer = page.goto(path)
    assert answer is not None
    assert (answer.status, faults_of(page)) == (404, [])


def test_a_form_of_somebody_elses_browser_is_refused_in_words(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/follow/")
    page.context.clear_cookies()
    with page.expect_navigation() as turned:
        page.click(steps.PRIMARY)
    answer = turned.value
    assert answer is not None
    assert (answer.status, faults_of(page)) == (403, [])


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_a_fault_is_said_in_words(open_page: Callable[..., Page], name: str) -> None:
    page = open_page()
    page.route("**/fault/", lambda route: route.fulfill(content_type="text/html", body=render_to_string(name)))
    page.goto("/fault/")
    faults = [fault for fault in faults_of(page) if fault not in NOT_ON_FAULTS and "foreign words" not in fault]
    assert faults == []


def test_no_cookie_can_be_read_by_scripts(open_page: Callable[..., Page]) -> None:
    page = open_page(user=WORKER)
    page.goto("/desk/")
    with page.expect_response("**/display/"):
        page.click("button.fold")
    names = {each["name"] for each in page.context.cookies()}
    assert names >= {"sessionid", "linli_menu"}
    assert [each["name"] for each in page.context.cookies() if not each["httpOnly"]] == []


def faults_of(page: Page) -> list[str]:
    """Look at a page wide and narrow, light, dark and in large print; returns what is wrong, in words."""
    page.set_viewport_size({"width": 1280, "height": 800})
    faults = [*_of_words(page), *_barriers(page, "light", _FULL)]
    faults += [f"{part} without its script" for part in page.evaluate(_DEAD, _ISLANDS)]
    for look in ("dark", "elder"):
        page.evaluate(_DRESS[look])
        faults += _barriers(page, look, _LOOK)
    # 640 is what a window of 1280 shows at a zoom of 200 %.
    for width in (640, 360, 320):
        page.set_viewport_size({"width": width, "height": 740})
        for look in ("elder", "light"):
            page.evaluate(_DRESS[look])
            if steps.has_sideways_scroll(page):
                faults.append(f"scrolls sideways at {width}, {look}: {page.evaluate(_WIDE)}")
            faults += [f"cut off at {width}, {look}: {text}" for text in page.evaluate(_CUT)]
    return faults


_DRESS = {
    "light": "Object.assign(document.documentElement.dataset, {theme: 'light', mode: 'standard'})",
    "dark": "Object.assign(document.documentElement.dataset, {theme: 'dark', mode: 'standard'})",
    "elder": "Object.assign(document.documentElement.dataset, {theme: 'light', mode: 'elder'})",
}
# The first part that sticks out to the right.
_WIDE = """() => [...document.querySelectorAll('body *')].filter(
  e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).slice(0, 1).map(
  e => e.outerHTML.slice(0, 120)).join()"""
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
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{look}: {each['id']} {json.dumps([node['html'][:160] for node in each['nodes'][:2]], ensure_ascii=False)}"
        for each in found
    ]


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

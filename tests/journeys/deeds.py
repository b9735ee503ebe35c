"""What people do with a case beside its steps: whistle, dispute, merge, ask for time, supervise; on its own pages."""

from collections.abc import Sequence

from playwright.sync_api import Locator, Page, expect
from tests.journeys import steps

WATER, HEATING, CLEANING = "tiexi.water", "tiexi.heating", "tiexi.sanitation"
# The offices where these three work.
WATER_OFFICE, HEATING_OFFICE, CLEANING_OFFICE = "铁西区供水抢修队", "铁西区供热办", "铁西区环卫中心"
ABOVE = "tiexi.district_dispatcher"
# Unfold every part, as `faults_of` looks at what is open. Those of one name are open one at a time.
UNFOLD = "document.querySelectorAll('details').forEach(each => { each.removeAttribute('name'); each.open = true; })"


def form_of(within: Page | Locator, ends: str) -> Locator:
    """Find the form of a deed and unfold what it lies in."""
    form = within.locator(f"form[action$='/{ends}/']")
    folds = form.last.locator("xpath=ancestor::details")
    for n in range(folds.count()):
        if folds.nth(n).get_attribute("open") is None:
            folds.nth(n).locator("> summary").click()
    return form


def send(page: Page, form: Locator) -> None:
    """Press the form's first button, and see that the page that answers says no error."""
    steps.turn(page, form.locator(".go button, button").first)
    expect(page.locator(".error, .note[role=alert]").filter(visible=True)).to_have_count(0)


def whistle(page: Page, *, lead: str, others: Sequence[str], note: str) -> None:
    """Call offices to the case that is open, by their names."""
    form = form_of(page, "beside/whistle")
    form.locator("#lead").select_option(label=lead)
    for office in others:
        form.get_by_label(office, exact=True).check()
    form.locator("[name=note]").fill(note)
    send(page, form)


def report_in(page: Page, told: steps.Kept, words: str = "") -> None:
    """Report in to a call, found in the list of those called, and say one's part if there are words."""
    steps.find_case(page, told.number, box="called/")
    send(page, form_of(page, "beside/report-in"))
    if words:
        form = form_of(page, "beside/opinion")
        form.locator("[name=note]").fill(words)
        send(page, form)


def evaluate(page: Page, office: str) -> Locator:
    """Say that an office came quickly and solved it. Returns what the page then shows of its call."""
    call = page.locator("#calls .call", has_text=office)
    form = form_of(call, "beside/evaluate")
    for field, mark in (("speed", "quick"), ("result", "solved")):
        form.locator(f"[name={field}][value={mark}]").check()
    send(page, form)
    return call


def dispute(page: Page, *, wanted: str, note: str) -> None:
    """Say that the case that is open is another office's."""
    form = form_of(page, "beside/dispute")
    form.locator("[name=reason]").select_option(label="需要别的单位一起办")
    form.locator("[name=wanted]").select_option(label=wanted)
    form.locator("[name=note]").fill(note)
    send(page, form)


def merge(page: Page, into: steps.Kept) -> None:
    """Merge the case that is open into another one by its number."""
    form = form_of(page, "merge").last
    form.locator("[name=number]").fill(into.number)
    send(page, form)


def ask_for_days(page: Page, days: int) -> None:
    """Ask for working days on top, on the page of time and supervision."""
    form = form_of(page, "oversight/ask")
    form.locator("[name=days]").fill(str(days))
    form.locator("[name=reason]").select_option(label="等别的单位配合")
    form.locator("[name=note]").fill("等挖掘许可。")
    send(page, form)


def grant(page: Page, address: str) -> None:
    """Grant what was asked for, as the office above, on the page of time and supervision."""
    page.goto(address)
    page.locator("[name=note]").first.fill("许可办下来就动手。")
    steps.turn(page, page.locator("button[value=grant]"))
    expect(page.locator("main")).to_contain_text("已同意")


def supervise(page: Page, text: str) -> None:
    """Put the case under supervision, on the page of time and supervision."""
    form = form_of(page, "oversight/supervise")
    form.locator("[name=reason]").select_option(label="事关重要")
    form.locator("[name=text]").fill(text)
    send(page, form)


def answer(page: Page, text: str) -> None:
    """Answer a supervision, on the same page."""
    form = form_of(page, "oversight/answer")
    form.locator("[name=text]").fill(text)
    send(page, form)

"""Sheets of the registry in words: kinds, what a row would do, what is wrong with it and what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.edges.words.errors import say_error
from linli.kernel.errors import InvalidInput
from linli.registry.sheets.calc.plans import Fault
from linli.registry.sheets.choices import RowStatus, SheetKind, Stage

KINDS: Mapping[SheetKind, Any] = {
    SheetKind.AREAS: gettext_lazy("Areas"),
    SheetKind.COMPOUNDS: gettext_lazy("Compounds"),
    SheetKind.BUILDINGS: gettext_lazy("Buildings"),
    SheetKind.ORGANISATIONS: gettext_lazy("Organisations"),
    SheetKind.PEOPLE: gettext_lazy("People"),
    SheetKind.POSTS: gettext_lazy("Posts"),
}
STATUSES: Mapping[RowStatus, Any] = {
    RowStatus.NEW: gettext_lazy("new"),
    RowStatus.CHANGED: gettext_lazy("changed"),
    RowStatus.UNCHANGED: gettext_lazy("as it is"),
    RowStatus.FAULTY: gettext_lazy("to be mended"),
}
STAGES: Mapping[Stage, Any] = {
    Stage.WAITING: gettext_lazy("being compared"),
    Stage.CHECKED: gettext_lazy("compared, to be looked at"),
    Stage.CONFIRMED: gettext_lazy("being taken in"),
    Stage.DONE: gettext_lazy("taken in"),
    Stage.FAILED: gettext_lazy("broken off, nothing written"),
}
# Code of a fault -> what is wrong and what to do; other codes have the words that they have everywhere.
FAULTS: Mapping[str, Any] = {
    "sheet_columns_missing": gettext_lazy("The sheet lacks the columns %(columns)s, so its rows cannot be told apart. Take the names of the columns from the template."),
    "sheet_kind_twice": gettext_lazy("The sheet %(title)s lists the same. Put all rows into one sheet."),
    "sheet_row_twice": gettext_lazy("Row %(row)s is the same one. Keep one of them."),
    "sheet_column_needed": gettext_lazy("It is new, so the sheet needs the column %(column)s. Take it from the template and fill it in."),
    "sheet_cell_fixed": gettext_lazy("This cannot be changed by a sheet. Write what it was, or leave the column out."),
    "sheet_cell_empty": gettext_lazy("This is needed. Fill it in."),
    "sheet_cell_too_long": gettext_lazy("Too long: at most %(most)s characters."),
    "sheet_code_rounded": gettext_lazy("The spreadsheet took the code for a number (%(value)s), and its last digits are lost. Make the column text and write the code again."),
    "sheet_phone_unreadable": gettext_lazy("That is no telephone number. Write digits, or leave it empty."),
    "sheet_day_unreadable": gettext_lazy("%(value)s is no day. Write it as 2026-01-31."),
    "sheet_count_unreadable": gettext_lazy("%(value)s is no whole number. Write digits only."),
    "sheet_degrees_unreadable": gettext_lazy("%(value)s is no number of degrees. Write it as 123.4315."),
    "sheet_choice_unknown": gettext_lazy("There is no %(value)s. Choose one of: %(words)s."),
    "sheet_yes_no_unreadable": gettext_lazy("%(value)s is neither yes nor no. Choose one of the two."),
    "code_not_digits": gettext_lazy("The code has to be digits only."),
    "code_wrong_length": gettext_lazy("The code has to have %(digits)s digits at this level."),
    "code_not_under_parent": gettext_lazy("The code has to begin with that of what it lies in, %(parent)s."),
    "code_of_another_district": gettext_lazy("The code is another district's: here codes begin with %(district)s."),
    "code_missing": gettext_lazy("This is needed. Fill it in."),
    "code_too_long": gettext_lazy("Too long: at most %(most)s characters."),
    "name_missing": gettext_lazy("This is needed. Fill it in."),
    "name_too_long": gettext_lazy("Too long: at most %(most)s characters."),
    "level_unknown": gettext_lazy("There is no such level. Choose one of the list."),
    "ends_before_start": gettext_lazy("The last day is before the first. Correct one of them."),
    "parent_missing": gettext_lazy("Say what it lies in: write the code of the area above."),
    "parent_unknown": gettext_lazy("There is no %(parent)s, neither here nor in the file. Correct the code, or add it."),
    "parent_not_above": gettext_lazy("%(parent)s is not a level above. Write the code of an area that it can lie in."),
    "parent_in_circle": gettext_lazy("Going up from %(parent)s one comes back here. Correct one of the two."),
    "area_unknown": gettext_lazy("There is no area %(code)s, neither here nor in the file. Correct the code, or add the area."),
    "further_needs_custom": gettext_lazy("This role does not reach chosen areas: leave the further areas empty."),
    "subgrid_unknown": gettext_lazy("There is no grid %(code)s, neither here nor in the file. Correct the code, or add the grid."),
    "subgrid_too_high": gettext_lazy("%(code)s is no grid. Write the code of a grid or a subgrid."),
    "compound_unknown": gettext_lazy("There is no compound %(code)s, neither here nor in the file. Correct the code, or add the compound."),
    "organisation_unknown": gettext_lazy("There is no organisation %(code)s, neither here nor in the file. Correct the code, or add the organisation."),
    "person_unknown": gettext_lazy("There is no person %(code)s, neither here nor in the file. Correct the code, or add the person."),
    "kind_unknown": gettext_lazy("There is no such kind. Choose one of the list."),
    "coordinates_out_of_range": gettext_lazy("That is no place on earth. Longitude is some 123, latitude some 41."),
    "households_negative": gettext_lazy("Fewer than none cannot be."),
    "outlives_its_place": gettext_lazy("%(code)s ends earlier. End this one on the same day or before."),
    "area_has_areas": gettext_lazy("%(code)s lies in it and goes on. End that first, or in the same file."),
    "organisation_has_others": gettext_lazy("%(code)s lies under it and goes on. End that first, or in the same file."),
    "area_has_posts": gettext_lazy("%(person)s still holds a post there. End that post first, or in the same file."),
    "organisation_has_posts": gettext_lazy("%(person)s still holds a post there. End that post first, or in the same file."),
    "own_rights": gettext_lazy("These are your own posts. Somebody else has to change them: leave the row out."),
    "post_twice": gettext_lazy("The same person holds the same post at that time already. End one before the other begins."),
}  # fmt: skip


def say_fault(fault: Fault) -> str:
    """Say what is wrong and what to do."""
    words = FAULTS.get(fault.code)
    if words is None:
        return say_error(InvalidInput(fault.code, field=fault.field, params=dict(fault.params)))
    return str(words) % fault.params if "%(" in str(words) else str(words)


def say_faults(faults: tuple[Fault, ...], headers: Mapping[str, str]) -> str:
    """Say all that is wrong with a row, each with the name of its column."""
    parts = [
        _("%(column)s: %(fault)s") % {"column": headers[fault.field], "fault": say_fault(fault)}
        if fault.field in headers else say_fault(fault)
        for fault in faults
    ]  # fmt: skip
    return " ".join(parts)

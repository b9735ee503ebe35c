"""What went wrong with a change of the tree of areas, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

AREA_ERRORS: Mapping[str, Any] = {
    "outside_parent": gettext_lazy("%(area)s sticks out of %(other)s, the area above it. Draw it inside."),
    "child_outside": gettext_lazy(
        "%(other)s, which lies below %(area)s, would stick out of it. Split or move that one first, or draw around it."
    ),
    "overlaps_sibling": gettext_lazy("%(area)s and %(other)s overlap. Give the ground to one of them."),
    "area_not_drawn": gettext_lazy("%(area)s has no boundary yet. Draw it first."),
    "area_twice": gettext_lazy("%(area)s is drawn twice. Leave one of them."),
    "area_not_changed": gettext_lazy("Nothing differs from what is there. Change something first."),
    "nothing_drawn": gettext_lazy("Nothing is drawn yet."),
    "line_missing": gettext_lazy("Draw the line along which it is to be split."),
    "line_does_not_cut": gettext_lazy("The line does not cut the area in two. Draw it from border to border."),
    "line_cuts_many": gettext_lazy("The line makes more than two parts. Draw one that crosses the area once."),
    "parts_are_two": gettext_lazy("To split takes two polygons: what stays, and what becomes new."),
    "others_missing": gettext_lazy("Tick the neighbours that become part of it, at most %(most)s."),
    "not_siblings": gettext_lazy("%(area)s and %(other)s do not lie side by side under the same area."),
    "not_neighbours": gettext_lazy("They do not touch, so that they cannot become one area."),
    "area_parent_missing": gettext_lazy("Say under which area it is to be put."),
    "parent_not_above": gettext_lazy("%(parent)s is not a level above. Choose an area that it can lie in."),
    "move_into_itself": gettext_lazy("%(area)s cannot be put under itself."),
    "area_has_some_below": gettext_lazy("There are areas below %(area)s. Move or close those first."),
    "area_is_the_district": gettext_lazy("The district itself cannot be split, moved or closed."),
    "area_code_missing": gettext_lazy(
        "Codes of this level come from the statistics office. Enter the one of %(digits)s digits."
    ),
    "code_taken": gettext_lazy("The code %(code)s is or was another area's. Choose one that never was."),
    "codes_used_up": gettext_lazy("All codes below %(parent)s are used up."),
    "level_unknown": gettext_lazy("There is no such level. Choose one of the list."),
    "name_too_long": gettext_lazy("The name is too long: at most %(most)s characters."),
    "reason_too_long": gettext_lazy("The reason is too long: at most %(most)s characters."),
    "day_too_early": gettext_lazy("It can count from today on, or from a later day."),
    "day_too_far": gettext_lazy("Choose a day within %(most)s days."),
    "name_counts_at_once": gettext_lazy("A name counts at once. Take today."),
    "valid_from_too_early": gettext_lazy(
        "A later change of boundaries is planned already. Choose its day or one after it."
    ),
    "area_begins_that_day": gettext_lazy("%(area)s begins on that very day. Choose a later one."),
    "gaps_left": gettext_lazy(
        "There are gaps of %(area_m2)s m² that nobody would hold. Mend the drawing, or say that they are meant so."
    ),
    "geometry_too_large": gettext_lazy("The drawing is too large: at most 2 MB."),
    "no_such_change": gettext_lazy("There is no such change for an area of this level."),
    "change_taken_back": gettext_lazy("This change was taken back already."),
    "change_counts": gettext_lazy("This change counts already. Make another one from a later day on."),
    "change_posts_changed": gettext_lazy(
        "Somebody changed posts of it since, or gave them something to do, so that it cannot be taken back."
    ),
    "change_has_later": gettext_lazy(
        "A later change stands on it: %(name)s. Take that one back first, or change the areas once more."
    ),
    "change_has_boundaries": gettext_lazy("Boundaries were loaded since, so that it cannot be taken back."),
    "change_has_areas": gettext_lazy("Areas lie below those it made: %(n)s. It cannot be taken back."),
    "change_has_houses": gettext_lazy("Buildings and estates are in the area it made: %(n)s. It cannot be taken back."),
    "change_has_posts": gettext_lazy(
        "Posts were given for the areas it made: %(n)s. They are ended by the security administrator; it cannot be taken back."
    ),
    "change_has_organisations": gettext_lazy("Organisations are in the areas it made: %(n)s. It cannot be taken back."),
    "change_has_cases": gettext_lazy(
        "Cases were reported in its areas since: %(n)s. They keep their area, so that it cannot be taken back."
    ),
}


def say_flaw(why: str) -> str:
    """Say what the library for polygons found wrong with one: it tells in English, with the place in brackets."""
    flaw, _bracket, place = why.partition("[")
    at = place.rstrip("]").replace(" ", ", ")
    if "elf-intersection" in flaw:
        return _("it crosses or touches itself near %(at)s") % {"at": at}
    return _("its line is broken near %(at)s") % {"at": at}

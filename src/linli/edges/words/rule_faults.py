"""What keeps a rulebook from counting, in words: which row, what is wrong, what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.errors import Fault
from linli.edges.words.cases import PLACES, say_part, say_state, say_verb

FAULTS: Mapping[str, Any] = {
    "shape": gettext_lazy("The form could not be read whole. Load the page again."),
    # Categories
    "category_twice": gettext_lazy("this category is there twice. Delete one of them."),
    "category_name_twice": gettext_lazy("there is a category “%(name)s” already. Give another name."),
    "category_needed": gettext_lazy(
        "“%(category)s” has to stay: the program itself puts cases under it. Change its name if you like."
    ),
    "category_in_use": gettext_lazy(
        "“%(category)s” can't be deleted: %(cases)s cases have it, %(open_cases)s of them open. Tick “retired” instead: "
        "it is offered for no new case, and the old ones keep it."
    ),
    "category_in_lines": gettext_lazy(
        "“%(category)s” can't be deleted: a line of the dispatch catalogue or of the deadlines names it. Delete that "
        "line first."
    ),
    "category_code": gettext_lazy("the category has no usable code. Delete the row and add it again."),
    "category_name": gettext_lazy("give a name of 1 to 40 characters."),
    "category_group": gettext_lazy("name the group, in 1 to 40 characters."),
    "series_out_of_range": gettext_lazy("What counts as recurring: a whole number from %(least)s to %(most)s."),
    "category_evidence": gettext_lazy("what is needed to report back can only be a note and a photo."),
    "category_steps": gettext_lazy("choose one of the steps."),
    "category_not_retired": gettext_lazy("this one can't be retired: the program itself puts cases under it."),
    "category_without_route": gettext_lazy(
        "nobody would answer for it. Put a line for any category at the end of the dispatch catalogue first."
    ),
    "category_without_time": gettext_lazy(
        "it would have no deadline. Put lines for any category at the end of the deadlines first."
    ),
    "empty_word": gettext_lazy("an empty word fits every text. Take it out."),
    # Lines of dispatch and deadlines
    "line_twice": gettext_lazy("line %(line)s is there twice. Delete one of them."),
    "line_never_counts": gettext_lazy(
        "it never counts, because line %(line)s above it takes every such case. Move it up, or delete it."
    ),
    "unknown_category_line": gettext_lazy("choose a category."),
    "unknown_role_line": gettext_lazy("choose a post that handles cases."),
    "unknown_place_line": gettext_lazy("choose where it is."),
    "unknown_organisation_line": gettext_lazy("there is no such department today. Choose another one."),
    "level_out_of_range": gettext_lazy("choose a level."),
    "no_time": gettext_lazy("give a whole number from 1 to 999, and what is counted."),
    "no_time_for_level": gettext_lazy("No line gives level %(level)s a time. Add one for any category."),
    "no_time_for_category": gettext_lazy("No line gives “%(category)s” a time on level %(level)s. Add one."),
    "amber_share": gettext_lazy("When the light turns amber: a whole number from 1 to 99."),
    "rungs": gettext_lazy(
        "Rungs of the ladder: at most %(rungs)s whole numbers from %(least)s to %(most)s, each above the one before."
    ),
    "leader_role": gettext_lazy("Choose who is named last, above all levels."),
    "time_setting": gettext_lazy("Asking for time and holding: a whole number from %(least)s to %(most)s."),
    "quiet_hours": gettext_lazy("Hours between which messages wait: whole numbers from 0 to 23."),
    "nobody_answers": gettext_lazy("No line speaks of what lies %(place)s. Add one for any category."),
    "nobody_answers_for": gettext_lazy("No line says who gets “%(category)s” %(place)s. Add one."),
    "fallback_roles": gettext_lazy("Choose at least one post that cases go to where nobody is on duty."),
    "level_roles": gettext_lazy("Choose a post for each level that cases go up to."),
    # Table of stages
    "cell_twice": gettext_lazy("“%(state)s”, “%(action)s”: the same step is there twice. Delete one of them."),
    "unknown_state": gettext_lazy("choose where the case stands."),
    "unknown_action": gettext_lazy("choose a step."),
    "unknown_next_state": gettext_lazy(
        "“%(state)s”, “%(action)s”: choose what the case becomes. “As before” is only for cases on hold."
    ),
    "unknown_outcome": gettext_lazy("“%(state)s”, “%(action)s”: only verifying has a second outcome."),
    "nobody_may": gettext_lazy("“%(state)s”, “%(action)s”: tick at least one who may take the step."),
    "unknown_who": gettext_lazy("“%(state)s”, “%(action)s”: tick who may from what is offered."),
    "unknown_effect": gettext_lazy("“%(state)s”, “%(action)s”: tick what else happens from what is offered."),
    "ends_unfinished": gettext_lazy(
        "“%(state)s”, “%(action)s”: the case ends here, so tick that it leaves the open lists."
    ),
    "finished_too_soon": gettext_lazy(
        "“%(state)s”, “%(action)s”: the case goes on, so it must not leave the open lists. Take the tick away."
    ),
    "pause_not_on_hold": gettext_lazy(
        "“%(state)s”, “%(action)s”: the clock may wait only where the case is put on hold. Take the tick away."
    ),
    "reason_too_long": gettext_lazy("“%(state)s”, “%(action)s”: a reason has at most 40 characters."),
    "no_way_to_close": gettext_lazy(
        "From “%(state)s” no chain of steps leads to a close. Add a step, or delete the one that leads there."
    ),
    "no_way_for_open_cases": gettext_lazy(
        "%(cases)s open cases stand at “%(state)s” and would have no way to a close. Keep a step that leads on."
    ),
    "sample_share": gettext_lazy("How many of 100 are called back: a whole number from 0 to 100."),
    "wait_out_of_range": gettext_lazy("Days of waiting: a whole number from %(least)s to %(most)s."),
    "most_returns_out_of_range": gettext_lazy("How often a case may be sent back: from %(least)s to %(most)s."),
    "dispute_hours_out_of_range": gettext_lazy("Hours for a dispute: from %(least)s to %(most)s."),
    "whistle_hours_out_of_range": gettext_lazy("Hours to report in: from %(least)s to %(most)s."),
    "opinion_hours_out_of_range": gettext_lazy("Hours for an opinion: from %(least)s to %(most)s."),
    "marks_missing": gettext_lazy("Name at least one mark to choose from, each of at most 40 characters."),
    # Rates
    "rate_weights": gettext_lazy("The weights of the three rates have to be 100 together; they are %(sum)s."),
    "rate_basically": gettext_lazy("What “basically satisfied” counts: a whole number from 0 to 100."),
    "rate_sample": gettext_lazy("Smallest sample: a whole number from 1 to 1000."),
    "rate_methods": gettext_lazy("Tick at least one way in which a call-back counts."),
    "rate_month": gettext_lazy("The day on which a month begins: a whole number from 1 to 28."),
    "rate_day": gettext_lazy("The hour at which a day begins: a whole number from 0 to 23."),
    "rate_due": gettext_lazy("What is left out of the cases due: cases on hold, or those with time granted."),
    "rate_left_out": gettext_lazy("choose a category or a way in, each only once."),
    "rate_left_out_why": gettext_lazy("say why it is not counted, in at most 200 characters."),
    # Weights
    "part_missing": gettext_lazy("“%(part)s”: points are missing."),
    "part_negative": gettext_lazy("“%(part)s”: give whole numbers from 0 on."),
    "part_unknown": gettext_lazy("There is no part “%(part)s”."),
    "caps_not_hundred": gettext_lazy("The most that all parts can give has to be 100 together; it is %(sum)s."),
    "band_negative": gettext_lazy("From how many points on: give whole numbers from 0 on."),
    "levels_missing": gettext_lazy("Choose a level from 1 to 4 for each of the four."),
}


def say_fault(fault: Fault, categories: Mapping[str, str]) -> str:
    """Word one fault, its row first. categories: names by code."""
    params: dict[str, Any] = dict(fault.params)
    worded: Mapping[str, Any] = {
        "category": lambda code: categories.get(code, code), "state": say_state, "action": say_verb, "part": say_part,
        "place": lambda code: str(PLACES.get(code, code)),
    }  # fmt: skip
    params |= {name: say(str(params[name])) for name, say in worded.items() if name in params}
    said = str(FAULTS.get(fault.code, _("Something entered cannot be taken."))) % params
    return _("Row %(row)s: %(fault)s") % {"row": fault.row + 1, "fault": said} if fault.row >= 0 else said

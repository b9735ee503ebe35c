"""What the program does by itself, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

TASKS: Mapping[str, Any] = {
    "linli.cases.tasks.deliver_messages": gettext_lazy("deliver messages"),
    "linli.cases.tasks.verify_waiting_cases": gettext_lazy("verify and close what waited long enough"),
    "linli.cases.tasks.resume_due_cases": gettext_lazy("let cases on hold come back on their day"),
    "linli.cases.tasks.climb_ladders": gettext_lazy("warn before deadlines and name the next one up after them"),
    "linli.cases.tasks.end_what_nobody_answered": gettext_lazy(
        "let requests for time lapse and give cards for supervisions nobody answered"
    ),
    "linli.cases.tasks.keep_days_of_the_board": gettext_lazy("keep the days of the leaders' board"),
    "linli.cases.tasks.learn_from_closed_cases": gettext_lazy("learn from closed cases what category a text is of"),
    "linli.cases.tasks.forget_old_rows": gettext_lazy("wipe messages, keys and notices whose time is over"),
    "linli.oversight.privacy.tasks.apply_retention_everywhere": gettext_lazy("wipe personal data whose time is over"),
    "linli.ledger.commands.tasks.forget_old_tries": gettext_lazy("wipe old counts of tries"),
    "linli.registry.coverage.tasks.check_coverage_of": gettext_lazy("look for places without somebody responsible"),
    "linli.registry.coverage.tasks.check_coverage_of_all": gettext_lazy(
        "look every hour for places without somebody responsible"
    ),
    "linli.registry.people.tasks.forget_ended_sessions": gettext_lazy("wipe sessions that are over"),
    "linli.registry.sheets.tasks.work_off_import": gettext_lazy("take in a workbook"),
    "linli.registry.sheets.tasks.work_off_left_behind": gettext_lazy("go on with workbooks left behind"),
    "linli.registry.sheets.tasks.forget_old_imports": gettext_lazy("wipe workbooks whose time is over"),
    "linli.support.files.tasks.remove_orphan_files": gettext_lazy("wipe files that nobody attached"),
    "linli.support.files.tasks.look_at_photos": gettext_lazy("look for numbers of people on photos"),
    "linli.support.files.tasks.remove_stray_files": gettext_lazy("wipe files that no row knows"),
    "linli.cases.tasks.tell_systems_everywhere": gettext_lazy("queue what happened for other systems"),
    "linli.support.notices.tasks.call_systems_everywhere": gettext_lazy("call other systems"),
    "linli.support.notices.tasks.send_deliveries": gettext_lazy("send notices outside"),
    "linli.support.notices.tasks.forget_choices_everywhere": gettext_lazy(
        "wipe addresses for notices of people who serve no more"
    ),
    "ledger.facts.seal_new_facts": gettext_lazy("seal new facts"),
    "ledger.facts.seal_all_facts": gettext_lazy("seal what was left out"),
    "procrastinate.builtin_tasks.remove_old_jobs": gettext_lazy("wipe jobs that are done"),
    "builtin:procrastinate.builtin_tasks.remove_old_jobs": gettext_lazy("wipe jobs that are done"),
}


def say_task(name: str) -> str:
    """Name a background job; one that the program has no more by its code."""
    return str(TASKS.get(name, name))

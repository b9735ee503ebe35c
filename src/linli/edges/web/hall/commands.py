"""What the host can press, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

from linli.oversight.reviews.calc.clock import Command

# What comes next in the usual course, in the order in which one of them is offered as the large button.
MAIN = (Command.TALK.value, Command.COMMENT.value, Command.SCORE.value, Command.SHOW.value, Command.NEXT.value,
        Command.SUMMARY.value, Command.DEPLOYMENT.value, Command.CLOSE.value)  # fmt: skip
BUTTONS: Mapping[str, Any] = {
    Command.TALK.value: gettext_lazy("Begin the report"),
    Command.COMMENT.value: gettext_lazy("End the report, begin the comment"),
    Command.SCORE.value: gettext_lazy("End the comment, begin scoring"),
    Command.SHOW.value: gettext_lazy("End scoring, show the result"),
    Command.NEXT.value: gettext_lazy("Next one"),
    Command.ABSENT.value: gettext_lazy("Absent, pass over"),
    Command.SUMMARY.value: gettext_lazy("Leaders sum up"),
    Command.DEPLOYMENT.value: gettext_lazy("On to the next steps"),
    Command.CLOSE.value: gettext_lazy("Close and publish"),
    Command.PAUSE.value: gettext_lazy("Pause"),
    Command.RESUME.value: gettext_lazy("Go on"),
    Command.BACK.value: gettext_lazy("Back one step"),
}

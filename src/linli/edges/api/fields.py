"""Kinds of values that bodies and parameters share."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

MOST_ROWS = 100


def _plain(text: str) -> str:
    """Refuse U+0000, which no text of ours holds and PostgreSQL can't keep."""
    if "\0" in text:
        raise PydanticCustomError("not_text", "There is a character in it that is no text.")
    return text


def _in_utc(moment: datetime) -> datetime:
    """Write every instant alike, whatever zone it was counted in."""
    return moment.astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_in_utc)]
Text = Annotated[str, AfterValidator(_plain)]
Cursor = Annotated[Text, Field(max_length=400, description="`next_cursor` of the page before")]
Limit = Annotated[int, Field(ge=1, le=MOST_ROWS, description="rows a page")]
Lng = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False, description="degrees east", examples=[123.3601])]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False, description="degrees north", examples=[41.7953])]

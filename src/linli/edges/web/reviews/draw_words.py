"""How a draw is said and drawn: a hash in groups, its picture for telephones, why somebody is left out."""

import segno
from django.utils.translation import gettext

from linli.edges.words.reviews import EXCUSES, OCCASIONS
from linli.oversight.reviews.calc.tickets import COOLING

_GROUP = 4


def groups_of(digest: str) -> list[str]:
    """Cut a hash into groups that can be read out."""
    return [digest[begin : begin + _GROUP] for begin in range(0, len(digest), _GROUP)]


def picture_of(text: str) -> str:
    """Draw a QR code as SVG within the page."""
    return segno.make(text, error="m").svg_inline(omitsize=True, svgclass="qr-code", lineclass=None, border=2)


def say_excuse(code: str) -> str:
    """Say why an organisation has no ticket; "" for who has some."""
    if code == COOLING:
        return gettext("drawn lately")
    return str(EXCUSES.get(code) or OCCASIONS.get(code, "")) if code else ""

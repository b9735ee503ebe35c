"""Writing an official document, as docx to be worked on and as PDF to be printed: one layout in both."""

import json
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import typst
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.run import Run

from linli.support.documents.calc.official import (
    BOTTOM_MM,
    CHARACTER_PT,
    FANG,
    HEAD_PT,
    HEI,
    KAI,
    LEFT_MM,
    LINE_PT,
    PAGE_MM,
    PLAIN_SONG,
    RED,
    RIGHT_MM,
    RULE_THICK_PT,
    SIZE_2_PT,
    SIZE_3_PT,
    SIZE_4_PT,
    SONG,
    TOP_MM,
    Heading,
    OfficialDocument,
    say_date,
)

_LAYOUT = Path(__file__).with_name("official.typ")


MARK, HEAD, NUMBER, SIGNED, FOOT, ODD, EVEN = "密级", "发文机关标志", "发文字号", "署名", "版记", "单页码", "双页码"


@dataclass(frozen=True, slots=True)
class _Look:
    """How a style looks.

    indent: of the first line, right: from the right edge, in characters; rule: side, colour, width and distance in
    points.
    """

    fount: str
    size: int
    align: WD_ALIGN_PARAGRAPH | None = None
    indent: int = 0
    right: int = 0
    colour: str = "000000"
    rule: tuple[str, str, float, float] | None = None


_CENTRE, _LEFT, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
_LOOKS = {
    "Normal": _Look(FANG, SIZE_3_PT),
    "Body Text": _Look(FANG, SIZE_3_PT, indent=2),
    "Title": _Look(SONG, SIZE_2_PT, _CENTRE),
    "Heading 1": _Look(HEI, SIZE_3_PT, indent=2),
    "Heading 2": _Look(KAI, SIZE_3_PT, indent=2),
    MARK: _Look(HEI, SIZE_3_PT),
    HEAD: _Look(SONG, HEAD_PT, _CENTRE, colour=RED),
    NUMBER: _Look(FANG, SIZE_3_PT, _CENTRE, rule=("bottom", RED, 2.25, 4 / 25.4 * 72)),
    SIGNED: _Look(FANG, SIZE_3_PT, _RIGHT, right=4),
    FOOT: _Look(FANG, SIZE_4_PT, rule=("top", "000000", RULE_THICK_PT, 0)),
    ODD: _Look(PLAIN_SONG, SIZE_4_PT, _RIGHT, right=1),
    EVEN: _Look(PLAIN_SONG, SIZE_4_PT, _LEFT, indent=1),
}


def write_docx(document: OfficialDocument) -> bytes:
    """Write the document for a word processor. Names the founts that offices have; none is in it. No query."""
    made = Document()
    _styles(made)
    _page(made)
    if document.mark:
        made.add_paragraph(document.mark, style=MARK)
    made.add_paragraph(document.head, style=HEAD)
    made.add_paragraph(document.number, style=NUMBER)
    made.add_paragraph("", style="Normal")
    made.add_paragraph(document.title, style="Title")
    made.add_paragraph("", style="Normal")
    for block in document.blocks:
        made.add_paragraph(block.text, style=f"Heading {block.level}" if isinstance(block, Heading) else "Body Text")
    made.add_paragraph("", style="Normal")
    for text in (document.signer, say_date(document.on)):
        made.add_paragraph(text, style=SIGNED)
    for text in document.foot:
        made.add_paragraph(text, style=FOOT)
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def write_pdf(document: OfficialDocument) -> bytes:
    """Write the document for a printer. Takes the offices' founts where the machine has them, else Noto. No query.

    Nothing of the document is read as markup: it reaches the layout as data.
    """
    told = asdict(document) | {"on": say_date(document.on), "blocks": [_told(block) for block in document.blocks]}
    data = json.dumps(told, ensure_ascii=False)
    return typst.compile(_LAYOUT.read_bytes(), sys_inputs={"document": data})


def _told(block: Any) -> dict[str, Any]:
    return {"level": block.level if isinstance(block, Heading) else 0, "text": block.text}


def _page(made: Any) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(PAGE_MM[0]), Mm(PAGE_MM[1])
    section.top_margin, section.bottom_margin = Mm(TOP_MM), Mm(BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(LEFT_MM), Mm(RIGHT_MM)
    section.footer_distance = Mm(BOTTOM_MM - 7 - SIZE_4_PT / 72 * 25.4)
    for grid in made.element.body.iter(qn("w:docGrid")):
        _set(grid, type="linesAndChars", linePitch=round(LINE_PT * 20), charSpace=round((CHARACTER_PT - 16) * 4096))
    made.settings.odd_and_even_pages_header_footer = True
    for footer, style in ((section.footer, ODD), (section.even_page_footer, EVEN)):
        footer.is_linked_to_previous = False
        line = footer.paragraphs[0]
        line.style = style
        line.add_run("— ")
        _count_pages(line.add_run())
        line.add_run(" —")


def _styles(made: Any) -> None:
    for name, look in _LOOKS.items():
        there = {style.name for style in made.styles}
        style = made.styles[name] if name in there else made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.font.size, style.font.bold, style.font.italic = Pt(look.size), False, False
        style.font.color.rgb = RGBColor.from_string(look.colour)
        _name_fount(style.element.get_or_add_rPr(), look.fount)
        spacing = style.paragraph_format
        spacing.line_spacing = 1.0 if look.size > SIZE_2_PT else Pt(LINE_PT)
        spacing.space_before = spacing.space_after = Pt(0)
        spacing.alignment, spacing.first_line_indent = look.align, Pt(look.indent * SIZE_3_PT)
        spacing.right_indent = Pt(look.right * SIZE_3_PT)
        for borders in list(style.element.iter(qn("w:pBdr"))):
            borders.getparent().remove(borders)
        if look.rule:
            _rule(style.element.get_or_add_pPr(), *look.rule)


def _name_fount(properties: Any, fount: str) -> None:
    """Name one fount for all scripts, digits included, in the place of the template's theme."""
    fonts = properties.get_or_add_rFonts()
    for kind in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{kind}"), fount)
        fonts.attrib.pop(qn(f"w:{kind}Theme"), None)
    fonts.attrib.pop(qn("w:cstheme"), None)


def _count_pages(run: Run) -> None:
    """Let the word processor put the page's number there: the library knows no fields."""
    marks = [OxmlElement("w:fldChar"), OxmlElement("w:instrText"), OxmlElement("w:fldChar")]
    _set(marks[0], fldCharType="begin")
    marks[1].text = "PAGE"
    _set(marks[2], fldCharType="end")
    for mark in marks:
        run._element.append(mark)  # noqa: SLF001 - there is no public way to a run's own element


def _rule(properties: Any, side: str, colour: str, width_pt: float, away_pt: float) -> None:
    borders, edge = OxmlElement("w:pBdr"), OxmlElement(f"w:{side}")
    _set(edge, val="single", sz=round(width_pt * 8), space=round(away_pt), color=colour)
    borders.append(edge)
    following = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr")
    properties.insert_element_before(borders, *following)


def _set(element: Any, **values: object) -> None:
    for name, value in values.items():
        element.set(qn(f"w:{name}"), str(value))

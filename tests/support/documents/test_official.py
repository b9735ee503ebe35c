"""Official documents keep the measures of GB/T 9704-2012 as far as our notes give them, in docx and in PDF."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from pypdf import PdfReader

from linli.support.documents.actions import write_docx, write_pdf
from linli.support.documents.calc.official import (
    CHARACTERS,
    LINE_PT,
    LINES,
    Heading,
    OfficialDocument,
    Paragraph,
    chinese_number,
    document_number,
)

SENTENCE = "把下水改造排出工期，逐户告知，月底前办好。"
DOCUMENT = OfficialDocument(
    head="示例区委会议纪要", number=document_number("示例述纪", 2026, 3), title="十一月述职会第一场会议纪要",
    blocks=(Heading(1, "一、会议情况"), Heading(2, "（一）第一街道党工委"), Paragraph(SENTENCE), Paragraph("长" * 2000),
            Paragraph("#let x = [*$a$*]")),
    signer="示例区委", on=date(2026, 3, 5), foot=("抄送：各单位。",), mark="演示数据",
)  # fmt: skip


def of_east(style: object) -> str:
    return str(style.element.rPr.rFonts.get(qn("w:eastAsia")))  # type: ignore[attr-defined]


def test_docx_has_the_page_of_the_standard() -> None:
    section = Document(BytesIO(write_docx(DOCUMENT))).sections[0]

    measures = (section.page_width, section.page_height, section.top_margin, section.left_margin,
                section.right_margin, section.bottom_margin)  # fmt: skip
    assert [round(each.mm, 1) for each in measures if each is not None] == [210, 297, 37, 28, 26, 35]
    width, height = (section.page_width or 0) - Mm(28) - Mm(26), (section.page_height or 0) - Mm(37) - Mm(35)
    assert (round(width / Mm(1)), round(height / Mm(1))) == (156, 225)
    assert height - Pt(1) < int(Pt(LINE_PT) * LINES) <= height
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid is not None
    pitch, extra = int(grid.get(qn("w:linePitch"))) / 20, int(grid.get(qn("w:charSpace"))) / 4096
    assert (grid.get(qn("w:type")), pitch) == ("linesAndChars", LINE_PT)
    assert width - Pt(1) < int(Pt(16 + extra) * CHARACTERS) <= width + Pt(0.1)


def test_docx_names_founts_and_sizes() -> None:
    made = Document(BytesIO(write_docx(DOCUMENT)))

    told = {name: (of_east(made.styles[name]), made.styles[name].font.size)  # type: ignore[attr-defined]
            for name in ("Body Text", "Title", "Heading 1", "Heading 2")}  # fmt: skip
    assert told == {"Body Text": ("仿宋_GB2312", Pt(16)), "Title": ("方正小标宋简体", Pt(22)),
                    "Heading 1": ("黑体", Pt(16)), "Heading 2": ("楷体_GB2312", Pt(16))}  # fmt: skip
    body = made.styles["Body Text"].paragraph_format  # type: ignore[attr-defined]
    assert (body.line_spacing, body.first_line_indent) == (Pt(LINE_PT), Pt(32))


def test_docx_says_it_in_order() -> None:
    made = Document(BytesIO(write_docx(DOCUMENT)))

    lines = [line.text for line in made.paragraphs if line.text]
    assert lines[:4] == ["演示数据", "示例区委会议纪要", "示例述纪〔2026〕3号", "十一月述职会第一场会议纪要"]
    assert lines[4:6] == ["一、会议情况", "（一）第一街道党工委"]
    assert lines[-3:] == ["示例区委", "2026年3月5日", "抄送：各单位。"]
    head = next(line for line in made.paragraphs if line.text == "示例区委会议纪要")
    assert str(head.style.font.color.rgb) == "C00000"  # type: ignore[union-attr]
    section = made.sections[0]
    footers = [each.paragraphs[0] for each in (section.footer, section.even_page_footer)]
    assert [(line.text, line.style.paragraph_format.alignment) for line in footers] == [("—  —", 2), ("—  —", 0)]


def test_pdf_says_the_same_on_a4_with_founts_in_it() -> None:
    pages = PdfReader(BytesIO(write_pdf(DOCUMENT))).pages

    text = "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")
    assert [round(float(side) / 72 * 25.4) for side in pages[0].mediabox[2:]] == [210, 297]
    for said in ("示例区委会议纪要", "示例述纪〔2026〕3号", "一、会议情况", SENTENCE, "2026年3月5日", "抄送：各单位。",
                 "#letx=[*$a$*]", "—1—", "—2—"):  # fmt: skip
        assert said in text
    tables = [page["/Resources"]["/Font"] for page in pages]  # type: ignore[index]
    founts = [fount.get_object() for table in tables for fount in table.values()]
    assert founts
    assert all("+" in fount["/BaseFont"] for fount in founts)  # a subset of each is in the file


def test_full_page_of_the_pdf_has_22_lines_of_28_characters() -> None:
    pages = PdfReader(BytesIO(write_pdf(DOCUMENT))).pages

    lines = [line.replace(" ", "") for line in pages[1].extract_text().splitlines() if "长" in line]
    assert (len(lines), {len(line) for line in lines}) == (LINES, {CHARACTERS})


@pytest.mark.parametrize(("number", "said"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (35, "三十五")])
def test_numbers_in_chinese(number: int, said: str) -> None:
    assert chinese_number(number) == said

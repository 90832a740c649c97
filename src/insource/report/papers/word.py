"""A paper as a Word file, for people to write into: A4, headings, tables with repeated heads, boxes for blanks.

The same paper gives the same bytes: no time of day goes into the file.
"""

import io
import json
import re
import zipfile
from pathlib import Path
from textwrap import shorten
from typing import Any

import docx
import vl_convert
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from insource.report.desk_workbook import A_DAY
from insource.report.papers.columns import LONG_PAGE, SHORT_PAGE, SMALL, print_size, widths
from insource.report.papers.model import (
    TO_FILL,
    Blank,
    Block,
    Bullets,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Table,
)

FONT = "Arial"
BODY, TIGHT = 10.5, 9.0
KEPT_TOGETHER = 5
"""A table of so few rows stays on one page."""
LEAD_IN = 160
"""A paragraph as short as this leads to what follows and stays on its page."""
MARGIN, NARROW_MARGIN = 1.8, 1.5
LINE_CM, HEADER_ROOM = 0.62, 0.5
MOST_PROPERTY = 255
"""Characters that a property of a Word file may have."""
MINUS = re.compile(r"(?<![\w-])-(?=[£\d])")
"""A hyphen before a number lets the line break after it; this one does not."""
INK, TINT, BOX = RGBColor(0x1C, 0x21, 0x26), "F3F6F8", "FFF6D6"
PIXELS = 2.0
ZIP_DAY = (2000, 1, 1, 0, 0, 0)


def write(path: Path, paper: Document) -> None:
    """Write the paper as .docx."""
    path.write_bytes(as_bytes(paper))


def as_bytes(paper: Document) -> bytes:
    """The file's content, the same every time."""
    book = docx.Document()
    _set_up(book, paper)
    width = (LONG_PAGE if paper.is_wide else SHORT_PAGE) - 2 * _margin(paper)
    book.add_paragraph(paper.title, style="Title")
    book.add_paragraph(paper.about)
    for line in (paper.status, paper.run_line):
        _note(book, line)
    heading = ""
    for block in paper.blocks:
        _put(book, block, width, heading)
        heading = block.text if isinstance(block, Heading) else ""
    held = io.BytesIO()
    book.save(held)
    return _without_time(held.getvalue())


def _set_up(book: Any, paper: Document) -> None:
    of = book.core_properties
    of.title, of.author, of.language = paper.title, "insource", "en-GB"
    of.comments = shorten(paper.run_line, MOST_PROPERTY, placeholder=" ...")
    of.created = of.modified = A_DAY
    section = book.sections[0]
    section.page_width, section.page_height = Cm(SHORT_PAGE), Cm(LONG_PAGE)
    if paper.is_wide:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Cm(LONG_PAGE), Cm(SHORT_PAGE)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_margin(paper))
    section.top_margin, section.header_distance = Cm(_margin(paper) + HEADER_ROOM), Cm(HEADER_ROOM + 0.4)
    body = TIGHT if paper.is_tight else BODY
    sizes = {"Normal": body, "Title": 20.0, "Heading 1": 14.0, "Heading 2": 12.0, "List Bullet": body, "Caption": body}
    sizes |= {"Header": SMALL, "Footer": SMALL}
    for name, size in sizes.items():
        style = book.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(kind), FONT)
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
            if fonts.get(qn(kind)) is not None:
                del fonts.attrib[qn(kind)]
        style.paragraph_format.space_after = Pt(3 if paper.is_tight else 5)
        if name.startswith("Heading"):
            style.paragraph_format.space_before = Pt(6 if paper.is_tight else 14)
    for language in book.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    section.header.paragraphs[0].text = paper.title
    foot = section.footer.paragraphs[0]
    foot.text = f"{paper.run_line.split(':')[0].removeprefix('Every figure is from ').capitalize()}. Page "
    _field(foot, "PAGE")
    foot.add_run(" of ")
    _field(foot, "NUMPAGES")
    for line in (section.header.paragraphs[0], foot):
        for run in line.runs:
            run.font.size = Pt(SMALL)


def _margin(paper: Document) -> float:
    return NARROW_MARGIN if paper.is_tight else MARGIN


def _field(paragraph: Any, name: str) -> None:
    run = paragraph.add_run()
    run.font.size = Pt(SMALL)
    for kind, text in (("begin", ""), ("", name), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _put(book: Any, block: Block, width: float, heading: str) -> None:
    """Add a block; a table right under a `heading` of the same words needs no title of its own."""
    match block:
        case Heading():
            book.add_heading(block.text, block.level)
        case Paragraph(is_note=True):
            _note(book, block.text)
        case Paragraph():
            book.add_paragraph(_plain(block.text)).paragraph_format.keep_with_next = len(block.text) < LEAD_IN
        case Bullets():
            for item in block.items:
                book.add_paragraph(_plain(item), style="List Bullet")
        case Blank():
            _box(book, block, width)
        case Table():
            _table(book, block, width, heading)
        case Picture():
            _picture(book, block, width)
        case PageBreak():
            book.add_page_break()


def _note(book: Any, text: str) -> None:
    paragraph = book.add_paragraph()
    paragraph.paragraph_format.left_indent = Cm(0.3)
    run = paragraph.add_run(text)
    run.font.size = Pt(SMALL + 0.5)
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), TINT)
    paragraph._p.get_or_add_pPr().append(shade)


def _box(book: Any, blank: Blank, width: float) -> None:
    """An empty box with its label above it."""
    label = book.add_paragraph()
    label.paragraph_format.keep_with_next = True
    label.paragraph_format.space_after = Pt(2)
    label.add_run(f"{blank.label} ").bold = True
    label.add_run(f"({TO_FILL})").font.size = Pt(SMALL)
    box = book.add_table(1, 1, style="Table Grid")
    box.alignment = WD_TABLE_ALIGNMENT.CENTER
    box.rows[0].height = Cm(LINE_CM * blank.lines)
    _shade(box.cell(0, 0), BOX)
    _fit(box, (width,))
    book.add_paragraph().paragraph_format.space_after = Pt(2)


def _table(book: Any, table: Table, width: float, heading: str) -> None:
    if table.title != heading:
        caption = book.add_paragraph()
        caption.paragraph_format.keep_with_next = True
        caption.add_run(table.short_title).bold = True
    rows = table.rows[: table.most_rows]
    if not rows:
        book.add_paragraph("No rows.")
        return
    size = print_size(table)
    made = book.add_table(1 + len(rows), len(table.columns), style="Table Grid")
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    _fit(made, widths(table, width, size))
    if len(rows) <= KEPT_TOGETHER:
        for line in made.rows[:-1]:
            for cell in line.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True
    for number, text in enumerate(table.columns):
        _write(made.rows[0].cells[number], text, size, is_bold=True)
        _shade(made.rows[0].cells[number], TINT)
    _mark(made.rows[0], "w:tblHeader")
    for line, row in zip(made.rows[1:], rows, strict=False):
        _mark(line, "w:cantSplit")
        cells = line.cells
        for number, text in enumerate(row):
            _write(cells[number], text, size)
            if number in table.to_fill:
                _shade(cells[number], BOX)
    if len(rows) < len(table.rows):
        _small(book, f"The first {len(rows)} of {len(table.rows)} rows.")
    _small(book, table.note)


def _fit(made: Any, widths: tuple[float, ...]) -> None:
    made.autofit = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)


def _write(cell: Any, text: str, size: float, is_bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(1)
    for number, line in enumerate(text.split("\n")):
        run = paragraph.add_run(_plain(line))
        run.font.size, run.bold = Pt(size), is_bold
        if number < text.count("\n"):
            run.add_break()


def _shade(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _small(book: Any, text: str) -> None:
    paragraph = book.add_paragraph()
    if text:
        paragraph.add_run(_plain(text)).font.size = Pt(SMALL)


def _plain(text: str) -> str:
    return MINUS.sub("\N{NON-BREAKING HYPHEN}", text)


def _picture(book: Any, picture: Picture, width: float) -> None:
    caption = book.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    caption.add_run(picture.title).bold = True
    chart = (
        picture.spec.properties(width=520, height=270)
        .configure(font=f"{FONT}, Helvetica, sans-serif", background="white")
        .configure_axis(labelFontSize=12, titleFontSize=13)
        .configure_legend(labelFontSize=12, titleFontSize=13, orient="bottom", labelLimit=400)
    )
    image = vl_convert.vegalite_to_png(json.dumps(chart.to_dict()), scale=PIXELS)
    shape = book.add_picture(io.BytesIO(image), width=Cm(min(width, 17.0)))
    shape._inline.docPr.set("descr", picture.alt)
    _small(book, picture.alt)


def _without_time(content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, ZIP_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return held.getvalue()

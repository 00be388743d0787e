"""A Word file on A4 with styles of our own, and what the library has no name for: fields, described pictures."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from analysis.export.office_text import LONGEST_PROPERTY, one_line

if TYPE_CHECKING:
    from docx.document import Document
    from docx.oxml.xmlchemy import BaseOxmlElement
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph

A4_MM, MARGIN_MM = (210, 297), 25
WIDTH_MM = A4_MM[0] - 2 * MARGIN_MM
HIGHEST_MM = 190  # of a picture, which has its caption on the same page
FONT, LANGUAGE = "Arial", "en-GB"
LETTERS = {"Normal": 10.5, "Title": 18.0, "Heading 1": 14.0, "Heading 2": 11.5, "Caption": 9.0}  # points
NOTE, NOTE_LETTERS, GREY = "Note", 8.0, "595959"  # the style of small print; contrast 7 to 1

# Parts of the library's template: a preview, the properties of a program, data and styles of another version.
LEFT_BEHIND = ("thumbnail", "extended-properties", "customXml", "stylesWithEffects")


def new_document(title: str, subject: str) -> Document:
    """Return an empty document on A4 that says of itself its title and subject, and nobody's name.

    Raises
    ------
    ImportError
        If python-docx is not installed.
    """
    try:
        import docx
    except ImportError as missing:
        raise ImportError('A Word file needs python-docx (extra "word"): pip install python-docx.') from missing

    document = docx.Document()
    _leave_template_behind(document)
    properties = document.core_properties
    properties.title, properties.subject = (one_line(text)[:LONGEST_PROPERTY] for text in (title, subject))
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.language = LANGUAGE
    properties.created = properties.modified = datetime.now(UTC)
    _set_page(document)
    _set_styles(document)
    return document


def saved(document: Document) -> bytes:
    """Return the file of a document."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def add_caption(document: Document, label: str, number: int, text: str, *, above: bool) -> Paragraph:
    """Add a caption that Word numbers, above what it names or below it."""
    paragraph = document.add_paragraph(style="Caption")
    paragraph.paragraph_format.keep_with_next = above
    paragraph.paragraph_format.keep_together = True
    paragraph.add_run(f"{label} ").bold = True
    _add_field(paragraph, f"SEQ {label} \\* ARABIC", str(number))
    paragraph.add_run(". ").bold = True
    paragraph.add_run(one_line(text)).bold = False
    return paragraph


def add_picture(document: Document, png: bytes, described: str) -> None:
    """Add a picture as wide as the text, with its alternative text, on the page of the paragraph after it."""
    from docx.shared import Mm

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    picture = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(WIDTH_MM))
    if picture.height > Mm(HIGHEST_MM):
        picture.width, picture.height = Mm(round(WIDTH_MM * Mm(HIGHEST_MM) / picture.height, 1)), Mm(HIGHEST_MM)
    picture._inline.docPr.set("descr", one_line(described))  # noqa: SLF001 -- the library has no name for it


def element(tag: str, attributes: Mapping[str, str]) -> BaseOxmlElement:
    """Return an element of a Word file; the names of attributes are without their namespace."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    return OxmlElement(f"w:{tag}", attrs={qn(f"w:{name}"): value for name, value in attributes.items()})


def _leave_template_behind(document: Document) -> None:
    """Remove what the library's template holds beside its styles."""
    for holder in (document.part.package, document.part):
        for name in [name for name, each in holder.rels.items() if each.reltype.rpartition("/")[2] in LEFT_BEHIND]:
            del holder.rels[name]


def _set_page(document: Document) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Mm

    # The layout of the present Word, with tables as wide as the text; not that of the template's.
    document.settings.element.xpath("w:compat/w:compatSetting[@w:name='compatibilityMode']")[0].set(qn("w:val"), "15")
    (section,) = document.sections
    section.page_width, section.page_height = map(Mm, A4_MM)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(MARGIN_MM)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_field(foot, "PAGE", "1")


def _set_styles(document: Document) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    language = document.styles.element.xpath("w:docDefaults//w:lang")[0]
    language.attrib.clear()
    language.attrib.update(element("lang", {"val": LANGUAGE}).attrib)
    black = RGBColor(0, 0, 0)
    for name, points in LETTERS.items():
        style = cast("ParagraphStyle", document.styles[name])
        _set_font(style, points)
        style.font.color.rgb = black
        style.font.bold = name not in ("Normal", "Caption")
        style.paragraph_format.space_before = Pt(points if style.font.bold and name != "Title" else 0)
        style.paragraph_format.space_after = Pt(6)
        style.paragraph_format.line_spacing = 1.15
        for line in style.element.xpath("w:pPr/w:pBdr"):  # the template underlines titles
            line.getparent().remove(line)
    note = cast("ParagraphStyle", document.styles.add_style(NOTE, WD_STYLE_TYPE.PARAGRAPH))
    note.base_style = document.styles["Normal"]
    _set_font(note, NOTE_LETTERS)
    note.font.color.rgb = RGBColor.from_string(GREY)
    note.paragraph_format.space_before = Pt(3)


def _set_font(style: ParagraphStyle, points: float) -> None:
    """Set the letters of a style, and remove the template's, which would come first."""
    from docx.shared import Pt

    for fonts in style.element.xpath("w:rPr/w:rFonts"):
        fonts.getparent().remove(fonts)
    style.font.name, style.font.size = FONT, Pt(points)


def _add_field(paragraph: Paragraph, code: str, result: str) -> None:
    """Add a field that Word works out anew, with its result as it is now."""
    for tag, attributes, text in (
        ("fldChar", {"fldCharType": "begin"}, ""),
        ("instrText", {}, f" {code} "),
        ("fldChar", {"fldCharType": "separate"}, ""),
        ("t", {}, result),
        ("fldChar", {"fldCharType": "end"}, ""),
    ):
        run = paragraph.add_run()
        run.bold = True if result and code.startswith("SEQ") else None
        part = element(tag, attributes)
        if text:
            part.text = text
            part.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run._r.append(part)  # noqa: SLF001 -- the library has no name for it

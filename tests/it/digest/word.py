"""Reads a Word document with python-docx and says what stands in it, tables by row."""
import io
import sys

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

document = Document(io.BytesIO(sys.stdin.buffer.read()))
section = document.sections[0]
print("page", round(section.page_width.mm), "x", round(section.page_height.mm), "margins",
      round(section.top_margin.mm), round(section.right_margin.mm),
      round(section.bottom_margin.mm), round(section.left_margin.mm))
for element in document.element.body.iterchildren():
    if element.tag.endswith("}p"):
        text = Paragraph(element, document).text.strip()
        if text:
            print(text)
    elif element.tag.endswith("}tbl"):
        for row in Table(element, document).rows:
            cells = []
            for cell in row.cells:
                text = " / ".join(p.text for p in cell.paragraphs if p.text.strip())
                if not cells or cells[-1] != text:
                    cells.append(text)
            print("  |", " | ".join(cells))

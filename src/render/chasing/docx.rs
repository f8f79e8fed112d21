//! The letter as a Word document, for a person to number, change and sign: A4, Times New Roman 14, the margins of
//! Party documents.

use std::io::Cursor;

use chrono_tz::Tz;
use docx_rs::{
    AlignmentType, BreakType, Docx, Header, LineSpacing, LineSpacingType, PageMargin, PageNum, Paragraph,
    Run, RunFonts, SpecialIndentType, Table, TableCell, TableLayoutType, TableRow, VAlignType, WidthType,
};

use super::{COPIES, List, MOTTO, SIGNED, TO, Words};
use crate::domain::chasing::ChasingLetter;

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
#[error("không ghi được tệp .docx: {0}")]
pub struct DocxError(String);

/// Half-points of the body's letters: 14 points.
const BODY: usize = 28;
/// Half-points of what stands smaller.
const SMALL: usize = 24;
/// Twentieths of a point of the line between the margins: A4 less 30 mm and 20 mm.
const LINE: usize = 9070;
const FONT: &str = "Times New Roman";

/// The letter as a .docx file.
///
/// # Errors
/// [`DocxError`]: it could not be put together.
pub fn docx(letter: &ChasingLetter, zone: Tz) -> Result<Vec<u8>, DocxError> {
    let words = Words::new(letter, zone);
    // Hướng dẫn 36-HD/VPTW: top and bottom 20 mm, left 30 mm, right 20 mm.
    let margin =
        PageMargin { top: 1134, bottom: 1134, left: 1701, right: 1134, header: 567, footer: 567, gutter: 0 };
    let fonts = RunFonts::new().ascii(FONT).hi_ansi(FONT).cs(FONT).east_asia(FONT);
    // From the second page on a number in the middle, 10 mm below the upper edge.
    let numbers = Header::new()
        .add_paragraph(Paragraph::new().align(AlignmentType::Center).add_page_num(PageNum::new()));
    let day = format!("{}T00:00:00Z", letter.day);
    let mut file = Docx::new()
        .page_size(11906, 16838)
        .page_margin(margin)
        .default_fonts(fonts)
        .default_size(BODY)
        .created_at(&day)
        .updated_at(&day)
        .header(numbers)
        .title_pg()
        .add_table(head(&words))
        .add_paragraph(Paragraph::new());
    file = file.add_paragraph(line(TO, BODY, AlignmentType::Left).indent(Some(1701), None, None, None));
    for to in &words.to {
        file = file.add_paragraph(line(to, BODY, AlignmentType::Left).indent(Some(2835), None, None, None));
    }
    file = file.add_paragraph(Paragraph::new());
    for paragraph in &words.paragraphs {
        file = file.add_paragraph(spoken(paragraph));
    }
    file = file.add_paragraph(Paragraph::new()).add_table(foot(&words));
    for list in &words.lists {
        file = file.add_paragraph(title(&list.title)).add_table(table(list)).add_paragraph(Paragraph::new());
    }
    let mut bytes = Cursor::new(Vec::new());
    file.pack(&mut bytes).map_err(|error| DocxError(error.to_string()))?;
    Ok(bytes.into_inner())
}

fn run(text: &str, size: usize) -> Run {
    Run::new().add_text(text).size(size)
}

fn line(text: &str, size: usize, align: AlignmentType) -> Paragraph {
    Paragraph::new().align(align).add_run(run(text, size))
}

/// A paragraph of the body: justified, first line indented 10 mm, air between the lines.
fn spoken(text: &str) -> Paragraph {
    line(text, BODY, AlignmentType::Both)
        .indent(None, Some(SpecialIndentType::FirstLine(567)), None, None)
        .line_spacing(LineSpacing::new().after(120).line(340).line_rule(LineSpacingType::AtLeast))
}

/// The title of a list on a page of its own.
fn title(text: &str) -> Paragraph {
    Paragraph::new()
        .align(AlignmentType::Center)
        .add_run(Run::new().add_break(BreakType::Page))
        .add_run(run(text, BODY).bold())
        .line_spacing(LineSpacing::new().after(240))
}

fn cell(width: usize, lines: Vec<Paragraph>) -> TableCell {
    let cell = TableCell::new().width(width, WidthType::Dxa).vertical_align(VAlignType::Top);
    lines.into_iter().fold(cell, TableCell::add_paragraph)
}

/// A row of two columns without borders.
fn columns(left: Vec<Paragraph>, right: Vec<Paragraph>) -> Table {
    let half = LINE / 2;
    Table::without_borders(vec![TableRow::new(vec![cell(half, left), cell(LINE - half, right)]).cant_split()])
        .set_grid(vec![half, LINE - half])
        .layout(TableLayoutType::Fixed)
        .width(LINE, WidthType::Dxa)
}

fn head(words: &Words) -> Table {
    let centred = |text: &str, size| line(text, size, AlignmentType::Center);
    let bold = |text: &str| Paragraph::new().align(AlignmentType::Center).add_run(run(text, BODY).bold());
    let last = words.issuer.len().saturating_sub(1);
    let issuer = words.issuer.iter().enumerate();
    let mut left: Vec<_> =
        issuer.map(|(at, name)| if at == last { bold(name) } else { centred(name, BODY) }).collect();
    left.push(centred("*", BODY));
    left.push(centred(words.number, BODY));
    let subject = Paragraph::new().align(AlignmentType::Center).add_run(run(&words.subject, SMALL).italic());
    left.push(subject);
    let motto =
        Paragraph::new().align(AlignmentType::Center).add_run(run(MOTTO, 30).bold().underline("single"));
    let place = Paragraph::new().align(AlignmentType::Center).add_run(run(&words.place, BODY).italic());
    columns(left, vec![motto, Paragraph::new(), place])
}

fn foot(words: &Words) -> Table {
    let underlined = Paragraph::new().add_run(run(COPIES, BODY).underline("single"));
    let copies = words.copies.iter().map(|copy| line(copy, SMALL, AlignmentType::Left));
    let left = [underlined].into_iter().chain(copies).collect();
    let [capacity, post] = SIGNED;
    let signed = |text: &str| Paragraph::new().align(AlignmentType::Center).add_run(run(text, BODY).bold());
    // Room for a signature; the name below it is the signer's to write.
    let room = (0..4).map(|_| Paragraph::new());
    columns(left, [signed(capacity), signed(post)].into_iter().chain(room).collect())
}

const WIDTHS: [usize; 4] = [700, 3700, 3170, 1500];

fn table(list: &List) -> Table {
    let [name, standing, last] = list.columns;
    let heading = ["TT", name, standing, last]
        .map(|text| Paragraph::new().align(AlignmentType::Center).add_run(run(text, SMALL).bold()));
    let mut rows = vec![row(heading)];
    let mut number = 0;
    for (heading, members) in &list.groups {
        let named = Paragraph::new().keep_next(true).add_run(run(heading, SMALL).bold());
        rows.push(TableRow::new(vec![cell(LINE, vec![named]).grid_span(4)]).cant_split());
        for [name, standing, last] in members {
            number += 1;
            rows.push(row([
                line(&number.to_string(), SMALL, AlignmentType::Center),
                line(name, SMALL, AlignmentType::Left),
                line(standing, SMALL, AlignmentType::Left),
                line(last, SMALL, AlignmentType::Center),
            ]));
        }
    }
    Table::new(rows).set_grid(WIDTHS.to_vec()).layout(TableLayoutType::Fixed).width(LINE, WidthType::Dxa)
}

fn row(cells: [Paragraph; 4]) -> TableRow {
    let cells = cells.into_iter().zip(WIDTHS).map(|(text, width)| cell(width, vec![text])).collect();
    TableRow::new(cells).cant_split()
}

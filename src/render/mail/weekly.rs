//! The table of the week, for the leadership: counts of organisations, never of persons.

use chrono::{DateTime, Utc};
use quick_xml::escape::escape;

use super::bulletin::{Attached, RenderedBulletin};
use super::{Office, words};
use crate::domain::bulletin::WeeklyNews;
use crate::domain::tally::Report;
use crate::render::line::one_line;
use crate::render::report::{By, FIGURES, aligned, rows, sentence, shown, xlsx};

/// What .xlsx is called in mails.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Cell borders and air, because Outlook heeds no style sheet here.
const CELL: &str = "padding:6px 8px;border-bottom:1px solid #d9dde3";

/// Columns of figures that a phone leaves out; they stand in the workbook.
const WIDE: [usize; 3] = [1, 2, 6];

fn class(wide: bool) -> &'static str {
    if wide { " class=\"x\"" } else { "" }
}

/// Renders the mail. A workbook that cannot be put together is left out: the table stands in the mail.
pub(super) fn weekly(news: &WeeklyNews, office: &Office) -> RenderedBulletin {
    let report = &news.report;
    let span = span(report, office);
    let files = xlsx(report).map_err(|error| tracing::error!(%error, "không dựng được bảng tuần")).ok();
    let name = format!("bang-tuan-{}.xlsx", news.day);
    RenderedBulletin {
        heading: "Bảng tuần",
        subject: format!("Tình hình thực hiện văn bản chỉ đạo, {span}"),
        text: text(report, &span, office),
        html: html(report, &span, office),
        files: files.map(|bytes| Attached { name, kind: WORKBOOK, bytes }).into_iter().collect(),
    }
}

/// `từ 09/03/2026 đến hết 15/03/2026`
fn span(report: &Report, office: &Office) -> String {
    let day = |at: DateTime<Utc>| at.with_timezone(&office.zone).date_naive();
    let last = report.window.until - chrono::TimeDelta::milliseconds(1);
    format!("từ {} đến hết {}", words::date_text(day(report.window.since)), words::date_text(day(last)))
}

const NOTE: &str = "Việc: những việc phải làm trong tuần, kể cả việc xong trong tuần; so đầu kỳ: quá hạn tăng, giảm. Chi bộ \
     chưa liên lạc được thì không tính là quá hạn. Bảng chỉ tính tổ chức, không tính cá nhân.";

fn text(report: &Report, span: &str, office: &Office) -> String {
    let mut text = format!(
        "{}\n\nKính gửi các đồng chí lãnh đạo,\n\nTình hình các chi bộ thực hiện văn bản chỉ đạo, {span}.\n\n{}",
        sentence(report),
        aligned(report, By::Committee)
    );
    if !report.directives.is_empty() {
        text.push_str(&format!("\n{}\n\n", worst_title(report)));
        for (number, row) in (1..).zip(worst(report)) {
            text.push_str(&format!("{number}. {row}\n"));
        }
    }
    text.push_str(&format!(
        "\n{NOTE}\nBảng đầy đủ trong tệp kèm theo.\n\n-- \nThư tự động của {}.\n",
        one_line(&office.name)
    ));
    text
}

fn worst_title(report: &Report) -> String {
    format!("{} văn bản còn nhiều việc quá hạn nhất", report.directives.len())
}

/// `12-KH/ĐUK – Sinh hoạt chuyên đề: 7/221 việc quá hạn, đã hoàn thành 180`
fn worst(report: &Report) -> Vec<String> {
    let mut rows = rows(report, By::Directive);
    rows.pop();
    let said = |row: &crate::render::report::Row| {
        let [symbol, subject] = &row.name;
        let about = if subject.is_empty() { String::new() } else { format!(" – {subject}") };
        let [all, _, _, _, done, late, ..] = row.figures;
        format!("{symbol}{about}: {late}/{all} việc quá hạn, đã hoàn thành {done}")
    };
    rows.iter().map(said).collect()
}

fn html(report: &Report, span: &str, office: &Office) -> String {
    let office = one_line(&office.name);
    let heading = |text: &str, align: &str, wide: bool| {
        let (class, text) = (class(wide), escape(text));
        format!("<th scope=\"col\"{class} align=\"{align}\" style=\"{CELL};text-align:{align}\">{text}</th>")
    };
    let [name, kind] = By::Committee.headings();
    let figures = FIGURES.iter().enumerate();
    let headings: String = [heading(name, "left", false), heading(kind, "left", true)]
        .into_iter()
        .chain(figures.map(|(column, text)| heading(text, "right", WIDE.contains(&column))))
        .collect();
    let worst: String =
        worst(report).iter().map(|row| format!("<li>{}</li>", escape(row.as_str()))).collect();
    let worst = match report.directives.is_empty() {
        true => String::new(),
        false => format!("<h2 style=\"font-size:17px\">{}</h2><ol>{worst}</ol>", worst_title(report)),
    };
    format!(
        "<!DOCTYPE html>\n<html lang=\"vi\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>Bảng tuần</title>\
         <style>@media (prefers-color-scheme:dark){{.p,.p td,.p th,.p h1,.p h2{{background:#1f242c!important;color:#eef1f5!important}}}}\
         @media (max-width:600px){{.x{{display:none!important}}.t th,.t td{{padding:6px 4px!important}}}}</style></head>\n\
         <body class=\"p\" style=\"margin:0;padding:16px;font:16px/1.5 Arial,Segoe UI,Tahoma,sans-serif;color:#1c2430\">\n\
         <div style=\"display:none;max-height:0;overflow:hidden;mso-hide:all\">{sentence}</div>\n\
         <h1 style=\"font-size:22px;line-height:1.4\">Tình hình thực hiện văn bản chỉ đạo, {span}</h1>\n\
         <p>{sentence}</p>\n<div style=\"overflow-x:auto\"><table class=\"t\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" \
         style=\"border-collapse:collapse;border-top:2px solid #9b1c1c;font-size:15px\"><tr>{headings}</tr>\n{}</table></div>\n\
         {worst}\n<p style=\"font-size:14px\">{NOTE}<br>Bảng đầy đủ trong tệp kèm theo.</p>\n\
         <p style=\"font-size:14px\">Thư tự động của {}.</p></body></html>\n",
        body(report),
        escape(office.as_ref()),
        sentence = escape(sentence(report).as_str()),
    )
}

fn body(report: &Report) -> String {
    let rows = rows(report, By::Committee);
    let last = rows.len().saturating_sub(1);
    let row = |(at, row): (usize, &crate::render::report::Row)| {
        let weight = if at == last { ";font-weight:bold" } else { "" };
        let [name, kind] = &row.name;
        let figures = row.figures.iter().enumerate().map(|(column, figure)| {
            // Late is told by weight and word, not by colour alone.
            let loud = if column == 5 && *figure > 0 { ";color:#9b1c1c;font-weight:bold" } else { "" };
            let figure = shown(column, *figure);
            let class = class(WIDE.contains(&column));
            format!(
                "<td{class} align=\"right\" style=\"{CELL};text-align:right{weight}{loud}\">{figure}</td>"
            )
        });
        format!(
            "<tr><th scope=\"row\" align=\"left\" style=\"{CELL};text-align:left;font-weight:bold\">{}</th>\
             <td class=\"x\" style=\"{CELL}{weight}\">{}</td>{}</tr>\n",
            escape(name.as_str()),
            escape(kind.as_str()),
            figures.collect::<String>()
        )
    };
    rows.iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{sample_office, weekly_sample};
    use super::*;

    #[test]
    fn the_table_of_a_week() {
        let rendered = weekly(&weekly_sample(), &sample_office());
        insta::assert_snapshot!("weekly_text", format!("{}\n\n{}", rendered.subject, rendered.text));
        insta::assert_snapshot!("weekly_html", rendered.html);
        assert_eq!(rendered.files.len(), 1);
    }

    #[test]
    fn a_quiet_week_names_no_worst_directive_and_markup_is_text() {
        let mut news = weekly_sample();
        news.report.directives.clear();
        news.report.groups[0].committee = Some("<b>Đảng bộ</b>".to_owned());
        let rendered = weekly(&news, &sample_office());
        assert!(!rendered.text.contains("quá hạn nhất"), "{}", rendered.text);
        assert!(rendered.html.contains("&lt;b&gt;Đảng bộ&lt;/b&gt;") && !rendered.html.contains("<ol>"));
    }
}

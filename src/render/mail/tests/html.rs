//! Every mail as HTML, in both languages: what its reader sees below the head.

use super::*;

/// The mail from its body on; the style is the same in all.
fn body(html: &str) -> &str {
    let (head, body) = html.split_once("</head>\n").unwrap();
    assert!(head.contains("prefers-color-scheme:dark") && head.contains("<title>"), "{head}");
    body
}

#[test]
fn every_letter() {
    for language in Language::ALL {
        for (number, letter) in (1..).zip(samples_in(language)) {
            let name = format!("html_{}_{number:02}_{}", language.as_str(), letter.kind.as_str());
            insta::assert_snapshot!(name, body(&renderer().render(&letter).unwrap().html));
        }
    }
}

#[test]
fn every_mail_to_staff() {
    for language in Language::ALL {
        for name in STAFF {
            let rendered = renderer().bulletin(&staff_named(name, language).unwrap()).unwrap();
            insta::assert_snapshot!(format!("html_{}_staff_{name}", language.as_str()), body(&rendered.html));
        }
    }
}

/// A template that leaves out the button would leave the office without a way to decide.
#[test]
fn an_override_that_loses_the_decision_is_set_aside() {
    let source = Template::of(Piece::BulletinHtml, Language::Vi).embedded().replace("{{ run.link }}", "#");
    let text = |name: &str| (name == "mail/bulletin.html").then(|| source.clone());
    let (_, faults) = LetterRenderer::with_overrides(sample_office(), &text).unwrap();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].message.contains("liên kết quyết định"), "{faults:?}");
}

/// Whoever hears a mail read out: one first heading, tables that say what they are for, links that say where
/// they lead.
#[test]
fn every_mail_can_be_heard() {
    for language in Language::ALL {
        let letters = samples_in(language).into_iter().map(|letter| renderer().render(&letter).unwrap().html);
        let staff = STAFF.iter().map(|name| {
            let bulletin = staff_named(name, language).unwrap();
            renderer().bulletin(&bulletin).unwrap().html
        });
        for html in letters.chain(staff) {
            assert_eq!(html.matches("<h1").count(), 1, "{html}");
            for table in html.split("<table").skip(1) {
                let own = table.split("<table").next().unwrap().split("</table").next().unwrap();
                let is_heard = own.contains("role=\"presentation\"") || own.contains("scope=\"");
                assert!(is_heard, "{own}");
            }
            for link in html.split("<a ").skip(1) {
                let (says, _) = link.split_once('>').unwrap().1.split_once("</a>").unwrap();
                assert!(!says.trim().is_empty() && !says.contains("://"), "{says}");
            }
        }
    }
}

//! The letters as people read them, and as staff change them.

mod english;
mod html;
mod looks;

use super::*;
use crate::domain::language::Language;
use crate::domain::notice::InsteadOf;
use crate::domain::obligation::Role;

fn renderer() -> LetterRenderer {
    LetterRenderer::new(sample_office()).unwrap()
}

#[test]
fn the_six_letters_in_text() {
    for letter in samples() {
        let rendered = renderer().render(&letter).unwrap();
        let subject = format!("{}{}", if rendered.follows_up { "Re: " } else { "" }, rendered.topic);
        let shown = format!("{}\n{subject}\n\n{}", rendered.heading, rendered.text);
        insta::assert_snapshot!(format!("letter_{}", letter.kind.as_str()), shown);
    }
}

/// What a cell reads when a document is updated, changed, taken back or replaced.
#[test]
fn the_letters_of_operations() {
    for (name, letter) in operation_samples() {
        let rendered = renderer().render(&letter).unwrap();
        let shown = format!("{}\n{}\n\n{}", rendered.heading, rendered.topic, rendered.text);
        insta::assert_snapshot!(format!("operation_{name}"), shown);
        let start: String = rendered.text.chars().take(120).collect();
        assert!(start.contains(&letter.facts.symbol), "{start}");
    }
}

/// What a cell reads about its own answers; the first line still says what, for whom and by when.
#[test]
fn the_letters_about_answers() {
    for (name, letter) in reply_samples() {
        let rendered = renderer().render(&letter).unwrap();
        let shown = format!("{}\n{}\n\n{}", rendered.heading, rendered.topic, rendered.text);
        insta::assert_snapshot!(format!("reply_{name}"), shown);
        let start: String = rendered.text.chars().take(120).collect();
        for part in [letter.unit_name.as_str(), "12-KH/ĐUK", "05/02/2026"] {
            assert!(start.contains(part), "{name}: {start}");
        }
    }
}

/// Word by word in HTML, with more than colour to tell old from new.
#[test]
fn what_differs_is_marked_word_by_word() {
    let (_, letter) = operation_samples().remove(1);
    let html = renderer().render(&letter).unwrap().html;
    insta::assert_snapshot!("operation_changed_html", html);
    assert!(html.contains("chuyên đề quý I <ins class=\"w\">và quý II </ins>năm 2026"), "{html}");
    assert!(html.contains("<del class=\"o\">30/01/2026</del> <ins class=\"w\">05/02/2026</ins>"), "{html}");
}

/// A plan is one letter: its tasks each with its own due and way to answer, its subject line the nearest.
#[test]
fn the_letters_of_a_plan() {
    for letter in plan_samples() {
        let rendered = renderer().render(&letter).unwrap();
        let shown = format!("{}\n{}\n\n{}", rendered.heading, rendered.topic, rendered.text);
        insta::assert_snapshot!(format!("plan_{}", letter.kind.as_str()), shown);
        let start: String = rendered.text.chars().take(120).collect();
        for part in [letter.unit_name.as_str(), "12-KH/ĐUK", "05/02/2026"] {
            assert!(start.contains(part), "{start}");
        }
        let html = &rendered.html;
        let link = letter.link.as_deref().unwrap();
        for task in &letter.tasks {
            assert!(html.contains(&format!("href=\"{link}#viec-{}\"", task.obligation)), "{html}");
        }
        assert_eq!(html.matches("href=").count(), 1 + letter.tasks.len());
    }
}

#[test]
fn the_reminder_of_a_plan_in_html() {
    insta::assert_snapshot!("plan_reminder_html", renderer().render(&plan_samples()[1]).unwrap().html);
}

/// A template of before plans would leave out what is to be done.
#[test]
fn an_override_that_knows_no_tasks_is_set_aside() {
    let source = Template::of(Piece::Text, Language::Vi).embedded().replace("{{ task.name }}", "");
    let (renderer, faults) = with_override("mail/letter.txt", &source);
    assert!(faults[0].message.contains("việc phải làm"), "{faults:?}");
    let letter = &plan_samples()[0];
    assert_eq!(renderer.render(letter).unwrap(), self::renderer().render(letter).unwrap());
}

/// A deputy is told for whom, and a successor from whom, at the place where facts stand.
#[test]
fn a_deputy_and_a_successor_are_told() {
    let letter = Letter {
        taken_over_from: Some("Chi bộ Thí dụ 3".to_owned()),
        instead_of: Some(InsteadOf {
            person: Some("đồng chí Bí thư chi bộ".to_owned()),
            until: chrono::NaiveDate::from_ymd_opt(2026, 8, 14),
        }),
        ..samples().remove(0)
    };
    insta::assert_snapshot!(renderer().render(&letter).unwrap().text);
}

#[test]
fn the_first_notice_in_html() {
    insta::assert_snapshot!("letter_notice_html", renderer().render(&samples()[0]).unwrap().html);
}

/// What a phone shows below the subject line: what, for whom, by when.
#[test]
fn the_first_120_characters_say_it_all() {
    for letter in samples() {
        let long = Letter { unit_name: format!("Chi bộ {}", "rất dài ".repeat(20)), ..letter.clone() };
        for (letter, unit) in [(&letter, letter.unit_name.as_str()), (&long, "Chi bộ rất dài")] {
            let rendered = renderer().render(letter).unwrap();
            let start: String = rendered.text.chars().take(120).collect();
            let day = if letter.kind == NoticeKind::Withdrawal { "12-KH" } else { "05/02/2026" };
            assert!(start.contains(unit) && start.contains(day), "{start}");
            let shown = rendered.html.split("mso-hide:all\">").nth(1).unwrap_or_default();
            assert!(shown.starts_with(rendered.text.lines().next().unwrap()), "{shown}");
        }
    }
    for letter in samples() {
        let start: String = renderer().render(&letter).unwrap().text.chars().take(120).collect();
        assert!(start.contains(&letter.facts.symbol), "{start}");
    }
}

/// Tone: no exclamation marks anywhere; late letters name the days.
#[test]
fn letters_keep_their_temper() {
    for letter in samples() {
        let rendered = renderer().render(&letter).unwrap();
        assert!(!rendered.text.contains('!'), "{}", rendered.text);
        let late = matches!(letter.kind, NoticeKind::Chase | NoticeKind::Escalation);
        assert_eq!(rendered.text.contains("quá hạn 2 ngày làm việc"), late, "{}", letter.kind.as_str());
    }
}

/// Nothing is fetched, nothing runs; layout tables say so, data tables have headings.
#[test]
fn the_html_is_quiet_and_accessible() {
    for letter in samples() {
        let html = renderer().render(&letter).unwrap().html;
        for wanted in
            ["<html lang=\"vi\">", "name=\"color-scheme\" content=\"light dark\"", "max-width:600px"]
        {
            assert!(html.contains(wanted), "{wanted}");
        }
        for unwanted in ["<img", "<script", "src=", "url(", "@import", "<form", "http://"] {
            assert!(!html.contains(unwanted), "{unwanted}");
        }
        assert_eq!(html.matches("<h1").count(), 1);
        for table in html.split("<table").skip(1) {
            let table = table.split("</table").next().unwrap();
            assert!(table.contains("role=\"presentation\"") || table.contains("scope=\"row\""), "{table}");
        }
        let links = html.matches("href=").count();
        assert_eq!(links, usize::from(letter.link.is_some()));
    }
}

#[test]
fn markup_in_a_document_is_shown_as_text() {
    let mut letter = samples().remove(0);
    letter.facts.subject = Some("<b>A & \"B\"</b> {{ link }}".to_owned());
    let rendered = renderer().render(&letter).unwrap();
    assert!(rendered.html.contains("&lt;b&gt;A &amp; &quot;B&quot;&lt;/b&gt; {{ link }}"));
    assert!(rendered.text.contains("Trích yếu: <b>A & \"B\"</b> {{ link }}"));
}

/// Nothing that a document or a unit may lack leaves a gap, a stray comma or the word "none".
#[test]
fn letters_about_little() {
    for letter in samples() {
        let mut letter = letter;
        letter.facts.symbol = String::new();
        (letter.facts.kind_name, letter.facts.subject, letter.facts.issued) = (None, None, None);
        letter.facts.issuer = String::new();
        (letter.topic_due, letter.due, letter.due_why, letter.days_left, letter.acknowledge_due) =
            (None, None, None, None, None);
        (letter.rule_names, letter.owes, letter.challenge) = (Vec::new(), Vec::new(), None);
        letter.role = Role::Inform;
        let letter = in_language(letter, Language::Vi);
        let office = Office { phone: None, ..sample_office() };
        let rendered = LetterRenderer::new(office).unwrap().render(&letter).unwrap();
        insta::assert_snapshot!(
            format!("bare_{}", letter.kind.as_str()),
            format!("{}\n\n{}", rendered.topic, rendered.text)
        );
    }
}

fn with_override(file: &str, source: &str) -> (LetterRenderer, Vec<TemplateFault>) {
    let text = |name: &str| (name == file).then(|| source.to_owned());
    LetterRenderer::with_overrides(sample_office(), &text).unwrap()
}

#[test]
fn staff_may_change_the_words() {
    let source = "Kính đề nghị {{ unit }} xem {{ document }}{% if due %}, {{ due.day }}{% endif %}.";
    let (renderer, faults) = with_override("mail/request.txt", source);
    assert_eq!(faults, Vec::new());
    let text = renderer.render(&samples()[0]).unwrap().text;
    assert!(
        text.contains("Kính đề nghị Chi bộ Thí dụ 1 xem Kế hoạch số 12-KH/ĐUK, thứ Năm, 05/02/2026."),
        "{text}"
    );
}

#[test]
fn a_template_saved_on_windows_is_the_same_template() {
    for template in Template::ALL {
        let source = format!("\u{feff}{}", template.embedded().replace('\n', "\r\n"));
        let (changed, faults) = with_override(template.file(), &source);
        assert_eq!(faults, Vec::new());
        for letter in [samples_in(Language::Vi), samples_in(Language::En)].concat() {
            assert_eq!(changed.render(&letter).unwrap(), renderer().render(&letter).unwrap());
        }
    }
}

/// A template that cannot work is reported with its line and set aside; letters go on as before.
#[test]
fn a_template_that_cannot_work_is_set_aside() {
    for (file, source, line, reason) in [
        ("mail/request.txt", "{{ unit }}\n{{ misspelt }}", Some(2), "misspelt"),
        ("mail/request.txt", "{% if unit %}", Some(1), "unexpected end of input"),
        (
            "mail/request.txt",
            "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}",
            None,
            "",
        ),
        (
            "mail/letter.txt",
            "{{ opening }} {{ unit }} {{ document }} {{ challenge }}",
            None,
            "liên kết xác nhận",
        ),
        ("mail/letter.txt", "{{ opening }} {{ link }} {{ unit }} {{ document }}", None, "mã xác nhận"),
    ] {
        let (renderer, faults) = with_override(file, source);
        let [fault] = faults.as_slice() else { panic!("{source}: {faults:?}") };
        assert!(fault.file.ends_with(file) && fault.message.contains(reason), "{fault}");
        assert!(line.is_none() || fault.line == line, "{fault}");
        assert_eq!(renderer.render(&samples()[0]).unwrap(), self::renderer().render(&samples()[0]).unwrap());
    }
}

/// A slip is shown at its very letters, with the names there are, wherever it hides: at the top, below a value,
/// inside a loop, in words of the template that happen to be spelt alike.
#[test]
fn an_unknown_name_is_found_at_its_place() {
    for (file, source, at, name) in [
        ("mail/request.txt", "unti: {{ unti }}", "{{ unti", "unti"),
        ("mail/request.txt", "{% if misspelt == \"x\" %}{% endif %}{{ unit }}", "{% if misspelt", "misspelt"),
        ("mail/opening.txt", "{{ unit }} {{ document.nmae }}", "{{ document.nmae", "nmae"),
        ("mail/opening.en.txt", "{{ unit }}\n{{ ofice }}", "{{ ofice", "ofice"),
    ] {
        let (_, faults) = with_override(file, source);
        let [fault] = faults.as_slice() else { panic!("{source}: {faults:#?}") };
        let unknown = fault.unknown.as_ref().unwrap_or_else(|| panic!("{fault:#?}"));
        assert_eq!(unknown.name, name);
        assert!(unknown.known.iter().any(|known| known == "unit"), "{:?}", unknown.known);
        let end = source.find(at).unwrap() + at.len();
        assert_eq!(fault.span.as_ref().map(|span| span.end), Some(end), "{fault:#?}");
    }
    let source =
        Template::of(Piece::Text, Language::Vi).embedded().replace("{{ row.label }}", "{{ row.lable }}");
    let (_, faults) = with_override("mail/letter.txt", &source);
    let unknown = faults[0].unknown.as_ref().unwrap();
    assert_eq!(unknown.name, "lable");
    assert!(unknown.known.iter().any(|known| known == "label"));
}

/// One template at a time: the others stay as they are, and the other language does not notice.
#[test]
fn an_override_changes_its_own_language_alone() {
    let (renderer, faults) = with_override(
        "mail/request.en.txt",
        "Dear {{ unit }}, {{ document }}{% if due %}, {{ due.day }}{% endif %}.",
    );
    assert_eq!(faults, Vec::new());
    let english = in_language(samples().swap_remove(0), Language::En);
    let text = renderer.render(&english).unwrap().text;
    assert!(text.contains("Dear Chi bộ Thí dụ 1, Kế hoạch No. 12-KH/ĐUK, Thursday, 05/02/2026."), "{text}");
    let vietnamese = &samples()[0];
    assert_eq!(renderer.render(vietnamese).unwrap(), self::renderer().render(vietnamese).unwrap());
}

/// The list that staff look names up in holds what the templates use.
#[test]
fn the_names_are_listed_with_examples() {
    let list = fields::list(&sample_office());
    insta::assert_snapshot!(
        list.iter().map(|(name, example)| format!("{name} = {example}\n")).collect::<String>()
    );
}

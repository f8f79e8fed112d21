//! Colours that can be read, by the rule of WCAG 2.2 §1.4.3: contrast of at least 4.5, light and dark.

use super::*;

/// Least contrast of text against what lies behind it.
const LEAST: f64 = 4.5;

/// The colour that `selector` declares as `property`, in the last rule that does.
fn declared(css: &str, selector: &str, property: &str) -> String {
    let rules = css.split('}').filter_map(|rule| rule.rsplit_once('{'));
    let own = rules.filter(|(selectors, _)| selectors.split(',').any(|one| one.trim() == selector));
    let values = own.flat_map(|(_, body)| body.split(';')).filter_map(|line| line.split_once(':'));
    let found = values.rev().find(|(name, _)| name.trim() == property);
    let (_, value) = found.unwrap_or_else(|| panic!("{selector} declares no {property}"));
    value.trim().trim_end_matches("!important").to_owned()
}

/// Relative luminance of `#rgb` or `#rrggbb`.
fn luminance(colour: &str) -> f64 {
    let digits = colour.strip_prefix('#').unwrap();
    let wide = if digits.len() == 3 {
        digits.chars().flat_map(|digit| [digit, digit]).collect()
    } else {
        digits.to_owned()
    };
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(wide.get(at..at + 2).unwrap(), 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
}

fn contrast(front: &str, behind: &str) -> f64 {
    let (a, b) = (luminance(front), luminance(behind));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn contrast_is_computed_as_the_rule_says() {
    assert!((contrast("#000", "#fff") - 21.0).abs() < 0.01);
    assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.01, "just too little");
}

#[test]
fn every_text_can_be_read_in_light_and_in_dark() {
    let style = Template::of(Piece::Style, Language::Vi).embedded();
    let (light, dark) = style.split_once("@media (prefers-color-scheme:dark){").unwrap();
    let light = light.split_once("<style>").unwrap().1;
    let card = |css: &str, is_dark: bool| {
        if is_dark { declared(css, ".c", "background") } else { "#fff".to_owned() }
    };
    for (name, css, is_dark) in [("light", light, false), ("dark", dark, true)] {
        let plain = if is_dark { ".c td" } else { ".c td td" };
        for (text, behind) in [
            (declared(css, plain, "color"), card(css, is_dark)),
            (declared(css, ".c .m", "color"), card(css, is_dark)),
            (declared(css, ".c .l", "color"), card(css, is_dark)),
            (declared(css, ".c .o", "color"), card(css, is_dark)),
            (declared(css, ".c .w", "color"), card(css, is_dark)),
            (
                declared(css, ".c .d td", "color"),
                if is_dark { declared(css, ".c .d", "background") } else { "#fdf3dc".to_owned() },
            ),
            (declared(css, ".c td.b a", "color"), "#9b1c1c".to_owned()),
        ] {
            let found = contrast(&text, &behind);
            assert!(found >= LEAST, "{name}: {text} on {behind} has {found:.2}");
        }
    }
    let templates = [Piece::Frame, Piece::Html].map(|piece| Template::of(piece, Language::Vi).embedded());
    let html = templates.concat();
    for (element, colour) in [("class=\"d\"", "#fdf3dc"), ("class=\"b\"", "#9b1c1c"), ("class=\"c\"", "#fff")]
    {
        let tag = html.split('<').find(|tag| tag.contains(element)).unwrap();
        assert!(tag.contains(&format!("background:{colour}")), "{tag}");
    }
}

/// Every colour that stands inline can be read on the card or on the notice of the due day, where the style is
/// dropped and dark mode does not exist.
#[test]
fn inline_colours_can_be_read_without_the_style() {
    for letter in samples_in(Language::Vi).into_iter().chain(samples_in(Language::En)) {
        let html = renderer().render(&letter).unwrap().html;
        let body = html.split("</head>").nth(1).unwrap();
        for colour in body.split(";color:").skip(1).chain(body.split("\"color:").skip(1)) {
            let colour: String =
                colour.chars().take_while(|one| *one == '#' || one.is_ascii_hexdigit()).collect();
            let behind = if colour == "#fff" { "#9b1c1c" } else { "#fff" };
            let found = contrast(&colour, behind);
            assert!(found >= LEAST, "{colour} on {behind}: {found:.2}");
        }
    }
}

/// Layout that Outlook's Word engine and old webmail understand, in both languages.
#[test]
fn the_layout_is_made_of_tables() {
    for letter in samples_in(Language::Vi).into_iter().chain(samples_in(Language::En)) {
        let html = renderer().render(&letter).unwrap().html;
        for modern in ["display:grid", "display:flex", "var(--", "position:", "float:", "<svg", "calc("] {
            assert!(!html.contains(modern), "{modern}");
        }
        assert!(html.contains(&format!("<html lang=\"{}\">", letter.language.as_str())));
        assert!(html.len() < 100_000, "Gmail cuts mails off at 102 kB: {}", html.len());
    }
}

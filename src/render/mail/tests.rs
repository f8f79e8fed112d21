//! The letters as people read them.

use super::*;

fn renderer() -> LetterRenderer {
    LetterRenderer::new(sample_office()).unwrap()
}

#[test]
fn the_six_letters_in_text() {
    for letter in samples() {
        let rendered = renderer().render(&letter).unwrap();
        insta::assert_snapshot!(
            format!("letter_{}", letter.kind.as_str()),
            format!(
                "{}{}\n\n{}",
                if rendered.follows_up { "Re: " } else { "" },
                rendered.topic,
                rendered.text
            )
        );
    }
}

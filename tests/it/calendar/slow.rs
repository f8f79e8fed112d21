//! No text holds up the documents behind it.

use std::time::{Duration, Instant};

use vanthu::domain::deadline::read_all;

use crate::support::office::office;

/// Texts made to be slow: what repeats is what the patterns look for.
#[test]
fn no_text_takes_long() {
    let (office, day) = (office(), "2026-03-04".parse().unwrap());
    let pieces = [
        "trước ngày ",
        "hạn ",
        "1/",
        "trong vòng 5 ngày kể từ ",
        "gửi báo cáo về ban ",
        "báo cáo trong 3 ngày, ",
        "ngày 15/3/2026 ",
        "thứ hai ",
        "định kỳ hằng tháng ",
        "số 1-CV/TU ",
        "a",
        "9",
        "\u{301}",
        "trước 16 giờ 30 phút ",
        "(",
    ];
    for piece in pieces {
        let text = piece.repeat(200_000 / piece.len());
        let begun = Instant::now();
        let reading = read_all(&text, None, day, &office.calendar);
        let took = begun.elapsed();
        // Unoptimised code and a busy machine: the figure for the real thing is 100 ms.
        assert!(took < Duration::from_secs(5), "{piece:?}: {took:?}, {} found", reading.proposals.len());
    }
}

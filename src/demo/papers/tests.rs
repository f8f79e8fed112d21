//! Counts, repetition, and that each trap is there.

use std::collections::BTreeSet;

use chrono::Timelike;
use unicode_normalization::is_nfc;
use unicode_normalization::is_nfd;

use super::*;

fn end() -> DateTime<Utc> {
    "2026-11-27T08:00:00+07:00".parse().unwrap()
}

fn all() -> Vec<Paper> {
    papers(end(), 2026)
}

fn count(wanted: impl Fn(&Paper) -> bool) -> usize {
    all().iter().filter(|paper| wanted(paper)).count()
}

#[test]
fn the_same_seed_gives_the_same_papers() {
    assert_eq!(all(), all());
    assert_ne!(all(), papers(end(), 2027));
    assert_eq!(all().len(), COUNT);
}

#[test]
fn every_end_and_seed_gives_a_full_and_ordered_register() {
    for (days, seed) in (0..400).step_by(13).zip(0..) {
        let end = end() + TimeDelta::days(days);
        let papers = papers(end, seed);
        assert_eq!(papers.len(), COUNT);
        assert!(papers.is_sorted_by_key(|paper| paper.received));
        assert!(
            papers
                .iter()
                .all(|paper| paper.received < end && end - paper.received < TimeDelta::days(DAYS + 1))
        );
        assert!(papers.iter().all(|paper| !paper.subject.contains(['{', '}'])));
        let symbols: BTreeSet<_> = papers.iter().map(|paper| (&paper.symbol, paper.issued)).collect();
        assert!(symbols.len() >= COUNT - 1, "two letters without a number may share a day");
        assert_eq!(papers.iter().map(|paper| paper.id).collect::<BTreeSet<_>>().len(), COUNT);
    }
}

#[test]
fn papers_arrive_in_office_hours_except_hoa_toc() {
    for paper in all() {
        let local = paper.received.with_timezone(&worktime::zone());
        let office = (7..17).contains(&local.hour()) || (local.hour(), local.minute()) == (17, 0);
        assert!(worktime::is_working_day(local.date_naive()), "{}", paper.symbol);
        let express = ["Hoả tốc", "Hỏa tốc"].iter().any(|name| paper.urgency.starts_with(name));
        assert_eq!(!office, express, "{}: {local}", paper.symbol);
        assert!(paper.issued <= local.date_naive());
        assert!(paper.due.is_none_or(|due| due > paper.issued));
    }
}

#[test]
fn every_trap_is_there() {
    let secret_texts = ["(MẬT)"];
    let open =
        |paper: &Paper| paper.secrecy.as_deref().is_some_and(|mark| mark == "Thường" || mark == "Không mật");
    for (name, expected, seen) in [
        ("marked Mật", 1, count(|paper| paper.secrecy.as_deref() == Some("Mật"))),
        ("mark left empty", 1, count(|paper| paper.secrecy.as_deref() == Some(""))),
        (
            "mark in the subject only",
            1,
            count(|paper| open(paper) && secret_texts.iter().any(|text| paper.subject.contains(text))),
        ),
        (
            "mark in a file name only",
            1,
            count(|paper| open(paper) && paper.files.iter().any(|file| file.name.contains("TOI_MAT"))),
        ),
        ("decomposed", 2, count(|paper| !is_nfc(&paper.subject) && is_nfd(&paper.subject))),
        ("hoả tốc, new tone place", 2, count(|paper| paper.urgency.starts_with("Hoả tốc"))),
        ("hỏa tốc, old tone place", 1, count(|paper| paper.urgency == "Hỏa tốc")),
        ("entities", 1, count(|paper| paper.subject.contains("&ldquo;") && paper.subject.contains("&amp;"))),
        ("unnumbered", 2, count(|paper| paper.symbol.is_empty())),
        ("strangers", UNMATCHED, count(|paper| paper.signer.is_empty())),
        ("enterprises", 1, count(|paper| paper.subject.contains("doanh nghiệp"))),
        (
            "old tone places",
            1,
            count(|paper| paper.subject.contains("hòa giải") && paper.subject.contains("Đảng ủy")),
        ),
    ] {
        assert_eq!(seen, expected, "{name}");
    }
}

#[test]
fn late_arrivals_lie_three_working_days_behind() {
    let late = count(|paper| {
        let arrived = worktime::local_date(paper.received);
        paper.issued <= worktime::days_earlier(arrived, 3)
    });
    assert_eq!(late, 2);
}

#[test]
fn the_mix_is_that_of_a_register() {
    for (name, at_least, seen) in [
        (
            "for all cells",
            8,
            count(|paper| paper.subject.nfc_contains("sinh hoạt") || paper.subject.contains("đảng phí")),
        ),
        ("with a due field", 14, count(|paper| paper.due.is_some())),
        ("without one", 14, count(|paper| paper.due.is_none())),
        ("deadline in words", 8, count(|paper| paper.subject.contains("trước ngày"))),
        ("Thường", 40, count(|paper| paper.urgency == "Thường")),
        ("Khẩn", 2, count(|paper| paper.urgency == "Khẩn")),
        ("of the State", 5, count(|paper| paper.symbol.contains("UBND"))),
        ("only to be known", 7, count(|paper| paper.list == List::Notify)),
    ] {
        assert!(seen >= at_least, "{name}: {seen}");
    }
}

trait NfcContains {
    fn nfc_contains(&self, text: &str) -> bool;
}

impl NfcContains for String {
    fn nfc_contains(&self, text: &str) -> bool {
        unicode_normalization::UnicodeNormalization::nfc(self.as_str()).collect::<String>().contains(text)
    }
}

#[test]
fn the_first_papers_read_like_this() {
    let lines: Vec<String> = all()
        .iter()
        .take(12)
        .map(|paper| {
            let local = paper.received.with_timezone(&worktime::zone()).format("%d/%m %H:%M");
            format!("{local} | {} | {} | {} | {}", paper.symbol, paper.issuer, paper.urgency, paper.subject)
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

//! What staff are told by mail, one of each kind: what overrides are tried on, and what the tests read.

use chrono::{DateTime, NaiveDate};

use super::weekly_sample;
use crate::domain::bulletin::{
    Bulletin, CalendarNews, HintNews, News, RequestNews, RestLine, RestNews, RestoringNews, SourceNews,
};
use crate::domain::calendar::{Wanting, YearStanding};
use crate::domain::edition::Impact;
use crate::domain::ids::{DocumentId, HoldId, ObligationId, RequestId};
use crate::domain::language::Language;
use crate::domain::obligation::RespiteKind;
use crate::domain::watch::{Concern, Odd};

/// One mail of each kind but the weekly one, to a reader of a language.
pub fn bulletin_samples(language: Language) -> Vec<Bulletin> {
    news().into_iter().map(|news| of(news, language)).collect()
}

/// Names of what staff are told, in the order of [`bulletin_samples`]; the weekly one last.
pub const STAFF: [&str; 16] = [
    "request",
    "declined",
    "hint",
    "broken",
    "waiting",
    "failing",
    "gap",
    "emptied",
    "quiet",
    "skewed",
    "uncompared",
    "over",
    "calendar",
    "rest",
    "restoring",
    "weekly",
];

/// One of them by its name.
pub fn staff_named(name: &str, language: Language) -> Option<Bulletin> {
    let all = bulletin_samples(language).into_iter().chain([weekly_bulletin(language)]);
    STAFF.into_iter().zip(all).find(|(own, _)| *own == name).map(|(_, bulletin)| bulletin)
}

/// The weekly one.
pub fn weekly_bulletin(language: Language) -> Bulletin {
    of(News::Weekly(weekly_sample()), language)
}

fn of(news: News, language: Language) -> Bulletin {
    Bulletin {
        id: 1,
        message_id: "x@vanthu.example".to_owned(),
        to: "quy-tac@duk.example".to_owned(),
        language,
        news,
        author: "nguyen-van-a".to_owned(),
        force: "a".repeat(64),
        at: DateTime::from_timestamp(1_770_000_000, 0).unwrap_or_default(),
    }
}

fn news() -> Vec<News> {
    let findings =
        "lỗi[VT023]: `leader` không phải giá trị của `role`\n --> rules.d/10.toml:3:8\n\n1 lỗi, 0 cảnh báo\n";
    let impact = Impact { documents: 40, changed: 12, removed: 60, cells: 5, ..Impact::default() };
    let since = DateTime::from_timestamp(1_769_990_000, 0).unwrap_or_default();
    let concern = |odd, detail: &str| Concern { odd, since, detail: detail.to_owned() };
    let source = |concern, over| News::Source(SourceNews { source: "ioffice".to_owned(), concern, over });
    let day = |day| NaiveDate::from_ymd_opt(2026, 3, day);
    let asks = RequestNews {
        request: RequestId(3),
        hold: HoldId(7),
        cell: "Chi bộ Thí dụ 1".to_owned(),
        document: "12-KH/ĐUK, Đảng uỷ Khối".to_owned(),
        task: None,
        due: day(13),
        until: day(20),
        suggested: None,
        reason: "<Bí thư đi học>".to_owned(),
        link: Some("https://vanthu.example/d/d1.a.x".to_owned()),
        code: Some("482 913".to_owned()),
    };
    let declined = RequestNews {
        task: Some("Quán triệt kế hoạch".to_owned()),
        until: None,
        suggested: Some("Chi bộ Thí dụ 9".to_owned()),
        reason: "nhiệm vụ của khối doanh nghiệp".to_owned(),
        ..asks.clone()
    };
    let hint = HintNews {
        month: "2026-03".to_owned(),
        rule: "chuyen-de-quy".into(),
        name: "Sinh hoạt chuyên đề theo quý".to_owned(),
        corrections: 4,
        cells: vec![("Chi bộ Thí dụ 1".to_owned(), 3), ("Chi bộ Thí dụ 2".to_owned(), 1)],
        suggested: vec![("Chi bộ Thí dụ 9".to_owned(), 2)],
    };
    vec![
        News::Request(asks),
        News::Request(declined),
        News::Hint(hint),
        News::Broken { findings: findings.to_owned() },
        News::Waiting { edition: "b".repeat(64), impact },
        source(concern(Odd::Failing, "không kết nối được: hết thời gian chờ trả lời"), false),
        source(concern(Odd::Gap, "nguồn đếm 120 dòng nhưng chỉ liệt kê 96"), false),
        source(concern(Odd::Emptied, "danh sách còn 3 dòng, thường là 120"), false),
        source(concern(Odd::Quiet, "đã quá số giờ làm việc đặt ở watch.quiet_after"), false),
        source(concern(Odd::Skewed, "đồng hồ của nguồn chạy chậm 7200 giây so với máy này"), false),
        source(concern(Odd::Uncompared, "tra cứu: nguồn đếm 132 dòng nhưng chỉ đưa ra 100"), false),
        source(concern(Odd::Gap, ""), true),
        News::Calendar(CalendarNews {
            month: "2026-11".to_owned(),
            wanting: vec![
                Wanting { year: 2026, standing: YearStanding::Draft },
                Wanting { year: 2027, standing: YearStanding::Missing },
            ],
        }),
        rest(),
        restoring(),
    ]
}

fn restoring() -> News {
    let at = |hour| NaiveDate::from_ymd_opt(2026, 3, 2)?.and_hms_opt(hour, 0, 0).map(|at| at.and_utc());
    News::Restoring(RestoringNews {
        restoration: 1,
        origin: "vanthu-20260301T180000Z.db".to_owned(),
        taken: at(1),
        restored: at(2).unwrap_or_default(),
        author: "nguyen-van-a".to_owned(),
        days: 1,
    })
}

fn rest() -> News {
    let day = |day| NaiveDate::from_ymd_opt(2026, 3, day);
    let line = RestLine {
        obligation: ObligationId(12),
        document: DocumentId(5),
        kind: RespiteKind::Mute,
        cell: "Chi bộ Thí dụ 1".to_owned(),
        called: "12-KH/ĐUK, Đảng uỷ Khối".to_owned(),
        task: None,
        due: day(13),
        author: "nguyen-van-a".to_owned(),
        reason: "<Bí thư đi học>".to_owned(),
    };
    let paused = RestLine {
        obligation: ObligationId(17),
        kind: RespiteKind::Pause,
        cell: "Chi bộ Thí dụ 9".to_owned(),
        task: Some("Quán triệt kế hoạch".to_owned()),
        reason: "chờ hướng dẫn của cấp trên".to_owned(),
        ..line.clone()
    };
    News::Rest(RestNews { ends: day(6).unwrap_or_default(), rests: vec![line, paused] })
}

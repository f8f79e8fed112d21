//! A sample office with directives in every shape, for the tests that render pages.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use serde_json::json;

use super::{Setting, Shell, words};
use crate::app::ports::{
    Abilities, Ability, DocumentRow, Heard, JournalKind, JournalRow, NoticeRow, ObligationRow, OriginId,
    StatusRow, StatusTally, StoredDuty,
};
use crate::domain::calendar::{BeforeDay, Calendar};
use crate::domain::document::{Attachment, Document, Exchange, Operation, Reference, Steering, Urgency};
use crate::domain::ids::{DocumentId, DutyId, NoticeId, ObligationId, RevisionId, StatusId, TaskId, UnitId};
use crate::domain::ladder::Ladder;
use crate::domain::notice::{Delivery, NoticeKind};
use crate::domain::obligation::{Contact, DueWhy, Duty, Grade, Obligation, Owed, Role, State};
use crate::domain::operation::Standing;
use crate::domain::status::{Status, StatusCode};
use crate::domain::unit::{Kind, Mailbox, Unit, Units, Validity};

mod request;

pub(in crate::render::pages) use request::{doubts, requests};

pub(super) fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+07:00").parse().unwrap()
}

pub(super) fn now() -> DateTime<Utc> {
    at("2026-03-16T10:21")
}

pub(super) fn calendar() -> Calendar {
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
    Calendar {
        zone: chrono_tz::Asia::Ho_Chi_Minh,
        week: [true, true, true, true, true, false, false],
        mornings: [false; 7],
        sectors: std::collections::BTreeMap::new(),
        hours: vec![(time(7), time(17))],
        before_day: BeforeDay::Exclusive,
        years: BTreeMap::new(),
    }
}

const CELLS: [&str; 6] = [
    "Chi bộ Ban Quản lý các khu công nghiệp",
    "Chi bộ Báo và Phát thanh, truyền hình",
    "Chi bộ Sở Nội vụ",
    "Chi bộ Sở Tư pháp",
    "Chi bộ Thanh tra tỉnh",
    "Chi bộ Trung tâm Phục vụ hành chính công",
];

pub(super) fn units() -> Units {
    let kind = Kind { id: "base-cell".to_owned(), name: "chi bộ cơ sở".to_owned(), cell: true };
    let unit = |(n, name): (usize, &&str)| Unit {
        mailboxes: (n != 4)
            .then(|| Mailbox {
                address: format!("cb{n}@example.vn"),
                post: "secretary".to_owned(),
                order: 1,
                valid: Validity::default(),
                language: None,
            })
            .into_iter()
            .collect(),
        ..Unit::new(UnitId(format!("cb-{n}")), "base-cell", name)
    };
    Units::new(None, vec![kind], BTreeMap::new(), CELLS.iter().enumerate().map(unit))
}

pub(super) struct Sample {
    units: Units,
    calendar: Calendar,
}

impl Sample {
    pub(super) fn new() -> Self {
        Self { units: units(), calendar: calendar() }
    }

    pub(super) fn setting(&self, here: &'static str) -> Setting<'_> {
        let shell = Shell {
            office: "Văn phòng Đảng uỷ Khối".to_owned(),
            banners: vec!["DỮ LIỆU GIẢ: không thư nào tới người thật".to_owned()],
            here,
            written: words::moment(now(), &self.calendar),
        };
        Setting { shell, units: &self.units, calendar: &self.calendar, now: now() }
    }
}

pub(super) fn document(symbol: &str, subject: &str, urgency: Urgency) -> Document {
    Document {
        source: "ioffice".into(),
        external_id: "104233".into(),
        symbol: symbol.to_owned(),
        kind_name: Some("Kế hoạch".to_owned()),
        subject: subject.to_owned(),
        content: None,
        issuer: "Đảng uỷ Khối".to_owned(),
        signer: Some("Phó Bí thư Thường trực".to_owned()),
        issued: "2026-03-02".parse().ok(),
        received: Some(at("2026-03-02T08:10")),
        due: None,
        urgency,
        operation: Operation::New,
        steering: Steering::Unknown,
        addressees: Vec::new(),
        exchange: Exchange::default(),
        field: Some("Xây dựng Đảng".to_owned()),
        attachments: vec![Attachment {
            external_id: "1".to_owned(),
            name: "12-KH.pdf".to_owned(),
            size: Some(48_100),
            stored: None,
        }],
    }
}

pub(super) fn row(
    id: i64,
    document: Document,
    due: Option<&str>,
    late: u64,
    tally: &[(State, u64)],
) -> DocumentRow {
    DocumentRow {
        id: DocumentId(id),
        revision: RevisionId(id),
        source: "ioffice".into(),
        external_id: "104233".into(),
        document,
        registered: at("2026-03-02T08:15") + TimeDelta::days(id),
        standing: Standing::InForce,
        tally: tally.to_vec(),
        cells: tally.iter().map(|(_, n)| n).sum(),
        due: due.map(at),
        late,
    }
}

pub(super) fn rows() -> Vec<DocumentRow> {
    use State::{Acknowledged, Done, Open};
    vec![
        row(
            1,
            document("12-KH/ĐUK", "Kế hoạch sinh hoạt chuyên đề quý I năm 2026", Urgency::Normal),
            Some("2026-03-14T00:00"),
            7,
            &[(Open, 21), (Acknowledged, 120), (Done, 80)],
        ),
        row(
            2,
            document("05-CV/ĐUK", "V/v báo cáo nhanh tình hình đảng viên sau bão số 2", Urgency::Express),
            Some("2026-03-18T00:00"),
            0,
            &[(Open, 2), (Acknowledged, 4)],
        ),
        row(
            3,
            document(
                "31-HD/BTGĐU",
                "Hướng dẫn tuyên truyền <b>kỷ niệm</b> các ngày lễ lớn",
                Urgency::Unknown,
            ),
            Some("2026-04-30T00:00"),
            0,
            &[(Acknowledged, 221)],
        ),
        row(
            4,
            document("08-TB/ĐUK", "Thông báo kết luận giao ban tháng 2", Urgency::Normal),
            None,
            0,
            &[(Done, 38)],
        ),
        row(5, document("", "Giấy mời dự lễ trao Huy hiệu Đảng", Urgency::Urgent), None, 0, &[]),
    ]
}

pub(super) fn obligation(n: usize, state: State, contact: Contact) -> ObligationRow {
    ObligationRow {
        obligation: Obligation {
            id: ObligationId(n as i64),
            document: DocumentId(1),
            revision: RevisionId(1),
            duty: DutyId(1),
            task: TaskId::only(),
            cell: UnitId(format!("cb-{n}")),
            state,
            opened: at("2026-03-02T08:15"),
            since: at("2026-03-03T09:00"),
            acknowledge_due: Some(at("2026-03-04T00:00")),
            due: Some(at("2026-03-14T00:00")),
            grade: (state != State::Open).then_some(Grade::Verified),
            promised: (n == 1).then(|| "2026-03-20".parse().unwrap()),
            extension_asked: None,
            step: 0,
            next_action: None,
        },
        contact,
        notices_sent: 2,
    }
}

pub(super) fn duty() -> StoredDuty {
    StoredDuty {
        id: DutyId(1),
        duty: Duty {
            task: None,
            role: Role::Lead,
            owes: vec![Owed::Acknowledge, Owed::Report],
            rules: vec!["chuyen-de-quy".into()],
            rule_names: vec!["Sinh hoạt chuyên đề theo quý".to_owned()],
            acknowledge_due: Some(at("2026-03-04T00:00")),
            due: Some(at("2026-03-14T00:00")),
            due_why: Some(DueWhy {
                reading: "Hết ngày 13/03/2026, đọc từ văn bản.".to_owned(),
                phrase: Some("báo cáo kết quả trước ngày 14/3/2026".to_owned()),
                proposal: true,
                calendar: "a1b2c3".to_owned(),
                basis: None,
                again: None,
            }),
            ladder: Ladder { name: "standard".to_owned(), ..Ladder::default() },
            grade: Grade::Clicked,
            figures: Vec::new(),
            ruleset: "0123456789ab".to_owned(),
        },
    }
}

pub(super) fn notice(id: i64, kind: NoticeKind, delivery: Delivery, sent: Option<&str>) -> NoticeRow {
    NoticeRow {
        id: NoticeId(id),
        document: DocumentId(1),
        revision: RevisionId(1),
        unit: UnitId(format!("cb-{}", id % 6)),
        kind,
        step: "00".to_owned(),
        mailbox: format!("cb{}@example.vn", id % 6),
        message_id: format!("m{id}@vanthu.example"),
        delivery,
        send_at: at("2026-03-16T08:00"),
        tries: 1 + u32::from(delivery == Delivery::Failed),
        sent_at: sent.map(at),
        reply: (delivery == Delivery::Failed).then(|| "550 5.1.1 không có hộp thư này".to_owned()),
    }
}

pub(super) fn notices() -> Vec<NoticeRow> {
    vec![
        notice(3, NoticeKind::Notice, Delivery::Failed, None),
        notice(9, NoticeKind::Reminder, Delivery::Queued, None),
        notice(1, NoticeKind::Notice, Delivery::Sent, Some("2026-03-02T08:16")),
        notice(2, NoticeKind::Notice, Delivery::Sent, Some("2026-03-02T08:17")),
    ]
}

pub(super) fn journal() -> Vec<JournalRow> {
    let entry = |number, when, kind, detail| JournalRow {
        number,
        at: at(when),
        kind,
        document: Some(DocumentId(1)),
        obligation: None,
        detail,
        hash: String::new(),
    };
    let answered = json!({
        "cell": "cb-2", "revision": 1, "state": "done", "grade": "verified", "channel": "link", "actor": null,
        "reason": null,
        "answer": {"answer": "done", "report_symbol": "03-BC/CB", "report_date": "2026-03-12", "note": null},
    });
    vec![
        entry(1, "2026-03-02T08:15", JournalKind::Registered, json!({"revision": 1, "fingerprint": "ab"})),
        entry(
            2,
            "2026-03-02T08:15",
            JournalKind::Routed,
            json!({"outcome": "assigned", "role": "lead", "cells": ["cb-0", "cb-1"], "notices": 2}),
        ),
        entry(3, "2026-03-12T16:05", JournalKind::Answered, answered),
        entry(
            4,
            "2026-03-13T09:00",
            JournalKind::Held,
            json!({"hold": 7, "kind": "declined", "cell": "cb-3"}),
        ),
        entry(5, "2026-03-16T08:00", JournalKind::Stepped, json!({"steps": [{}, {}, {}]})),
        entry(
            6,
            "2026-03-16T08:05",
            JournalKind::Seen,
            json!({"source": "ioffice", "cells": [{"cell": "cb-5", "seen": at("2026-03-16T08:02")}]}),
        ),
    ]
}

pub(super) fn trace() -> String {
    json!({
        "outcome": {"outcome": "assigned", "assignments": [{"duty": {}, "cells": ["cb-0", "cb-1"]}]},
        "ruleset": "0123456789ab",
        "rules": [
            {"rule": "luu", "name": "Chỉ để lưu", "place": "00-luu.toml:3", "verdict": "not-met", "cells": 0,
             "checks": [{"condition": "kind", "expected": "GM, GGT", "actual": "KH", "met": false}]},
            {"rule": "chuyen-de-quy", "name": "Sinh hoạt chuyên đề theo quý", "place": "10-chuyen-de.toml:12",
             "verdict": "matched", "cells": 2,
             "checks": [{"condition": "text_any", "expected": "sinh hoạt chuyên đề", "actual": "có trong trích yếu", "met": true}]},
        ],
    })
    .to_string()
}

fn status(id: i64, code: StatusCode, delivery: Delivery, said: &str, reply: Option<&str>) -> StatusRow {
    StatusRow {
        id: StatusId(id),
        document: DocumentId(1),
        origin: OriginId { source: "ioffice".into(), external_id: "4021".into() },
        code,
        occasion: String::new(),
        key: format!("{id:032x}"),
        description: said.to_owned(),
        author: (id == 3).then(|| "lan".to_owned()),
        reason: None,
        at: at("2026-03-02T08:15"),
        delivery,
        send_at: at("2026-03-02T08:15"),
        tries: 1,
        sent_at: (delivery == Delivery::Sent).then(|| at("2026-03-02T08:16")),
        reply: reply.map(str::to_owned),
    }
}

pub(super) fn statuses() -> Vec<StatusRow> {
    let failed = Some("báo trạng thái: mã HTTP 403");
    vec![
        status(3, StatusCode::Assigned, Delivery::Queued, "đã giao 221 chi bộ", None),
        status(2, StatusCode::Accepted, Delivery::Failed, "181/221 chi bộ đã nhận", failed),
        status(1, StatusCode::Arrived, Delivery::Sent, "", Some("ý kiến có dấu vanthu-00000000")),
    ]
}

pub(super) fn status_tally() -> Vec<StatusTally> {
    let line = |delivery, count| StatusTally {
        source: "ioffice".into(),
        delivery,
        count,
        undecided: if delivery == Delivery::Failed { count } else { 0 },
        oldest: at("2026-03-02T08:15"),
    };
    vec![line(Delivery::Queued, 2), line(Delivery::Sent, 1_204), line(Delivery::Failed, 1)]
}

pub(super) fn heard() -> Vec<Heard> {
    let status = Status {
        from: "000.00.77.H99".to_owned(),
        from_name: Some("Văn phòng Tỉnh uỷ Mẫu".to_owned()),
        about: Reference::default(),
        digits: "13".to_owned(),
        description: Some("gửi nhầm phụ lục".to_owned()),
        at: None,
    };
    let origin = OriginId { source: "truc".into(), external_id: "9".into() };
    vec![Heard { origin, document: Some(DocumentId(1)), status, at: at("2026-03-05T10:00") }]
}

pub(super) fn abilities() -> Abilities {
    Abilities {
        read_receipts: Ability::No,
        statuses: Ability::Yes,
        files: Ability::No,
        operations: Ability::Off,
        counts: Ability::Yes,
    }
}

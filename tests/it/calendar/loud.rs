//! A year nobody confirmed is told to whoever looks after the calendar, once a month until it is.

use vanthu::app::almanac::remind;
use vanthu::domain::bulletin::News;
use vanthu::domain::calendar::{YearStanding, wanting_sentence};

use crate::support::rig::Rig;

#[tokio::test]
async fn whoever_looks_after_the_calendar_is_reminded_once_a_month() {
    let mut rig = Rig::at("2026-10-31 09:00").await;
    rig.office.calendar.years.retain(|year, _| *year <= 2026);
    let told = async |rig: &Rig| {
        remind(rig.store.as_ref(), &rig.office, &rig.policy, Some("quy-tac@duk.example"), rig.clock_now())
            .await
            .unwrap()
    };
    assert!(!told(&rig).await, "nobody asks for next year in October");
    rig.go("2026-11-02 09:00");
    assert!(told(&rig).await);
    assert!(!told(&rig).await, "once a month");
    rig.go("2026-12-01 09:00");
    assert!(told(&rig).await);
    rig.office.calendar.years.insert(2027, Default::default());
    rig.go("2027-01-04 09:00");
    assert!(!told(&rig).await, "confirmed");
    let due = rig.store.due_bulletins(rig.clock_now()).await.unwrap();
    let months: Vec<_> = due
        .iter()
        .map(|due| match &due.bulletin.news {
            News::Calendar(news) => (news.month.as_str(), news.wanting[0].year, news.wanting[0].standing),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(months, [("2026-11", 2027, YearStanding::Missing), ("2026-12", 2027, YearStanding::Missing)]);
    let wanting = rig.office.calendar.wanting("2027-11-01".parse().unwrap());
    assert_eq!(
        wanting_sentence(&wanting).unwrap(),
        "Lịch làm việc năm 2028 chưa có; hạn tính qua đó chỉ là tạm tính."
    );
}

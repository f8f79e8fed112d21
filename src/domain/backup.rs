//! How the copies of the register stand: whether the newest is young enough to lose everything since.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

/// How they stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Backups {
    /// Where they are, for people.
    pub folder: String,
    /// When the newest whole one was taken.
    pub newest: Option<DateTime<Utc>>,
    /// How many whole ones there are.
    pub count: usize,
    /// Why the folder cannot be looked at.
    pub trouble: Option<String>,
    /// How old the newest may be, in whole hours.
    pub patience_hours: i64,
}

impl Backups {
    /// What is wrong with them, one sentence for ops without its full stop; `None` where all is well.
    pub fn complaint(&self, now: DateTime<Utc>) -> Option<String> {
        if let Some(trouble) = &self.trouble {
            return Some(format!("không xem được nơi sao lưu: {trouble}"));
        }
        let Some(newest) = self.newest else {
            return Some(format!("chưa có bản sao lưu nào ở {}; chạy vanthu backup", self.folder));
        };
        let age = now.signed_duration_since(newest);
        (age > TimeDelta::hours(self.patience_hours)).then(|| {
            format!(
                "bản sao lưu mới nhất đã {} giờ (backup.warn_after là {} giờ); xem systemctl status vanthu-backup.timer",
                age.num_hours(),
                self.patience_hours
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_one_and_none_are_told() {
        let now = DateTime::from_timestamp(1_770_000_000, 0).unwrap();
        let stand = |newest: Option<i64>, trouble: Option<&str>| Backups {
            folder: "/b".to_owned(),
            newest: newest.map(|hours| now - TimeDelta::hours(hours)),
            count: usize::from(newest.is_some()),
            trouble: trouble.map(str::to_owned),
            patience_hours: 26,
        };
        assert_eq!(stand(Some(26), None).complaint(now), None);
        assert!(stand(Some(27), None).complaint(now).unwrap().contains("đã 27 giờ"));
        assert!(stand(None, None).complaint(now).unwrap().contains("chưa có bản sao lưu nào ở /b"));
        assert!(stand(Some(1), Some("x")).complaint(now).unwrap().contains("không xem được"));
    }
}

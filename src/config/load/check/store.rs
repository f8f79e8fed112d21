//! Where the register is.

use std::time::Duration;

use super::Checker;
use crate::config::code::Code;
use crate::config::settings::Settings;

/// Shorter, a slow server would cost instances their work; longer, a death would hold it up.
const LEASES: std::ops::RangeInclusive<Duration> = Duration::from_secs(5)..=Duration::from_secs(600);

impl Checker<'_> {
    pub(super) fn store(&self, settings: &Settings) {
        let store = &settings.store;
        if !LEASES.contains(&store.lease) {
            let wanted = ("từ 5s đến 10m", "5s to 10m").into();
            self.report(Code::BadValue, "store.lease", ["lease".into(), wanted]);
        }
        let Some(url) = &store.url else {
            let idle = [("password", store.password.is_some()), ("ca_file", store.ca_file.is_some())];
            for (key, _) in idle.iter().filter(|(_, written)| *written) {
                self.report(Code::IdleStoreKey, &format!("store.{key}"), [(*key).into()]);
            }
            return;
        };
        let Some(parsed) = server(url) else {
            self.report(Code::BadStoreUrl, "store.url", []);
            return;
        };
        let passed = parsed.query_pairs().any(|(key, _)| key == "password");
        if parsed.password().is_some() || passed {
            self.report(Code::PasswordInUrl, "store.url", []);
        }
    }
}

/// The address of a PostgreSQL server with a user and a database.
fn server(text: &str) -> Option<url::Url> {
    let url = url::Url::parse(text).ok()?;
    let named = |name: &str| url.query_pairs().any(|(key, value)| key == name && !value.is_empty());
    let server = matches!(url.scheme(), "postgres" | "postgresql");
    let user = !url.username().is_empty() || named("user");
    let database = !url.path().trim_matches('/').is_empty() || named("dbname");
    (server && user && database).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::server;

    #[test]
    fn addresses() {
        for (text, fits) in [
            ("postgres://vanthu@db.mau.example/vanthu", true),
            ("postgresql://vanthu@db.mau.example:6432/vanthu?sslmode=verify-full", true),
            ("postgres:///vanthu?host=/run/postgresql&user=vanthu", true),
            ("postgres://db.mau.example/vanthu", false),
            ("postgres://vanthu@db.mau.example", false),
            ("mysql://vanthu@db.mau.example/vanthu", false),
            ("db.mau.example", false),
        ] {
            assert_eq!(server(text).is_some(), fits, "{text}");
        }
    }
}

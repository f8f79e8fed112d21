//! What a server says it can do, as far as it matters here.

/// Extensions named in an EHLO reply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Features {
    /// STARTTLS (RFC 3207).
    pub starttls: bool,
    /// DSN (RFC 3461): asks for a report of failure or delay, tied to the notice.
    pub dsn: bool,
    /// PIPELINING (RFC 2920): the envelope goes in one packet, which saves two round trips a mail.
    pub pipelining: bool,
}

impl Features {
    /// Reads the lines of an EHLO reply after its code. The first is the server's name, not a
    /// feature.
    pub(super) fn read<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let mut features = Self::default();
        for line in lines.into_iter().skip(1) {
            let word = line.split_ascii_whitespace().next().unwrap_or_default();
            match word.to_ascii_uppercase().as_str() {
                "STARTTLS" => features.starttls = true,
                "DSN" => features.dsn = true,
                "PIPELINING" => features.pipelining = true,
                _ => {}
            }
        }
        features
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_of_a_reply() {
        for (lines, expected) in [
            (vec!["mx.example"], Features::default()),
            (vec!["starttls"], Features::default()),
            (
                vec!["mx.example", "PIPELINING", "SIZE 10240000", "dsn", "STARTTLS"],
                Features { starttls: true, dsn: true, pipelining: true },
            ),
            (vec!["mx.example", "DSNX", ""], Features::default()),
        ] {
            assert_eq!(Features::read(lines.clone()), expected, "{lines:?}");
        }
    }
}

//! Every request this adapter can make, and no other: nothing here registers or deletes an organ, and the
//! one acknowledgement it can write down is `done`.

use crate::source::axis::Kind;

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Call {
    /// What waits for us.
    Received(Kind),
    /// How much waits for us.
    Count(Kind),
    /// One message.
    Fetch(String),
    /// Tell that a message is kept; it leaves the list.
    Acknowledge(String),
    /// Which statuses we sent since a day, both ends `yyyy/MM/dd`.
    Sent { from: String, to: String },
    /// A status.
    Send(Parcel),
    /// All organs.
    Agencies,
}

/// A message to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parcel {
    /// Mã định danh of the sender, as registered.
    pub from: String,
    /// Mã định danh of the receiver.
    pub to: String,
    /// SHA-256 of the file, lower-case hex.
    pub hash: String,
}

impl Call {
    /// Its path below the address.
    pub(super) fn path(&self) -> &'static str {
        match self {
            Self::Received(_) => "getReceivedEdocList",
            Self::Count(Kind::Edoc) => "countReceiveEdoc",
            Self::Count(Kind::Status) => "countReceiveStatus",
            Self::Fetch(_) => "getEdoc",
            Self::Acknowledge(_) => "updateStatus",
            Self::Sent { .. } => "getSentEdocList",
            Self::Send(_) => "sendEdoc",
            Self::Agencies => "getAgenciesList",
        }
    }

    /// Whether it is a GET; all others are POSTs.
    pub(super) fn is_get(&self) -> bool {
        matches!(self, Self::Count(_))
    }

    /// Whether its body is an empty JSON object.
    pub(super) fn has_json(&self) -> bool {
        matches!(self, Self::Fetch(_) | Self::Acknowledge(_) | Self::Agencies)
    }

    /// Its logical headers beyond `systemid` and `timestamp`, in the order they are signed.
    pub(super) fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = match self {
            Self::Received(kind) => listed(*kind),
            Self::Count(_) | Self::Agencies => Vec::new(),
            Self::Fetch(id) => vec![("docId", id.clone()), ("filePath", String::new())],
            Self::Acknowledge(id) => vec![("docId", id.clone()), ("status", "done".to_owned())],
            Self::Sent { from, to } => {
                let mut headers = listed(Kind::Status);
                headers.extend([("fromDate", from.clone()), ("toDate", to.clone())]);
                headers
            }
            Self::Send(parcel) => {
                let to = serde_json::Value::from(vec![parcel.to.clone()]).to_string();
                let mut headers = vec![("from", parcel.from.clone()), ("to", to)];
                headers.extend(listed(Kind::Status));
                headers.push(("hash-file", parcel.hash.clone()));
                headers
            }
        };
        if self.has_json() {
            headers.push(("Content-Type", "application/json".to_owned()));
        }
        headers
    }

    /// What it does, for people; names no document.
    pub(super) fn title(&self) -> &'static str {
        match self {
            Self::Received(Kind::Edoc) => "lấy danh sách văn bản chờ nhận (getReceivedEdocList)",
            Self::Received(Kind::Status) => "lấy danh sách trạng thái chờ nhận (getReceivedEdocList)",
            Self::Count(_) => "đếm văn bản chờ nhận (countReceive)",
            Self::Fetch(_) => "lấy nội dung văn bản (getEdoc)",
            Self::Acknowledge(_) => "báo trục đã nhận (updateStatus)",
            Self::Sent { .. } => "tra trạng thái đã gửi (getSentEdocList)",
            Self::Send(_) => "gửi trạng thái (sendEdoc)",
            Self::Agencies => "lấy danh mục cơ quan (getAgenciesList)",
        }
    }
}

fn listed(kind: Kind) -> Vec<(&'static str, String)> {
    vec![("servicetype", "eDoc".to_owned()), ("messagetype", kind.word().to_owned())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_every_call() {
        let parcel = Parcel { from: "H1".to_owned(), to: "000.00.77.H99".to_owned(), hash: "ab".to_owned() };
        let table = [
            (Call::Received(Kind::Edoc), "servicetype=eDoc messagetype=edoc"),
            (Call::Received(Kind::Status), "servicetype=eDoc messagetype=status"),
            (Call::Count(Kind::Edoc), ""),
            (Call::Fetch("7".to_owned()), "docId=7 filePath= Content-Type=application/json"),
            (Call::Acknowledge("7".to_owned()), "docId=7 status=done Content-Type=application/json"),
            (
                Call::Sent { from: "2026/03/01".to_owned(), to: "2026/03/02".to_owned() },
                "servicetype=eDoc messagetype=status fromDate=2026/03/01 toDate=2026/03/02",
            ),
            (
                Call::Send(parcel),
                "from=H1 to=[\"000.00.77.H99\"] servicetype=eDoc messagetype=status hash-file=ab",
            ),
            (Call::Agencies, "Content-Type=application/json"),
        ];
        for (call, expected) in table {
            let headers: Vec<_> =
                call.headers().iter().map(|(name, value)| format!("{name}={value}")).collect();
            assert_eq!(headers.join(" "), expected, "{call:?}");
        }
    }
}

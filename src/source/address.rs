//! The address of a document system, as ops wrote it.

use url::{Host, Url};

/// What may travel unencrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    /// Nothing that leaves this machine.
    Here,
    /// Everything: somebody decided that the network is closed.
    Anywhere,
}

/// The base address with a trailing slash, without query and fragment.
///
/// # Errors
/// What is wrong with it, for people.
pub(super) fn base(text: &str, plain: Plain) -> Result<Url, String> {
    let mut url = Url::parse(text).map_err(|error| error.to_string())?;
    let local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return Err("thiếu tên máy chủ".to_owned()),
    };
    match url.scheme() {
        "https" => {}
        "http" if local || plain == Plain::Anywhere => {}
        _ => return Err("phải là https, vì mật khẩu và văn bản đi qua địa chỉ này".to_owned()),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("không được chứa tên đăng nhập hay mật khẩu; dùng các khoá riêng".to_owned());
    }
    url.set_query(None);
    url.set_fragment(None);
    let path = format!("{}/", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let good = [
            ("https://donvi.vnptioffice.vn/qlvb/api", "https://donvi.vnptioffice.vn/qlvb/api/"),
            ("https://donvi.vnptioffice.vn/qlvb/api//?lang=vi", "https://donvi.vnptioffice.vn/qlvb/api/"),
            ("http://127.0.0.1:8089/qlvb/api/", "http://127.0.0.1:8089/qlvb/api/"),
            ("http://[::1]:1/", "http://[::1]:1/"),
        ];
        for (text, expected) in good {
            assert_eq!(base(text, Plain::Here).unwrap().as_str(), expected);
        }
        let far = "http://truc.donvi.vn/api";
        for text in [far, "https://u:p@donvi.vn/", "file:///etc/passwd", "donvi.vn"] {
            assert!(base(text, Plain::Here).is_err(), "{text}");
        }
        assert!(base(far, Plain::Anywhere).is_ok());
        assert!(base("ftp://truc.donvi.vn/", Plain::Anywhere).is_err());
    }
}

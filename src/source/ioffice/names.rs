//! What a field is called. iOffice is a product with tenants: the mobile interface, its later versions and the
//! web layer of the provinces spell the same field differently.
//!
//! A tenant's own names stand in front of the built-in ones and never in their place, so that a map can only add.
//! Of secrecy every name counts at once: each field that is there must say that the document is open.

/// A tenant's further names of fields, by what they mean.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldMap {
    /// Số, ký hiệu.
    pub symbol: Vec<String>,
    /// Trích yếu, of a directive its title.
    pub subject: Vec<String>,
    /// Hình thức văn bản.
    pub kind: Vec<String>,
    /// Cơ quan ban hành.
    pub issuer: Vec<String>,
    /// Người ký, of a directive its sender.
    pub signer: Vec<String>,
    /// Ngày văn bản.
    pub issued: Vec<String>,
    /// Ngày nhận.
    pub received: Vec<String>,
    /// Hạn giải quyết.
    pub due: Vec<String>,
    /// Độ khẩn.
    pub urgency: Vec<String>,
    /// Độ mật.
    pub secrecy: Vec<String>,
    /// Lĩnh vực.
    pub field: Vec<String>,
    /// Ghi chú, of a directive its text.
    pub content: Vec<String>,
}

impl FieldMap {
    /// With the built-in names behind. Case is never told apart, so one spelling of each stands here.
    #[must_use]
    pub(super) fn complete(self) -> Self {
        let with = |own: Vec<String>, built_in: &[&str]| -> Vec<String> {
            own.into_iter().chain(built_in.iter().map(|name| (*name).to_owned())).collect()
        };
        Self {
            symbol: with(self.symbol, &["soKiHieu"]),
            subject: with(self.subject, &["trichYeu", "tieuDe"]),
            kind: with(self.kind, &["hinhThucVanBan"]),
            issuer: with(self.issuer, &["donViBanHanh", "coQuanBanHanh"]),
            signer: with(self.signer, &["nguoiKiChinh", "nguoiGui"]),
            issued: with(self.issued, &["ngayVanBan", "ngayBanHanh"]),
            received: with(self.received, &["ngayNhan"]),
            due: with(self.due, &["hanGiaiQuyet"]),
            urgency: with(self.urgency, &["doUuTien", "doKhan"]),
            secrecy: with(self.secrecy, &["doMat"]),
            field: with(self.field, &["linhVuc"]),
            content: with(self.content, &["ghiChu", "noiDung"]),
        }
    }
}

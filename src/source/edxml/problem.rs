//! What can be wrong with a message, in words that carry no text of it.

/// Why a message cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No tag near its beginning.
    #[error("không phải XML: không thấy thẻ nào ở đầu thông điệp")]
    NotXml,
    /// XML, but no edXML.
    #[error("không phải edXML: không có phần MessageHeader")]
    NotEdxml,
    /// Not well-formed, at this byte.
    #[error("XML sai cú pháp ở byte {0}")]
    Malformed(u64),
    /// Ends too early.
    #[error("thông điệp bị cắt ngang: thiếu thẻ đóng ở cuối")]
    Truncated,
    /// Bytes that are no text.
    #[error("chữ không đọc được: không phải UTF-8 hay UTF-16")]
    Encoding,
    /// A DOCTYPE, which no honest message has.
    #[error("có khai báo DOCTYPE, bị từ chối")]
    DocType,
    /// An entity that is not one of XML's five.
    #[error("có tham chiếu thực thể lạ, bị từ chối")]
    Entity,
    /// Beyond one of the bounds.
    #[error("quá giới hạn: {0}")]
    TooMuch(&'static str),
    /// The content of a file stands before the header and is large.
    #[error("nội dung tệp đứng trước phần đầu của thông điệp và quá lớn để giữ lại")]
    Early,
    /// The n-th file, counted from 1, is not base64.
    #[error("tệp đính kèm thứ {0} không phải base64")]
    Base64(usize),
    /// A field is filled with what it cannot be.
    #[error("trường {0} có giá trị không đọc được")]
    Field(&'static str),
    /// A field that must be there is not.
    #[error("thiếu trường {0}")]
    Missing(&'static str),
    /// Neither symbol nor subject.
    #[error("thiếu cả số, ký hiệu và trích yếu")]
    Nameless,
}

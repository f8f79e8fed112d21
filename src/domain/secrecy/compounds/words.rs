//! Ordinary words that contain the syllable of the mark, as data.
//!
//! The lists are short on purpose: a word that is missing withholds a harmless paper, a word too many
//! lets a secret one go. Add one only when an office meets it, with a line in the tests of both kinds.

/// A compound with `~` for the syllable, and the longer phrases in which the syllable is the mark after
/// all: *mật khẩu* is a password, but *Mật khẩu hiệu …* is a mark in front of *khẩu hiệu*.
pub(super) type Entry = (&'static str, &'static [&'static str]);

/// The two higher levels, and their damaged forms. They come before any compound, whatever stands
/// between the two words.
pub(super) const LEVELS: [&str; 8] = ["tối", "tôi", "tói", "toi", "tuyệt", "tuyêt", "tuyẹt", "tuyet"];

/// Compounds of *mật*, accent by accent.
pub(super) const ORDINARY: [Entry; 15] = [
    ("bảo ~", &[]),
    ("bảo vệ bí ~", &[]),
    ("danh mục bí ~ nhà nước", &["thuộc danh mục bí ~", "trong danh mục bí ~"]),
    ("lộ bí ~ nhà nước", &[]),
    ("lọt bí ~ nhà nước", &[]),
    ("bí ~ đời tư", &[]),
    ("bí ~ kinh doanh", &[]),
    ("thân ~", &["nhân thân ~", "bản thân ~"]),
    ("~ khẩu", &["~ khẩu hiệu", "~ khẩu lệnh", "~ khẩu trang", "~ khẩu phần", "~ khẩu đội"]),
    ("~ mã", &["~ mã số", "~ mã hiệu", "~ mã vạch", "~ mã định", "~ mã hồ", "~ mã văn"]),
    ("~ độ", &["~ độ khẩn", "~ độ tin", "~ độ tuổi", "~ độ tối", "~ độ tuyệt"]),
    (
        "~ thiết",
        &[
            "~ thiết bị",
            "~ thiết kế",
            "~ thiết lập",
            "~ thiết thực",
            "~ thiết chế",
            "~ thiết yếu",
            "~ thiết quân",
            "~ thiết giáp",
        ],
    ),
    ("~ ong", &[]),
    ("~ mía", &[]),
    ("~ gấu", &[]),
];

/// Papers that bear a mark: *công văn mật mã …* is a secret letter, not a letter about ciphers.
pub(super) const PAPERS: [&str; 8] =
    ["công văn ~", "văn bản ~", "tài liệu ~", "hồ sơ ~", "độ ~", "loại ~", "dấu ~", "khẩn ~"];

/// Words written without accents, as file names are: those of *mật* that stay clear without accents, and
/// the commonest of *mặt*, *mất*, *mát*. Where an accent-free phrase can also be a mark and the start of
/// something else (*báo cáo mật hằng tháng*, *mật do …*, *mật, an ninh*), the mark wins.
pub(super) const UNACCENTED: [Entry; 29] = [
    ("bao ~", &["thong bao ~", "canh bao ~", "giay bao ~", "dien bao ~", "tin bao ~", "phieu bao ~"]),
    ("bao ve bi ~", &[]),
    ("lo bi ~ nha nuoc", &[]),
    ("lot bi ~ nha nuoc", &[]),
    ("than ~", &["nhan than ~", "ban than ~"]),
    ("~ khau", &["~ khau hieu", "~ khau lenh", "~ khau trang", "~ khau phan", "~ khau doi"]),
    ("~ ma", &["~ ma so", "~ ma hieu", "~ ma vach", "~ ma dinh", "~ ma ho", "~ ma van", "~ ma tuy"]),
    ("~ do dan cu", &[]),
    ("~ do dan so", &[]),
    ("~ do xay dung", &[]),
    ("~ thiet voi", &[]),
    ("~ thiet giua", &[]),
    ("~ tran", &["~ tran van", "~ tran thi", "~ tran quoc", "~ tran dinh", "~ tran duc", "~ tran minh"]),
    ("~ bang", &["~ bang ke", "~ bang tong", "~ bang luong", "~ bang chung", "~ bang danh"]),
    ("~ hang", &["~ hang thang", "~ hang nam", "~ hang quy", "~ hang tuan", "~ hang ngay"]),
    (
        "~ mat",
        &["~ mat khau", "~ mat ma", "~ mat do", "~ mat thiet", "~ mat tran", "~ mat bang", "~ mat hang"],
    ),
    ("mat ~", &[]),
    ("~ doan ket", &[]),
    ("ra ~", &[]),
    ("co ~", &[]),
    ("ve ~", &["bao ve ~"]),
    ("be ~", &[]),
    ("bo ~ nong thon", &[]),
    ("cac ~", &[]),
    ("gap ~", &[]),
    ("hop ~", &["tong hop ~", "phoi hop ~", "cuoc hop ~", "phien hop ~", "ban hop ~"]),
    ("thay ~", &[]),
    ("vang ~", &[]),
    ("tien ~", &["uu tien ~", "cai tien ~"]),
];

/// Words of *mạt*.
pub(super) const HATLESS: [Entry; 4] = [("~ chược", &[]), ("~ sát", &[]), ("~ cưa", &[]), ("~ kiếp", &[])];

//! Traps: a fixed few papers, each for one thing that goes wrong in real registers. They are spread
//! over the ninety days in this order.

use unicode_normalization::UnicodeNormalization;

use super::themes::{
    BLOC, BTC, BTG, CT, CV, GM, HD, KH, LETTER, PG, SCIENCE, TB, TU, Theme, UBND, VPTU, theme,
};
use super::{List, Paper, PaperFile};

/// What is done to a paper after it was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Twist {
    /// Nothing: the words themselves are the trap.
    Words,
    /// Its letters are decomposed (NFD), as some office suites and keyboards leave them.
    Decomposed,
    /// It bears this độ khẩn; hoả tốc arrives at night.
    Urgency(&'static str),
    /// It bears this độ mật.
    Mark(&'static str),
    /// Only the name of a file tells that it is secret.
    SecretFile,
    /// It was issued three working days before it arrived.
    Late,
    /// Its issuer and number are missing, as on papers that came by the post.
    Stranger(&'static str),
}

impl Twist {
    /// Whether it arrives at night.
    pub(super) fn at_night(self) -> bool {
        matches!(self, Self::Urgency(name) if name != "Khẩn")
    }

    pub(super) fn apply(self, paper: &mut Paper) {
        match self {
            Self::Words | Self::Late => {}
            Self::Decomposed => decompose(paper),
            Self::Urgency(name) => paper.urgency = name.to_owned(),
            Self::Mark(name) => paper.secrecy = Some(name.to_owned()),
            Self::SecretFile => {
                paper.files.push(PaperFile { name: "Phu_luc_02_TOI_MAT.pdf".to_owned(), size: 88_000 });
            }
            Self::Stranger(issuer) => {
                issuer.clone_into(&mut paper.issuer);
                paper.signer.clear();
            }
        }
        if !matches!(self, Self::Stranger(_)) {
            paper.list = List::Waiting;
        }
    }
}

fn decompose(paper: &mut Paper) {
    for text in [&mut paper.subject, &mut paper.issuer, &mut paper.kind_name, &mut paper.symbol] {
        *text = text.nfd().collect();
    }
}

const WORK: &str = "Công tác Đảng";

pub(super) static TRAPS: &[(Theme, Twist)] = &[
    (
        theme(&BLOC, &KH, 15, WORK, "Kế hoạch sinh hoạt chuyên đề “Dân chủ, kỷ cương, nêu gương” quý {quý}"),
        Twist::Decomposed,
    ),
    (theme(&BTC, &CV, 10, WORK, "V/v cung cấp thông tin theo đề cương kèm theo"), Twist::Mark("Mật")),
    (
        theme(
            &BLOC,
            &CV,
            6,
            WORK,
            "V/v hòa giải cơ sở, khóa sổ đảng phí và thủy lợi nội đồng; Đảng ủy các cơ sở báo cáo trước ngày {hạn}",
        ),
        Twist::Words,
    ),
    (
        theme(&TU, &CV, 2, WORK, "V/v ứng phó khẩn cấp với bão, triển khai ngay sau khi nhận được"),
        Twist::Urgency("Hoả tốc"),
    ),
    (
        theme(
            &BLOC,
            &HD,
            12,
            WORK,
            "Hướng dẫn sinh hoạt chuyên đề &ldquo;Tự soi, tự sửa&rdquo; &ndash; chi bộ cơ quan &amp; đơn vị sự nghiệp",
        ),
        Twist::Words,
    ),
    (theme(&TU, &TB, 8, WORK, "Thông báo kết luận phiên họp (MẬT), lưu hành theo danh sách"), Twist::Words),
    (
        theme(&TU, &LETTER, 0, "", "Thư mời tham dự lễ giới thiệu sách về lịch sử địa phương"),
        Twist::Stranger("Hội Khoa học Lịch sử tỉnh"),
    ),
    (theme(&BLOC, &CV, 7, WORK, "V/v báo cáo kết quả công tác quý {quý} trước ngày {hạn}"), Twist::Late),
    (
        theme(
            &BLOC,
            &KH,
            20,
            "Doanh nghiệp",
            "Kế hoạch phát triển tổ chức đảng, đảng viên trong doanh nghiệp ngoài khu vực nhà nước năm {năm}",
        ),
        Twist::Words,
    ),
    (theme(&BTG, &CV, 9, WORK, "V/v đăng ký chỉ tiêu bồi dưỡng lý luận chính trị"), Twist::Mark("")),
    (
        theme(
            &UBND,
            &CV,
            1,
            WORK,
            "V/v bảo đảm an toàn công sở trong mưa lũ, báo cáo trước 16 giờ 30 ngày {hạn}",
        ),
        Twist::Urgency("Hỏa tốc"),
    ),
    (
        theme(
            &BLOC,
            &HD,
            15,
            WORK,
            "Hướng dẫn thực hiện quy định nêu gương; uỷ ban kiểm tra các cấp theo dõi, hoà nhập khoá đào tạo mới",
        ),
        Twist::Decomposed,
    ),
    (
        theme(&TU, &LETTER, 0, "", "Giới thiệu phần mềm quản lý văn phòng, ưu đãi 30% trong tháng {tháng}"),
        Twist::Stranger("Công ty TNHH Phần mềm Mẫu"),
    ),
    (theme(&VPTU, &CV, 8, WORK, "V/v rà soát danh mục hồ sơ lưu trữ năm {năm}"), Twist::SecretFile),
    (
        theme(
            &TU,
            &CV,
            1,
            WORK,
            "V/v chuẩn bị hội nghị trực tuyến toàn tỉnh, điểm cầu sẵn sàng trước 14 giờ 00 ngày {hạn}",
        ),
        Twist::Urgency("Hoả tốc hẹn giờ"),
    ),
    (
        theme(&SCIENCE, &PG, 0, "", "Phiếu gửi tài liệu hội thảo khoa học, đề nghị hồi báo"),
        Twist::Stranger("Sở Khoa học và Công nghệ"),
    ),
    (theme(&VPTU, &GM, 0, WORK, "Giấy mời dự hội nghị giao ban công tác văn phòng"), Twist::Words),
    (theme(&BLOC, &CT, 20, WORK, "Chỉ thị về thi đua lập thành tích chào mừng đại hội"), Twist::Late),
    (
        theme(
            &BLOC,
            &CV,
            10,
            WORK,
            "V/v báo cáo kết quả sinh hoạt chuyên đề, trong thời hạn 10 ngày làm việc kể từ ngày ký",
        ),
        Twist::Urgency("Khẩn"),
    ),
];

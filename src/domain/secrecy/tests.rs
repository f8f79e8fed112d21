use super::marks::bears_mark;
use super::*;
use crate::domain::document::{Attachment, Exchange, Operation, Steering, Urgency};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

#[track_caller]
fn held(texts: &[&str]) {
    let passed: Vec<_> = texts.iter().filter(|text| !bears_mark(text)).collect();
    assert!(passed.is_empty(), "passed: {passed:#?}");
}

#[track_caller]
fn open(texts: &[&str]) {
    let stopped: Vec<_> = texts.iter().filter(|text| bears_mark(text)).collect();
    assert!(stopped.is_empty(), "held: {stopped:#?}");
}

fn document() -> Document {
    Document {
        source: "ioffice".into(),
        external_id: "1".into(),
        symbol: "16-ĐA/TU".to_owned(),
        kind_name: Some("Đề án".to_owned()),
        subject: "Đề án nâng cao chất lượng sinh hoạt chi bộ".to_owned(),
        content: None,
        issuer: "Tỉnh uỷ".to_owned(),
        signer: None,
        issued: None,
        received: None,
        due: None,
        urgency: Urgency::Normal,
        operation: Operation::New,
        steering: Steering::Unknown,
        addressees: Vec::new(),
        exchange: Exchange::default(),
        field: None,
        attachments: Vec::new(),
    }
}

fn open_marks() -> Vec<String> {
    ["Thường", "Không mật"].map(str::to_owned).into()
}

fn judged(change: impl FnOnce(&mut Document)) -> Option<Withheld> {
    let mut document = document();
    change(&mut document);
    judge(document, Some("Thường"), &open_marks()).err()
}

/// Where a mark can stand; no place makes an ordinary compound of it.
const PLACES: [&str; 14] = [
    "{}",
    "({}) Kế hoạch kiểm tra năm 2022",
    "[{}] Kế hoạch kiểm tra",
    "{}: Báo cáo tình hình quý I",
    "{} - Báo cáo tình hình quý I",
    "Báo cáo tình hình nội bộ - {}",
    "Báo cáo tình hình nội bộ. {}",
    "V/v rà soát nhân sự “{}” phục vụ đại hội",
    "Công văn {}, hoả tốc, về nhân sự",
    "Đề án nhân sự Độ: {}.",
    "{}_ke_hoach.pdf",
    "12-{}-TU.docx",
    "bao_cao_noi_bo_{}.pdf",
    "noi.bo.{}.v2.xlsx",
];

#[test]
fn every_spelling_in_every_place_is_withheld() {
    let spellings = spellings::all();
    let variants = || spellings.iter().flat_map(|mark| PLACES.map(|place| place.replace("{}", mark)));
    let distinct: std::collections::BTreeSet<String> = variants().collect();
    assert!(distinct.len() >= 10_000, "{} variants", distinct.len());
    let passed: Vec<_> = distinct.iter().filter(|text| !bears_mark(text)).collect();
    assert!(passed.is_empty(), "{} passed: {:#?}", passed.len(), &passed[..passed.len().min(40)]);
}

#[test]
fn ordinary_compounds_do_not_hide_a_mark() {
    held(&[
        "Tuyệt mật khẩu hiệu tuyên truyền",
        "Tối mật. Khẩu hiệu",
        "TỐI MẬT MÃ HÓA",
        "Mật khẩu hiệu tuyên truyền 2/9",
        "Công văn Mật mã số 05",
        "công văn mật thiết bị cơ yếu",
        "Văn bản mật độ khẩn",
        "Tài liệu mật mã",
        "Kế hoạch bảo vệ bí mật nhà nước (MẬT)",
        "Mật: Kế hoạch bảo vệ bí mật nhà nước",
        "Tài liệu chứa bí mật nhà nước",
        "Bảo MẬT",
        "Danh mục bí mật nhà nước độ Tối mật",
        "bí mật",
        "Quy chế bảo mật; độ mật: Mật",
        "mật - khẩu",
        "toi mat tran to quoc.pdf",
        "thong_bao_mat.pdf",
        "MAT tran to quoc.pdf",
        "bao ve mat.docx",
        "tuyet-mat-bang.pdf",
        "TuyetMatBang.pdf",
        "ho so mat.zip",
        "CongVanMat.pdf",
        "Mạt",
        "KH TỐI MẠT CHƯỢC",
        "M\nẬ\nT",
        "M Ậ T",
        "tàiliệumật2022",
        "TOP SECRET",
        "Strictly Confidential.pdf",
        "\u{202e}TẬM",
        "CÔNG VĂN mật mã",
        "Công văn: Mật mã số 5",
        "Xác minh nhân thân mật",
        "Tài liệu thuộc Danh mục bí mật nhà nước",
        "tỐi mẬt khẩu hiệu",
        "bao cao mat hang thang.pdf",
        "bao cao mat Tran Van Hung.pdf",
        "bao_cao_mat_tran_van_hung.pdf",
        "tong_hop_mat.xlsx",
        "tai lieu mat do Tinh uy ban hanh.pdf",
        "ke hoach mat an ninh.doc",
        "mat+bang+ke.xls",
        "M _ _ _ Ậ _ _ _ T",
        "Nguyễn Văn Mật",
    ]);
}

#[test]
fn subjects_of_party_offices_pass() {
    open(&[
        "Kế hoạch phối hợp với Mặt trận Tổ quốc giám sát, phản biện xã hội năm 2022",
        "MẶT TRẬN TỔ QUỐC VIỆT NAM",
        "Về việc cử cán bộ tham gia Ban Thường trực Uỷ ban Mặt trận Tổ quốc tỉnh",
        "Chia sẻ mất mát với gia đình đồng chí",
        "Quyết định ban hành Quy chế bảo vệ bí mật nhà nước",
        "QUY CHẾ BẢO VỆ BÍ MẬT NHÀ NƯỚC",
        "Triển khai Luật Bảo vệ bí mật nhà nước năm 2018",
        "Tập huấn công tác bảo vệ bí mật nhà nước trên không gian mạng",
        "Tăng cường phòng ngừa lộ, lọt bí mật nhà nước",
        "Góp ý Danh mục bí mật nhà nước của Đảng",
        "Bảo vệ bí mật của Đảng, bảo mật thông tin",
        "Đẩy nhanh tiến độ giải phóng mặt bằng",
        "Hướng dẫn bảo mật tài khoản Sổ tay đảng viên điện tử",
        "Đổi mật khẩu thư điện tử công vụ",
        "Mật khẩu mặc định của phần mềm",
        "Sử dụng chứng thư số, mật mã dân sự",
        "Khảo sát mật độ dân cư phục vụ thành lập chi bộ khu phố",
        "Giữ mối liên hệ mật thiết với Nhân dân",
        "Tăng cường mối quan hệ gắn bó mật thiết giữa Đảng và Nhân dân",
        "Mô hình nuôi ong lấy mật ong của chi bộ",
        "Gặp mặt thân mật cán bộ hưu trí nhân dịp Tết Nguyên đán",
        "Xử lý hành vi tiết lộ bí mật đời tư",
        "Giữ bí mật kinh doanh của doanh nghiệp".trim_start_matches("Giữ "),
        "Thay mặt Ban Thường vụ",
        "Có mặt trước 7 giờ 30 phút tại hội trường",
        "Danh sách vắng mặt tại Hội nghị",
        "Ra mắt mô hình chi bộ bốn tốt",
        "Trước mắt tập trung thực hiện",
        "Khắc phục tình trạng mất đoàn kết nội bộ",
        "Về tình trạng mất an ninh trật tự",
        "Báo mất thẻ đảng viên",
        "Xoá đảng tịch, mất liên lạc với tổ chức đảng",
        "Thanh toán không dùng tiền mặt",
        "Về mặt hàng thiết yếu phục vụ Tết",
        "Lễ cất nóc, bề mặt công trình; bộ mặt nông thôn mới",
        "Khám mắt miễn phí cho người cao tuổi",
        "Tổ chức thăm quan Khu mát Suối Tiên",
        "Xây dựng nhà mát, làm mát trụ sở",
        "Nghị quyết lãnh đạo nhiệm vụ năm Ất Tỵ 2025",
        "Chuyên đề học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh năm 2022",
        "Kế hoạch kiểm tra việc thực hiện Chỉ thị 05-CT/TW",
        "Hướng dẫn sinh hoạt chi bộ tháng 3/2022",
        "Báo cáo kết quả thực hiện Nghị quyết Trung ương 4 khoá XIII",
        "Về việc nộp đảng phí quý I năm 2022",
        "Tổng hợp hồ sơ kết nạp đảng viên đợt 19/5",
        "Triệu tập Hội nghị Ban Chấp hành lần thứ 8",
        "Đề nghị xét tặng Huy hiệu Đảng đợt 02/9",
        "Kế hoạch đại hội chi bộ trực thuộc nhiệm kỳ 2022 - 2025",
        "Báo cáo chất lượng tổ chức cơ sở đảng, đảng viên năm 2021",
        "Tuyên truyền kỷ niệm 92 năm Ngày thành lập Đảng",
        "Phát động thi đua chào mừng đại hội Đoàn",
        "Góp ý dự thảo Đề án tinh gọn tổ chức bộ máy",
        "Công tác phòng, chống tham nhũng, tiêu cực",
        "Kết luận của Thường trực tại buổi làm việc",
        "Giám sát chuyên đề đối với cấp uỷ",
        "Quán triệt Quy định 37-QĐ/TW về những điều đảng viên không được làm",
        "Giới thiệu đảng viên về nơi cư trú theo Quy định 213-QĐ/TW",
        "Tài liệu sinh hoạt chuyên đề: tự soi, tự sửa",
        "Công văn hoả tốc về ứng phó bão số 5",
        "Thông báo lịch trực Tết, số điện thoại đường dây nóng",
        "Rà soát cán bộ, đảng viên đi nước ngoài",
        "Tối đa 3 ngày làm việc; tuyệt đối không để mất phiếu",
        "Ảnh hưởng tới mật độ giao thông",
        "Kỹ thuật thâm canh cà chua, dưa hấu",
        "Danh sách nhóm AA, tổ 2 và nhóm A, tổ 3",
        "Trò chơi mạt chược, cờ bạc và vi phạm của đảng viên",
        "Chủ nghĩa Mác - Lênin; Ô tô, mô tô; kinh phí m², ảnh A4",
        "Secretary General visit; secretariat format automatic",
        "",
        "16-ĐA/TU",
        "7816/VPCP-TTĐT",
    ]);
}

#[test]
fn file_names_without_accents_pass() {
    open(&[
        "ke-hoach-phoi-hop-mat-tran.pdf",
        "bao_cao_mat_tran_to_quoc.docx",
        "BaoCaoMatTran.pdf",
        "GIAI PHONG MAT BANG.xlsx",
        "le_ra_mat_chi_bo.pdf",
        "danh sach co mat.xlsx",
        "danh sach vang mat.xlsx",
        "gop y ve mat noi dung.docx",
        "xu ly be mat duong.pdf",
        "bao ve bi mat nha nuoc.pdf",
        "QUY_CHE_BAO_VE_BI_MAT_NHA_NUOC.pdf",
        "doi_mat_khau.pdf",
        "huong dan bao mat.pdf",
        "mat mat.docx",
        "thong_bao_mat_tran.pdf",
        "gap-mat-can-bo-huu-tri.pdf",
        "phieu_khao_sat_format.docx",
        "Matxcova.jpg",
        "ma_tuy.docx",
        "tham nhung, tieu cuc.pdf",
        "chuong%20trinh%20hanh%20dong.pdf",
        "KH 15 nam At Ty.pdf",
    ]);
}

#[test]
fn the_field_of_the_source_fails_closed() {
    let verdict = |mark: Option<&str>, open: &[String]| judge(document(), mark, open).err();
    assert_eq!(verdict(Some("Thường"), &open_marks()), None);
    assert_eq!(verdict(Some(" THƯỜNG\u{200b}"), &open_marks()), None);
    assert_eq!(verdict(Some("Không mật"), &open_marks()), None);
    for mark in [None, Some(""), Some("Mật"), Some("Thuong"), Some("0"), Some("Không")] {
        assert_eq!(verdict(mark, &open_marks()), Some(Withheld::UnknownMark), "{mark:?}");
    }
    assert_eq!(verdict(Some(""), &[String::new()]), None);
    assert_eq!(verdict(Some("Thường"), &[]), Some(Withheld::UnknownMark));
}

#[test]
fn every_text_of_a_document_is_read() {
    let mark = || "Mật".to_owned();
    assert_eq!(judged(|_| ()), None);
    let changes: [fn(&mut Document, String); 7] = [
        |document, mark| document.symbol = mark,
        |document, mark| document.kind_name = Some(mark),
        |document, mark| document.subject = mark,
        |document, mark| document.content = Some(mark),
        |document, mark| document.issuer = mark,
        |document, mark| document.signer = Some(mark),
        |document, mark| document.field = Some(mark),
    ];
    for change in changes {
        assert_eq!(judged(|document| change(document, mark())), Some(Withheld::MarkInText));
    }
    let file =
        Attachment { external_id: "7".to_owned(), name: "toi_mat.pdf".to_owned(), ..Attachment::default() };
    assert_eq!(judged(|document| document.attachments.push(file)), Some(Withheld::MarkInFileName));
}

#[test]
fn an_open_document_is_the_judged_one() {
    let open = judge(document(), Some("Thường"), &open_marks());
    assert_eq!(open.as_ref().map(Open::get), Ok(&document()));
}

#[test]
fn reasons_are_told_apart() {
    let reasons = [Withheld::UnknownMark, Withheld::MarkInText, Withheld::MarkInFileName];
    let codes: std::collections::BTreeSet<_> = reasons.iter().map(|reason| reason.code()).collect();
    let words: std::collections::BTreeSet<_> = reasons.iter().map(|reason| reason.vietnamese()).collect();
    assert_eq!((codes.len(), words.len()), (3, 3));
}

#[test]
fn spellings_are_the_same_every_time() {
    assert_eq!(spellings::all(), spellings::all());
    assert!(spellings::all().is_sorted());
}

proptest! {
    #[test]
    fn any_text_is_judged_alike_in_both_normal_forms(text in "(\\PC|[mậạâat &%=#;._-]){0,24}") {
        let (composed, decomposed): (String, String) = (text.nfc().collect(), text.nfd().collect());
        prop_assert_eq!(bears_mark(&composed), bears_mark(&decomposed));
    }

    #[test]
    fn a_mark_is_found_in_any_surroundings(before in "\\PC{0,16}", after in "\\PC{0,16}") {
        let text = format!("{before} - MẬT - {after}");
        prop_assert!(bears_mark(&text), "{}", text);
    }
}

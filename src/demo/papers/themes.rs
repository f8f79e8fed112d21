//! Themes: what a provincial Party register is about. Rows of data; to add one, add a line.

/// Who writes.
#[derive(Debug)]
pub(super) struct Issuer {
    /// The code in its symbols.
    pub(super) code: &'static str,
    /// Its names as clerks type them: both tone placements occur.
    pub(super) names: &'static [&'static str],
    /// Posts that sign for it.
    pub(super) signers: &'static [&'static str],
    /// Whether it numbers as the State does (Nghị định 30/2020/NĐ-CP), not as the Party.
    pub(super) state: bool,
}

/// A kind of document.
#[derive(Debug)]
pub(super) struct Kind {
    /// Its abbreviation in symbols; empty where such papers bear no number.
    pub(super) code: &'static str,
    /// Its name.
    pub(super) name: &'static str,
    /// About how many of it the term had seen before the papers begin.
    pub(super) first: u32,
}

/// One theme: what a paper of it says.
#[derive(Debug)]
pub(super) struct Theme {
    pub(super) issuer: &'static Issuer,
    pub(super) kind: &'static Kind,
    /// Working days from issue to its deadline; none where nothing is asked.
    pub(super) days: Option<u64>,
    /// Lĩnh vực.
    pub(super) field: &'static str,
    /// Trích yếu, with `{quý}`, `{tháng}`, `{năm}` of its issue and `{hạn}`.
    pub(super) subject: &'static str,
}

pub(super) const fn theme(
    issuer: &'static Issuer,
    kind: &'static Kind,
    days: u64,
    field: &'static str,
    subject: &'static str,
) -> Theme {
    Theme { issuer, kind, days: if days == 0 { None } else { Some(days) }, field, subject }
}

const fn party(
    code: &'static str,
    names: &'static [&'static str],
    signers: &'static [&'static str],
) -> Issuer {
    Issuer { code, names, signers, state: false }
}

pub(super) static TU: Issuer =
    party("TU", &["Tỉnh uỷ", "Tỉnh ủy"], &["Phó Bí thư Thường trực", "Bí thư", "Chánh Văn phòng"]);
pub(super) static VPTU: Issuer =
    party("VPTU", &["Văn phòng Tỉnh uỷ", "Văn phòng Tỉnh ủy"], &["Chánh Văn phòng", "Phó Chánh Văn phòng"]);
pub(super) static BLOC: Issuer =
    party("ĐUK", &["Đảng uỷ Khối", "Đảng ủy Khối"], &["Phó Bí thư Thường trực", "Bí thư", "Phó Bí thư"]);
pub(super) static BTC: Issuer =
    party("BTCTU", &["Ban Tổ chức Tỉnh uỷ", "Ban Tổ chức Tỉnh ủy"], &["Trưởng ban", "Phó Trưởng ban"]);
pub(super) static BTG: Issuer =
    party("BTGTU", &["Ban Tuyên giáo Tỉnh uỷ", "Ban Tuyên giáo Tỉnh ủy"], &["Trưởng ban", "Phó Trưởng ban"]);
pub(super) static UBND: Issuer = Issuer {
    code: "UBND",
    names: &["UBND tỉnh", "Uỷ ban nhân dân tỉnh"],
    signers: &["Phó Chủ tịch"],
    state: true,
};

pub(super) static SCIENCE: Issuer =
    Issuer {
        code: "SKHCN", names: &["Sở Khoa học và Công nghệ"], signers: &["Giám đốc"], state: true
    };

const fn kind(code: &'static str, name: &'static str, first: u32) -> Kind {
    Kind { code, name, first }
}

pub(super) static KH: Kind = kind("KH", "Kế hoạch", 38);
pub(super) static HD: Kind = kind("HD", "Hướng dẫn", 4);
pub(super) static CV: Kind = kind("CV", "Công văn", 412);
pub(super) static CT: Kind = kind("CT", "Chỉ thị", 6);
pub(super) static TB: Kind = kind("TB", "Thông báo", 95);
pub(super) static NQ: Kind = kind("NQ", "Nghị quyết", 11);
pub(super) static QD: Kind = kind("QĐ", "Quyết định", 180);
pub(super) static GM: Kind = kind("GM", "Giấy mời", 60);
pub(super) static PG: Kind = kind("PG", "Phiếu gửi", 0);
pub(super) static LETTER: Kind = kind("", "Thư mời", 0);

const PARTY_WORK: &str = "Công tác Đảng";
const ORGANISATION: &str = "Tổ chức xây dựng Đảng";
const PROPAGANDA: &str = "Tuyên giáo";
const INSPECTION: &str = "Kiểm tra, giám sát";
const DIGITAL: &str = "Chuyển đổi số";
const EMULATION: &str = "Thi đua, khen thưởng";

/// Notes that staff of the office add when they register a paper; most often none.
pub(super) static NOTES: &[&str] = &[
    "",
    "",
    "",
    "",
    "Chuyển Văn phòng Đảng uỷ tham mưu triển khai.",
    "Sao gửi các tổ chức cơ sở đảng.",
    "Ban Tổ chức theo dõi, đôn đốc, tổng hợp kết quả.",
];

/// Papers for every administrative and public-service cell.
pub(super) static THEMES_FOR_ALL: &[Theme] = &[
    theme(&BLOC, &KH, 15, PARTY_WORK, "Kế hoạch sinh hoạt chuyên đề quý {quý}/{năm} tại các chi bộ"),
    theme(
        &BLOC,
        &HD,
        12,
        PARTY_WORK,
        "Hướng dẫn nội dung sinh hoạt chuyên đề quý {quý} năm {năm}, báo cáo kết quả trước ngày {hạn}",
    ),
    theme(&BLOC, &KH, 30, PARTY_WORK, "Kế hoạch công tác năm {năm} của Đảng bộ Khối"),
    theme(
        &TU,
        &KH,
        20,
        PROPAGANDA,
        "Kế hoạch tổ chức sinh hoạt chuyên đề về học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh năm {năm}",
    ),
    theme(
        &TU,
        &NQ,
        25,
        PARTY_WORK,
        "Nghị quyết về nâng cao chất lượng sinh hoạt chi bộ, trọng tâm là sinh hoạt chuyên đề",
    ),
    theme(
        &BLOC,
        &KH,
        18,
        PROPAGANDA,
        "Kế hoạch học tập, quán triệt nghị quyết của Trung ương đến toàn thể đảng viên; báo cáo trước ngày {hạn}",
    ),
    theme(&BLOC, &HD, 10, ORGANISATION, "Hướng dẫn thu, nộp và sử dụng đảng phí quý {quý}/{năm}"),
    theme(
        &BLOC,
        &HD,
        20,
        ORGANISATION,
        "Hướng dẫn kiểm điểm, đánh giá, xếp loại chất lượng chi bộ và đảng viên năm {năm}",
    ),
    theme(
        &BLOC,
        &KH,
        15,
        DIGITAL,
        "Kế hoạch chuyển đổi số trong công tác đảng, sử dụng Sổ tay đảng viên điện tử tại các chi bộ",
    ),
    theme(
        &TU,
        &HD,
        22,
        PARTY_WORK,
        "Hướng dẫn đổi mới nội dung, nâng cao chất lượng sinh hoạt chuyên đề của chi bộ",
    ),
];

/// Papers for some: direct addressees, one sector, the office itself, or only to be known.
pub(super) static THEMES: &[Theme] = &[
    theme(
        &BLOC,
        &CV,
        7,
        PARTY_WORK,
        "V/v báo cáo kết quả thực hiện nhiệm vụ tháng {tháng}/{năm} trước ngày {hạn}",
    ),
    theme(&BLOC, &CV, 8, PARTY_WORK, "V/v báo cáo công tác xây dựng Đảng quý {quý} năm {năm}"),
    theme(&BLOC, &CV, 5, ORGANISATION, "V/v nộp đảng phí tháng {tháng} và đối chiếu chứng từ"),
    theme(&BLOC, &KH, 20, INSPECTION, "Kế hoạch kiểm tra, giám sát của cấp uỷ, chi bộ quý {quý}/{năm}"),
    theme(&BLOC, &TB, 0, PARTY_WORK, "Thông báo lịch giao ban công tác đảng tháng {tháng}/{năm}"),
    theme(&BLOC, &CV, 11, EMULATION, "V/v bình xét thi đua các tổ chức cơ sở đảng quý {quý}"),
    theme(
        &BLOC,
        &QD,
        0,
        EMULATION,
        "Quyết định khen thưởng tập thể có thành tích trong phong trào thi đua quý {quý}/{năm}",
    ),
    theme(&BLOC, &HD, 12, ORGANISATION, "Hướng dẫn công tác kết nạp đảng viên và bồi dưỡng quần chúng ưu tú"),
    theme(
        &BLOC,
        &CV,
        6,
        DIGITAL,
        "V/v rà soát, cập nhật dữ liệu đảng viên trên phần mềm, hoàn thành trước ngày {hạn}",
    ),
    theme(&BLOC, &CV, 9, EMULATION, "V/v đăng ký thi đua, đề xuất mô hình dân vận khéo năm {năm}"),
    theme(&TU, &KH, 20, DIGITAL, "Kế hoạch chuyển đổi số trong các cơ quan đảng giai đoạn {năm}–2030"),
    theme(
        &TU,
        &CV,
        10,
        PARTY_WORK,
        "V/v góp ý dự thảo báo cáo sơ kết công tác xây dựng Đảng, gửi về Văn phòng Tỉnh uỷ chậm nhất ngày {hạn}",
    ),
    theme(
        &TU,
        &TB,
        0,
        PARTY_WORK,
        "Thông báo kết luận của Ban Thường vụ Tỉnh uỷ tại phiên họp tháng {tháng}",
    ),
    theme(
        &TU,
        &CT,
        25,
        PARTY_WORK,
        "Chỉ thị về lãnh đạo công tác phòng, chống thiên tai và tìm kiếm cứu nạn",
    ),
    theme(
        &TU,
        &QD,
        0,
        ORGANISATION,
        "Quyết định ban hành quy chế phối hợp giữa các cơ quan tham mưu, giúp việc",
    ),
    theme(
        &VPTU,
        &CV,
        5,
        DIGITAL,
        "V/v khảo sát hạ tầng và máy tính phục vụ gửi, nhận văn bản điện tử, trả lời trước ngày {hạn}",
    ),
    theme(
        &VPTU,
        &CV,
        9,
        PARTY_WORK,
        "V/v chấn chỉnh thể thức văn bản của Đảng và gửi, nhận văn bản đúng nơi nhận",
    ),
    theme(
        &BTC,
        &HD,
        15,
        ORGANISATION,
        "Hướng dẫn đánh giá, xếp loại tổ chức đảng, đảng viên và tập thể lãnh đạo năm {năm}",
    ),
    theme(
        &BTC,
        &CV,
        8,
        ORGANISATION,
        "V/v báo cáo số liệu tổ chức đảng và đảng viên quý {quý}/{năm}, hạn báo cáo {hạn}",
    ),
    theme(&BTC, &CV, 12, ORGANISATION, "V/v rà soát đảng viên đi làm ăn xa, đảng viên chuyển sinh hoạt"),
    theme(&BTC, &KH, 20, ORGANISATION, "Kế hoạch mở lớp bồi dưỡng nghiệp vụ công tác đảng cho bí thư chi bộ"),
    theme(&BTG, &HD, 10, PROPAGANDA, "Hướng dẫn tuyên truyền các ngày lễ lớn tháng {tháng} năm {năm}"),
    theme(
        &BTG,
        &KH,
        18,
        PROPAGANDA,
        "Kế hoạch tổ chức hội nghị báo cáo viên và học tập nghị quyết quý {quý}",
    ),
    theme(&BTG, &CV, 6, PROPAGANDA, "V/v nắm bắt dư luận xã hội, gửi báo cáo trước ngày {hạn}"),
    theme(&BTG, &CV, 14, PROPAGANDA, "V/v hưởng ứng cuộc thi trực tuyến tìm hiểu lịch sử Đảng bộ tỉnh"),
    theme(&UBND, &KH, 22, DIGITAL, "Kế hoạch chuyển đổi số và cải cách hành chính năm {năm}"),
    theme(&UBND, &CV, 7, DIGITAL, "V/v đẩy mạnh dịch vụ công trực tuyến, báo cáo kết quả trước ngày {hạn}"),
    theme(
        &UBND,
        &QD,
        0,
        "Văn hoá - Xã hội",
        "Quyết định ban hành quy định thực hiện nếp sống văn minh tại công sở",
    ),
    theme(&UBND, &CT, 20, "Kinh tế", "Chỉ thị về thực hành tiết kiệm, chống lãng phí trong cơ quan, đơn vị"),
    theme(&UBND, &CV, 5, "Nội vụ", "V/v thực hiện lịch nghỉ lễ và phân công trực cơ quan"),
];

"""The tables of docs/NATIONAL.md, in its words."""

import math
import re
from statistics import median

import assumed
import measured
from assumed import ASSUMED, OFFICES
from measured import MEASURED


def number(value):
    """To three digits that mean something, as Vietnamese writes it: 1.234.567 and 0,37."""
    if abs(value) >= 100 or value == round(value):
        return f"{round(value):,}".replace(",", ".")
    places = 2 - math.floor(math.log10(abs(value)))
    return f"{value:.{places}f}".rstrip("0").rstrip(".").replace(".", ",")


def clock(seconds):
    """From 08:00 on."""
    days, left = divmod(max(0, round(seconds)), 86_400)
    hours, left = divmod(left, 3600)
    text = f"{hours} giờ {left // 60:02} phút" if hours else f"{left // 60} phút {left % 60:02} giây"
    return f"{days} ngày {hours} giờ" if days else text


def table(head, rows):
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def fill(text, blocks):
    """The text with every block between its marks replaced."""
    for name, block in blocks.items():
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.S)
        text, found = marks.subn(lambda found: found[1] + "\n" + block + "\n\n" + found[2], text)
        if found != 1:
            raise SystemExit(f"the block {name} stands {found} times in the document")
    return text


def assumed_table():
    rows = [[words, number(ASSUMED[name]), f"`{name}`"] for name, words in assumed.WORDS.items()]
    return table(["Giả định", "Giá trị", "Tên"], rows)


def measured_table():
    return table(["Số đo", "Giá trị"], [[words, number(MEASURED[name])] for name, words in measured.WORDS.items()])


def year_table(country, year):
    offices = sorted((year.of([office]) for office in range(OFFICES)), key=lambda of: of["rows"])
    provinces = [year.of(group) for group in country.groups("province") if group]
    columns = [
        year.of([0]),
        {key: median(of[key] for of in offices) for key in offices[0]},
        {key: median(of[key] for of in provinces) for key in provinces[0]},
        year.of(range(OFFICES)),
    ]
    words = [
        ("directives", "văn bản chỉ đạo"),
        ("rows", "việc (văn bản, chi bộ)"),
        ("mails", "thư"),
        ("mails_day", "thư mỗi ngày làm việc, trung bình"),
        ("mails_peak", "thư ngày đông nhất"),
        ("presses", "lượt bấm xác nhận, báo cáo"),
        ("replies", "trả lời bằng thư (IMAP)"),
        ("holds_day", "mục tạm giữ mỗi ngày"),
        ("facts", "dòng nhật ký"),
        ("gb", "sổ lớn thêm, GB"),
        ("traffic", "thư đi, GB"),
    ]
    rows = [[text] + [number(column[key]) for column in columns] for key, text in words]
    return table(["Một năm", "văn phòng 221 chi bộ", "văn phòng trung vị", "một tỉnh, trung vị", "cả nước"], rows)


def morning_table(mornings):
    columns = [mornings[arrangement] for arrangement in ("office", "province", "nation")]
    words = [
        ("mails", "thư phải đi", number),
        ("relay", "thư cuối qua máy chủ thư, sau 8 giờ", clock),
        ("half", "một nửa thư đến nơi, sau 8 giờ", clock),
        ("last", "thư cuối đến nơi (nơi nhận công cộng), sau 8 giờ", clock),
        ("presses", "lượt bấm mỗi giây, phút đông nhất", number),
        ("wait", "chờ ghi một lượt bấm, p99, mili giây", number),
        ("writer", "bộ ghi của sổ bận, phút đông nhất, %", number),
        ("poll", "yêu cầu đọc nguồn mỗi giây", number),
    ]
    rows = [[text] + [show(column[key]) for column in columns] for key, text, show in words]
    return table(["Sáng đông nhất", "sổ mỗi văn phòng", "sổ mỗi tỉnh", "một sổ cả nước"], rows)


def saturation_table(country, year, mornings):
    """Load over capacity in the fullest register of each arrangement, and the cells at which one province is full."""
    office, province, nation = (full(country, year, mornings[name], name) for name in mornings)
    cells = max(sum(country.cells[office] for office in group) for group in country.groups("province"))
    rows = []
    for text, ratio in sorted(nation.items(), key=lambda of: -of[1]):
        most = cells / province[text]
        # Three digits would claim more than is known.
        most = round(most, 1 - math.floor(math.log10(most)))
        rows.append([text, number(office[text]), number(province[text]), number(ratio), number(most)])
    head = ["Tải trên sức chứa (1 là đầy)", "sổ mỗi văn phòng", "sổ mỗi tỉnh", "một sổ cả nước", "đầy ở khoảng, chi bộ"]
    return table(head, rows)


def full(country, year, morning, name):
    registers = [year.of(group) for group in country.groups(name) if group]
    most = {key: max(register[key] for register in registers) for key in registers[0]}
    # Offices of a province share its document system, whatever registers they have.
    polled = max(len(group) for group in country.groups("province"))
    minutes = most["holds_day"] * ASSUMED["minutes"]
    return {
        "nơi nhận công cộng (trong 1 giờ)": morning["mails"] * ASSUMED["public"] / ASSUMED["host_hour"],
        "máy chủ thư (trong 1 giờ)": morning["mails"] / ASSUMED["relay_" + name] / 3600,
        "người xử lý tạm giữ": minutes / ASSUMED["attention"] / ASSUMED["people_" + name],
        "đọc một hệ thống văn bản": polled * ASSUMED["pages"] / ASSUMED["poll"] / ASSUMED["source_rate"],
        "bộ ghi của sổ (phút đông nhất)": morning["writer"] / 100,
        "lượt bấm (phút đông nhất)": morning["presses"] / MEASURED["press"],
        "soát nhật ký 10 năm trong một đêm": 10 * most["facts"] / MEASURED["verify"] / 3600 / ASSUMED["night"],
        "đĩa một máy, 10 năm": 10 * most["gb"] / ASSUMED["disk_gb"],
    }


def machines_table(country, year):
    rows = []
    for text, name in [("văn phòng 221 chi bộ", "office"), ("tỉnh lớn nhất", "province"), ("cả nước", "nation")]:
        groups = [country.groups("office")[0]] if name == "office" else country.groups(name)
        group = max(groups, key=len)
        of = year.of(group)
        rows.append([
            text,
            number(len(group)),
            number(len(group) * MEASURED["memory"] / 1000),
            number(of["mails_peak"] * MEASURED["cpu_mail"] / 1e6),
            number(of["rows"] / len(year.days) / MEASURED["ingest"] + of["presses"] / len(year.days) / MEASURED["press"]),
            number(10 * of["gb"]),
        ])  # fmt: skip
    head = [
        "Mỗi văn phòng một dịch vụ, một sổ",
        "dịch vụ",
        "bộ nhớ, GB",
        "giây xử lý cho thư, ngày đông nhất",
        "giây ghi sổ mỗi ngày",
        "đĩa 10 năm, GB",
    ]
    return table(head, rows)

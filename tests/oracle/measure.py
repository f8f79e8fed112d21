#!/usr/bin/env python3
"""How long the oracle takes: makes what would be seen of a good office, and judges it.

    python3 tests/oracle/measure.py 1000000        so many notices, five cells a directive
"""

import base64
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import time

CELLS = 5


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def token(number, to):
    payload = number.to_bytes(8, "big") + hashlib.sha256(to.encode()).digest()[:8] + bytes(4)
    text = base64.urlsafe_b64encode(payload).decode().rstrip("=")
    return f"v1.k1.{text}.{sha256(str(number))[:32]}"


def make(folder, notices):
    rules, units = folder / "rules.d", folder / "units.toml"
    rules.mkdir()
    rules.joinpath("10.toml").write_text('[[rule]]\nid = "r"\nwhen = { text_any = ["chuyên đề"] }\nto = { kind = ["cell"] }\n')
    cells = [(f"cb-{cell}", f"cb-{cell}@mau.example") for cell in range(CELLS)]
    units.write_text("".join(f'[[unit]]\nid = "{id}"\nkind = "cell"\nmailbox = "{to}"\n' for id, to in cells))
    names = ("so", "nguon", "khach", "thu")
    dump, upstream, clients, mails = [open(folder / f"{name}.jsonl", "w", encoding="utf-8") for name in names]
    previous, row = "0" * 64, 0
    rows = []

    def journal(kind, document, obligation, detail):
        nonlocal previous, row
        row += 1
        text = json.dumps(detail, separators=(",", ":"), ensure_ascii=False)
        ids = ["-" if id is None else str(id) for id in (document, obligation)]
        previous = sha256(previous + "\n" + sha256("\n".join([str(row), str(row * 1000), kind, *ids, text])))
        rows.append(json.dumps({"table": "journal", "number": row, "at": row * 1000, "kind": kind, "document": document,
                                "obligation": obligation, "detail": text, "hash": previous}, ensure_ascii=False))

    body = "Chi bộ cần thực hiện: sinh hoạt chuyên đề. Bấm vào liên kết để báo đã nhận. " * 6
    lines = []
    for document in range(1, notices // CELLS + 1):
        symbol = f"{document}-KH/ĐUK"
        upstream.write(json.dumps({"id": str(document), "symbol": symbol, "text": f"Sinh hoạt chuyên đề {document}",
                                   "secret": False, "canary": None}) + "\n")
        lines.append({"table": "document", "id": document, "source": "s", "external_id": str(document), "symbol": symbol})
        journal("registered", document, None, {"revision": 1})
        for place, (cell, to) in enumerate(cells):
            number = (document - 1) * CELLS + place + 1
            message = f"{sha256(str(number))[:32]}@duk.mau.example"
            lines.append({"table": "obligation", "id": number, "document": document, "revision": document, "cell": cell,
                          "state": "acknowledged"})
            lines.append({"table": "answer", "obligation": number, "revision": document, "grade": "clicked",
                          "channel": "link", "actor": None, "reasoned": False, "at": number})
            lines.append({"table": "notice", "id": number, "document": document, "revision": document, "unit": cell,
                          "kind": "notice", "step": "00", "mailbox": sha256(to)[:16], "message_id": message,
                          "delivery": "sent"})
            link = token(number, to)
            mails.write(json.dumps({
                "id": message, "to": [to], "rcpt": [to], "reason": "notice", "at": 86400.0 * (document // 20),
                "symbols": [symbol], "tokens": [link], "addresses": [to, "vanthu@duk.mau.example"], "text": body + link,
            }, ensure_ascii=False) + "\n")
            clients.write(json.dumps({"method": "POST", "cell": cell, "symbol": symbol, "confirmed": True}) + "\n")
            journal("settled", document, None, {"sent": [number]})
            journal("answered", document, number, {"cell": cell, "state": "acknowledged"})
        if len(lines) > 10000:
            dump.write("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
            lines.clear()
    dump.write("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    dump.write("\n".join(rows) + "\n")
    dump.write(json.dumps({"table": "register", "head": {"rows": row, "hash": previous}}) + "\n")
    for file in (dump, upstream, clients, mails):
        file.close()
    return row


def main():
    notices = int(sys.argv[1])
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        rows = make(folder, notices)
        arguments = [f"--{option}={folder / file}" for option, file in {
            "dump": "so.jsonl", "upstream": "nguon.jsonl", "clients": "khach.jsonl", "mails": "thu.jsonl",
            "rules": "rules.d", "units": "units.toml"}.items()]
        oracle = pathlib.Path(__file__).with_name("oracle.py")
        begun = time.monotonic()
        done = subprocess.run([sys.executable, str(oracle), *arguments, "--per-day=1000"], check=False)
        print(f"{notices} notices, {rows} rows of the journal: {time.monotonic() - begun:.1f} s")
        sys.exit(done.returncode)


main()

#!/usr/bin/env python3
"""Checks what `vanthu journal export` wrote, with nothing of vanthu: only Python's standard library.

    verify.py journal nhat-ky.jsonl [--head DẤU | --head-file TỆP]
    verify.py bundle THƯ-MỤC|GÓI.zip [--journal nhat-ky.jsonl] [--mail THƯ.eml] [--head DẤU | --head-file TỆP]

Prints what was checked, one line each; the first thing that is not as it was written goes to standard error and ends
it with exit code 1. How hashes are made is written in docs/NHAT-KY.md; this follows that page and not the program.
"""

import argparse
import hashlib
import json
import os
import zipfile

def require(holds, what):
    if not holds:
        raise SystemExit(f"KHÔNG CÒN NGUYÊN: {what}")


def sha256(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


def row_text(row):
    ids = ["-" if row[key] is None else str(row[key]) for key in ("document", "obligation")]
    require("\n" not in row["kind"], f"dòng {row['number']}: loại việc có dấu xuống dòng")
    return "\n".join([str(row["number"]), str(row["at"]), row["kind"], *ids, row["detail"]])


def row_hash(previous, row):
    """The hash a row must have, in the form in which it was bound."""
    text = row_text(row)
    old = sha256(f"{previous}\n{text}")
    return old if old == row["hash"] else sha256(f"{previous}\n{sha256(text)}")


def read_heads(arguments):
    """Heads that were kept elsewhere, as (number or None, hash)."""
    lines = arguments.head + [line for path in arguments.head_file for line in open(path, encoding="utf-8")]
    lines = [line.lower().split() for line in lines if line.strip() and not line.startswith("#")]
    return [(None, words[0]) if len(words[0]) == 64 else (int(words[0]), words[1]) for words in lines]


def meet(heads, hashes, last):
    """`hashes` are those of rows first..last, by number."""
    for number, hash in heads:
        require(number is None or number <= last, f"nhật ký chỉ đến dòng {last}, dấu đã giữ là của dòng {number}")
        require(number is not None or hash in hashes.values(), f"không dòng nào có dấu {hash}")
        require(hashes.get(number, hash) == hash, f"dòng {number} khác dấu đã giữ")
    met = sum(number is None or number in hashes for number, _ in heads)
    print(f"khớp {met} dấu đã giữ" + (f"; {len(heads) - met} dấu ở trước gói, không so được" if met < len(heads) else ""))


def journal(path, document=None):
    """Walks a whole exported journal; the hash of every row by number, and the numbers of a document's rows."""
    previous, hashes, own = "0" * 64, {0: "0" * 64}, set()
    with open(path, encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            row = json.loads(line)
            require(row["number"] == number, f"thiếu dòng {number}")
            previous = row_hash(previous, row)
            require(previous == row["hash"], f"dòng {number} không như lúc ghi")
            hashes[number] = previous
            own |= {number} if row["document"] == document else set()
    print(f"nhật ký: {len(hashes) - 1} dòng, dấu cuối {previous}")
    return hashes, own


class Bundle:
    def __init__(self, path):
        self.zip = None if os.path.isdir(path) else zipfile.ZipFile(path)
        if self.zip:
            self.names = {name: name for name in self.zip.namelist() if not name.endswith("/")}
            require(len(self.names) == len(self.zip.namelist()), "gói có hai tệp cùng tên")
        else:
            found = [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]
            self.names = {os.path.relpath(name, path).replace(os.sep, "/"): name for name in found}

    def read(self, name):
        require(name in self.names, f"gói thiếu tệp {name}")
        return self.zip.read(name) if self.zip else open(self.names[name], "rb").read()

    def lines(self, name):
        return [json.loads(line) for line in self.read(name).decode().split("\n") if line]


def files(bundle, manifest):
    listed = {entry["path"]: entry for entry in manifest["files"]}
    strange = set(bundle.names) - set(listed) - {"manifest.json"}
    require(not strange, f"tệp không có trong manifest.json: {sorted(strange)}")
    for path, entry in listed.items():
        data = bundle.read(path)
        require(len(data) == entry["size"] and sha256(data) == entry["sha256"], f"tệp {path} đã bị thay")
    print(f"tệp: {len(listed)} tệp đúng như manifest.json")


def chain(bundle, manifest):
    """The rows of the document lie in one chain that ends in the manifest's head; hashes by number."""
    listed = bundle.lines("journal.jsonl")
    rows = {row["number"]: row for row in listed}
    require(len(rows) == len(listed), "journal.jsonl có hai dòng cùng số")
    require(all(row["document"] == manifest["document"] for row in listed), "journal.jsonl có dòng về văn bản khác")
    head, *leaves = bundle.read("chain.txt").decode().split("\n")[:-1]
    number, previous = int(head.split()[0]) - 1, head.split()[1]
    require(number > 0 or previous == "0" * 64, "chuỗi không bắt đầu từ dòng 1")
    hashes = {number: previous}
    for leaf in leaves:
        number += 1
        # A row of another document: by its leaf, or, from before there were leaves, by its hash alone.
        hashes[number] = leaf[1:] if leaf.startswith("=") else sha256(f"{previous}\n{leaf}")
        row = rows.pop(number, None)
        if row is not None:
            right = hashes[number] == row["hash"] == row_hash(previous, row)
            require(right, f"dòng {number} không như lúc ghi")
        previous = hashes[number]
    require(not rows, f"dòng {min(rows, default=0)} không nằm trong chuỗi")
    end = manifest["head"]
    require((number, previous) == (end["rows"], end["hash"]), "chuỗi không dẫn đến dấu cuối trong manifest.json")
    print(f"chuỗi: {len(leaves)} dòng dẫn đến dấu cuối {previous}")
    return hashes, {row["number"] for row in listed}


def plain(answer):
    """An answer without words of one's own, which old rows of the journal hold."""
    return {key: value for key, value in answer.items() if key not in ("note", "reason")}


def facts(bundle):
    """What else the bundle holds is what the journal says of it."""
    rows = [{**row, "detail": json.loads(row["detail"])} for row in bundle.lines("journal.jsonl")]
    raws = {row["detail"]["raw"] for row in rows if row["kind"] == "registered" and "raw" in row["detail"]}
    for name in (name for name in bundle.names if name.startswith("revisions/") and name.endswith("/raw.bin")):
        require(not raws or sha256(bundle.read(name)) in raws, f"{name} không phải bản gốc đã đăng ký")
    said = {(row["obligation"], row["at"]): row["detail"] for row in rows if row["kind"] == "answered"}
    answers = bundle.lines("answers.jsonl")
    for answer in answers:
        detail = said.get((answer["obligation"], answer["at"]))
        where = f"câu trả lời của việc {answer['obligation']}"
        same = detail is not None and all(detail[key] == answer[key] for key in ("grade", "channel", "actor"))
        require(same and plain(detail["answer"]) == plain(answer["answer"]), f"{where} khác nhật ký")
        proof, words = detail.get("words"), answer.get("words") or ""
        same = (sha256(words), len(words)) == (proof["sha256"], proof["letters"]) if proof else True
        require(same, f"{where}: lời đã bị thay")
    sent = {}
    for detail in (row["detail"] for row in rows if row["kind"] == "settled"):
        sent.update({number: None for number in detail.get("sent", [])})
        sent.update({mail["notice"]: mail for mail in detail.get("mails", [])})
    mails = [mail for mail in bundle.lines("mails.jsonl") if mail["delivery"] == "sent"]
    for mail in mails:
        number = mail["notice"]
        require(number in sent, f"thư {number} ghi là đã gửi nhưng nhật ký không có")
        if sent[number] and "…" not in sent[number]["reply"]:
            require(sent[number]["reply"] == mail["reply"], f"thư {number}: câu trả lời của máy chủ khác nhật ký")
    print(f"nội dung: {len(raws)} bản gốc, {len(answers)} câu trả lời, {len(mails)} thư đã gửi khớp nhật ký")
    return {mail["sha256"]: number for number, mail in sent.items() if mail}


def mail(path, sent):
    """A mail as it was received: servers on its way put headers before it, so some part to its end is what was sent."""
    lines = open(path, "rb").read().replace(b"\r\n", b"\n").split(b"\n")
    parts = (lines[first:end] for first in range(min(len(lines), 200)) for end in (None, -1))
    found = next((hash for hash in (sha256(b"\r\n".join(part)) for part in parts) if hash in sent), None)
    require(found, f"{path} không phải thư nào đã gửi theo nhật ký")
    print(f"thư {path} là thư số {sent[found]} trong mails.jsonl")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["journal", "bundle"])
    parser.add_argument("path")
    parser.add_argument("--journal")
    for several in ("--mail", "--head", "--head-file"):
        parser.add_argument(several, action="append", default=[])
    arguments = parser.parse_args()
    try:
        heads = read_heads(arguments)
        if arguments.what == "journal":
            hashes, _ = journal(arguments.path)
            return meet(heads, hashes, max(hashes))
        bundle = Bundle(arguments.path)
        files(bundle, manifest := json.loads(bundle.read("manifest.json")))
        hashes, shown = chain(bundle, manifest)
        sent = facts(bundle)
        for path in arguments.mail:
            mail(path, sent)
        if arguments.journal:
            whole, own = journal(arguments.journal, manifest["document"])
            wrong = [number for number, hash in hashes.items() if whole.get(number) != hash]
            require(not wrong, f"dòng {min(wrong, default=0)} không phải dòng của nhật ký đã xuất")
            hidden = {number for number in own if number <= max(hashes)} - shown
            require(not hidden, f"gói giấu các dòng {sorted(hidden)} về văn bản này")
        return meet(heads, hashes, max(hashes))
    except (LookupError, ValueError, TypeError, AttributeError, OSError, zipfile.BadZipFile) as error:
        require(False, repr(error))


if __name__ == "__main__":
    main()

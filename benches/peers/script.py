"""The peers of W1: the same work as a plain script, one commit per document.

usage: script.py URL DATABASE PORT CELLS SIZE [CONNECTIONS]

Without CONNECTIONS it sends by smtplib over one connection; with them it is the asyncio twin, which keeps
so many connections busy at once and pipelines each envelope.

Logs in, lists, reads each document, keeps a row per cell in SQLite (write-ahead log, synchronous=FULL),
sends each cell a mail of SIZE bytes with text and HTML, marks the rows and commits. Prints one JSON object.
"""

import asyncio
import json
import resource
import smtplib
import sqlite3
import sys
import time
import urllib.request
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from string import Template

SENDER = "vanthu@duk.mau.example"
TEXT = Template("""$cell chủ trì thực hiện Kế hoạch số $symbol.

Kính gửi: $cell

Thực hiện Kế hoạch số $symbol, Văn phòng đề nghị $cell chủ trì thực hiện và báo cáo kết quả.

Trích yếu: $subject

Xác nhận đã nhận: https://vanthu.mau.example/a/$link
""")
HTML = Template("""<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>$symbol</title></head><body>
<h1>$cell chủ trì thực hiện Kế hoạch số $symbol</h1><p>Kính gửi: $cell</p>
<p>Thực hiện Kế hoạch số $symbol, Văn phòng đề nghị $cell chủ trì thực hiện và báo cáo kết quả.</p>
<table><tr><th>Trích yếu</th><td>$subject</td></tr></table>
<p><a href="https://vanthu.mau.example/a/$link">Xác nhận đã nhận</a></p><!-- $padding --></body></html>
""")


class Source:
    def __init__(self, url):
        self.url, self.token = url, None

    def call(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/{path}/", data)
        request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("X-Authentication-Token", self.token)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["data"]

    def documents(self):
        self.token = self.call("login", {"username": "vanthu", "password": "vanthu"})["token"]
        page = 1
        while rows := self.call("document/getlistwaitingdocument", {"pageNo": str(page), "pageRec": "50"}):
            for row in rows:
                yield self.call(f"document/getdetaildocument/{row['id']}")
            page += 1


def mail(document, cell, address, padding):
    fields = {
        "cell": cell, "symbol": document["soKiHieu"], "subject": document["trichYeu"],
        "link": f"{document['id']}.{cell}", "padding": padding,
    }
    message = EmailMessage()
    message["From"] = f"Văn thư <{SENDER}>"
    message["To"] = address
    message["Subject"] = f"{cell}: {document['soKiHieu']}"
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain="duk.mau.example")
    message.set_content(TEXT.substitute(fields), cte="base64")
    message.add_alternative(HTML.substitute(fields), subtype="html", cte="base64")
    return message.as_bytes()


class Connection:
    """One SMTP dialogue over asyncio streams."""

    async def open(self, port):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        await self.replies(b"220")
        self.writer.write(b"EHLO script\r\n")
        await self.replies(b"250")
        return self

    async def replies(self, *codes):
        for code in codes:
            line = b"   -"
            while line[3:4] == b"-":
                line = await self.reader.readline()
            assert line.startswith(code), line

    async def sendmail(self, sender, recipient, content):
        self.writer.write(f"MAIL FROM:<{sender}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n".encode())
        await self.replies(b"250", b"250", b"354")
        # Base64 has no line that begins with a dot.
        self.writer.write(content.replace(b"\n", b"\r\n") + b".\r\n")
        await self.replies(b"250")

    async def quit(self):
        self.writer.write(b"QUIT\r\n")
        await self.replies(b"221")
        self.writer.close()


class Sequential:
    """smtplib, one mail after the other."""

    def __init__(self, port):
        self.smtp = smtplib.SMTP("127.0.0.1", port)

    def send(self, mails, sent):
        for cell, address, content in mails:
            self.smtp.sendmail(SENDER, [address], content)
            sent(cell)

    def quit(self):
        self.smtp.quit()


class Concurrent:
    """asyncio, as many mails at once as there are connections."""

    def __init__(self, port, connections):
        self.loop = asyncio.new_event_loop()
        opening = (Connection().open(port) for _ in range(connections))
        self.connections = self.loop.run_until_complete(gather(opening))

    def send(self, mails, sent):
        async def work(connection):
            for cell, address, content in mails:
                await connection.sendmail(SENDER, address, content)
                sent(cell)

        self.loop.run_until_complete(gather(map(work, self.connections)))

    def quit(self):
        self.loop.run_until_complete(gather(connection.quit() for connection in self.connections))


async def gather(work):
    return await asyncio.gather(*work)


def main(url, database, port, cells, size, connections=0):
    begun = time.monotonic()
    db = sqlite3.connect(database)
    db.executescript("""
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        CREATE TABLE document (id INTEGER PRIMARY KEY, symbol TEXT, content TEXT);
        CREATE TABLE duty (document INTEGER, cell TEXT, state TEXT, sent TEXT, UNIQUE (document, cell));
    """)
    way = Concurrent(port, connections) if connections else Sequential(port)
    addresses = [(f"Chi bộ {number}", f"cb-{number}@mau.example") for number in range(1, cells + 1)]
    padding = "x" * max(0, (size - 2600) * 3 // 4)
    mails = 0
    for document in Source(url).documents():
        db.execute("INSERT INTO document VALUES (?, ?, ?)",
                   (document["id"], document["soKiHieu"], json.dumps(document)))
        for cell, _ in addresses:
            db.execute("INSERT INTO duty VALUES (?, ?, 'open', NULL)", (document["id"], cell))

        def sent(cell):
            db.execute("UPDATE duty SET state = 'sent', sent = datetime('now') WHERE document = ? AND cell = ?",
                       (document["id"], cell))

        way.send(((cell, address, mail(document, cell, address, padding)) for cell, address in addresses), sent)
        mails += cells
        db.commit()
    way.quit()
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({
        "mails": mails, "seconds": time.monotonic() - begun,
        "cpu": used.ru_utime + used.ru_stime, "peak_kb": used.ru_maxrss,
    }))


main(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))

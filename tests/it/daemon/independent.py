"""Reads captured mails with Python's own parser and holds each to what it must keep: one recipient, in envelope and
header; no address of another reader anywhere; one link, whose token bears the hash of this reader's address, and
which no other mail bears. Says what is wrong, else how much was read."""

import base64
import email
import email.policy
import email.utils
import hashlib
import pathlib
import re
import sys

TOKEN = re.compile(r"/a/(v1\.[A-Za-z0-9_.-]+)")
ADDRESS = re.compile(r"[a-z0-9._+-]+@[a-z0-9.-]+[a-z0-9]", re.IGNORECASE)


def words(mail):
    """Every header and every readable part, decoded; a calendar entry too."""
    yield from (str(value) for name, value in mail.items() if not name.lower().startswith("x-rcpt"))
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            yield part.get_content()
        elif not part.is_multipart():
            yield part.get_payload(decode=True).decode("utf-8", "replace")


def token_of(mail, texts):
    """The one token of a mail, and the hash in it."""
    tokens = {token for text in texts for token in TOKEN.findall(text)}
    if len(tokens) != 1:
        raise ValueError(f"{len(tokens)} links")
    payload = tokens.copy().pop().split(".")[2]
    return tokens.pop(), base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))[8:16]


def main():
    seen, wrong, others = {}, [], {}
    for file in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        envelope = mail.get_all("X-Rcpt-Args", [])
        named = email.utils.getaddresses(mail.get_all("To", []) + mail.get_all("Cc", []) + mail.get_all("Bcc", []))
        texts = list(words(mail))
        try:
            [(_, to)] = named
            [rcpt] = envelope
            if f"<{to}>" not in rcpt:
                raise ValueError(f"envelope {rcpt}, header {to}")
            token, owner = token_of(mail, texts)
            if owner != hashlib.sha256(to.lower().encode()).digest()[:8]:
                raise ValueError("a link that is another reader's")
            if seen.setdefault(token, to) != to or mail["Message-ID"] in others:
                raise ValueError("a link or an id of two mails")
        except ValueError as error:
            wrong.append(f"{file.name}: {error}")
            continue
        others[mail["Message-ID"]] = (to, {address.lower() for text in texts for address in ADDRESS.findall(text)})
    readers = {to.lower() for to, _ in others.values()}
    for name, (to, addresses) in others.items():
        foreign = addresses & readers - {to.lower()}
        wrong += [f"{name} to {to}: {foreign}"] if foreign else []
    print("\n".join(wrong) or f"{len(others)} mails to {len(readers)} readers, {len(seen)} links: each its own")


main()

#!/usr/bin/env python3
"""Judges the twelve invariants (docs/RELIABILITY.md, "The oracle") from outside, with Python's standard library alone.

It sees what the document system served, what the mail server took, what clients saw confirmed, and a dump of the
register (`vanthu store export`); never the program's own word about itself. It routes by a second reading of the
office's rules, and calls an invariant "not judged" where that reading or an input does not reach.

    oracle.py --dump so.jsonl [--upstream nguon.jsonl --rules rules.d --units units.toml] [--mails THƯ-MỤC|thu.jsonl]
              [--clients khach.jsonl] [--heard nghe.jsonl] [--health suc-khoe.jsonl] [--log TỆP]... [--kills N]
              [--workers N] [--per-day N] [--red GIÂY]
    oracle.py --extract THƯ-MỤC > thu.jsonl        captured mails as one line each, to be judged faster again

Prints one line for each invariant. Exit code 0: none is broken, 1: one is, 2: an input cannot be read.

upstream  {"id", "symbol", "text", "secret", "canary"}: what was served last under an id; `text` is what rules look at,
          `secret` whether it may not be known, `canary` a word that stands nowhere but in it
clients   {"method", "cell", "symbol", "confirmed"}: each visit of a link, and whether the page said that it is recorded
heard     what came by other ways: {"channel": "reply", "about", "from", "machine"}, a mail that was put into the mailbox for
          answers, to which Message-ID, from which address, and whether a machine wrote it; or {"channel": "upstream",
          "cell", "symbol"}, a receipt that the document system showed
health    {"at", "trouble", "status"}: looked at from outside at a second, what was broken then (null: nothing) and what
          `/readyz` said (null: nobody answered); often enough, and in order
"""

import argparse
import base64
import collections
import email
import email.policy
import email.utils
import hashlib
import json
import pathlib
import re
import sys
import tomllib
import unicodedata

TOKEN = re.compile(r"/[ad]/((?:v1|d1)\.[A-Za-z0-9_.-]+)")
ANY_TOKEN = re.compile(r"\b(?:v1|d1)\.[a-z0-9]{1,8}\.[A-Za-z0-9_-]{20,}\.[A-Za-z0-9_-]{20,}")
ADDRESS = re.compile(r"[a-z0-9._+-]+@[a-z0-9.-]+[a-z0-9]", re.IGNORECASE)
EXAMPLES = 3
# What only advances; whatever else happens to a row is told by other entries of the journal.
ORDER = {"open": 0, "acknowledged": 1, "done": 2, "declined": 2, "excused": 2, "withdrawn": 2}


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


# Half the time of json.loads, which a million lines feel.
scan = json.JSONDecoder().scan_once


def lines(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            if line != "\n":
                try:
                    yield scan(line, 0)[0]
                except StopIteration:
                    raise ValueError(f"{path}: not JSON: {line[:40]}") from None


class Finding:
    """One invariant: what was looked at, and what speaks against it."""

    def __init__(self, number, name):
        self.number, self.name = number, name
        self.looked, self.wrong, self.why = [], [], None

    def judge(self, what, wrong):
        """Looks at one thing; `wrong` are the cases against it."""
        self.looked.append(what)
        self.wrong += [f"{what}: {case}" for case in wrong]

    def cannot(self, why):
        self.why = why

    def line(self):
        if self.wrong:
            shown = "; ".join(map(str, self.wrong[:EXAMPLES]))
            more = f"; and {len(self.wrong) - EXAMPLES} more" if len(self.wrong) > EXAMPLES else ""
            return f"{self.number:2} BROKEN     {self.name}: {shown}{more}"
        if not self.looked:
            return f"{self.number:2} not judged {self.name}: {self.why}"
        rest = f"; not judged: {self.why}" if self.why else ""
        return f"{self.number:2} held       {self.name} ({', '.join(self.looked)}{rest})"


# ---- what was captured -------------------------------------------------------------------------------------------


def texts(mail):
    """Every header but the sink's own, and every part, decoded."""
    yield from (f"{name}: {value}" for name, value in mail.items() if not name.lower().startswith(("x-rcpt", "x-mail")))
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            yield part.get_content()
        elif not part.is_multipart():
            yield (part.get_payload(decode=True) or b"").decode("utf-8", "replace")


def read_mail(data):
    """A captured mail as one line of facts; nothing for one that was cut off, which no server has accepted."""
    if not data.rstrip().endswith(b"--"):
        return None
    mail = email.message_from_bytes(data, policy=email.policy.default)
    words = list(texts(mail))
    whole = "\n".join(words)
    named = email.utils.getaddresses([str(value) for key in ("To", "Cc", "Bcc") for value in mail.get_all(key, [])])
    rcpt = [address for value in mail.get_all("X-Rcpt-Args", []) for address in re.findall(r"<([^>]+)>", value)]
    at = mail["Date"].datetime.timestamp() if mail["Date"] else None
    return {
        "id": (mail["Message-ID"] or "").strip("<> "), "to": [address.lower() for _, address in named],
        "rcpt": [address.lower() for address in rcpt], "reason": (mail["X-Vanthu-Reason"] or "").strip(), "at": at,
        "symbols": re.findall(r"\[([^\]]+)\]", str(mail["Subject"] or ""))[:1], "tokens": sorted(set(TOKEN.findall(whole))),
        "addresses": sorted({address.lower() for text in words for address in ADDRESS.findall(text)}), "text": whole,
    }


def mails_of(path):
    path = pathlib.Path(path)
    if path.is_file():
        return lines(path)
    return filter(None, (read_mail(file.read_bytes()) for file in sorted(path.iterdir())))


class Mails:
    """What was captured, mail by mail; of each only what is looked at later."""

    def __init__(self, path, canaries):
        self.taken, self.told, self.days = collections.Counter(), set(), collections.Counter()
        self.spilt, self.wrong, self.others, self.owners, self.readers, self.about = [], [], {}, {}, set(), {}
        for mail in mails_of(path):
            self.take(mail, canaries)

    def take(self, mail, canaries):
        name, to, rcpt = mail["id"], mail["to"], mail["rcpt"]
        self.taken[name] += 1
        self.spilt += [f"{canary} in {name}" for canary in canaries if canary in mail["text"]]
        self.readers.update(rcpt)
        if len(rcpt) != 1 or to != rcpt:
            self.wrong.append(f"{name} to {rcpt} named {to}")
            return
        to = sys.intern(to[0])
        self.told.update((to, symbol) for symbol in mail["symbols"])
        self.about[name] = [(to, symbol) for symbol in mail["symbols"]]
        if mail["at"]:
            self.days[to, int(mail["at"] // 86400)] += 1
        foreign = tuple(address for address in mail["addresses"] if address != to)
        self.others.setdefault((to, foreign), name)
        if len(mail["tokens"]) > 1:
            self.wrong.append(f"{name} bears {len(mail['tokens'])} links")
        for token in mail["tokens"]:
            payload = token.split(".")[2]
            owner = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))[8:16]
            if owner != hashlib.sha256(to.encode()).digest()[:8] or self.owners.setdefault(token, to) != to:
                self.wrong.append(f"{name} bears the link of another reader")

    def foreign(self):
        """Mails that name another reader."""
        return [f"{name} names {address}" for (_, others), name in self.others.items()
                for address in others if address in self.readers]


# ---- a second reading of the rules -------------------------------------------------------------------------------


def key(text):
    return unicodedata.normalize("NFC", text).lower()


def routes(rules, units):
    """From a text to the cells it is given to, or why these rules are beyond this reading."""
    office = tomllib.loads(pathlib.Path(units).read_text(encoding="utf-8"))
    cells = {unit["id"]: unit for unit in office.get("unit", [])}
    read = []
    for file in sorted(pathlib.Path(rules).glob("*.toml")):
        for rule in tomllib.loads(file.read_text(encoding="utf-8")).get("rule", []):
            beyond = set(rule.get("when", {})) - {"text_any"} | set(rule.get("to", {})) - {"kind"}
            beyond |= {"task", "final", "enabled"} & set(rule)
            if beyond:
                return None, f"rule {rule['id']} says {', '.join(sorted(beyond))}, which the oracle cannot read"
            chosen = {name for name, unit in cells.items() if unit.get("kind") in rule["to"]["kind"]}
            read.append(([key(text) for text in rule["when"]["text_any"]], chosen))
    mailboxes = {name: unit["mailbox"].lower() for name, unit in cells.items() if isinstance(unit.get("mailbox"), str)}

    def route(text):
        return set().union(*(chosen for words, chosen in read if any(word in key(text) for word in words)))

    return (route, mailboxes), None


# ---- the register ------------------------------------------------------------------------------------------------


class Dump:
    """The register as it was exported, row by row; of each row only what is looked at later."""

    def __init__(self, path):
        self.head, self.symbols, self.ids, self.known = None, {}, set(), set()
        self.obligations, self.answers, self.answered, self.holds, self.passed = {}, [], set(), [], set()
        self.keys, self.messages, self.sent = collections.Counter(), {}, {}
        self.settled, self.stood, self.wrong, self.journalled = collections.Counter(), {}, [], set()
        self.number, self.previous, self.broken = 0, "0" * 64, []
        for row in lines(path):
            getattr(self, "read_" + row["table"], lambda _: None)(row)
        if self.head is None:
            raise ValueError("the dump has no line of table register")
        if not self.broken and (self.number, self.previous) != (self.head["rows"], self.head["hash"]):
            self.broken = [f"it ends at row {self.number}, the dump says {self.head['rows']}"]

    def read_register(self, row):
        self.head = row["head"]

    def read_document(self, row):
        self.symbols[row["id"]] = row["symbol"]
        self.ids.add(row["external_id"])
        self.known.add(row["external_id"])

    def read_origin(self, row):
        self.known.add(row["external_id"])

    def read_hold(self, row):
        self.known.add(row["external_id"])
        if row["closed"] is None:
            self.holds.append((row["external_id"], row["unit"]))

    def read_obligation(self, row):
        self.obligations[row["id"]] = (sys.intern(row["cell"]), row["document"], sys.intern(row["state"]))

    def read_answer(self, row):
        self.answered.add(row["obligation"])
        self.answers.append((row["obligation"], sys.intern(row["channel"]), bool(row["actor"] and row["reasoned"])))

    def read_notice(self, row):
        self.keys[row["revision"], sys.intern(row["unit"]), sys.intern(row["kind"]), row["step"], row["mailbox"]] += 1
        self.messages[row["message_id"]] = row["id"]
        if row["delivery"] == "sent":
            self.sent[row["id"]] = row["message_id"]

    def read_journal(self, row):
        """One more row of the chain: that it fits, and what it says."""
        self.number += 1
        number, kind, detail = row["number"], row["kind"], row["detail"]
        document, obligation = ("-" if row[name] is None else row[name] for name in ("document", "obligation"))
        if not self.broken:
            text = f"{number}\n{row['at']}\n{kind}\n{document}\n{obligation}\n{detail}"
            fits = row["hash"] == sha256(f"{self.previous}\n{sha256(text)}")
            if number != self.number or not (fits or row["hash"] == sha256(f"{self.previous}\n{text}")):
                self.broken = [f"row {self.number} is not what was written"]
            self.previous = row["hash"]
        if kind == "settled":
            self.settled.update(scan(detail, 0)[0].get("sent", ()))
        elif kind == "answered":
            self.journalled.add(obligation)
            state = scan(detail, 0)[0].get("state")
            if ORDER.get(state, -1) < self.stood.get(obligation, 0):
                self.wrong.append(f"row {number}: work {obligation} goes back to {state}")
            self.stood[obligation] = ORDER.get(state, -1)
        elif kind == "released" and '"state"' in detail:
            # Staff handed back what the cell had declined.
            self.stood.pop(json.loads(detail).get("obligation"), None)

    def pair(self, obligation):
        """(cell, symbol) of a row."""
        cell, document, _ = self.obligations[obligation]
        return cell, self.symbols.get(document)


# ---- the twelve --------------------------------------------------------------------------------------------------


def at_least_once(finding, beyond, dump, upstream, mails, office):
    if upstream is None or mails is None or office is None:
        return finding.cannot(beyond or "needs --upstream, --rules, --units and --mails")
    route, mailboxes = office
    held, wanted, wrong = set(dump.holds), 0, []
    for row in upstream:
        for cell in route(row["text"]) if not row.get("secret") else ():
            wanted += 1
            failure = {(row["id"], cell), (row["id"], None)} & held
            if (mailboxes.get(cell), row["symbol"]) not in mails.told and not failure:
                wrong.append(f"{row['symbol']} to {cell}")
    finding.judge(f"{wanted} (directive, cell) selected", wrong)


def at_most_once(finding, dump, mails, most):
    finding.judge(f"{len(dump.keys)} keys in the register", [key for key, count in dump.keys.items() if count > 1])
    if mails is None:
        return finding.cannot("repeats need --mails")
    strange = [f"{name} is no notice of the register" for name in mails.taken if name not in dump.messages]
    finding.judge(f"{len(mails.taken)} Message-IDs captured", strange)
    repeats = sum(mails.taken.values()) - len(mails.taken)
    finding.judge(f"{repeats} repeats, at most {most}", [f"{repeats} repeats"] if repeats > most else [])
    finding.judge(f"{len(dump.sent)} sent", [f"{name} was never taken" for name in dump.sent.values()
                                             if name not in mails.taken])


def nothing_lost(finding, dump, clients):
    missing = sorted(dump.answered - dump.journalled)
    finding.judge(f"{len(dump.answered)} answered rows in the journal", [f"answer to {number} is not" for number in missing])
    if clients is None:
        return finding.cannot("what was confirmed needs --clients")
    confirmed = {(row["cell"], row["symbol"]) for row in clients if row["confirmed"]}
    finding.judge(f"{len(confirmed)} confirmed", sorted(confirmed - {dump.pair(number) for number in dump.answered}))


def came(heard, mails):
    """What was really said by other ways: by channel, who (address or cell) about which symbol."""
    said = {"reply": set(), "upstream": {(row["cell"], row["symbol"]) for row in heard if row["channel"] == "upstream"}}
    for row in heard:
        if row["channel"] == "reply" and not row["machine"]:
            said["reply"] |= {(to, symbol) for to, symbol in mails.about.get(row["about"], ()) if to == row["from"].lower()}
    return said


def none_invented(finding, dump, clients, heard, mails, office):
    staff = [(number, good) for number, channel, good in dump.answers if channel == "staff"]
    nameless = [f"answer to {number}" for number, good in staff if not good]
    finding.judge(f"{len(staff)} by staff with name and reason", nameless)
    if clients is None:
        return finding.cannot("answers by link need --clients")
    pressed = {(row["cell"], row["symbol"]) for row in clients if row["method"] == "POST"}
    by_link = {dump.pair(number) for number, channel, _ in dump.answers if channel == "link"}
    finding.judge(f"{len(by_link)} by link", [f"{pair} without a press" for pair in sorted(by_link - pressed)])
    others = {channel for _, channel, _ in dump.answers} - {"staff", "link"}
    if heard is not None and mails is not None and office is not None:
        _, mailboxes = office
        for channel, said in came(heard, mails).items():
            pairs = {dump.pair(number) for number, by, _ in dump.answers if by == channel}
            known = {(cell, symbol) for cell, symbol in pairs if (mailboxes.get(cell) if channel == "reply" else cell, symbol) in said}
            finding.judge(f"{len(pairs)} by {channel}", [f"{pair} by {channel} that nobody gave" for pair in sorted(pairs - known)])
            others.discard(channel)
    if others:
        finding.cannot(f"answers by {', '.join(sorted(others))} need --heard, --mails, --rules and --units")


def no_secret_mailed(finding, dump, upstream, mails):
    if upstream is None or mails is None:
        return finding.cannot("needs --upstream and --mails")
    secret = [row for row in upstream if row.get("secret")]
    finding.judge(f"{len(secret)} secret words in {sum(mails.taken.values())} mails", mails.spilt)
    open_ids = {row["id"] for row in upstream if not row.get("secret")}
    kept = [f"document {row['id']}" for row in secret if row["id"] in dump.ids - open_ids]
    finding.judge(f"{len(secret)} secret documents not registered", kept)


def one_reader(finding, mails):
    if mails is None:
        return finding.cannot("needs --mails")
    finding.judge(f"{sum(mails.taken.values())} mails to {len(mails.readers)} readers", mails.wrong + mails.foreign())


def nothing_passed(finding, dump, upstream):
    if upstream is None:
        return finding.cannot("needs --upstream")
    wrong = [f"{row['symbol']} ({row['id']})" for row in upstream if row["id"] not in dump.known]
    finding.judge(f"{len(upstream)} served", wrong)


def one_owner(finding, dump):
    twice = [f"notice {number} twice" for number, count in dump.settled.items() if count > 1]
    finding.judge(f"{len(dump.settled)} settled as sent", twice)
    missing = [f"notice {number} is not" for number in dump.sent if number not in dump.settled]
    finding.judge(f"{len(dump.sent)} sent in the journal", missing)


def nothing_back(finding, dump):
    finding.judge(f"chain of {dump.head['rows']} rows", dump.broken)
    finding.judge(f"{len(dump.stood)} answered rows", dump.wrong)
    later = [f"work {number} stands lower than was said" for number, state in dump.stood.items()
             if number in dump.obligations and ORDER[dump.obligations[number][2]] < state]
    finding.judge("register as the journal says", later)


def bounded(finding, mails, per_day):
    if mails is None or per_day is None:
        return finding.cannot("needs --mails and --per-day")
    most = max(mails.days.values(), default=0)
    wrong = [f"{count} to {to}" for (to, _), count in mails.days.items() if count > per_day]
    finding.judge(f"at most {most} mails to one reader a day, {per_day} allowed", wrong)


def nothing_spilt(finding, arguments, upstream):
    canaries = {row["canary"] for row in upstream or [] if row.get("canary")}
    for path in [arguments.dump, *arguments.log]:
        wrong = []
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                wrong += [canary for canary in canaries if canary in line]
                wrong += [f"a link: {token[:12]}…" for token in (ANY_TOKEN.findall(line) if "v1." in line or "d1." in line else ())]
        finding.judge(f"{pathlib.Path(path).name} for {len(canaries)} secret words and links", wrong)
    finding.cannot("argv, environment, metrics and the wire need other inputs")


def fails_loud(finding, health, red):
    """While something is broken `/readyz` is red within some seconds, and stays so until it is mended."""
    if health is None:
        return finding.cannot("needs --health, the health of the process while things break")
    troubles, wrong, begun, seen, trouble = 0, {}, None, None, None
    for row in health:
        if row["trouble"] != trouble:
            trouble, begun, seen = row["trouble"], row["at"], None
            troubles += trouble is not None
        if trouble is None:
            continue
        if row["status"] != "ok":
            seen = row["at"]
        elif seen is not None:
            wrong.setdefault((begun, trouble), f"{trouble} from {begun:.1f} s is well again at {row['at']:.1f} s, and is not")
        elif row["at"] - begun > red:
            wrong.setdefault((begun, trouble), f"{trouble} from {begun:.1f} s is not seen at {row['at']:.1f} s")
    finding.judge(f"{troubles} troubles, each red within {red} s and until it was mended", list(wrong.values()))


NAMES = ["no selected cell goes untold", "no step is mailed twice", "nothing confirmed is lost", "no false answer",
         "no secret by mail", "one reader a mail", "nothing served is passed over", "one owner a piece of work",
         "nothing goes back", "harm is bounded", "no secret outside its place", "no silent failure"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("dump", "upstream", "rules", "units", "mails", "clients", "heard", "health", "extract"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--log", action="append", default=[])
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--per-day", type=int)
    parser.add_argument("--red", type=float, default=10)
    arguments = parser.parse_args()
    if arguments.extract:
        for mail in mails_of(arguments.extract):
            print(json.dumps(mail, ensure_ascii=False))
        return 0
    try:
        dump = Dump(arguments.dump)
        upstream = list(lines(arguments.upstream)) if arguments.upstream else None
        clients, heard, health = (list(lines(path)) if path else None
                                  for path in (arguments.clients, arguments.heard, arguments.health))
        canaries = [row["canary"] for row in upstream or [] if row.get("canary")]
        mails = Mails(arguments.mails, canaries) if arguments.mails else None
        office, beyond = routes(arguments.rules, arguments.units) if arguments.rules and arguments.units else (None, None)
        one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve = findings = [
            Finding(number, name) for number, name in enumerate(NAMES, 1)]
        at_least_once(one, beyond, dump, upstream, mails, office)
        at_most_once(two, dump, mails, arguments.kills * arguments.workers)
        nothing_lost(three, dump, clients)
        none_invented(four, dump, clients, heard, mails, office)
        no_secret_mailed(five, dump, upstream, mails)
        one_reader(six, mails)
        nothing_passed(seven, dump, upstream)
        one_owner(eight, dump)
        nothing_back(nine, dump)
        bounded(ten, mails, arguments.per_day)
        nothing_spilt(eleven, arguments, upstream)
        fails_loud(twelve, health, arguments.red)
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        print(f"an input cannot be read: {error!r}", file=sys.stderr)
        return 2
    print("\n".join(finding.line() for finding in findings))
    return 1 if any(finding.wrong for finding in findings) else 0


if __name__ == "__main__":
    sys.exit(main())

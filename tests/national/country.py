"""The country, a year of it, and its worst morning."""

import math
from datetime import date, timedelta

from assumed import ASSUMED, CELLS, FOUNDING, OFF, OFFICES, ORGANISATIONS, PROVINCES
from measured import MEASURED
from queues import Queue, busiest, percentile

DAY = 8 * 3600


class Country:
    """Offices of uneven size, spread over provinces of uneven size; the first is the founding one."""

    def __init__(self, rng):
        weights = [rng.lognormvariate(0, 0.6) for _ in range(OFFICES)]
        scale = (CELLS - FOUNDING) / sum(weights[1:])
        self.cells = [FOUNDING] + [max(8, round(weight * scale)) for weight in weights[1:]]
        provinces = [rng.lognormvariate(0, 0.3) for _ in range(PROVINCES)]
        self.province = rng.choices(range(PROVINCES), provinces, k=OFFICES)
        self.organisations = [max(1, round(cells * ORGANISATIONS / CELLS)) for cells in self.cells]

    def groups(self, arrangement):
        """Offices by the register they share."""
        if arrangement == "office":
            return [[office] for office in range(OFFICES)]
        if arrangement == "nation":
            return [list(range(OFFICES))]
        groups = [[] for _ in range(PROVINCES)]
        for office, province in enumerate(self.province):
            groups[province].append(office)
        return groups


def working_days(year):
    first = date(year, 1, 1)
    days = (first + timedelta(n) for n in range(366))
    return [day for day in days if day.year == year and day.weekday() < 5 and day not in OFF]


def busy(days):
    """How much more than usual comes on each day: Mondays, the ends of months, the beginnings of quarters. The mean is 1."""
    found = []
    for place, day in enumerate(days):
        factor = ASSUMED["monday"] if day.weekday() == 0 else 1
        if any(later.month != day.month for later in days[place + 1 : place + 4]) or place + 3 >= len(days):
            factor *= ASSUMED["month_end"]
        if day.month % 3 == 1 and day.day <= 7:
            factor *= ASSUMED["quarter"]
        found.append(factor)
    mean = sum(found) / len(found)
    return [factor / mean for factor in found]


def poisson(rng, mean):
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def share(rng):
    """The part of an office's cells that a directive obliges: all, those of one kind, or a few."""
    kind = rng.random()
    if kind < ASSUMED["to_all"]:
        return 1.0
    return rng.uniform(0.3, 0.7) if kind < ASSUMED["to_all"] + ASSUMED["to_kind"] else rng.uniform(0.02, 0.2)


def answer(rng):
    """Working hours until a cell acknowledges, and working days until it reports (none where nothing is reported)."""
    hours = rng.lognormvariate(math.log(ASSUMED["ack_hours"]), ASSUMED["ack_spread"])
    reports = rng.random() < ASSUMED["reports"]
    return hours, rng.triangular(2, 19, 12) if reports else None


def steps(rng, draws=20_000):
    """How often an obligation meets each step of the ladder `standard`, by working days after it opened."""
    cell, parent = {2: 0, 12: 0, 16: 0}, {4: 0, 18: 0}
    for _ in range(draws):
        hours, done = answer(rng)
        for counts, day, late in [
            (cell, 2, hours > 16),
            (parent, 4, hours > 32),
            (cell, 12, done is not None and done > 12),
            (cell, 16, done is not None and done > 16),
            (parent, 18, done is not None and done > 18),
        ]:
            counts[day] += late
    return [{day: count / draws for day, count in counts.items()} for counts in (cell, parent)]


class Year:
    """Every working day of every office."""

    def __init__(self, country, rng):
        self.days = working_days(2026)
        factors, (to_cell, to_parent) = busy(self.days), steps(rng)
        national = set(rng.sample(range(len(self.days)), ASSUMED["national"]))
        self.directives, self.rows, self.mails, self.digests, self.holds = [], [], [], [], []
        for cells, organisations in zip(country.cells, country.organisations):
            opened, directives = self.open(rng, cells, factors, national)
            reminded, above = spread(opened, to_cell), spread(opened, to_parent)
            # One mail of the morning folds all reminders of a cell; a superior gets one mail a day.
            digests = [folded(count, cells) for count in reminded]
            mails = [
                round(rows * ASSUMED["changes"] + digest + folded(up, organisations))
                for rows, digest, up in zip(opened, digests, above)
            ]
            self.directives.append(directives)
            self.rows.append(opened)
            self.digests.append(digests)
            self.mails.append(mails)
            self.holds.append([poisson(rng, self.held(rows, cells)) for rows in opened])

    def open(self, rng, cells, factors, national):
        opened, directives = [], 0
        for day, factor in enumerate(factors):
            count = poisson(rng, ASSUMED["directives"] * factor)
            rows = sum(max(1, round(share(rng) * cells)) for _ in range(count))
            opened.append(rows + (cells if day in national else 0))
            directives += count + (day in national)
        return opened, directives

    @staticmethod
    def held(rows, cells):
        return (
            ASSUMED["documents"] * ASSUMED["unmatched"]
            + rows * (ASSUMED["declined"] + ASSUMED["more_time"])
            + cells * ASSUMED["undeliverable"]
        )

    def of(self, offices):
        """What the offices of one register come to together."""
        rows = sum(sum(self.rows[office]) for office in offices)
        mails = [sum(self.mails[office][day] for office in offices) for day in range(len(self.days))]
        holds = [sum(self.holds[office][day] for office in offices) for day in range(len(self.days))]
        answers = rows * (1 + ASSUMED["reports"])
        facts = rows * MEASURED["facts"] + answers
        grown = rows * MEASURED["bytes_row"] + sum(mails) * MEASURED["bytes_mail"]
        return {
            "directives": sum(self.directives[office] for office in offices),
            "rows": rows,
            "mails": sum(mails),
            "mails_day": sum(mails) / len(mails),
            "mails_peak": max(mails),
            "presses": answers * (1 - ASSUMED["by_mail"]),
            "replies": answers * ASSUMED["by_mail"],
            "holds_day": sum(holds) / len(holds),
            "facts": facts,
            "gb": (grown + answers * MEASURED["bytes_answer"]) / 1e9,
            "traffic": sum(mails) * MEASURED["mail_kb"] / 1e6,
        }


def spread(opened, profile):
    reminded = [0.0] * len(opened)
    for day, rows in enumerate(opened):
        for after, part in profile.items():
            if day + after < len(opened):
                reminded[day + after] += rows * part
    return reminded


def folded(count, receivers):
    return receivers * (1 - math.exp(-count / receivers))


class Morning:
    """A Monday at the end of a month. At 07:30 the digests leave; at 08:00 a directive for every cell of the country stands in
    every source, and each office meets it within five minutes. Seconds count from 07:00; a mail is one tuple of the second
    at which it may leave, its office, whether its mailbox is at the large public host, and the seconds from delivery to press."""

    def __init__(self, country, year, rng):
        self.country = country
        self.polls = [3600 + rng.uniform(0, ASSUMED["poll"]) for _ in range(OFFICES)]
        self.mails, self.done = [], []
        for office, cells in enumerate(country.cells):
            usual = sum(year.rows[office]) / len(year.days)
            digest = sum(year.digests[office]) / len(year.days) / cells * ASSUMED["monday"] * ASSUMED["month_end"]
            for _ in range(cells):
                public = rng.random() < ASSUMED["public"]
                if rng.random() < min(1, digest):
                    self.mails.append((1800.0, office, public, math.inf))
                after = answer(rng)[0] * 3600
                self.mails.append((self.polls[office], office, public, after))
            # Reports on earlier work: four in ten come before half past nine.
            reports = usual * ASSUMED["reports"] * ASSUMED["monday"] * ASSUMED["month_end"]
            for _ in range(round(reports)):
                early = rng.random() < 0.4
                self.done.append((rng.uniform(1800, 9000) if early else rng.uniform(9000, 36000), office))

    def run(self, arrangement):
        """The mails of the day through a relay and a public host, the presses through the one writer; the worst register."""
        results = []
        group_of = {office: n for n, group in enumerate(self.country.groups(arrangement)) for office in group}
        parts = [{"mails": [], "done": [], "polls": []} for _ in range(max(group_of.values()) + 1)]
        for mail in self.mails:
            parts[group_of[mail[1]]]["mails"].append(mail)
        for at, office in self.done:
            parts[group_of[office]]["done"].append(at)
        for office, at in enumerate(self.polls):
            parts[group_of[office]]["polls"].append((at, self.country.cells[office]))
        results = [self.register(part, arrangement) for part in parts]
        return {key: max(result[key] for result in results) for key in results[0]}

    def register(self, part, arrangement):
        relay = Queue(1 / ASSUMED["relay_" + arrangement])
        host = Queue(3600 / ASSUMED["host_hour"])
        work, presses, delivered = [], [], []
        for at, rows in part["polls"]:
            work.append((at, rows / MEASURED["ingest"], False))
        for at, _, public, after in sorted(part["mails"]):
            gone = relay.serve(at)
            work.append((gone, 1 / MEASURED["settle"], False))
            there = host.serve(gone) if public else gone
            if at >= 3600:
                delivered.append(there)
            if there + after < 3600 + DAY and not math.isinf(after):
                presses.append(there + after)
        presses += part["done"]
        work += [(at, 1 / MEASURED["press"], True) for at in presses]
        writer, waits, load = Queue(), [], {}
        for at, seconds, is_press in sorted(work):
            ended = writer.serve(at, seconds)
            load[int(at) // 60] = load.get(int(at) // 60, 0) + seconds
            if is_press:
                waits.append(ended - at)
        delivered.sort()
        return {
            "mails": len(part["mails"]),
            "relay": relay.last - 3600,
            "half": percentile(delivered, 50) - 3600,
            "last": delivered[-1] - 3600,
            "presses": busiest(presses, 60) / 60,
            "writer": 100 * max(load.values()) / 60,
            "wait": 1000 * percentile(sorted(waits), 99),
            "poll": len(part["polls"]) * ASSUMED["pages"] / ASSUMED["poll"],
        }

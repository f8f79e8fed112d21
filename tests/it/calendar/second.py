"""Working days counted a second time, from the same files, by other means.

Reads a folder of calendar files and, from standard input, what vanthu counted: lines of
`date worked +1 … +60 -1 … -60`, days as ordinals of the proleptic Gregorian calendar.
Prints every difference, then the number of days and counts compared.
"""

import bisect
import datetime
import pathlib
import sys
import tomllib

FIXED = {(1, 1), (4, 30), (5, 1), (9, 2)}
NAMES = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def load(folder):
    general = tomllib.loads((folder / "calendar.toml").read_text(encoding="utf-8"))
    years, swaps = {}, {}
    for path in folder.glob("[0-9]*.toml"):
        year = tomllib.loads(path.read_text(encoding="utf-8"))
        years[year["year"]] = year
        swaps.update(year.get("swap", {}))
    return general, years, swaps


def worked_days(folder):
    general, years, swaps = load(folder)
    week = {NAMES.index(name) for name in general["week"]}
    off = {day for year in years.values() for day in year.get("off", {})}
    work = {day for year in years.values() for day in year.get("work", {})}
    half = {day for year in years.values() for part in ("morning", "afternoon") for day in year.get(part, {})}
    day, days = datetime.date(2022, 1, 1), []
    while day < datetime.date(2043, 1, 1):
        name = day.isoformat()
        holiday = name in off or (day.year not in years and (day.month, day.day) in FIXED)
        if name in work:
            worked = True
        elif holiday or name in swaps:
            worked = False
        elif name in half or name in swaps.values():
            worked = True
        else:
            worked = day.weekday() in week
        if worked:
            days.append(day.toordinal())
        day += datetime.timedelta(days=1)
    return days


def main():
    days = worked_days(pathlib.Path(sys.argv[1]))
    known = set(days)
    lines = counts = differences = 0
    for line in sys.stdin:
        text, worked, *found = line.split()
        day = datetime.date.fromisoformat(text).toordinal()
        before = bisect.bisect_left(days, day)
        after = bisect.bisect_right(days, day)
        expected = [days[after + n - 1] for n in range(1, 61)] + [days[before - n] for n in range(1, 61)]
        lines += 1
        counts += len(found)
        if worked != str(int(day in known)) or list(map(int, found)) != expected:
            differences += 1
            print("differs:", line[:60])
    print(f"{lines} days, {counts} counts, {differences} differences")


main()

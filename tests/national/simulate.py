#!/usr/bin/env python3
"""What a national roll-out asks of registers, relays, sources and people: a simulation with the standard library alone.

    python3 tests/national/simulate.py                            print the tables
    python3 tests/national/simulate.py --write docs/NATIONAL.md   put them where they stand
    python3 tests/national/simulate.py --check docs/NATIONAL.md   exit 1 where they differ from what stands there
    python3 tests/national/simulate.py --set directives=6         under another assumption

A year is simulated office by office and day by day; a morning of the worst kind mail by mail and press by press, as queues
with one server each. Everything is drawn from one seed, so that the tables can be compared to the letter. What is assumed
stands in assumed.py, what was measured in measured.py, beside it; both are printed.
"""

import argparse
import random
import sys

from assumed import ASSUMED
from country import Country, Morning, Year
from tables import assumed_table, fill, machines_table, measured_table, morning_table, saturation_table, year_table

SEED = 2026


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--write", metavar="FILE")
    parser.add_argument("--check", metavar="FILE")
    arguments = parser.parse_args()
    for change in arguments.set:
        name, _, value = change.partition("=")
        if name not in ASSUMED:
            parser.error(f"no assumption is called {name}: {', '.join(ASSUMED)}")
        ASSUMED[name] = type(ASSUMED[name])(value)
    blocks = simulate(arguments.seed)
    path = arguments.write or arguments.check
    if path is None:
        print("\n\n".join(f"{name}\n\n{text}" for name, text in blocks.items()))
        return 0
    with open(path, encoding="utf-8") as file:
        stands = file.read()
    filled = fill(stands, blocks)
    if arguments.write:
        with open(path, "w", encoding="utf-8") as file:
            file.write(filled)
    elif filled != stands:
        pairs = zip(stands.splitlines(), filled.splitlines())
        stale = next(((old, new) for old, new in pairs if old != new), ("(a line more or less)", ""))
        print(f"{path} says\n  {stale[0]}\nwhere the simulation says\n  {stale[1]}", file=sys.stderr)
        return 1
    return 0


def simulate(seed):
    """The tables by name."""
    rng = random.Random(seed)
    country = Country(rng)
    year = Year(country, rng)
    morning = Morning(country, year, rng)
    mornings = {arrangement: morning.run(arrangement) for arrangement in ("office", "province", "nation")}
    return {
        "assumed": assumed_table(),
        "measured": measured_table(),
        "year": year_table(country, year),
        "morning": morning_table(mornings),
        "saturates": saturation_table(country, year, mornings),
        "machines": machines_table(country, year),
    }


if __name__ == "__main__":
    sys.exit(main())

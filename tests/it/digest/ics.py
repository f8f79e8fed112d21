"""Reads a calendar with Python's icalendar and says what a person's calendar would hold."""
import sys

from icalendar import Calendar

raw = sys.stdin.buffer.read()
for line in raw.split(b"\r\n"):
    assert len(line) <= 75, line
    assert b"\n" not in line and b"\r" not in line, line
calendar = Calendar.from_ical(raw)
print(calendar["VERSION"], calendar["METHOD"], calendar["PRODID"], calendar.get("X-WR-CALNAME", "-"))
zones = [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")]
for zone in calendar.walk("VTIMEZONE"):
    zone.to_tz()
print("zones", *zones)
for event in calendar.walk("VEVENT"):
    for key in ("UID", "DTSTAMP", "DTSTART", "SEQUENCE", "STATUS", "SUMMARY"):
        assert key in event, key
    zone = event["DTSTART"].params.get("TZID")
    assert zone is None or zone in zones, zone
    print(event["UID"], f"seq={event['SEQUENCE']}", event["STATUS"], event["TRANSP"])
    print(" ", event["SUMMARY"])
    print(" ", event["DTSTART"].dt, "to", event["DTEND"].dt)
    for alarm in event.walk("VALARM"):
        print("  rings", alarm["TRIGGER"].dt)
    for line in event["DESCRIPTION"].splitlines():
        print("  |", line)

"""Queues with one server, in order of arrival."""


class Queue:
    """Serves one after the other; remembers when it was last free."""

    def __init__(self, seconds=0.0):
        self.seconds = seconds
        self.last = 0.0

    def serve(self, at, seconds=None):
        """When what arrives at `at` is done. Arrivals come in order."""
        self.last = max(self.last, at) + (self.seconds if seconds is None else seconds)
        return self.last


def percentile(values, part):
    """Of sorted values; nothing of nothing is 0."""
    return values[min(len(values) - 1, len(values) * part // 100)] if values else 0.0


def busiest(moments, length):
    """The most that fall into one stretch of so many seconds."""
    counts = {}
    for at in moments:
        counts[int(at // length)] = counts.get(int(at // length), 0) + 1
    return max(counts.values(), default=0)

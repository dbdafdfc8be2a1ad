"""Sliding windows over rows that have an instant ``at``."""

from collections import defaultdict
from itertools import accumulate


def grouped(rows, key):
    """Rows by a key, each group in order of time.

    :param rows: anything with ``at`` and ``id``
    :param key: function of a row
    :return: dict of key to list, in order of the keys
    """
    groups = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.at, row.id)):
        groups[key(row)].append(row)
    return dict(sorted(groups.items()))


def clusters(rows, span, enough):
    """The rows of every window of a length that has enough of what is looked for; windows that share a row are one.

    :param list rows: in order of time
    :param timedelta span: greatest distance between the first and the last row of a window
    :param enough: function of the rows of a window: whether they make the pattern
    :return: list of lists of rows
    """
    found, start = [], 0
    for end, row in enumerate(rows):
        while row.at - rows[start].at > span:
            start += 1
        if not enough(rows[start : end + 1]):
            continue
        if found and start <= found[-1][1]:
            found[-1][1] = end
        else:
            found.append([start, end])
    return [rows[first : last + 1] for first, last in found]


def share_clusters(rows, span, hit, enough):
    """The rows that hit, of every window of a length in which their number among all rows is enough; windows that share
    one are one. Takes time proportional to the rows, however long the windows are.

    :param list rows: in order of time
    :param timedelta span: greatest distance between the first and the last row of a window
    :param hit: function of a row: whether it is looked for
    :param enough: function of the hits and of the rows of a window, two numbers
    :return: list of lists of rows
    """
    flags = [bool(hit(row)) for row in rows]
    before = list(accumulate(flags, initial=0))
    intervals, start = [], 0
    for end, row in enumerate(rows):
        while row.at - rows[start].at > span:
            start += 1
        hits = before[end + 1] - before[start]
        if not hits or not enough(hits, end + 1 - start):
            continue
        if intervals and start <= intervals[-1][1] and before[intervals[-1][1] + 1] > before[start]:
            intervals[-1][1] = end
        else:
            intervals.append([start, end])
    return [[rows[i] for i in range(first, last + 1) if flags[i]] for first, last in intervals]


def score(value, threshold):
    """How strong a pattern is: 50 at its limit, 100 at twice the limit and above.

    :param value: what was counted
    :param threshold: from where on it is listed, > 0
    :return: int between 0 and 100
    """
    return int(max(0, min(100, 50 * value / threshold)))

"""Finding a shop in the public list, as plain text, and where it is."""

import unicodedata


def fold(text):
    """Text as people search it: no accents, no case, blanks as one.

    :param str text: any text, or None
    :return: str
    """
    decomposed = unicodedata.normalize("NFKD", text or "")
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(plain.casefold().split())


def matches(query, texts):
    """Whether every word searched for is somewhere in a shop's texts (R-004-91).

    :param str query: what the visitor typed; empty finds everything
    :param texts: iterable of str or None: name, activities, place …
    :return: bool
    """
    haystack = fold(" ".join(text for text in texts if text))
    return all(word in haystack for word in fold(query).split())


def coordinates(latitude, longitude):
    """A place on the map.

    :param float latitude: degrees, 0 when unknown
    :param float longitude: degrees, 0 when unknown
    :return: (longitude, latitude) as GeoJSON writes them, or None when unknown or impossible
    """
    if not (latitude or longitude) or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return (round(longitude, 6), round(latitude, 6))

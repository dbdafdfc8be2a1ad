from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

directory = load("merchant_circuit", "directory")


def test_words_are_found_without_accents_case_and_order():
    """R-004-91: a visitor types as people type."""
    texts = ("Bar Caffè Città", "Bar", "Corso Vittorio Emanuele 8", None)

    assert directory.matches("CITTA caffe", texts)
    assert directory.matches("  vittorio   bar ", texts)
    assert directory.matches("", texts)
    assert not directory.matches("città pizza", texts)


@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=4))
def test_any_text_can_be_searched(query, texts):
    """R-004-91: whatever is typed is an answer, never an error; a text finds itself."""
    assert directory.matches(query, texts) in (True, False)
    for text in texts:
        assert directory.matches(text, texts)


def test_places_that_are_none():
    """Map data never holds a place that does not exist; nobody's shop is in the Gulf of Guinea."""
    assert directory.coordinates(40.3829, 16.0403) == (16.0403, 40.3829)
    for place in ((0.0, 0.0), (91.0, 10.0), (10.0, -181.0), (float("nan"), 1.0)):
        assert directory.coordinates(*place) is None


@given(st.floats(), st.floats())
def test_a_place_is_on_the_globe(latitude, longitude):
    """R-001-13: only places on the globe get on the map."""
    place = directory.coordinates(latitude, longitude)
    assert place is None or (-180 <= place[0] <= 180 and -90 <= place[1] <= 90)

"""A skipped test is a failure."""

import noskips

REPORT = '<testsuite><testcase classname="a.B" name="test_c">%s</testcase></testsuite>'


def test_a_skip_is_found():
    assert noskips.skipped(REPORT % '<skipped message="no Chrome"/>') == ["a.B.test_c: no Chrome"]


def test_a_passed_test_is_not():
    assert noskips.skipped(REPORT % "") == []

"""./civic bench check: a ratio that became worse fails it, whatever the machine."""

import copy
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "tests"))
from benchmarks import __main__ as bench  # noqa: E402
from benchmarks import check, targets  # noqa: E402


@pytest.fixture
def figures():
    """A report in which everything is as in the reference file."""
    return {
        name: {
            "metrics": {
                metric: {"median": value, "low": value, "high": value, "n": 1} for metric, value in ratios.items()
            }
        }
        for name, ratios in check.read().items()
    }


def test_the_reference_has_every_ratio():
    assert {name: set(ratios) for name, ratios in check.read().items()} == {
        name: set(metrics) for name, metrics in check.RATIOS.items()
    }


def test_as_good_as_the_reference(figures):
    assert check.worse(check.read(), figures) == []


def test_a_little_worse_is_noise(figures):
    figures["B1"]["metrics"]["cpu_ratio"]["median"] *= 1.2
    assert check.worse(check.read(), figures) == []


@pytest.mark.parametrize("name", list(check.RATIOS))
def test_worse_than_the_tolerance_is_found(figures, name):
    for metric in check.RATIOS[name]:
        slower = copy.deepcopy(figures)
        slower[name]["metrics"][metric]["median"] *= 1.3
        assert [line.split(" is ")[0] for line in check.worse(check.read(), slower)] == [f"{name} {metric}"]


def test_what_was_not_measured_is_no_success(figures):
    del figures["B4"]
    assert check.worse(check.read(), figures) == ["B4 cpu_ratio was not measured"]


@pytest.mark.parametrize(("factor", "code"), [(1, 0), (1.5, 1)])
def test_the_command_fails_with_worse_figures(figures, tmp_path, capsys, factor, code):
    """The whole command, fed with a report instead of a run."""
    figures["B1"]["metrics"]["cpu_ratio"]["median"] *= factor
    report = tmp_path / "report.json"
    report.write_text(json.dumps({"benchmarks": figures}))
    assert bench.main(["check", str(report)]) == code
    assert ("WORSE  B1 cpu_ratio" in capsys.readouterr().out) is bool(code)


def test_every_target_is_of_a_benchmark():
    assert {target.benchmark for target in targets.TARGETS} == {*bench.BENCHMARKS, *bench.ALONE}

"""Promises that the whole repository keeps."""

import ast
import os
import re
from pathlib import Path

import pytest
from support.server import ROOT, manifests

import requirements

GENERATED = {".git", ".dev", "node_modules", "__pycache__", ".hypothesis", ".ruff_cache", ".pytest_cache", ".venv"}
ADDONS = manifests.manifests()
# Written in two pieces, because this file is searched as well.
REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "yarn" + "pkg.com",
    "deb." + "debian.org",
    "snapshot." + "debian.org",
    "ftp." + "debian.org",
    "archive." + "ubuntu.com",
    "nightly." + "odoo.com",
]
MACHINE_PATHS = ["/wo" + "rk/", "/ro" + "ot/", "/home/" + "user"]


def files(*suffixes):
    """Yield the files of the repository (not what ./civic makes), all or those with one of the suffixes."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - GENERATED)
        yield from (Path(folder) / name for name in sorted(names) if not suffixes or Path(name).suffix in suffixes)


@pytest.mark.parametrize("words", [REGISTRIES, MACHINE_PATHS], ids=["registries", "machine paths"])
def test_no_file_names_a_registry_or_a_path_of_some_machine(words):
    pattern = re.compile("|".join(map(re.escape, words)))
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files()
        if path.suffix not in {".png", ".woff2", ".ico"}
        for match in [pattern.search(path.read_text(encoding="utf-8", errors="replace"))]
        if match
    ]
    assert not found


def test_no_lock_file_says_where_a_package_was_downloaded():
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert "--index-url" not in lock.read_text()


def test_every_locked_python_package_has_a_hash():
    for name in ("dev", "addons", "tools", "contract"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        for package in re.split(r"\n(?=\S)", text.strip()):
            if not package.startswith("#"):
                assert "==" in package.splitlines()[0], package
                assert "--hash=sha256:" in package, package


def test_ci_runs_the_test_command_of_the_readme():
    command = (ROOT / ".ci" / "run").read_text().splitlines()[-1].removeprefix("exec ")
    assert command == "./civic test"
    assert command in (ROOT / "README.md").read_text()


def test_the_licence_is_the_agpl():
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in (ROOT / "LICENSE").read_text()


@pytest.mark.parametrize("addon", ADDONS)
def test_the_manifest_is_complete(addon):
    manifest = ADDONS[addon]
    assert manifest["license"] == "AGPL-3"
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", manifest["version"])
    assert manifest["author"] == "Civic Circuit contributors"
    assert manifest.get("summary")
    for listed in [*manifest.get("data", []), *manifest.get("demo", [])]:
        assert (ROOT / "addons" / addon / listed).exists(), listed


@pytest.mark.parametrize("addon", ADDONS)
def test_the_addon_says_what_it_is_and_does_not_do(addon):
    folder = ROOT / "addons" / addon
    texts = [*folder.glob("README.*"), *folder.glob("readme/*")]
    assert sum(len(text.read_text(encoding="utf-8")) for text in texts) > 400, f"{addon} has no README worth reading"


@pytest.mark.parametrize("addon", ADDONS)
def test_the_addon_has_tests(addon):
    own = (ROOT / "addons" / addon / "tests").glob("test_*.py")
    assert [*own, *(ROOT / "tests" / "e2e").glob(f"test_{addon.removeprefix('civic_')}.py")]


@pytest.mark.parametrize("addon", ADDONS)
def test_rules_do_not_import_odoo(addon):
    for path in (ROOT / "addons" / addon).glob("rules/*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                modules.append(node.module or "")
            assert not any(module.split(".")[0] == "odoo" for module in modules), path


@pytest.mark.parametrize("page", sorted(files(".md")), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_inside_the_repository_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)\s#]+)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


def test_every_test_that_the_threat_model_names_exists():
    named = re.findall(r"`([\w/]+\.py)::(test_\w+)`", (ROOT / "docs" / "security.md").read_text(encoding="utf-8"))
    assert len(named) > 50
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).exists() or f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")
    ]
    assert not missing


def test_the_page_of_requirements_is_up_to_date():
    assert requirements.main(["--check"]) == 0, "run scripts/requirements.py (or write the tests it names)"


def test_no_source_file_is_longer_than_400_lines():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in files(".py", ".js", ".sh", ".sql", ".scss")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long

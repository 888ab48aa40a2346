"""What GitHub is told: sound workflows, with pinned actions and few rights, and whole templates."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
NPM_LOCKS = sorted((ROOT / "requirements").glob("*/package-lock.json"))
WANTED = sorted((ROOT / "requirements").glob("*.in"))
TICK = "Meaning unchanged"


def _tool(name: str) -> str:
    """A program that the locked requirements bring, or the system has."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    assert found, f"{name} is not installed"
    return found


def _load(path: Path) -> Any:  # noqa: ANN401 - a YAML tree
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in _load(path)["jobs"].values() for step in job["steps"]]


@pytest.mark.programs
def test_the_workflows_are_well_formed_and_safe() -> None:
    done = subprocess.run(  # noqa: S603 - our own arguments
        [_tool("zizmor"), "--offline", "--no-progress", "--strict-collection", GITHUB],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.programs
@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_the_commands_of_a_workflow_are_sound(workflow: Path) -> None:
    for step in _steps(workflow):
        if "run" in step:
            # GitHub puts the values in before bash sees the command.
            script = re.sub(r"\$\{\{.*?\}\}", "value", step["run"])
            done = subprocess.run(  # noqa: S603 - our own arguments
                [_tool("shellcheck"), "--shell=bash", "--severity=warning", "-"],
                input=script,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_and_rights_are_given_one_by_one(workflow: Path) -> None:
    for line in workflow.read_text(encoding="utf-8").splitlines():
        if "uses:" in line:
            assert re.search(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line
    assert _load(workflow)["permissions"] in ({}, {"contents": "read"})
    for job in _load(workflow)["jobs"].values():
        assert job["timeout-minutes"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_calls_scripts_that_are_there(workflow: Path) -> None:
    for step in _steps(workflow):
        for script in re.findall(r"(?<![\w/])(?:scripts|\.ci)/\w+", step.get("run", "")):
            assert (ROOT / script).is_file(), script


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_a_lock_names_version_and_hash_of_each_package(lock: Path) -> None:
    text = re.sub(r"\s*\\\n\s*", " ", lock.read_text(encoding="utf-8"))
    packages = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert packages
    for line in packages:
        assert re.match(r"[\w.\[\]-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line


@pytest.mark.parametrize("lock", NPM_LOCKS, ids=lambda path: path.parent.name)
def test_a_lock_of_npm_names_the_checksum_of_each_package_and_no_registry(lock: Path) -> None:
    own, *packages = json.loads(lock.read_text(encoding="utf-8"))["packages"].values()
    assert own["dependencies"]
    for package in packages:
        assert package["integrity"].startswith("sha512-"), package
        assert "resolved" not in package


def _locked(group: str) -> set[str]:
    text = (ROOT / "requirements" / f"{group}.txt").read_text(encoding="utf-8")
    return set(re.findall(r"^[\w.\[\]-]+==\S+", text, re.MULTILINE))


@pytest.mark.parametrize("wanted", WANTED, ids=lambda path: path.stem)
def test_a_lock_holds_all_of_what_it_builds_on(wanted: Path) -> None:
    # What is installed comes from one lock alone, and pip works nothing out.
    for base in re.findall(r"^-r (\w+)\.in$", wanted.read_text(encoding="utf-8"), re.MULTILINE):
        assert _locked(base) <= _locked(wanted.stem), base


def test_everything_is_tested_on_both_debians() -> None:
    job = _load(GITHUB / "workflows" / "tests.yml")["jobs"]["tests"]
    assert job["strategy"]["matrix"] == {"debian": ["bookworm", "trixie"]}
    assert job["container"]["image"] == "debian:${{ matrix.debian }}-slim"
    assert [step["run"] for step in job["steps"] if "run" in step][-1] == ".ci/run"


def test_every_lock_is_audited_every_week_and_when_it_changes() -> None:
    audit = _load(GITHUB / "workflows" / "audit.yml")
    assert audit[True]["schedule"]
    assert "requirements/**" in audit[True]["pull_request"]["paths"]
    commands = "".join(step.get("run", "") for step in audit["jobs"]["audit"]["steps"])
    assert "for lock in requirements/*.txt" in commands
    assert "pip-audit" in commands
    assert "npm audit" in commands


@pytest.mark.programs
@pytest.mark.parametrize(
    ("tag", "heading", "status"),
    [
        ("v1.2.3", "## 1.2.3 - 2027-01-31", 0),
        ("v1.2.3", "## [1.2.3] - 2027-01-31", 0),
        ("v1.2.3", "## Unreleased", 1),
        ("v1.2.3", "## 1.2.30", 1),
        ("v1.2.3", "## 1-2.3", 1),
        ("v1.2.4", "## 1.2.4", 1),
        ("1.2.3", "## 1.2.3", 1),
    ],
)
def test_a_release_has_the_version_and_the_changelog_of_its_tag(
    tmp_path: Path, tag: str, heading: str, status: int
) -> None:
    steps = _load(GITHUB / "workflows" / "release.yml")["jobs"]["wheel"]["steps"]
    (script,) = [step["run"] for step in steps if step.get("name", "").startswith("Hold the tag")]
    (tmp_path / "checker").mkdir()
    (tmp_path / "checker" / "__init__.py").write_text('__version__ = "1.2.3"\n')
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{heading}\n")
    # GitHub runs it in this way.
    done = subprocess.run(  # noqa: S603 - the workflow's own commands
        ["bash", "-e", "-c", script],  # noqa: S607
        cwd=tmp_path,
        env={"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "GITHUB_REF_NAME": tag},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, bool(done.stderr)) == (status, bool(status)), done.stderr


def test_a_release_writes_only_where_nothing_of_the_project_is_run() -> None:
    release = _load(GITHUB / "workflows" / "release.yml")
    assert release[True] == {"push": {"tags": ["v*"]}}
    writing = [name for name, job in release["jobs"].items() if "permissions" in job]
    assert writing == ["publish"]
    publish = release["jobs"]["publish"]
    assert set(publish["needs"]) == set(release["jobs"]) - {"publish"}
    assert not any("checkout" in step.get("uses", "") for step in publish["steps"])


def test_a_release_is_built_from_locked_packages_alone() -> None:
    steps = _load(GITHUB / "workflows" / "release.yml")["jobs"]["wheel"]["steps"]
    installed = [
        line
        for step in steps
        for line in step.get("run", "").splitlines()
        if "pip" in line and " install " in line
    ]
    assert installed
    for line in installed:
        assert "--require-hashes" in line or "--no-index" in line, line


@pytest.mark.programs
def test_the_tick_of_the_template_is_the_one_that_the_workflow_looks_for() -> None:
    template = (GITHUB / "pull_request_template.md").read_text(encoding="utf-8")
    workflow = (GITHUB / "workflows" / "translations.yml").read_text(encoding="utf-8")
    (pattern,) = re.findall(r"grep --quiet --ignore-case '([^']+)'", workflow)

    def found(body: str) -> bool:
        command = ["grep", "--quiet", "--ignore-case", pattern]
        return subprocess.run(command, input=body, text=True, check=False).returncode == 0  # noqa: S603 - the workflow's own pattern

    assert TICK in template
    assert not found(template)
    assert found(template.replace("- [ ]", "- [x]", 1))
    assert not found("- [x]".join(template.rsplit("- [ ]", 1)))


def test_the_comment_follows_the_workflow_that_makes_the_list() -> None:
    # YAML 1.1 reads the key "on" as true.
    translations = _load(GITHUB / "workflows" / "translations.yml")
    assert translations[True]["workflow_run"]["workflows"] == [
        _load(GITHUB / "workflows" / "tests.yml")["name"]
    ]


def test_every_folder_with_an_owner_is_there() -> None:
    lines = (GITHUB / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    for line in filter(None, (line.partition("#")[0] for line in lines)):
        pattern, *owners = line.split()
        assert owners, line
        assert any(ROOT.glob(pattern.strip("/"))), line


@pytest.mark.parametrize("form", ["page", "check"])
def test_an_issue_form_asks_in_both_languages(form: str) -> None:
    content = _load(GITHUB / "ISSUE_TEMPLATE" / f"{form}.yml")
    assert {"name", "description", "body"} <= set(content)
    for field in content["body"]:
        assert " / " in field["attributes"]["label"], field


CONTRIBUTING = ("CONTRIBUTING.md", "CONTRIBUTING.en.md")
GUIDES = [
    *ROOT.glob("*.md"),
    *(
        path
        for folder in ("checker", "scripts", "tests")
        for path in (ROOT / folder).rglob("README.md")
    ),
]


def _anchors(path: Path) -> set[str]:
    """What GitHub makes of the headings of a file."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_guide_names_files_and_commands_that_are_there(guide: Path) -> None:
    text = guide.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", re.sub(r"`[^`\n]+`", "", text))
    for link in links:
        name, _, anchor = link.partition("#")
        target = (guide.parent / name) if name else guide
        assert target.exists(), link
        assert not anchor or anchor in _anchors(target), link
    named = re.findall(
        r"(?:^|[`\s])((?:docs|scripts|overrides|checker|tests|requirements|\.ci)/[\w./-]*\w)", text
    )
    assert links or named
    for path in named:
        assert (ROOT / path).exists(), path


@pytest.mark.programs
@pytest.mark.parametrize("command", ["check", "bounce", "links", "log"])
def test_the_guide_of_a_command_names_its_options(command: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "checker", command, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    folder = command if command in {"links", "log"} else "commands"
    text = (ROOT / "checker" / folder / "README.md").read_text(encoding="utf-8")
    for option in set(re.findall(r"--[\w-]+", done.stdout)) - {"--help"}:
        assert re.search(rf"{option}\b", text), option


def test_the_guide_says_the_same_sections_in_both_languages() -> None:
    german, english = ((ROOT / name).read_text(encoding="utf-8") for name in CONTRIBUTING)
    for pattern in (r"^#+ ", r"^[-|] ?", r"^\d\. ", r"`scripts/\w+[^`]*`"):
        count = [len(re.findall(pattern, text, re.MULTILINE)) for text in (german, english)]
        assert count[0] == count[1], pattern

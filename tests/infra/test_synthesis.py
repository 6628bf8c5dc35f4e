"""The stacks as the AWS CDK makes them: one synthesis, looked at from all sides."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from careflow.cli.deploy import deploy_command
from careflow.cli.failures import run_command
from careflow.operations.stacks.accepted import ACCEPTED, LINT_ACCEPTED, reasons, unaccepted
from careflow.operations.stacks.billed import bill_gaps
from careflow.operations.stacks.description import read_deployment
from careflow.operations.stacks.synthesis import Synthesized, synthesize
from careflow.operations.stacks.templates import resources
from tools.write_snapshots import DEPLOYED, EXAMPLE, PYTHON, ROOT, SNAPSHOTS, snapshot_text

TODAY = date(2026, 11, 24)
pytestmark = [
    pytest.mark.skipif(
        not PYTHON.exists(), reason="The AWS CDK is not installed: tools/test_servers.sh"
    ),
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def made() -> dict[str, Synthesized]:
    return synthesize(EXAMPLE, DEPLOYED, python=PYTHON)


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Synthesized]]:
    file = tmp_path_factory.mktemp("options") / "clinic.toml"
    size = "\n[size]\nprivate_subnets = true\nmanaged_redis = true\n"
    file.write_text(EXAMPLE.read_text("utf-8") + size, "utf-8")
    return file, synthesize(file, ("production", "high-availability"), python=PYTHON)


def test_every_template_is_the_committed_one_to_the_byte(made: dict[str, Synthesized]) -> None:
    kept = {path: path.read_text("utf-8") for path in SNAPSHOTS.glob("*/*.json")}
    now = {
        SNAPSHOTS / name / f"{stack}.json": snapshot_text(template)
        for name, one in made.items()
        for stack, template in one.templates.items()
    }
    assert set(kept) == set(now)
    stale = sorted(str(path.relative_to(SNAPSHOTS)) for path in kept if kept[path] != now[path])
    assert not stale, "look at the change, then: python -m tools.write_snapshots"


def test_the_rule_packs_find_nothing_without_a_written_reason(
    made: dict[str, Synthesized], options: tuple[Path, dict[str, Synthesized]]
) -> None:
    found = [one for each in (*made.values(), *options[1].values()) for one in each.findings]
    assert len(found) > 100, "the packs were asked"
    assert unaccepted(found) == ()
    assert set(reasons(found)) == set(ACCEPTED), "a reason without a finding goes"


def test_what_was_ejected_is_compared_told_in_sentences_and_held_to_the_budget(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "clinic.toml"
    file.write_text(EXAMPLE.read_text("utf-8").replace("budget = 1200", "budget = 90"), "utf-8")
    python = ("--python", str(PYTHON))
    out = tmp_path / "out"
    assert run_command(deploy_command, ["eject", str(file), *python, "--to", str(out)]) == 0
    assert "aws cloudformation deploy --region us-east-1" in (out / "deploy.sh").read_text()
    ejected = json.loads((out / "clinic.json").read_text("utf-8"))
    assert "BootstrapVersion" not in ejected.get("Parameters", {}), "no bootstrap is needed"

    more = ("--architecture", "high-availability")
    capsys.readouterr()
    assert (
        run_command(deploy_command, ["diff", str(file), *python, "--against", str(out), *more]) == 2
    )
    told = capsys.readouterr()
    assert "! Removes the box" in told.out
    assert "- Adds a load balancer" in told.out
    assert "more than the budget of $90" in told.err

    aside = tmp_path / "aside"
    assert run_command(deploy_command, ["synth", str(file), *more, "--to", str(aside)]) == 2
    assert not aside.exists(), "nothing is touched"


def test_a_hidden_box_and_a_managed_queue_are_made_as_they_are_billed(
    options: tuple[Path, dict[str, Synthesized]],
) -> None:
    file, made = options
    for name in made:
        shape = read_deployment(file, TODAY, name).shape
        assert shape.private_subnets == (name == "production")
        assert shape.managed_redis == (name == "high-availability")
        assert bill_gaps(made[name].templates.values(), shape) == ()
    box = {one.type for one in resources(made["production"].templates["clinic"])}
    assert "AWS::EC2::EIPAssociation" not in box
    assert "AWS::CloudFront::VpcOrigin" in box
    fleet = resources(made["high-availability"].templates["clinic"])
    (queue,) = (one for one in fleet if one.type == "AWS::ElastiCache::ReplicationGroup")
    assert queue.properties["TransitEncryptionEnabled"] is True
    assert queue.properties["AtRestEncryptionEnabled"] is True


def test_without_the_cdk_the_sentence_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = str(tmp_path / "out")
    assert run_command(deploy_command, ["synth", str(EXAMPLE), "--to", to]) == 2
    assert "Install careflow[deploy]" in capsys.readouterr().err


def test_cfn_lint_warns_of_nothing_unexplained(
    made: dict[str, Synthesized], tmp_path: Path
) -> None:
    paths = []
    for name in ("lambda-ai", "multi-region"):
        for stack, template in made[name].templates.items():
            paths.append(tmp_path / f"{name}-{stack}.json")
            paths[-1].write_text(json.dumps(template), "utf-8")
    ended = subprocess.run(
        [PYTHON.parent / "cfn-lint", "--format", "json", "--regions", "us-east-1", "us-west-2",
         "--", *paths],
        capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    found = json.loads(ended.stdout)
    assert {one["Rule"]["Id"] for one in found} == set(LINT_ACCEPTED)


@pytest.mark.sweep
def test_the_types_of_the_stacks_hold_against_the_cdk() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "mypy", "--python-executable", PYTHON, "infra/careflow_infra"],
        cwd=ROOT, env={"PATH": os.defpath, "MYPYPATH": "src:infra"},
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout

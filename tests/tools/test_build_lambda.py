"""The function as it is packed: whole, small, the same each time; and what AWS is told of it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from careflow.ai.asking import TASKS, given_of
from careflow.ai.engines.local import METHODS
from careflow.ai.errand import errand
from tests.ai.samples import SAMPLES
from tools.build_lambda import LOCK, files_of, locked, packed, unpacked
from tools.lambda_recipes import (
    HANDLER,
    NotOneFunctionError,
    containerfile,
    execution_policy,
    invoke_policy,
    trust_policy,
)

INSTALLED = Path(sysconfig.get_path("platlib"))
ARN = "arn:aws:lambda:eu-west-1:123456789012:function:careflow-tasks"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The function with the libraries of this machine."""
    return dict(files_of(INSTALLED))


def test_what_is_packed_answers_every_task_and_needs_nothing_else(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    unpacked(files, tmp_path / "function")
    events = [
        errand(TASKS[name], given_of(TASKS[name], SAMPLES[name])).decode() for name in METHODS
    ]
    module, _, verb = HANDLER.rpartition(".")
    run = (
        f"import sys, json; sys.path.insert(0, {str(tmp_path / 'function')!r})\n"
        f"from {module} import {verb}\n"
        "for event in sys.stdin: print(json.dumps(handle(json.loads(event), None)['ended']))\n"
    )

    # -I -S: neither the project nor anything that is installed can be imported.
    said = subprocess.run(
        [sys.executable, "-I", "-S", "-c", run],
        check=False,
        input="\n".join(events),
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert said.stderr == ""
    assert said.stdout.split() == ['"ok"'] * len(METHODS)


def test_it_is_small_and_holds_nothing_of_the_clinic(files: dict[str, bytes]) -> None:
    assert sum(map(len, files.values())) < 10 * 1024 * 1024
    assert {name.partition("/")[0].partition("-")[0] for name in files} == {
        *("careflow", "msgspec", "typing_extensions", "typing_extensions.py")
    }
    # Of the privacy gateway only the list of words comes along, by which languages are told.
    gateway = ("ai/privacy/border", "ai/privacy/redact", "ai/privacy/gate", "ai/privacy/surrogates")
    kept_out = ("records", "database", "audit", "settings", "web", "ai/engines/g", *gateway)
    for part in kept_out:
        assert not [name for name in files if name.startswith(f"careflow/{part}")]
    assert {"careflow/LICENSE", "careflow/NOTICE"} < set(files)


def test_the_same_sources_are_the_same_zip(files: dict[str, bytes], tmp_path: Path) -> None:
    first = packed(files, tmp_path / "a.zip")
    second = packed(dict(files_of(INSTALLED)), tmp_path / "b" / "b.zip")

    assert first == second
    with zipfile.ZipFile(tmp_path / "a.zip") as made:
        assert made.namelist() == sorted(files)
        assert {one.date_time[0] for one in made.infolist()} == {1980}
        assert {one.external_attr >> 16 for one in made.infolist()} == {0o644}


def test_the_libraries_are_those_of_the_lock_with_their_hashes() -> None:
    pinned = locked(LOCK.read_text("utf-8"))

    names = re.findall(r"^(\S+)==", pinned, re.MULTILINE)
    assert names == ["msgspec", "typing-extensions"]
    assert pinned.count("--hash=sha256:") > len(names)
    with pytest.raises(ValueError, match="does not pin"):
        locked("msgspec==1 --hash=sha256:0\n")


# --- what AWS is told ----------------------------------------------------------------------


@pytest.mark.parametrize("arn", [ARN, f"{ARN}:live"])
def test_who_asks_may_invoke_one_function_and_nothing_else(arn: str) -> None:
    policy = json.loads(json.dumps(invoke_policy(arn)))

    (statement,) = policy["Statement"]
    assert statement == {
        "Sid": "InvokeOneFunction",
        "Effect": "Allow",
        "Action": ["lambda:InvokeFunction"],
        "Resource": arn,
    }


@pytest.mark.parametrize(
    "arn",
    [
        "*",
        "careflow-tasks",
        ARN.replace("careflow-tasks", "*"),
        ARN.replace("careflow-tasks", "careflow-?"),
        ARN.replace("eu-west-1", "*"),
        ARN.replace("123456789012", "*"),
        f"{ARN}:*",
        f"{ARN}\n",
        f"{ARN},{ARN}",
        "arn:aws:lambda:eu-west-1:123456789012:layer:careflow",
    ],
)
def test_a_policy_for_more_than_one_function_is_not_written(arn: str) -> None:
    for policy in (invoke_policy, execution_policy):
        with pytest.raises(NotOneFunctionError):
            policy(arn)


def test_the_function_itself_writes_its_own_log_and_reaches_nothing_else() -> None:
    (statement,) = execution_policy(f"{ARN}:live")["Statement"]

    assert statement["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert statement["Resource"] == (
        "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/careflow-tasks:*"
    )
    (trusted,) = trust_policy()["Statement"]
    assert trusted["Principal"] == {"Service": "lambda.amazonaws.com"}


# --- the container -------------------------------------------------------------------------

_VERBS = {"FROM", "LABEL", "COPY", "ENV", "USER", "CMD"}


def faults(recipe: str) -> list[str]:
    """Return what is wrong with a container's recipe; it runs nothing and fetches nothing."""
    lines = [one for one in recipe.splitlines() if one and not one.startswith("#")]
    verbs = [one.partition(" ")[0] for one in lines]
    told = {verb: one.partition(" ")[2] for verb, one in zip(verbs, lines, strict=True)}
    found = [f"{verb} is not needed" for verb in verbs if verb not in _VERBS]
    found += [f"{verb} stands twice" for verb in {*verbs} if verbs.count(verb) > 1]
    if verbs[:1] != ["FROM"]:
        found.append("it begins from nothing")
    image = told.get("FROM", "")
    if ":" not in image or image.endswith(":latest"):
        found.append("the image has no version")
    if told.get("USER", "root") in {"root", "0"}:
        found.append("it runs as root")
    if json.loads(told.get("CMD", "[]")) != [HANDLER]:
        found.append("it runs no handler of ours")
    if re.search(r"(?i)key|secret|token|password", recipe):
        found.append("it may hold a secret")
    return found


def test_the_recipe_of_the_container_is_in_order(tmp_path: Path, files: dict[str, bytes]) -> None:
    unpacked(files, tmp_path / "function")
    recipe = (tmp_path / "Containerfile").read_text("utf-8")

    assert recipe == containerfile("function")
    assert faults(recipe) == []
    (copied,) = re.findall(r"^COPY --chown=root:root (\S+)/ ", recipe, re.MULTILINE)
    assert (tmp_path / copied / "careflow" / "workers" / "lambda_handler.py").exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("python:3.13", "python:latest"),
        ("python:3.13", "python"),
        ("USER 1000\n", ""),
        ("USER 1000", "USER root"),
        ("ENV ", "RUN pip install x\nENV "),
        ("ENV PYTHON", "ENV API_KEY=1 PYTHON"),
        (HANDLER, "other.handle"),
    ],
)
def test_a_recipe_that_is_not_in_order_is_found_out(old: str, new: str) -> None:
    assert faults(containerfile("function").replace(old, new)) != []

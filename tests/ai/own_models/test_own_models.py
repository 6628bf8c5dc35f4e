"""Models of an operator answer within bounds; a bad file is refused by name, and others go on."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from onnx import ModelProto, TensorProto, helper, numpy_helper

from careflow.ai.apart import DiedError
from careflow.ai.batch import run_batch
from careflow.ai.engines.local import METHODS, LocalEngine, Method
from careflow.ai.gateway import Gateway
from careflow.ai.own_models.answering import Classifying, Predicting
from careflow.ai.own_models.folder import OwnModels, models_in
from careflow.ai.own_models.running import RunningModel
from careflow.ai.policy import Policy
from careflow.cli.command import careflow
from careflow.cli.failures import run_command
from tests.harbour import InProcessReader

EXAMPLES = Path(__file__).parents[3] / "examples" / "models"
FIB4 = {"age": 60, "ast": 50, "alt": 25, "platelets": 200}


@pytest.fixture(scope="module")
def ours() -> Iterator[OwnModels]:
    own = models_in(EXAMPLES)
    yield own
    for one in own.served.values():
        one.running.close()


async def asked(own: OwnModels, task: str, *given: object) -> list[dict[str, Any]]:
    methods: dict[str, Method] = {
        **METHODS,
        "prediction": Predicting({"fib4": own.served["fib4"]}),
        "text-classification": Classifying(
            {"readers": own.served["readers"]}, METHODS["text-classification"]
        ),
    }
    gateway = Gateway([LocalEngine(methods)], InProcessReader(), policy=Policy(allows_devices=True))
    lines = [msgspec.json.encode({"id": str(at), "input": one}) for at, one in enumerate(given)]
    return [one async for one in run_batch(gateway, task, lines, folder=Path())]


def placed(
    folder: Path, model: bytes | ModelProto, *, name: str = "bad", **other: str
) -> OwnModels:
    """Put a model beside the card of FIB-4, made to fit it, and load the folder."""
    content = model if isinstance(model, bytes) else model.SerializeToString()
    (folder / f"{name}.onnx").write_bytes(content)
    card = (EXAMPLES / "fib4.toml").read_text("utf-8")
    sha256 = next(line for line in card.splitlines() if line.startswith("sha256"))
    card = card.replace(sha256, f'sha256 = "{hashlib.sha256(content).hexdigest()}"')
    for old, new in other.items():
        card = card.replace(old, new)
    (folder / f"{name}.toml").write_text(card, "utf-8")
    return models_in(folder)


def a_model(*nodes: Any, tensors: tuple[Any, ...] = ()) -> ModelProto:
    graph = helper.make_graph(
        list(nodes),
        "g",
        [helper.make_tensor_value_info("row", TensorProto.FLOAT, [1, 4])],
        [helper.make_tensor_value_info("fib4", TensorProto.FLOAT, None)],
        list(tensors),
    )
    return helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid("mine", 1)][
            : 1 + any(node.domain for node in nodes)
        ],
        ir_version=9,
    )


def test_both_examples_are_served(ours: OwnModels) -> None:
    assert set(ours.served) == {"fib4", "readers"}
    assert ours.refused == {}


async def test_a_number_comes_with_the_card_of_its_model(ours: OwnModels) -> None:
    [one] = await asked(ours, "prediction", {"model": "fib4", "features": FIB4})

    assert one["status"] == "ok"
    assert one["output"]["value"] == pytest.approx(3.0)
    assert "FIB-4" in one["output"]["model_card"]
    assert one["model"] == "fib4/1"


async def test_what_a_model_cannot_be_believed_on_is_withheld(ours: OwnModels) -> None:
    ends = await asked(
        ours,
        "prediction",
        {"model": "none", "features": FIB4},
        {"model": "../fib4", "features": FIB4},
        {"model": "fib4", "features": {}},
        {"model": "fib4", "features": {**FIB4, "shoe": 1}},
        {"model": "fib4", "features": {**FIB4, "age": 340}},
        {"model": "fib4", "features": {**FIB4, "age": "old"}},
        {"model": "fib4", "features": {**FIB4, "age": None}},
        {"model": "fib4", "features": {**FIB4, "alt": 0}},
        {"model": "fib4", "features": {**FIB4, "alt": 1e300}},
    )

    assert {one["status"] for one in ends} == {"abstained"}
    assert "lacks features: age, alt, ast, platelets" in ends[2]["reason"]


async def test_labels_of_an_operators_model_go_to_it_and_others_to_ours(ours: OwnModels) -> None:
    text = "Please move my appointment to Monday"
    theirs, own = await asked(
        ours, "text-classification", {"text": text, "labels": ["clinician", "front-desk"]},
        {"text": text},
    )  # fmt: skip

    assert (theirs["output"]["label"], theirs["model"]) == ("front-desk", "readers/1")
    assert own["output"]["label"] == "appointment"


def test_no_folder_and_no_card_are_said(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "fib4.onnx", tmp_path / "bare.onnx")

    assert models_in(tmp_path).refused == {"bare.onnx": "its card bare.toml is missing"}
    assert models_in(tmp_path / "none").refused == {"none": "there is no such folder"}
    assert models_in(None) == OwnModels()


def test_a_card_of_another_file_is_refused(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES / "fib4.onnx", tmp_path / "bad.onnx")
    shutil.copy(EXAMPLES / "readers.toml", tmp_path / "bad.toml")

    assert "sha256" in models_in(tmp_path).refused["bad.onnx"]


@pytest.mark.parametrize("content", [b"", b"no model", b"\x08\x07\x3a\xff\xff\x03", b"\xff" * 40])
def test_a_file_that_is_no_model_is_refused(content: bytes, tmp_path: Path) -> None:
    assert placed(tmp_path, content).refused["bad.onnx"] == "it is no whole ONNX file"


def test_a_model_cut_short_is_refused(tmp_path: Path) -> None:
    assert "bad.onnx" in placed(tmp_path, (EXAMPLES / "fib4.onnx").read_bytes()[:-30]).refused


def test_a_file_too_large_is_refused_unread(tmp_path: Path) -> None:
    placed(tmp_path, b"x")
    with (tmp_path / "bad.onnx").open("r+b") as file:
        file.truncate(60_000_000)

    assert "too large" in models_in(tmp_path).refused["bad.onnx"]


def test_weights_in_another_file_are_refused(tmp_path: Path) -> None:
    tensor = numpy_helper.from_array(np.zeros((1, 4), np.float32), "w")
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../secrets")
    model = a_model(helper.make_node("Add", ["row", "w"], ["fib4"]), tensors=(tensor,))

    assert "another file" in placed(tmp_path, model).refused["bad.onnx"]


def test_operators_of_others_are_refused(tmp_path: Path) -> None:
    model = a_model(helper.make_node("Run", ["row"], ["fib4"], domain="mine"))

    assert "operators" in placed(tmp_path, model).refused["bad.onnx"]


def test_loops_are_refused(tmp_path: Path) -> None:
    body = helper.make_graph([], "body", [], [])
    node = helper.make_node("Loop", ["", "", "row"], ["fib4"], body=body)

    assert "loops" in placed(tmp_path, a_model(node)).refused["bad.onnx"]


def test_a_model_that_unfolds_without_end_is_stopped(tmp_path: Path) -> None:
    shape = numpy_helper.from_array(np.array([200_000, 200_000], np.int64), "shape")
    model = a_model(
        helper.make_node("ReduceSum", ["row"], ["one"], keepdims=0),
        helper.make_node("Expand", ["one", "shape"], ["fib4"]),
        tensors=(shape,),
    )

    assert "memory and time" in placed(tmp_path, model).refused["bad.onnx"]


def test_a_model_that_says_something_else_of_its_example_is_refused(tmp_path: Path) -> None:
    model = (EXAMPLES / "fib4.onnx").read_bytes()
    own = placed(tmp_path, model, **{"value = 3.0": "value = 4.0"})

    assert "does not say" in own.refused["bad.onnx"]


def test_a_bad_file_leaves_the_good_one_served(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"rubbish")
    own = placed(tmp_path, (EXAMPLES / "fib4.onnx").read_bytes(), name="good")
    own.served["good"].running.close()

    assert (set(own.served), set(own.refused)) == ({"good"}, {"a.onnx"})


def test_a_model_that_ended_is_started_again(ours: OwnModels) -> None:
    model = ours.served["fib4"]
    model.running.close()

    assert model.value(FIB4) == pytest.approx(3.0)


def test_a_model_exchanged_since_it_was_looked_through_does_not_start(tmp_path: Path) -> None:
    path = tmp_path / "fib4.onnx"
    shutil.copy(EXAMPLES / "readers.onnx", path)
    sha256 = hashlib.sha256((EXAMPLES / "fib4.onnx").read_bytes()).hexdigest()

    with pytest.raises(DiedError):
        RunningModel(path, sha256=sha256, width=4, output="fib4").answer({0: 1.0})


def test_the_command_names_what_is_not_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.onnx").write_bytes(b"rubbish")
    monkeypatch.setenv("CAREFLOW_MODELS", str(tmp_path))
    monkeypatch.setenv("CAREFLOW_CLINIC_ZONE", "America/New_York")

    assert run_command(careflow, ["ai", "engines"]) == 0
    assert "broken.onnx is not served: its card broken.toml is missing" in capsys.readouterr().out

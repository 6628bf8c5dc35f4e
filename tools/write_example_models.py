"""Writes the two example models of an operator's folder, with their cards.

Run as ``python -m tools.write_example_models``. One computes a published formula, the other reuses
the weights of ``careflow.knowledge.messages`` for other labels.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto, TensorProto, checker, helper, numpy_helper

from careflow.knowledge.messages.model import model_named

FOLDER = Path(__file__).parent.parent / "examples" / "models"
_READERS = {
    "clinician": ("urgent-symptom", "symptom", "results", "refill"),
    "front-desk": ("appointment", "billing", "administrative"),
    "nobody": ("thanks", "other"),
}


def fibrosis() -> ModelProto:
    """Return FIB-4: age times AST over platelets times the root of ALT."""
    columns = ("age", "ast", "alt", "platelets")
    nodes = [
        helper.make_node("Split", ["row"], list(columns), axis=1, num_outputs=4),
        helper.make_node("Mul", ["age", "ast"], ["over"]),
        helper.make_node("Sqrt", ["alt"], ["root"]),
        helper.make_node("Mul", ["platelets", "root"], ["under"]),
        helper.make_node("Div", ["over", "under"], ["fib4"]),
    ]
    return _model(nodes, [], width=4, output="fib4", gives=1)


def readers() -> ModelProto:
    """Return who should read a message: chances of our classes, summed by reader."""
    ours = model_named("classes")
    groups = np.array(
        [[label in group for group in _READERS.values()] for label in ours.labels], np.float32
    )
    weights = np.array(ours.weights, np.int8).reshape(len(ours.labels), ours.buckets)
    scale = np.float32(ours.scale / ours.temperature)
    bias = (np.array(ours.bias) / ours.temperature).astype(np.float32)
    nodes = [
        helper.make_node("DequantizeLinear", ["weights", "scale"], ["whole"]),
        helper.make_node("Gemm", ["row", "whole", "bias"], ["sums"], transB=1),
        helper.make_node("Softmax", ["sums"], ["chances"], axis=1),
        helper.make_node("MatMul", ["chances", "groups"], ["readers"]),
    ]
    held: dict[str, Any] = {
        "weights": weights,
        "scale": np.array(scale),
        "bias": bias,
        "groups": groups,
    }
    tensors = [numpy_helper.from_array(value, name) for name, value in held.items()]
    return _model(nodes, tensors, width=ours.buckets, output="readers", gives=len(_READERS))


def _model(nodes: list, tensors: list, *, width: int, output: str, gives: int) -> ModelProto:  # type: ignore[type-arg]
    graph = helper.make_graph(
        nodes,
        output,
        [helper.make_tensor_value_info("row", TensorProto.FLOAT, [1, width])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, [1, gives])],
        tensors,
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    checker.check_model(made)
    return made


FIBROSIS_CARD = """\
task = "prediction"
title = "FIB-4 index of liver fibrosis"
version = "1"
licence = "Apache-2.0; the formula is a fact"
use = "Shows how an operator's model of numbers is served; tells a clinician FIB-4."
not_for = "Deciding without a person; people under 35, acute hepatitis."
data = ["No data: the formula of Sterling et al., Hepatology 2006;43:1317."]
limits = ["Age in years, AST and ALT in U/L, platelets in 10^9/L; other units give another number."]
sha256 = "{sha256}"
output = "fib4"

[[features]]
name = "age"
low = 18
high = 100

[[features]]
name = "ast"
low = 5
high = 2000

[[features]]
name = "alt"
low = 5
high = 2000

[[features]]
name = "platelets"
low = 10
high = 1000

[example]
features = {{ age = 60, ast = 50, alt = 25, platelets = 200 }}
value = 3.0
"""

READERS_CARD = """\
task = "text-classification"
title = "Who should read a patient's message"
version = "1"
licence = "Apache-2.0"
use = "Shows how an operator's model of texts is served; sorts messages by who reads them first."
not_for = "Deciding that a message is read by nobody."
data = ["The weights of careflow's own model of messages, summed by reader."]
limits = ["Those of text-classification, on whose card they are."]
sha256 = "{sha256}"
output = "readers"
labels = ["clinician", "front-desk", "nobody"]

[example]
text = "Please cancel my appointment on Friday"
label = "front-desk"
"""


def main() -> None:
    """Write both models and their cards."""
    made = {"fib4": (fibrosis(), FIBROSIS_CARD), "readers": (readers(), READERS_CARD)}
    for name, (model, card) in made.items():
        content = model.SerializeToString(deterministic=True)
        (FOLDER / f"{name}.onnx").write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        (FOLDER / f"{name}.toml").write_text(card.format(sha256=sha256), "utf-8")
        print(f"{name}: {len(content):,} bytes")


if __name__ == "__main__":
    main()

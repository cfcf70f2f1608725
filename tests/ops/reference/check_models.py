"""Writes checked_models.json: the digests of models that ONNX's checker and its strict shape inference have nothing against.

The models are those that `checked-models.test.ts` makes and holds to these digests; it says how to let them be seen:
    UPDATE=1 EXP_CHECKED_MODELS=FOLDER npx vitest run packages/ops/src/onnx/checked-models.test.ts
    python check_models.py FOLDER
Needs: onnx (of any version that knows operator set 20).
"""

import hashlib
import json
import pathlib
import sys

import onnx
from onnx import helper, shape_inference


def sizes_of(value):
    """Sizes that are known, and null for those that have a name; null for a tensor of which not even the rank is known."""
    tensor = value.type.tensor_type
    if not tensor.HasField("shape"):
        return None
    return [size.dim_value if size.HasField("dim_value") else None for size in tensor.shape.dim]


def check(model, name):
    """Types and sizes of all outputs have to follow from the inputs, without being told."""
    declared = [sizes_of(value) for value in model.graph.output]
    for value in model.graph.output:
        value.type.tensor_type.ClearField("shape")
    inferred = shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    loops = [node for node in inferred.graph.node if node.op_type == "Loop"]
    # ONNX says nothing of the sizes that a loop ends with, since they might change; so they are followed up inside.
    unknown = names_after(inferred.graph, {result for loop in loops for result in loop.output})
    for value, sizes in zip(inferred.graph.output, declared):
        found = sizes_of(value)
        assert found == sizes or value.name in unknown, f"{name}: {value.name} is {found}, and not {sizes}"
    for loop in loops:
        check(body_alone(inferred, loop.attribute[0].g), f"{name}, {loop.name}")


def names_after(graph, names):
    """What is made of some tensors."""
    for node in graph.node:
        if names.intersection(node.input):
            names.update(node.output)
    return names


def body_alone(model, body):
    """A loop's body as a model: what it reads of the graph around it are inputs."""
    graph = model.graph
    read = {name for node in all_nodes(body) for name in node.input}
    around = [value for value in [*graph.input, *graph.value_info] if value.name in read]
    initializers = [tensor for tensor in graph.initializer if tensor.name in read]
    alone = helper.make_graph(body.node, body.name, [*body.input, *around], body.output, initializers)
    return helper.make_model(alone, opset_imports=model.opset_import, ir_version=model.ir_version)


def all_nodes(graph):
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            yield from all_nodes(attribute.g)


if len(sys.argv) != 2:
    raise SystemExit(__doc__)
files = sorted(pathlib.Path(sys.argv[1]).glob("*.onnx"))
if not files:
    raise SystemExit(f"There are no models in {sys.argv[1]}.")
for file in files:
    onnx.checker.check_model(str(file), full_check=True)
    check(onnx.load(file), file.stem)
digests = {file.stem: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
target = pathlib.Path(__file__).with_name("checked_models.json")
target.write_text(json.dumps(digests, indent=2) + "\n")
print(f"{len(files)} models passed ONNX {onnx.__version__}.")

"""Writes imported_nodes.json: single nodes of many operator sets, and what they give, by ONNX's reference evaluator and onnxruntime.

A case is one node. Inputs are not stored but drawn from an integer hash of the case's name, which the tests repeat, or written out
where a tie, a kink or whole numbers need them; those that are marked `constant` are initialisers of the model. Both engines have to
agree to 1e-5, but where a case names the one that is right, and says why.
Run with a Python that has onnx, onnxruntime and numpy: python imported_nodes.py
"""

import json
import math
import pathlib

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

TYPES = {
    "float32": (TensorProto.FLOAT, np.float32),
    "float64": (TensorProto.DOUBLE, np.float64),
    "float16": (TensorProto.FLOAT16, np.float16),
    "int32": (TensorProto.INT32, np.int32),
    "int64": (TensorProto.INT64, np.int64),
    "bool": (TensorProto.BOOL, np.bool_),
}
INT64_MAX, INT64_MIN = 2**63 - 1, -(2**63)

cases = {}


def hashed(name, count):
    """As hashed-weights.ts makes them: in [-1, 1)."""
    mask = 2**32 - 1
    seed = sum((place + 1) * ord(letter) for place, letter in enumerate(name))
    values = []
    for index in range(count):
        bits = (index * 2654435761 + seed * 40503) & mask
        bits ^= bits >> 15
        bits = (bits * 2246822519) & mask
        bits ^= bits >> 13
        values.append(bits / 2**31 - 1)
    return values


def drawn(*shape, draw=None, type=None):
    """From -2 to 2, or between two bounds; whole numbers are cut off downwards."""
    return {"shape": list(shape), **({"type": type} if type else {}), **({"draw": draw} if draw else {})}


def given(values, type="float32", constant=False):
    array = np.array(values, dtype=TYPES[type][1])
    spec = {"shape": list(array.shape), **({} if type == "float32" else {"type": type}), "values": numbers(array)}
    return {**spec, "constant": True} if constant else spec


def fixed(values, type="int64"):
    return given(values, type, constant=True)


def numbers(array):
    """Floats to 8 digits; what is no finite number as the text that JavaScript reads back."""
    if array.dtype == np.bool_ or array.dtype.kind == "i":
        # Beyond what a number of JavaScript holds only the largest and the smallest occur.
        return [int(value) for value in array.flatten().tolist()]
    named = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}
    rounded = [float(f"{value:.8g}") for value in array.flatten().tolist()]
    return [named.get(str(value)) or (int(value) if value.is_integer() else value) for value in rounded]


def array_of(spec, name):
    kind = TYPES[spec.get("type", "float32")][1]
    if "values" in spec:
        words = {"Infinity": math.inf, "-Infinity": -math.inf, "NaN": math.nan}
        return np.array([words.get(value, value) for value in spec["values"]], dtype=kind).reshape(spec["shape"])
    least, most = spec.get("draw", [-2, 2])
    values = [least + (most - least) * (value + 1) / 2 for value in hashed(name, math.prod(spec["shape"]))]
    if np.dtype(kind).kind in "ib":
        values = [math.floor(value) for value in values]
    return np.array(values, dtype=kind).reshape(spec["shape"])


def attribute_of(value):
    """As JSON has it: what kind of attribute it is has to be told."""
    if isinstance(value, str):
        return {"string": value}
    if isinstance(value, int):
        return {"int": value}
    if isinstance(value, float):
        return {"float": value}
    if isinstance(value, dict):
        return {"tensor": value}
    return {"floats": value} if value and isinstance(value[0], float) else {"ints": value}


def model_of(operator, opset, arrays, inputs, attributes, results):
    node_inputs = ["" if spec is None else f"x{place}" for place, spec in enumerate(inputs)]
    outputs = [f"y{place}" for place in range(len(results))]
    plain = {key: tensor_of(value) if isinstance(value, dict) else value for key, value in attributes.items()}
    node = helper.make_node(operator, node_inputs, outputs, **plain)
    graph = helper.make_graph(
        [node],
        "node",
        [
            helper.make_tensor_value_info(f"x{place}", TYPES[spec.get("type", "float32")][0], spec["shape"])
            for place, spec in enumerate(inputs)
            if spec is not None and not spec.get("constant")
        ],
        [
            helper.make_tensor_value_info(f"y{place}", TYPES[kind][0], None)
            for place, kind in enumerate(results)
        ],
        [
            numpy_helper.from_array(arrays[place], f"x{place}")
            for place, spec in enumerate(inputs)
            if spec is not None and spec.get("constant")
        ],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def tensor_of(spec):
    return numpy_helper.from_array(array_of(spec, ""), "value")


def run(engine, model, feeds):
    if engine == "onnx":
        return ReferenceEvaluator(model).run(None, feeds)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(model.SerializeToString(), options).run(None, feeds)


def case(operator, name, opset, inputs, attributes=None, results=("float32",), by=None, meaning=None):
    """`meaning`: operator set and attributes of a newer form that means the same, for what no engine has in the older one."""
    attributes = attributes or {}
    full = f"{operator}: {name}"
    arrays = [None if spec is None else array_of(spec, f"{full} {place}") for place, spec in enumerate(inputs)]
    newer_opset, newer_attributes = meaning or (opset, attributes)
    model = model_of(operator, newer_opset, arrays, inputs, newer_attributes, results)
    feeds = {
        f"x{place}": array
        for place, (array, spec) in enumerate(zip(arrays, inputs))
        if spec is not None and not spec.get("constant")
    }
    found, failures = {}, {}
    for engine in ["onnx", "onnxruntime"] if by is None else [by]:
        try:
            found[engine] = run(engine, model, feeds)
        except Exception as error:
            failures[engine] = str(error).strip().splitlines()[-1][:200]
    if not found:
        raise SystemExit(f"{full}: {failures}")
    for engine, reason in failures.items():
        only.append(f"{full}: not by {engine}: {reason}")
    agree(full, list(found.values()))
    outputs = [stored(np.asarray(array), kind, full) for array, kind in zip(next(iter(found.values())), results)]
    named = cases.setdefault(operator, {})
    assert name not in named, full
    named[name] = {
        "opset": opset,
        "inputs": inputs,
        **({"attributes": {key: attribute_of(value) for key, value in attributes.items()}} if attributes else {}),
        "outputs": outputs,
    }


def stored(array, kind, name):
    assert array.dtype == TYPES[kind][1], f"{name}: {array.dtype} is not {kind}"
    return {"shape": list(array.shape), **({} if kind == "float32" else {"type": kind}), "values": numbers(array)}


def agree(name, all_results):
    first, *others = all_results
    for other in others:
        for a, b in zip(first, other):
            a, b = np.asarray(a), np.asarray(b)
            assert a.shape == b.shape, f"{name}: {a.shape} and {b.shape}"
            wide = [each.astype(np.float64) for each in (a, b)]
            same = np.allclose(*wide, rtol=1e-5, atol=1e-5, equal_nan=True)
            assert same, f"{name}: the reference evaluator gives\n{a}\nand onnxruntime\n{b}"


# What one engine alone could run.
only = []


FLOAT, POSITIVE = {}, {"draw": [0.1, 3]}
UNARY = {
    "Abs": (FLOAT, 7, 13),
    "Ceil": (FLOAT, 7, 13),
    "Cos": (FLOAT, 7, 22),
    "Erf": (FLOAT, 9, 13),
    "Exp": (FLOAT, 7, 13),
    "Floor": (FLOAT, 7, 13),
    "HardSwish": ({"draw": [-5, 5]}, 14, 22),
    "Log": (POSITIVE, 7, 13),
    "Neg": (FLOAT, 7, 13),
    "Reciprocal": (POSITIVE, 7, 13),
    "Relu": (FLOAT, 7, 14),
    "Sigmoid": (FLOAT, 7, 13),
    "Sign": (FLOAT, 9, 13),
    "Sin": (FLOAT, 7, 22),
    "Softplus": ({"draw": [-30, 30]}, 7, 22),
    "Softsign": (FLOAT, 7, 22),
    "Sqrt": (POSITIVE, 7, 13),
    "Tanh": (FLOAT, 7, 13),
}
for operator, (kind, *opsets) in UNARY.items():
    for opset, shape in zip(opsets, [(2, 3), (1, 2, 1, 3)]):
        case(operator, f"set {opset}", opset, [drawn(*shape, **kind)])
case("Abs", "whole numbers", 13, [given([-3, 0, 5], "int64")], results=["int64"])
case("Neg", "whole numbers", 13, [given([-3, 0, 5], "int32")], results=["int32"])
case("Sign", "zero", 13, [given([-0.5, 0, 7])])
case("Relu", "a single value", 14, [drawn()])
case("Sqrt", "float64", 13, [drawn(3, type="float64", **POSITIVE)], results=["float64"])
case("Exp", "float16", 13, [drawn(3, type="float16")], results=["float16"], by="onnx")
case("Elu", "set 7", 7, [drawn(2, 3)])
case("Elu", "alpha", 22, [drawn(4)], {"alpha": 0.5})
case("Gelu", "by erf", 20, [drawn(2, 3)])
case("Gelu", "by tanh", 20, [drawn(2, 3)], {"approximate": "tanh"})
case("HardSigmoid", "set 7", 7, [drawn(2, 3, draw=[-5, 5])])
case("HardSigmoid", "another line", 22, [drawn(5, draw=[-5, 5])], {"alpha": 0.25, "beta": 0.4})
case("LeakyRelu", "set 7", 7, [drawn(2, 3)])
case("LeakyRelu", "alpha", 16, [drawn(2, 3)], {"alpha": 0.3})
case("Not", "truth values", 7, [given([[True, False]], "bool")], results=["bool"])
case("Not", "a single one", 13, [given(True, "bool")], results=["bool"])
HALVES = [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.4, -0.6]
case("Round", "halves", 11, [given(HALVES)])
case("Round", "set 22", 22, [drawn(2, 3, draw=[-9, 9])])
case("IsNaN", "set 9", 9, [given([1, math.nan, math.inf])], results=["bool"])
case("IsNaN", "set 20", 20, [given([[math.nan], [0]])], results=["bool"])
case("Mish", "set 18", 18, [drawn(2, 3, draw=[-6, 6])])
case("Mish", "set 22", 22, [drawn(4)])
case("Swish", "set 24", 24, [drawn(2, 3)])
case("Swish", "alpha", 24, [drawn(4)], {"alpha": 1.5})

for operator in ["Add", "Sub", "Mul", "Div"]:
    case(operator, "set 7, broadcast both ways", 7, [drawn(2, 1, 3), drawn(4, 1, draw=[0.5, 2])])
    case(operator, "whole numbers", 14, [given([[-7, 8], [9, -2]], "int64"), given([2, -3], "int64")], results=["int64"])
    case(operator, "a single value", 13, [drawn(2, 2), drawn(draw=[0.5, 2])])
case("Mod", "whole numbers", 10, [given([-7, 7, -7, 7], "int64"), given([3, 3, -3, -3], "int64")], results=["int64"])
case("Mod", "floats", 10, [given([-7.5, 7.5, 5.25]), given([2, -2, 4])], {"fmod": 1})
case(
    "Mod",
    "whole numbers cut off",
    13,
    [given([-7, 7, -7], "int32"), given([3, 3, -3], "int32")],
    {"fmod": 1},
    results=["int32"],
)
COMPARED = [given([[1, 2], [3, 4]]), given([2, 3])]
for operator, opset in {"Equal": 11, "Greater": 7, "Less": 9, "GreaterOrEqual": 12, "LessOrEqual": 16}.items():
    case(operator, f"set {opset}", opset, COMPARED, results=["bool"])
    whole = [given([1, 2, 3], "int64"), given(2, "int64")]
    case(operator, "whole numbers", max(opset, 13), whole, results=["bool"])
case("Equal", "truth values", 7, [given([True, False], "bool"), given([[True], [False]], "bool")], results=["bool"])
for operator in ["And", "Or", "Xor"]:
    for opset in [7, 13]:
        inputs = [given([True, True, False, False], "bool"), given([True, False, True, False], "bool")]
        case(operator, f"set {opset}", opset, inputs, results=["bool"])
    case(operator, "broadcast", 7, [given([[True], [False]], "bool"), given([True, False], "bool")], results=["bool"])

for operator in ["Max", "Min", "Sum", "Mean"]:
    case(operator, "one", 8, [drawn(2, 2)])
    case(operator, "two, broadcast", 8, [drawn(2, 3), drawn(2, 1)])
    case(operator, "three", 13, [drawn(2, 2), drawn(2), drawn(1, 1)])
for operator in ["Max", "Min"]:
    case(operator, "whole numbers", 12, [given([1, -5], "int64"), given([0, 0], "int64")], results=["int64"])

case("Pow", "set 7", 7, [drawn(2, 3, **POSITIVE), drawn(3)])
case("Pow", "a whole exponent", 12, [drawn(2, 3), fixed(3)])
case("Pow", "an exponent from outside", 13, [drawn(2, 3), given([2, 3, 1], "int64")])
case("Pow", "whole numbers", 13, [given([2, 3], "int64"), given([5, 2], "int64")], results=["int64"])
case("Pow", "whole numbers to a share", 15, [given([4, 9, 2], "int32"), fixed(0.5, "float32")], results=["int32"])
case("Where", "set 9, broadcast", 9, [given([[True], [False]], "bool"), drawn(3), drawn(2, 1)])
case("Where", "whole numbers", 16, [given([True, False], "bool"), given([1, 2], "int64"), fixed(-1)], results=["int64"])
case("Clip", "set 7, both", 7, [drawn(2, 4)], {"min": -0.5, "max": 1.0})
case("Clip", "set 7, the least", 7, [drawn(2, 4)], {"min": 0.0})
case("Clip", "set 7, none", 7, [drawn(2, 2)])
case("Clip", "set 11, both", 11, [drawn(2, 4), fixed(-0.5, "float32"), fixed(1.0, "float32")])
case("Clip", "set 13, the most", 13, [drawn(2, 4), None, fixed(0.25, "float32")])
case("Clip", "set 13, none", 13, [drawn(2, 2)])
case("Clip", "whole numbers", 12, [given([-9, 0, 9], "int64"), fixed(-5), fixed(5)], results=["int64"])
case("Cast", "floats cut off", 9, [given([-1.9, 1.9, 0.5])], {"to": TYPES["int64"][0]}, results=["int64"])
case("Cast", "to floats", 13, [given([-3, 0, 7], "int64")], {"to": TYPES["float32"][0]})
case("Cast", "to truth values", 13, [given([-1.5, 0, 0.25])], {"to": TYPES["bool"][0]}, results=["bool"])
case("Cast", "of truth values", 19, [given([True, False], "bool")], {"to": TYPES["int32"][0]}, results=["int32"])
case("Cast", "to float16", 21, [drawn(4)], {"to": TYPES["float16"][0]}, results=["float16"])
case("Cast", "to what it is", 13, [drawn(3)], {"to": TYPES["float32"][0]})
case("CastLike", "set 15", 15, [given([1.5, -2.5]), given([1], "int32")], results=["int32"])
case("CastLike", "set 19", 19, [given([1, 0], "bool"), drawn(2)])

for operator in ["Softmax", "LogSoftmax"]:
    # The reference evaluator takes one axis whatever the operator set is.
    case(operator, "set 7, the last axes together", 7, [drawn(2, 2, 3)], by="onnxruntime")
    case(operator, "set 12, the last axes together", 12, [drawn(1, 2, 3)], by="onnxruntime")
    case(operator, "set 11, all axes", 11, [drawn(2, 3)], {"axis": 0}, by="onnxruntime")
    case(operator, "set 11, the last axis", 11, [drawn(2, 2, 3)], {"axis": -1})
    case(operator, "set 13", 13, [drawn(2, 2, 3)])
    case(operator, "set 13, another axis", 13, [drawn(2, 3, 2)], {"axis": 1})
case("PRelu", "set 7, a slope", 7, [drawn(2, 3), drawn(1)])
case("PRelu", "set 9, a slope per channel", 9, [drawn(1, 2, 2, 2), drawn(2, 1, 1)])
case("PRelu", "set 16", 16, [drawn(2, 3), drawn(2, 3)])

case("Gather", "set 7", 7, [drawn(3, 2), given([2, 0, 2], "int64")])
case("Gather", "set 11, from the end", 11, [drawn(2, 3), given([[-1, 0]], "int32")], {"axis": -1})
case("Gather", "a single index", 13, [given([[1, 2], [3, 4]], "int64"), given(1, "int64")], {"axis": 1}, results=["int64"])
case("GatherElements", "set 11", 11, [drawn(2, 2), given([[0, 0], [1, 0]], "int64")], {"axis": 1})
case("GatherElements", "set 13, from the end", 13, [drawn(2, 3), given([[-1, 0], [1, -3]], "int64")], {"axis": -1})
SCATTERED = [drawn(3, 3), given([[1, 0, 2], [0, 2, 1]], "int64"), drawn(2, 3)]
case("ScatterElements", "set 11", 11, SCATTERED)
case("ScatterElements", "set 16, added", 16, [drawn(1, 5), given([[1, 1]], "int64"), drawn(1, 2)], {"axis": 1, "reduction": "add"})
case("ScatterElements", "set 18, the largest", 18, SCATTERED, {"axis": -2, "reduction": "max"})
case("ScatterND", "set 11", 11, [drawn(4, 2), given([[3], [0]], "int64"), drawn(2, 2)])
case("ScatterND", "set 16, added", 16, [drawn(4), given([[1], [1], [3]], "int64"), drawn(3)], {"reduction": "add"})
case("ScatterND", "set 18, a place each", 18, [drawn(2, 2), given([[0, 1], [1, 0]], "int64"), drawn(2)], {"reduction": "mul"})
case("GatherND", "set 11", 11, [drawn(2, 2, 2), given([[0, 1], [1, 0]], "int64")])
case("GatherND", "set 12, a shared axis", 12, [drawn(2, 3, 2), given([[1], [2]], "int64")], {"batch_dims": 1})
case("GatherND", "set 13, single values", 13, [drawn(2, 2), given([[[0, 0]], [[1, 1]]], "int64")])
for operator in ["ArgMax", "ArgMin"]:
    case(operator, "set 7", 7, [drawn(3, 2)], results=["int64"])
    case(operator, "set 11, from the end", 11, [drawn(2, 3)], {"axis": -1, "keepdims": 0}, results=["int64"])
    case(operator, "the last of ties", 12, [given([[1, 1, 0, 0]])], {"axis": 1, "select_last_index": 1}, results=["int64"])
    case(operator, "the first of ties", 13, [given([[1, 1, 0, 0]])], {"axis": 1}, results=["int64"])
case("OneHot", "set 9", 9, [given([0, 2], "int64"), fixed(3), fixed([0, 1], "float32")])
case("OneHot", "set 11, from the end", 11, [given([[-1], [1]], "int64"), fixed([3]), fixed([2, 5], "float32")])
case("OneHot", "another axis", 11, [given([[1, 0]], "int64"), fixed(3), fixed([0, 1])], {"axis": 1}, results=["int64"])
case("Trilu", "above", 14, [drawn(3, 4)])
case("Trilu", "below", 14, [drawn(2, 3, 3)], {"upper": 0})
case("Trilu", "shifted", 14, [given([[1, 2, 3], [4, 5, 6], [7, 8, 9]], "int64"), fixed(1)], results=["int64"])
case("Trilu", "below, shifted", 14, [drawn(3, 3), fixed(-1)], {"upper": 0})
case("CumSum", "set 11", 11, [drawn(3, 2), fixed(0)])
case("CumSum", "without itself, from the end", 11, [drawn(2, 3), fixed(-1)], {"exclusive": 1})
case("CumSum", "backwards", 14, [given([1, 2, 3], "int64"), fixed(0)], {"reverse": 1}, results=["int64"])
case("CumSum", "backwards without itself", 14, [drawn(1, 4), fixed(1, "int32")], {"reverse": 1, "exclusive": 1})

case("Identity", "set 7", 7, [drawn(2, 2)])
case("Identity", "whole numbers", 14, [given([1, 2], "int64")], results=["int64"])
case("Dropout", "set 7", 7, [drawn(2, 2)], {"ratio": 0.7})
# onnxruntime's mask of the older operator is false where nothing is dropped, and that of the newer one is true.
case("Dropout", "set 10, with its mask", 10, [drawn(2, 2)], results=["float32", "bool"], by="onnx")
case("Dropout", "set 12, with a ratio", 12, [drawn(2, 2), fixed(0.9, "float32")])
case(
    "Dropout",
    "set 13, with its mask",
    13,
    [drawn(3), fixed(0.9, "float32"), fixed(False, "bool")],
    results=["float32", "bool"],
)
case("Reshape", "set 7, the rest", 7, [drawn(2, 3, 2), fixed([0, -1])])
case("Reshape", "set 13", 13, [drawn(2, 3), fixed([3, 1, 2])])
case("Reshape", "to a single value", 13, [drawn(1, 1), fixed(np.zeros(0))])
case("Reshape", "set 14, sizes as they are", 14, [drawn(2, 3), fixed([0, 0, 1])], {"allowzero": 0})
case("Reshape", "set 14, nothing", 14, [drawn(0, 3), fixed([3, 0])], {"allowzero": 1})
case("Flatten", "set 7", 7, [drawn(2, 3, 2)])
case("Flatten", "set 9, all", 9, [drawn(2, 3)], {"axis": 0})
case("Flatten", "set 11, from the end", 11, [drawn(2, 3, 2)], {"axis": -1})
case("Flatten", "behind the last", 13, [drawn(2, 3)], {"axis": 2})
case("Squeeze", "set 7", 7, [drawn(1, 2, 1)], {"axes": [0]})
case("Squeeze", "set 7, all", 7, [drawn(1, 2, 1)])
case("Squeeze", "set 11, from the end", 11, [drawn(1, 2, 1)], {"axes": [-1]})
case("Squeeze", "set 13", 13, [drawn(1, 2, 1), fixed([-1, 0])])
case("Squeeze", "set 13, all", 13, [drawn(1, 2, 1)])
case("Unsqueeze", "set 7", 7, [drawn(2, 3)], {"axes": [0, 2]})
case("Unsqueeze", "set 11, from the end", 11, [drawn(2, 3)], {"axes": [-1]})
case("Unsqueeze", "set 13", 13, [drawn(2, 3), fixed([-1, 1])])
case("Unsqueeze", "a single value", 13, [drawn(), fixed([0])])
case("Transpose", "set 7, backwards", 7, [drawn(2, 3, 2)])
case("Transpose", "set 13", 13, [drawn(2, 3, 2)], {"perm": [1, 2, 0]})
case("Concat", "set 7", 7, [drawn(2, 1), drawn(2, 2)], {"axis": 1})
case("Concat", "set 11, from the end", 11, [drawn(2, 1), drawn(2, 2), drawn(2, 1)], {"axis": -1})
case("Concat", "one", 13, [given([1, 2], "int64")], {"axis": 0}, results=["int64"])
case("Concat", "with nothing", 13, [drawn(0, 2), drawn(1, 2), drawn(2, 2)], {"axis": 0})
case("Concat", "nothing at all", 13, [drawn(0, 1), drawn(0, 2)], {"axis": 1})
TWO, THREE = ["float32"] * 2, ["float32"] * 3
case("Split", "set 7", 7, [drawn(2, 4)], {"axis": 1, "split": [1, 3]}, results=TWO)
case("Split", "set 7, in halves", 7, [drawn(4, 2)], results=TWO)
case("Split", "set 11, from the end", 11, [drawn(2, 3)], {"axis": -1}, results=THREE)
case("Split", "set 13", 13, [drawn(5), fixed([2, 3])], results=TWO)
case("Split", "set 18, unevenly", 18, [drawn(5, 1)], {"num_outputs": 3}, results=THREE)
case("Slice", "set 7", 7, [drawn(4, 3)], {"axes": [1, 0], "starts": [1, -3], "ends": [3, 1000]})
case("Slice", "set 7, all axes", 7, [drawn(3, 3)], {"starts": [0, 1], "ends": [-1, 2]})
case("Slice", "set 10", 10, [drawn(4, 3), fixed([1]), fixed([3])])
case("Slice", "set 10, in steps", 10, [drawn(2, 7), fixed([0]), fixed([6]), fixed([1]), fixed([2])])
case("Slice", "backwards", 11, [drawn(5, 2), fixed([-1], "int32"), fixed([-4], "int32"), fixed([0], "int32"), fixed([-2], "int32")])
case("Slice", "without an end", 13, [drawn(4), fixed([2]), fixed([INT64_MAX])])
case("Slice", "all of it backwards", 13, [drawn(4), fixed([INT64_MAX]), fixed([INT64_MIN]), fixed([-1]), fixed([-1])])
case("Slice", "nothing", 13, [drawn(3), fixed([2]), fixed([1])])
case("Expand", "set 8", 8, [drawn(3, 1), fixed([2, 1, 4])])
case("Expand", "to fewer", 13, [drawn(2, 3), fixed([1])])
case("Expand", "whole numbers", 13, [given(7, "int64"), fixed([3])], results=["int64"])
case("Tile", "set 7", 7, [drawn(2, 2), fixed([2, 1])])
case("Tile", "set 13", 13, [drawn(1, 3), fixed([2, 2])])
case("Pad", "set 7, a value", 7, [drawn(2, 2)], {"pads": [0, 1, 1, 0], "value": 1.5})
case("Pad", "set 7, mirrored", 7, [drawn(2, 3)], {"pads": [0, 2, 0, 1], "mode": "reflect"})
case("Pad", "set 11, a value", 11, [drawn(2, 2), fixed([1, 0, 0, 1]), fixed(-2.5, "float32")])
case("Pad", "set 11, the edge", 11, [drawn(2, 2), fixed([1, 0, 0, 2])], {"mode": "edge"})
case("Pad", "whole numbers", 13, [given([1, 2], "int64"), fixed([1, 1]), fixed(9)], results=["int64"])
case("Pad", "cut off", 13, [drawn(4, 2), fixed([-1, 1, -1, 0])])
case("Pad", "set 18, named axes", 18, [drawn(2, 3), fixed([1, 2]), None, fixed([-1])])
case("Pad", "set 19, around", 19, [drawn(3), fixed([2, 1])], {"mode": "wrap"})
case("DepthToSpace", "set 7", 7, [drawn(1, 8, 1, 2)], {"blocksize": 2})
case("DepthToSpace", "columns first", 11, [drawn(1, 8, 1, 2)], {"blocksize": 2, "mode": "CRD"})
case("DepthToSpace", "depth first", 13, [drawn(2, 4, 1, 1)], {"blocksize": 2, "mode": "DCR"})
case("SpaceToDepth", "set 7", 7, [drawn(1, 2, 2, 4)], {"blocksize": 2})
case("SpaceToDepth", "set 13", 13, [drawn(2, 1, 2, 2)], {"blocksize": 2})

case("LayerNormalization", "set 17", 17, [drawn(2, 4), drawn(4), drawn(4)])
case("LayerNormalization", "two axes", 17, [drawn(2, 2, 3), drawn(2, 3), drawn(2, 3)], {"axis": 1, "epsilon": 0.01})
case("LayerNormalization", "without a bias", 17, [drawn(2, 4), drawn(4)], {"axis": -1})
case("LayerNormalization", "with its moments", 17, [drawn(2, 2, 3), drawn(3), drawn(3)], results=THREE)
case("InstanceNormalization", "set 7", 7, [drawn(2, 2, 3), drawn(2), drawn(2)])
case("InstanceNormalization", "an epsilon", 22, [drawn(1, 2, 2, 2), drawn(2), drawn(2)], {"epsilon": 0.1})
case("GroupNormalization", "set 18", 18, [drawn(1, 4, 3), drawn(2), drawn(2)], {"num_groups": 2})
case("GroupNormalization", "set 21", 21, [drawn(1, 4, 3), drawn(4), drawn(4)], {"num_groups": 2, "epsilon": 0.1})
case("GroupNormalization", "set 21, an image", 21, [drawn(2, 6, 1, 2), drawn(6), drawn(6)], {"num_groups": 3})
NORMED = [drawn(2, 2, 3), drawn(2), drawn(2), drawn(2), drawn(2, **POSITIVE)]
# The reference evaluator's of operator set 9 always trains, and that of 7 gives nothing that it could read.
for opset, by in [(7, "onnxruntime"), (9, "onnxruntime"), (14, None)]:
    case("BatchNormalization", f"set {opset}", opset, NORMED, {"epsilon": 0.01}, by=by)
TRAINED = {"training_mode": 1, "momentum": 0.75}
case("BatchNormalization", "set 14, training", 14, NORMED, TRAINED, results=THREE)
case("BatchNormalization", "set 15, training", 15, NORMED, {"training_mode": 1}, results=THREE)
case("BatchNormalization", "set 9, training", 9, NORMED, {"momentum": 0.75}, results=THREE, meaning=(14, TRAINED))
case("RMSNormalization", "set 23", 23, [drawn(2, 4), drawn(4)])
case("RMSNormalization", "two axes", 23, [drawn(2, 2, 3), drawn(2, 3)], {"axis": 1, "epsilon": 0.1})
case("LpNormalization", "set 7", 7, [drawn(2, 3)])
# The reference evaluator sums without taking absolute values.
case("LpNormalization", "absolute values", 7, [drawn(3, 2)], {"axis": 0, "p": 1}, by="onnxruntime")
case("LpNormalization", "zeros", 22, [given([[3, 4], [0, 0]])], {"axis": 1})

case("MatMul", "set 7", 7, [drawn(2, 3), drawn(3, 2)])
case("MatMul", "set 9, broadcast", 9, [drawn(2, 1, 2, 3), drawn(2, 3, 2)])
case("MatMul", "rows", 13, [drawn(2, 2, 3), drawn(3, 2)])
case("MatMul", "a vector by a matrix", 13, [drawn(3), drawn(3, 2)])
case("MatMul", "a matrix by a vector", 13, [drawn(2, 3), drawn(3)])
case("MatMul", "two vectors", 13, [drawn(3), drawn(3)])
case("MatMul", "rows by a vector", 13, [drawn(2, 2, 3), drawn(3)])
case("MatMul", "a vector by matrices", 13, [drawn(3), drawn(2, 3, 2)])
case("MatMul", "whole numbers", 13, [given([[1, 2]], "int64"), given([[3], [4]], "int64")], results=["int64"])
case("Gemm", "set 7", 7, [drawn(2, 3), drawn(3, 2), drawn(2)])
case(
    "Gemm",
    "set 9, transposed",
    9,
    [drawn(3, 2), drawn(2, 3), drawn(1)],
    {"transA": 1, "transB": 1, "alpha": 0.5, "beta": 2.0},
)
case("Gemm", "set 11, without an addend", 11, [drawn(2, 3), drawn(3, 2)], {"alpha": 2.0})
case("Gemm", "set 13, a column", 13, [drawn(2, 3), drawn(2, 3), drawn(2, 1)], {"transB": 1})
case("Einsum", "set 12", 12, [drawn(2, 2, 3), drawn(2, 3, 2)], {"equation": "bij,bjk->bik"})
case("Einsum", "without a result", 12, [drawn(2, 3), drawn(3, 2)], {"equation": "ji, kj"})
case("Einsum", "an ellipsis", 12, [drawn(2, 2, 3), drawn(2, 3)], {"equation": "...ij,kj->...ki"})
case("Einsum", "an ellipsis without a result", 12, [drawn(2, 1, 3), drawn(3, 2)], {"equation": "...b,bA"})
case("Einsum", "a sum of all", 12, [drawn(2, 3), drawn(2, 3)], {"equation": "ij,ij->"})

REDUCTIONS = {
    "ReduceSum": FLOAT,
    "ReduceMean": FLOAT,
    "ReduceMax": FLOAT,
    "ReduceMin": FLOAT,
    "ReduceL1": FLOAT,
    "ReduceL2": FLOAT,
    "ReduceSumSquare": FLOAT,
    "ReduceLogSum": POSITIVE,
    "ReduceLogSumExp": FLOAT,
    "ReduceProd": FLOAT,
}
for operator, kind in REDUCTIONS.items():
    newest = 13 if operator == "ReduceSum" else 18
    case(operator, "set 7", 7, [drawn(2, 3, **kind)], {"axes": [1]})
    case(operator, "set 11, from the end", 11, [drawn(2, 2, 3, **kind)], {"axes": [-1, 0], "keepdims": 0})
    case(operator, "all axes", 12, [drawn(2, 3, **kind)], {"keepdims": 0})
    case(operator, f"set {newest}", newest, [drawn(2, 2, 3, **kind), fixed([-2])], {"keepdims": 0})
    case(operator, "no axes", newest, [drawn(2, 2, **kind), fixed(np.zeros(0))], {"noop_with_empty_axes": 1})
    case(operator, "axes left out", newest, [drawn(2, 2, **kind)])
    case(operator, "a single value", newest, [drawn(**kind)], {"keepdims": 0})
case("ReduceLogSumExp", "large values", 18, [given([[100, 99], [-200, -201]]), fixed([1])])
for operator in ["ReduceSum", "ReduceMax", "ReduceProd"]:
    case(operator, "whole numbers", 13, [given([[1, 2], [3, 4]], "int64")], {"keepdims": 0}, results=["int64"])

IMAGE = drawn(1, 1, 2, 3)


def resized(name, opset, scales=None, sizes=None, attributes=None, x=IMAGE, **settings):
    lists = [None if scales is None else fixed(scales, "float32"), None if sizes is None else fixed(sizes)]
    inputs = [x, lists[0]] if opset == 10 else [x, None, *lists[: 1 if sizes is None else 2]]
    case("Resize", name, opset, inputs, attributes, **settings)


resized("set 10", 10, [1, 1, 2, 2])
resized("set 10, linear", 10, [1, 1, 2, 3], attributes={"mode": "linear"})
resized("set 10, smaller", 10, [1, 1, 0.5, 0.6], x=drawn(1, 1, 4, 5), by="onnxruntime")
HALF = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
NOTHING = fixed(np.zeros(0), "float32")
case("Resize", "set 11, sizes", 11, [IMAGE, NOTHING, NOTHING, fixed([1, 1, 3, 4])], HALF)
NEAREST = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
case("Resize", "set 11, nearest", 11, [IMAGE, NOTHING, fixed([1, 1, 2.5, 1.4], "float32")], NEAREST)
CORNERS = {"mode": "cubic", "coordinate_transformation_mode": "align_corners"}
case("Resize", "set 11, cubic", 11, [IMAGE, NOTHING, NOTHING, fixed([1, 1, 3, 5])], CORNERS)
resized("set 13, half pixels", 13, [1, 1, 2, 2], attributes={"nearest_mode": "round_prefer_ceil"})
# 10 * 0.7 is 7 in float32, as ONNX's shape inference has it, and 6 in the reference evaluator.
LINEAR = {"mode": "linear"}
resized("set 13, linear", 13, [1, 1, 0.5, 0.7], x=drawn(1, 1, 4, 10), attributes=LINEAR, by="onnxruntime")
PYTORCH = {"mode": "linear", "coordinate_transformation_mode": "pytorch_half_pixel"}
resized("set 13, a single place", 13, sizes=[1, 1, 1, 6], attributes=PYTORCH)
resized("set 13, cubic", 13, [1, 1, 2, 2], attributes={"mode": "cubic", "cubic_coeff_a": -0.5})
resized("set 18, named axes", 18, sizes=[4, 3], attributes={"axes": [2, -1], "mode": "linear"})
resized("set 18, smoothed", 18, sizes=[1, 1, 2, 2], x=drawn(1, 1, 4, 5), attributes={"mode": "linear", "antialias": 1})
SYMMETRIC = {"mode": "linear", "coordinate_transformation_mode": "half_pixel_symmetric"}
resized("set 19", 19, [1, 1, 2.3, 1.7], attributes=SYMMETRIC)
case("Upsample", "set 7", 7, [IMAGE], {"scales": [1.0, 1.0, 2.0, 2.0]})
case("Upsample", "set 7, linear", 7, [IMAGE], {"scales": [1.0, 1.0, 2.0, 3.0], "mode": "linear"})
case("Upsample", "set 9", 9, [IMAGE, fixed([1, 1, 2.5, 1.5], "float32")])

SHAPED = drawn(2, 3, 4)
case("Shape", "set 7", 7, [SHAPED], results=["int64"])
case("Shape", "set 15, some", 15, [SHAPED], {"start": 1}, results=["int64"])
case("Shape", "set 15, from the end", 15, [SHAPED], {"start": -9, "end": -1}, results=["int64"])
case("Shape", "nothing", 19, [SHAPED], {"start": 2, "end": 1}, results=["int64"])
case("Size", "set 7", 7, [SHAPED], results=["int64"])
case("Size", "a single value", 13, [drawn()], results=["int64"])
case("Constant", "set 7", 7, [], {"value": given([[1.5, -2]])})
case("Constant", "truth values", 9, [], {"value": given([True, False], "bool")}, results=["bool"])
case("Constant", "float16", 13, [], {"value": given([0.1, 65504], "float16")}, results=["float16"])
case("Constant", "many", 13, [], {"value": given(np.arange(40).reshape(4, 10) / 8)})
case("Constant", "set 12, one number", 12, [], {"value_float": 0.1})
case("Constant", "set 12, whole numbers", 12, [], {"value_ints": [3, -1]}, results=["int64"])
case("Constant", "set 13, floats", 13, [], {"value_floats": [0.5, 0.1]})
case("Constant", "set 13, one whole number", 13, [], {"value_int": 7}, results=["int64"])
case("ConstantOfShape", "set 9", 9, [fixed([2, 2])])
case("ConstantOfShape", "whole numbers", 9, [fixed([3])], {"value": given([-1], "int64")}, results=["int64"])
case("ConstantOfShape", "truth values", 20, [fixed([1, 2])], {"value": given([True], "bool")}, results=["bool"])
case("ConstantOfShape", "a single value", 20, [fixed(np.zeros(0))], {"value": given([2.5])})
case("ConstantOfShape", "nothing", 20, [fixed([0, 2])])
case("Range", "set 11", 11, [fixed(2), fixed(9), fixed(3)], results=["int64"])
case("Range", "backwards", 11, [fixed(5, "int32"), fixed(-2, "int32"), fixed(-3, "int32")], results=["int32"])
case("Range", "floats", 11, [fixed(0, "float32"), fixed(1, "float32"), fixed(0.3, "float32")])
case("Range", "nothing", 11, [fixed(3), fixed(3), fixed(1)], results=["int64"])

SQUARE, KERNEL = drawn(1, 2, 4, 5), drawn(2, 2, 3, 2)
case("Conv", "set 7", 7, [SQUARE, KERNEL])
case("Conv", "set 7, with a bias", 7, [SQUARE, KERNEL, drawn(2)], {"pads": [1, 0, 2, 1], "strides": [2, 1]})
case("Conv", "set 11, dilated groups", 11, [drawn(1, 2, 5, 5), drawn(4, 1, 2, 2)], {"dilations": [2, 3], "group": 2})
case("Conv", "set 22, a sequence", 22, [drawn(2, 1, 5), drawn(2, 1, 3)], {"kernel_shape": [3]})
case("Conv", "a volume", 11, [drawn(1, 1, 3, 2, 3), drawn(1, 1, 2, 2, 2)], {"pads": [0, 0, 0, 0, 1, 0]})
case("ConvTranspose", "set 7", 7, [drawn(1, 2, 2, 2), drawn(2, 1, 2, 2)], {"strides": [2, 2]})
case(
    "ConvTranspose",
    "set 11, groups",
    11,
    [drawn(1, 2, 2, 2), drawn(2, 2, 3, 2), drawn(4)],
    {"group": 2, "strides": [2, 3], "output_padding": [1, 0], "pads": [1, 0, 0, 1], "dilations": [1, 2]},
)
case("ConvTranspose", "a sequence", 22, [drawn(1, 1, 3), drawn(1, 2, 3)])
STRIDES = {"kernel_shape": [3, 2], "strides": [2, 3]}
POOLED = drawn(1, 1, 5, 6)
for mode in ["SAME_UPPER", "SAME_LOWER", "VALID"]:
    attributes = {"auto_pad": mode}
    case("Conv", mode, 11, [drawn(1, 1, 5, 6), drawn(1, 1, 3, 2)], {**STRIDES, **attributes})
    case("Conv", f"{mode}, dilated", 11, [drawn(1, 1, 6), drawn(1, 1, 2)], {"dilations": [3], **attributes})
    # The reference evaluator's result of the former has a row too few with SAME_LOWER.
    by = "onnxruntime" if mode == "SAME_LOWER" else None
    case("MaxPool", mode, 11, [POOLED], {"kernel_shape": [4, 3], "strides": [2, 3], **attributes}, by=by)
    case("AveragePool", mode, 11, [POOLED], {"kernel_shape": [4, 3], "strides": [2, 3], **attributes})
    case("ConvTranspose", mode, 11, [drawn(1, 1, 3, 2), drawn(1, 1, 3, 2)], {"strides": [2, 1], **attributes})
case(
    "ConvTranspose",
    "a size that is asked for",
    11,
    [drawn(1, 1, 3, 3), drawn(1, 1, 3, 3)],
    {"strides": [2, 2], "output_shape": [6, 5]},
)
case("MaxPool", "set 7", 7, [POOLED], {"kernel_shape": [2, 2], "pads": [1, 0, 0, 1], "strides": [2, 2]})
# The reference evaluator counts places from the beginning of each channel.
case(
    "MaxPool",
    "set 8, with its places",
    8,
    [drawn(1, 2, 3, 3)],
    {"kernel_shape": [2, 2]},
    results=["float32", "int64"],
    by="onnxruntime",
)
case("MaxPool", "set 10, a window beyond the end", 10, [POOLED], {**STRIDES, "ceil_mode": 1})
case("MaxPool", "set 12, dilated", 12, [POOLED], {"kernel_shape": [2, 2], "dilations": [2, 3]})
case("MaxPool", "a sequence", 22, [drawn(1, 2, 5)], {"kernel_shape": [2], "strides": [2]})
PADDED = {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}
case("AveragePool", "set 7", 7, [POOLED], PADDED)
case("AveragePool", "set 7, with its padding", 7, [POOLED], {**PADDED, "count_include_pad": 1})
case("AveragePool", "set 10, a window beyond the end", 10, [POOLED], {**STRIDES, "ceil_mode": 1})
case("AveragePool", "set 19, both", 19, [drawn(1, 1, 4, 4)], {**PADDED, "ceil_mode": 1, "count_include_pad": 1})
case("AveragePool", "set 19, dilated", 19, [POOLED], {"kernel_shape": [2, 2], "dilations": [2, 3]})
for operator in ["GlobalAveragePool", "GlobalMaxPool"]:
    case(operator, "set 7", 7, [drawn(2, 2, 2, 3)])
    # The reference evaluator's result of a volume has an axis too many.
    case(operator, "set 22, a volume", 22, [drawn(1, 2, 2, 2, 2)], by="onnxruntime")

HEADS = [drawn(1, 2, 3, 4), drawn(1, 2, 5, 4), drawn(1, 2, 5, 4)]
case("Attention", "set 23", 23, HEADS)
case("Attention", "with a mask that is added", 23, [*HEADS, drawn(3, 5)], {"scale": 0.3})
case("Attention", "with a mask of truth values", 23, [*HEADS, given(np.tri(3, 5, 2) > 0, "bool")], {"softcap": 2.0})
PACKED = [drawn(2, 3, 8), drawn(2, 4, 4), drawn(2, 4, 6)]
case("Attention", "heads side by side, of fewer keys", 24, PACKED, {"q_num_heads": 4, "kv_num_heads": 2, "is_causal": 1})
TABLES = [drawn(1, 3, 2), drawn(1, 3, 2)]
case("RotaryEmbedding", "set 23", 23, [drawn(1, 2, 3, 4), *TABLES])
case("RotaryEmbedding", "neighbours, and a rest", 23, [drawn(1, 2, 3, 6), *TABLES], {"interleaved": 1, "rotary_embedding_dim": 4})
PLACES = given([[3, 0, 1]], "int64")
case("RotaryEmbedding", "at places", 23, [drawn(1, 3, 8), drawn(5, 2), drawn(5, 2), PLACES], {"num_heads": 2})

FILE = pathlib.Path(__file__).with_suffix(".json")
lines = [
    f" {json.dumps(operator)}: {{\n"
    + ",\n".join(f"  {json.dumps(name)}: {json.dumps(each, separators=(',', ':'))}" for name, each in named.items())
    + "\n }"
    for operator, named in cases.items()
]
FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")
print(*only, sep="\n")
print(f"{sum(map(len, cases.values()))} cases of {len(cases)} operators, {FILE.stat().st_size} bytes")

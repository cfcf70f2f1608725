"""Writes fused_nodes.json: single nodes of the operators that onnxruntime's tools write in place of several, and what they give.

Inputs are not stored but drawn from an integer hash of the case's name, which the tests repeat. Results are onnxruntime's on a CPU;
those of operators that it has for CUDA alone are written down by what its documentation says, in NumPy. Attention of ONNX itself is
here where a query sees no key, by ONNX's reference evaluator.
Run with a Python that has numpy, onnx and onnxruntime: python fused_nodes.py
"""

import json
import math
import pathlib

import numpy as np
import onnxruntime
from onnx import TensorProto, helper
from onnx.reference import ReferenceEvaluator

cases = []


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


def array_of(spec, name):
    if isinstance(spec, dict):
        return np.array(spec["bool"], dtype=np.bool_).reshape(spec["shape"])
    return np.array([2 * value for value in hashed(name, math.prod(spec))], np.float32).reshape(spec)


def model_of(operator, domain, arrays, attributes, outputs):
    kinds = {np.dtype(np.float32): TensorProto.FLOAT, np.dtype(np.bool_): TensorProto.BOOL}
    names = ["" if array is None else f"x{place}" for place, array in enumerate(arrays)]
    inputs = [
        helper.make_tensor_value_info(name, kinds[array.dtype], array.shape)
        for name, array in zip(names, arrays)
        if array is not None
    ]
    results = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs if name]
    node = helper.make_node(operator, names, outputs, domain=domain, **attributes)
    graph = helper.make_graph([node], "node", inputs, results)
    versions = [helper.make_opsetid("", 23 if operator == "Attention" and not domain else 20)]
    return helper.make_model(graph, opset_imports=[*versions, helper.make_opsetid("com.microsoft", 1)], ir_version=9)


def run(model, feeds, engine):
    if engine == "onnx":
        return ReferenceEvaluator(model).run(None, feeds)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    return onnxruntime.InferenceSession(model.SerializeToString(), options).run(None, feeds)


def case(operator, name, inputs, attributes=None, outputs=("y0",), domain="com.microsoft", by="onnxruntime"):
    """`by`: the engine, or a function of the inputs. Inputs are shapes, None where they are left out."""
    attributes = attributes or {}
    arrays = [None if spec is None else array_of(spec, f"{operator}: {name} {at}") for at, spec in enumerate(inputs)]
    feeds = {f"x{place}": array for place, array in enumerate(arrays) if array is not None}
    if callable(by):
        results = [by(*(None if array is None else array.astype(np.float64) for array in arrays))]
    else:
        results = run(model_of(operator, domain, arrays, attributes, outputs), feeds, by)
    cases.append(
        {
            "operator": operator,
            "domain": domain,
            "name": name,
            "inputs": [{"shape": spec} if isinstance(spec, list) else spec for spec in inputs],
            "attributes": {key: attribute_of(value) for key, value in attributes.items()},
            "outputs": list(outputs),
            "results": [
                {"shape": list(each.shape), "values": [float(f"{value:.8g}") for value in each.flatten().tolist()]}
                for each in results
            ],
        }
    )


def attribute_of(value):
    if isinstance(value, str):
        return {"string": value}
    if isinstance(value, list):
        return {"floats" if isinstance(value[0], float) else "ints": value}
    return {"int" if isinstance(value, int) else "float": value}


def gelu(x):
    return x / 2 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))


TOKENS, ROW = [2, 3, 8], [8]
case("Gelu", "plain", [TOKENS])
case("BiasGelu", "plain", [TOKENS, ROW])
case("FastGelu", "plain", [TOKENS])
case("FastGelu", "with a bias", [TOKENS, ROW])
case("QuickGelu", "plain", [TOKENS])
case("QuickGelu", "another slope", [TOKENS], {"alpha": 1.25})
case("BiasSplitGelu", "plain", [TOKENS, ROW], by=lambda x, b: (x + b)[..., :4] * gelu((x + b)[..., 4:]))
case("BiasAdd", "plain", [TOKENS, ROW, TOKENS], by=lambda x, b, skip: x + b + skip)

case("FusedMatMul", "plain", [[2, 3, 4], [4, 5]], {"alpha": 0.5})
case("FusedMatMul", "the first transposed", [[2, 4, 3], [2, 4, 5]], {"transA": 1})
case("FusedMatMul", "both transposed", [[4, 3], [5, 4]], {"transA": 1, "transB": 1, "alpha": -2.0})
case("FusedGemm", "relu", [[3, 4], [5, 4], [5]], {"transB": 1, "activation": "Relu"})
leaky = {"activation": "LeakyRelu", "activation_alpha": 0.25, "alpha": 0.5}
case("FusedGemm", "leaky relu", [[3, 4], [4, 5]], leaky)

IMAGE, KERNEL = [1, 2, 5, 4], [3, 2, 3, 3]
for activation, parameters in {
    "Relu": None,
    "Sigmoid": None,
    "Tanh": None,
    "LeakyRelu": [0.125],
    "Clip": [-1.0, 2.0],
    "HardSigmoid": [0.25, 0.375],
}.items():
    attributes = {"activation": activation, **({"activation_params": parameters} if parameters else {})}
    case("FusedConv", activation, [IMAGE, KERNEL, [3]], {**attributes, "pads": [1, 1, 1, 1]})
case("FusedConv", "with what is added", [IMAGE, KERNEL, [3], [1, 3, 3, 2]], {"activation": "Relu"})

BOTH = ("y0", "", "", "y1")
case("SkipLayerNormalization", "weights alone", [TOKENS, TOKENS, ROW], {"epsilon": 1e-3})
case("SkipLayerNormalization", "all, and the sum", [TOKENS, TOKENS, ROW, ROW, ROW], {"epsilon": 1e-3}, BOTH)
case("SkipLayerNormalization", "one for all images", [TOKENS, [3, 8], ROW, ROW])
case("SkipSimplifiedLayerNormalization", "weights alone", [TOKENS, TOKENS, ROW], {"epsilon": 1e-3})
case("SkipSimplifiedLayerNormalization", "all, and the sum", [TOKENS, TOKENS, ROW, ROW], {"epsilon": 1e-3}, BOTH)
simplified = {"axis": -1, "epsilon": 1e-3}
case("SimplifiedLayerNormalization", "under ONNX's name", [TOKENS, ROW], simplified, domain="")
normalised = lambda x, w, b: (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-3) * w + b
case("LayerNormalization", "plain", [TOKENS, ROW, ROW], {"epsilon": 1e-3}, by=normalised)

PACKED = [[2, 3, 8], [8, 24], [24]]
case("Attention", "self-attention", PACKED, {"num_heads": 2})
case("Attention", "causal, with what is added", [*PACKED, None, None, [2, 2, 3, 3]], {"num_heads": 2, "unidirectional": 1})
sizes = {"num_heads": 2, "qkv_hidden_sizes": [8, 8, 4], "scale": 0.75}
case("Attention", "values of another size", [[2, 3, 6], [6, 20], [20]], sizes)
APART = [[2, 3, 8], [2, 5, 8], [2, 5, 4]]
case("MultiHeadAttention", "plain", APART, {"num_heads": 2})
case("MultiHeadAttention", "with biases", [*APART, [20]], {"num_heads": 2, "scale": 0.25})
case("MultiHeadAttention", "with what is added", [*APART, None, None, [2, 2, 3, 5]], {"num_heads": 2})

HEADS = [[1, 2, 3, 4], [1, 2, 5, 4], [1, 2, 5, 4]]
unseen = {"shape": [3, 5], "bool": [1, 0, 1, 1, 0, *[0] * 5, 0, 0, 0, 0, 1]}
case("Attention", "a query that sees no key", [*HEADS, unseen], domain="", by="onnx")

path = pathlib.Path(__file__).with_suffix(".json")
lines = [" " + json.dumps(each, separators=(",", ":")) for each in cases]
path.write_text("[\n" + ",\n".join(lines) + "\n]\n")

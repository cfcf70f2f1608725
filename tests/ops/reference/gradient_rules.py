"""Writes gradient_rules.json: values and gradients of every operator that has a gradient rule, by torch in float64.

A case is one call of an operator. Its inputs are not stored: they are drawn by `draws` from the case's name, which the tests
repeat, or written out where a kink or a tie needs them. Every input is exact in float32. Stored are the value and, from a
gradient of it that is drawn as well, the gradients of the inputs that are not fixed.
Run with a Python that has torch: python gradient_rules.py

Written with PyTorch 2.15. In earlier versions `clamp` let the gradient pass at a bound, unlike `relu6` and `hardtanh`.
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F

EPSILON = 2**-10

cases = {}


def draws(name):
    """A linear congruential generator (modulus 2^31): the high 23 bits of its states, from 0 to 1."""
    state = sum((place + 1) * ord(letter) for place, letter in enumerate(name))
    while True:
        state = (state * 1103515245 + 12345) % 2**31
        yield (state >> 8) / 2**23


def drawn(*shape, least=-2, step=1 / 64, levels=257, fixed=False):
    """An input of `levels` values, each `step` above the last. Few of them tie."""
    return {"shape": shape, "draw": [least, step, levels], **({"fixed": True} if fixed else {})}


def given(values, fixed=False):
    tensor = torch.tensor(values, dtype=torch.float64)
    flat = tensor.flatten().tolist()
    return {"shape": list(tensor.shape), "values": flat, **({"fixed": True} if fixed else {})}


def tensor_of(spec, source):
    count = math.prod(spec["shape"])
    if "values" in spec:
        values = spec["values"]
    else:
        least, step, levels = spec["draw"]
        values = [least + step * math.floor(next(source) * levels) for _ in range(count)]
    tensor = torch.tensor(values, dtype=torch.float64).reshape(tuple(spec["shape"]))
    assert torch.equal(tensor, tensor.float().double())
    return tensor.requires_grad_(not spec.get("fixed", False))


def numbers(tensor):
    """To 13 digits; what is no finite number as the text that JavaScript reads back."""
    named = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}
    rounded = [float(f"{value:.13g}") for value in tensor.flatten().tolist()]
    return [named.get(str(value), int(value) if value.is_integer() else value) for value in rounded]


def case(operator, name, inputs, compute):
    source = draws(f"{operator}: {name}")
    tensors = [tensor_of(spec, source) for spec in inputs]
    value = compute(*tensors)
    upstream = tensor_of(drawn(*value.shape), source)
    moving = [tensor for tensor in tensors if tensor.requires_grad]
    gradients = iter(torch.autograd.grad(value, moving, upstream.detach()))
    cases.setdefault(operator, {})[name] = {
        "inputs": inputs,
        "shape": list(value.shape),
        "value": numbers(value.detach()),
        "gradients": [numbers(next(gradients)) if tensor.requires_grad else None for tensor in tensors],
    }


FAR = dict(least=-40, step=1 / 2, levels=161)
# Ties: many equal values.
FEW = dict(least=-1, step=1, levels=3)
# Between the kinks of pieces of lines.
UNEVEN = dict(least=-5 + 1 / 128, step=1 / 32, levels=321)


def activations():
    case("Relu", "drawn", [drawn(3, 4)], F.relu)
    case("Relu", "at 0", [given([-1, -0.0, 0, 0.25])], F.relu)
    case("Sigmoid", "near 0", [drawn(3, 4)], torch.sigmoid)
    case("Sigmoid", "far from 0", [drawn(8, **FAR)], torch.sigmoid)
    case("Tanh", "near 0", [drawn(3, 4)], torch.tanh)
    case("Tanh", "far from 0", [drawn(8, **FAR)], torch.tanh)
    case("Softplus", "near 0", [drawn(3, 4)], F.softplus)
    # Above 20 PyTorch takes x itself, which is 2e-9 off at first.
    case("Softplus", "far from 0", [given([-100, -30, -15, -5, 0, 5, 15, 25, 60, 100])], F.softplus)
    case("LeakyRelu", "slope 1/4", [drawn(3, 4)], lambda x: F.leaky_relu(x, 0.25))
    case("LeakyRelu", "at 0, slope left out", [given([-1, -0.0, 0, 0.5])], F.leaky_relu)
    case("Elu", "scale 3/4", [drawn(3, 4)], lambda x: F.elu(x, 0.75))
    case("Elu", "at 0 and far from it, scale left out", [given([-60, -1, -0.0, 0, 0.5, 90])], F.elu)
    # As F.hardsigmoid is defined; its own gradient has 1/6 in float32 alone.
    kinks = given([-4, -3, -1, 0, 1.5, 3, 4])
    case("HardSigmoid", "PyTorch's line, at its kinks", [kinks], lambda x: F.relu6(x + 3) / 6)
    case("HardSigmoid", "another line", [drawn(3, 4, **UNEVEN)], lambda x: torch.clamp(0.5 * x + 0.375, 0, 1))
    case("HardSigmoid", "line left out", [drawn(3, 4, **UNEVEN)], lambda x: torch.clamp(0.2 * x + 0.5, 0, 1))
    case("HardSwish", "drawn", [drawn(3, 4, **UNEVEN)], F.hardswish)
    case("HardSwish", "at its kinks", [kinks], F.hardswish)
    case("Gelu", "by erf", [drawn(3, 4)], F.gelu)
    case("Gelu", "by erf, far from 0", [given([-9, -6, -4, 4, 6, 9])], F.gelu)
    case("Gelu", "by tanh", [drawn(3, 4)], lambda x: F.gelu(x, approximate="tanh"))
    case("Gelu", "by tanh, far from 0", [given([-9, -6, -4, 4, 6, 9])], lambda x: F.gelu(x, approximate="tanh"))
    for operator, function in (("Softmax", F.softmax), ("LogSoftmax", F.log_softmax)):
        case(operator, "last axis", [drawn(3, 4)], lambda x: function(x, -1))
        case(operator, "axis 1 of 3", [drawn(2, 3, 2)], lambda x: function(x, 1))
        case(operator, "far apart", [drawn(2, 4, **FAR)], lambda x: function(x, -1))


def arithmetic():
    above = dict(least=0.5, levels=129)
    two = {"Add": torch.add, "Sub": torch.sub, "Mul": torch.mul, "Div": torch.div}
    for operator, function in two.items():
        more = above if operator == "Div" else {}
        case(operator, "alike", [drawn(2, 3), drawn(2, 3, **more)], function)
        case(operator, "both broadcast", [drawn(2, 1, 3), drawn(4, 1, **more)], function)
        case(operator, "one value", [drawn(), drawn(2, 3, **more)], function)
    case("Neg", "drawn", [drawn(2, 3)], torch.neg)
    case("Neg", "one value", [drawn()], torch.neg)
    case("Exp", "drawn", [drawn(2, 3)], torch.exp)
    case("Exp", "far from 0", [given([-80, -10, 0, 10])], torch.exp)
    case("Log", "drawn", [drawn(2, 3, **above)], torch.log)
    case("Log", "near 0", [given([2**-60, 2**-20, 1, 2**20])], torch.log)
    case("Pow", "positive bases, both broadcast", [drawn(2, 1, 3, **above), drawn(4, 1)], torch.pow)
    bases = [[-1.5], [-1], [0], [2]]
    whole = given([-2, -1, 0, 1, 2, 3])
    case("Pow", "whole exponents, bases of any sign", [given(bases), {**whole, "fixed": True}], torch.pow)
    case("Pow", "exponents of bases of any sign", [given(bases, fixed=True), whole], torch.pow)
    fractions = given([-0.5, 0, 0.5, 1.5])
    case("Pow", "base 0", [given([0, 0, 0, 0]), fractions], torch.pow)
    case("Sqrt", "drawn", [drawn(2, 3, **above)], torch.sqrt)
    case("Sqrt", "near 0", [given([0, 2**-60, 2**-20, 2**-4])], torch.sqrt)
    case("Abs", "drawn", [drawn(2, 3)], torch.abs)
    case("Abs", "at 0", [given([-(2**-40), -0.0, 0, 2**-40])], torch.abs)
    case("Reciprocal", "drawn", [drawn(2, 3, **above)], torch.reciprocal)
    case("Reciprocal", "of either sign", [given([-4, -0.25, 0.125, 64])], torch.reciprocal)
    case("Erf", "drawn", [drawn(3, 4)], torch.erf)
    case("Erf", "far from 0", [given([-6, -3, -2.5, 0, 2.75, 3.25, 6])], torch.erf)
    for operator, function in (("Sin", torch.sin), ("Cos", torch.cos)):
        case(operator, "near 0", [drawn(3, 4)], function)
        case(operator, "far from 0", [drawn(8, **FAR)], function)


def choices():
    case("Where", "alike", [drawn(3, 4, fixed=True), drawn(3, 4), drawn(3, 4)], chosen)
    case("Where", "all broadcast", [drawn(2, 1, fixed=True), drawn(3), drawn(2, 2, 1)], chosen)
    bound = given([-2, -1, -0.5, 0, 0.75, 1, 2])
    case("Clip", "between bounds, at them", [bound], lambda x: torch.clamp(x, -1, 1))
    case("Clip", "from below alone", [bound], lambda x: torch.clamp(x, min=-1))
    case("Clip", "from above alone", [bound], lambda x: torch.clamp(x, max=1))
    case("Clip", "bounds that are equal", [bound], lambda x: torch.clamp(x, -1, -1))
    case("Clip", "as relu6, at its kinks", [given([-1, 0, 3, 6, 7])], F.relu6)
    for operator, function in (("Max", torch.maximum), ("Min", torch.minimum)):
        case(operator, "drawn", [drawn(2, 3), drawn(2, 3)], function)
        case(operator, "ties", [drawn(3, 4, **FEW), drawn(3, 4, **FEW)], function)
        case(operator, "ties, both broadcast", [drawn(3, 1, **FEW), drawn(2, 1, 4, **FEW)], function)


def chosen(a, b, c):
    return torch.where(a > 0, b, c)


def convolutions():
    case(
        "Conv",
        "1D, stride, padding, dilation and bias",
        [drawn(2, 3, 9), drawn(2, 3, 3), drawn(2)],
        lambda x, w, b: F.conv1d(x, w, b, stride=2, padding=2, dilation=2),
    )
    case(
        "Conv",
        "2D, two groups, unequal axes",
        [drawn(1, 4, 5, 4), drawn(4, 2, 3, 2)],
        lambda x, w: F.conv2d(x, w, stride=(2, 1), padding=(1, 0), groups=2),
    )
    case(
        "Conv",
        "2D, by depth",
        [drawn(1, 3, 4, 4), drawn(3, 1, 3, 3), drawn(3)],
        lambda x, w, b: F.conv2d(x, w, b, padding=1, groups=3),
    )
    case(
        "Conv",
        "2D, unequal padding, places left over",
        [drawn(2, 1, 4, 6), drawn(2, 1, 2, 3)],
        lambda x, w: F.conv2d(F.pad(x, (1, 0, 0, 2)), w, stride=(3, 2)),
    )
    case(
        "Conv",
        "2D, padding around single places",
        [drawn(1, 2, 2, 3), drawn(2, 2, 1, 1)],
        lambda x, w: F.conv2d(x, w, padding=1),
    )
    case(
        "Conv",
        "3D",
        [drawn(1, 2, 3, 4, 2), drawn(2, 2, 2, 3, 1)],
        lambda x, w: F.conv3d(x, w, stride=(1, 2, 1), padding=(1, 1, 0)),
    )
    case(
        "ConvTranspose",
        "2D, stride, padding, output padding and bias",
        [drawn(1, 2, 3, 2), drawn(2, 2, 3, 3), drawn(2)],
        lambda x, w, b: F.conv_transpose2d(x, w, b, stride=2, padding=1, output_padding=1),
    )
    case(
        "ConvTranspose",
        "2D, two groups, dilation",
        [drawn(1, 4, 3, 2), drawn(4, 2, 2, 2)],
        lambda x, w: F.conv_transpose2d(x, w, padding=(1, 0), dilation=2, groups=2),
    )
    case(
        "ConvTranspose",
        "1D, output padding alone reaches",
        [drawn(2, 2, 3), drawn(2, 1, 2)],
        lambda x, w: F.conv_transpose1d(x, w, stride=3, output_padding=2),
    )
    case(
        "ConvTranspose",
        "3D",
        [drawn(1, 2, 2, 2, 2), drawn(2, 1, 2, 2, 1)],
        lambda x, w: F.conv_transpose3d(x, w, stride=(2, 1, 2), output_padding=(1, 0, 1)),
    )


def indexing():
    case("Gather", "rows, some twice", [drawn(4, 3)], lambda x: x[[2, 0, 2, 2]])
    case("Gather", "a matrix of indices, from the end", [drawn(2, 3, 2)], lambda x: x[:, [[0, -1, 1], [1, 2, -3]]])
    case("Gather", "one index", [drawn(2, 3)], lambda x: x[:, 1])
    rows = torch.tensor([[2, 0, 1], [2, 2, 0]])
    case("GatherElements", "down, some twice", [drawn(3, 3)], lambda x: torch.gather(x, 0, rows))
    columns = torch.tensor([[1, 1, 0, 2], [0, 2, 2, 2]])
    case("GatherElements", "across, from the end", [drawn(2, 3)], lambda x: torch.gather(x, 1, columns))
    case("GatherND", "values, some twice, from the end", [drawn(3, 4)], lambda x: x[[2, 0, 2], [-1, 1, 3]])
    case("GatherND", "rows of each of two", [drawn(2, 3, 2)], lambda x: x[[[0, 0], [1, 1]], [[2, 2], [0, -2]]])
    case("GatherND", "one value", [drawn(2, 3)], lambda x: x[1, 2])
    places = torch.tensor([[2, 0], [0, 1]])
    case("ScatterElements", "in place of others", [drawn(3, 3), drawn(2, 2)], lambda x, u: x.scatter(0, places, u))
    case("ScatterElements", "added, some twice", [drawn(3, 3), drawn(2, 3)], lambda x, u: x.scatter_add(0, rows, u))
    where = (torch.tensor([2, 0]), torch.tensor([0, 1]))
    case("ScatterND", "values in place of others", [drawn(3, 2), drawn(2)], lambda x, u: x.index_put(where, u))
    chosen = (torch.tensor([2, 0, 2]),)
    case("ScatterND", "rows added", [drawn(3, 2), drawn(3, 2)], lambda x, u: x.index_put(chosen, u, accumulate=True))


def layout():
    case("Identity", "drawn", [drawn(2, 3)], torch.clone)
    case("Identity", "one value", [drawn()], torch.clone)
    case("Cast", "and back", [drawn(2, 3)], lambda x: x.float().double())
    case("Cast", "on one of two ways", [drawn(2, 3)], lambda x: x * x.float())
    case("Reshape", "to a matrix", [drawn(2, 3, 2)], lambda x: x.reshape(3, 4))
    case("Reshape", "to more axes", [drawn(6)], lambda x: x.reshape(1, 2, 3))
    case("Flatten", "at axis 1", [drawn(2, 3, 2)], lambda x: x.reshape(2, 6))
    case("Flatten", "at axis 0", [drawn(2, 3)], lambda x: x.reshape(1, 6))
    case("Squeeze", "two axes", [drawn(1, 3, 1, 2)], lambda x: x.squeeze((0, 2)))
    case("Squeeze", "axes left out", [drawn(1, 3, 1)], torch.squeeze)
    case("Unsqueeze", "two axes", [drawn(2, 3)], lambda x: x[None, :, None])
    case("Unsqueeze", "at the end", [drawn(3)], lambda x: x[:, None])
    case("Split", "one part unused", [drawn(6, 2)], lambda x: torch.cat(x.split((1, 3, 2))[:2][::-1]))
    case("Split", "equal parts", [drawn(2, 6)], lambda x: torch.mul(*x.split(3, 1)))
    case("Tile", "both axes", [drawn(2, 3)], lambda x: x.tile(2, 3))
    case("Tile", "one axis of three", [drawn(2, 1, 2)], lambda x: x.tile(1, 3, 1))
    case("Expand", "new axes and old ones", [drawn(3, 1), drawn(2, 3, 2, fixed=True)], lambda x, y: x.expand(2, 3, 2))
    case("Expand", "one value", [drawn(), drawn(2, 3, fixed=True)], lambda x, y: x.expand(2, 3))
    case("Transpose", "in an order", [drawn(2, 3, 4)], lambda x: x.permute(1, 2, 0))
    case("Transpose", "order left out", [drawn(2, 3, 2)], lambda x: x.permute(2, 1, 0))
    case("Slice", "with steps", [drawn(2, 8)], lambda x: x[:, 1:8:3])
    case("Slice", "from the end, two axes", [drawn(5, 4)], lambda x: x[-4:-1:2, -3:])
    case("Slice", "backwards", [drawn(2, 8)], lambda x: x.flip(1)[:, 1::3])
    case("Slice", "one entry", [drawn(3, 2)], lambda x: x[1:2])
    case("Pad", "one axis", [drawn(2, 3)], lambda x: F.pad(x, (2, 1)))
    case("Pad", "all axes, a value", [drawn(2, 3)], lambda x: F.pad(x, (0, 2, 1, 0), value=0.5))
    case("Pad", "by less than nothing", [drawn(2, 5)], lambda x: F.pad(x, (-1, 2)))
    case("Pad", "mirrored", [drawn(1, 3, 4)], lambda x: F.pad(x, (2, 3, 1, 2), mode="reflect"))
    case("Pad", "last entries again", [drawn(1, 2, 3)], lambda x: F.pad(x, (2, 3, 0, 1), mode="replicate"))
    case("Pad", "from the other end", [drawn(1, 2, 4)], lambda x: F.pad(x, (3, 2), mode="circular"))
    case("Trilu", "above a diagonal", [drawn(2, 3, 4)], lambda x: x.triu(1))
    case("Trilu", "below the middle", [drawn(4, 3)], torch.tril)
    case("Concat", "three", [drawn(2, 1), drawn(2, 3), drawn(2, 2)], lambda *parts: torch.cat(parts, 1))
    case("Concat", "one of them twice", [drawn(1, 2), drawn(2, 2)], lambda a, b: torch.cat((a, b, a)))


def normalisations():
    case(
        "LayerNormalization",
        "last axis",
        [drawn(2, 2, 4), drawn(4), drawn(4)],
        lambda x, w, b: F.layer_norm(x, (4,), w, b, EPSILON),
    )
    case(
        "LayerNormalization",
        "two axes, no bias",
        [drawn(2, 3, 2), drawn(3, 2)],
        lambda x, w: F.layer_norm(x, (3, 2), w, None, EPSILON),
    )
    for name, space in (("1D", (5,)), ("2D", (2, 3))):
        case(
            "InstanceNormalization",
            name,
            [drawn(2, 2, *space), drawn(2), drawn(2)],
            lambda x, w, b: F.instance_norm(x, weight=w, bias=b, eps=EPSILON),
        )
        case(
            "GroupNormalization",
            name,
            [drawn(2, 4, *space), drawn(2), drawn(2)],
            lambda x, w, b: F.group_norm(x, 2, w.repeat_interleave(2), b.repeat_interleave(2), EPSILON),
        )
    for name, space in (("rows", ()), ("2D", (2, 3))):
        weights = [drawn(2), drawn(2)]
        moments = [drawn(2, fixed=True), drawn(2, least=0.5, levels=129, fixed=True)]
        for training in (True, False):
            case(
                "BatchNormalization",
                f"{'in training' if training else 'frozen'}, {name}",
                [drawn(3, 2, *space), *weights, *moments],
                lambda x, w, b, m, v: F.batch_norm(x, m.clone(), v.clone(), w, b, training, 0.25, EPSILON),
            )


def pools():
    case("MaxPool", "2D, ties and padding", [drawn(1, 2, 5, 5, **FEW)], lambda x: F.max_pool2d(x, 3, 2, 1))
    case("MaxPool", "2D, dilation", [drawn(1, 2, 5, 4)], lambda x: F.max_pool2d(x, 2, (2, 1), dilation=(2, 1)))
    case("MaxPool", "2D, beyond the end", [drawn(1, 2, 5, 6)], lambda x: F.max_pool2d(x, 3, 2, ceil_mode=True))
    case("MaxPool", "1D, ties in windows that overlap", [drawn(2, 2, 8, **FEW)], lambda x: F.max_pool1d(x, 3, 1, 1))
    case("MaxPool", "2D, places counted by columns", [drawn(1, 2, 4, 6)], lambda x: F.max_pool2d(x, 2))
    case("MaxPool", "3D, ties", [drawn(1, 1, 3, 4, 3, **FEW)], lambda x: F.max_pool3d(x, 2, 1))
    for counts in (True, False):
        name = "counts" if counts else "does not count"
        case(
            "AveragePool",
            f"2D, padding {name}",
            [drawn(1, 2, 5, 4)],
            lambda x: F.avg_pool2d(x, (3, 2), (2, 1), (1, 1), count_include_pad=counts),
        )
        case(
            "AveragePool",
            f"2D, beyond the end, padding {name}",
            [drawn(1, 2, 6, 5)],
            lambda x: F.avg_pool2d(x, 3, 2, 1, ceil_mode=True, count_include_pad=counts),
        )
    case("AveragePool", "1D", [drawn(2, 2, 7)], lambda x: F.avg_pool1d(x, 3, 2))
    case("AveragePool", "3D", [drawn(1, 1, 4, 3, 2)], lambda x: F.avg_pool3d(x, 2, (2, 1, 1)))
    for name, space in (("1D", (4,)), ("2D", (2, 3)), ("3D", (2, 2, 2))):
        axes = tuple(range(2, 2 + len(space)))
        case("GlobalAveragePool", name, [drawn(2, 2, *space)], lambda x: x.mean(axes, keepdim=True))


def products():
    case("MatMul", "two matrices", [drawn(2, 3), drawn(3, 4)], torch.matmul)
    case("MatMul", "rows by one matrix", [drawn(2, 3, 4), drawn(4, 2)], torch.matmul)
    case("MatMul", "batches, both broadcast", [drawn(2, 1, 2, 3), drawn(3, 3, 2)], torch.matmul)
    case("Gemm", "a dense layer", [drawn(3, 4), drawn(2, 4), drawn(2)], F.linear)
    case(
        "Gemm",
        "both transposed, factors, a column",
        [drawn(4, 3), drawn(2, 4), drawn(3, 1)],
        lambda a, b, c: 0.75 * a.T @ b.T - 0.5 * c,
    )
    case("Gemm", "the first transposed, one value", [drawn(2, 3), drawn(2, 4), drawn()], lambda a, b, c: a.T @ b + 2 * c)
    case("Gemm", "no addend", [drawn(2, 3), drawn(3, 2)], lambda a, b: 1.5 * a @ b)
    equations = {
        "bhid,bhjd->bhij": [(1, 2, 2, 3), (1, 2, 3, 3)],
        "ab,bc,cd->da": [(2, 3), (3, 2), (2, 2)],
        "ab,c->c": [(2, 3), (4,)],
        "abc->ca": [(2, 3, 2)],
        "i,j->ij": [(3,), (2,)],
        "bhwc,hkc->bhwk": [(2, 2, 3, 2), (2, 3, 2)],
        "bii,id->bd": [(2, 3, 3), (3, 2)],
        "ij,ij->": [(2, 3), (2, 3)],
        "bik,bik->bk": [(2, 1, 3), (1, 2, 3)],
    }
    for equation, shapes in equations.items():
        case("Einsum", equation, [drawn(*shape) for shape in shapes], lambda *all: torch.einsum(equation, *all))


def reductions():
    for operator, function in (("ReduceSum", torch.sum), ("ReduceMean", torch.mean)):
        case(operator, "one axis, dropped", [drawn(2, 3, 2)], lambda x: function(x, 1))
        case(operator, "two axes, kept", [drawn(2, 3, 2)], lambda x: function(x, (0, 2), keepdim=True))
        case(operator, "all of them", [drawn(2, 3)], function)
    case("ReduceSumSquare", "one axis, dropped", [drawn(2, 3, 2)], lambda x: x.square().sum(1))
    case("ReduceSumSquare", "all of them", [drawn(2, 3)], lambda x: x.square().sum())
    case("ReduceProd", "one axis, kept", [drawn(2, 3, 2)], lambda x: x.prod(1, keepdim=True))
    case("ReduceProd", "two axes, dropped", [drawn(2, 3, 2)], lambda x: x.prod(2).prod(0))
    case("ReduceProd", "zeros", [given([[2, 0, -3], [0, 0.5, 0], [1, 4, 0.25]])], lambda x: x.prod(1, keepdim=True))
    case("ReduceProd", "all of them", [drawn(2, 2)], torch.prod)
    case("CumSum", "down", [drawn(3, 2)], lambda x: x.cumsum(0))
    case("CumSum", "without itself", [drawn(2, 4)], lambda x: x.cumsum(1) - x)
    case("CumSum", "backwards, from the end", [drawn(2, 3, 2)], lambda x: x.flip(1).cumsum(1).flip(1))
    for operator, function in (("ReduceMax", torch.amax), ("ReduceMin", torch.amin)):
        case(operator, "drawn", [drawn(2, 4)], lambda x: function(x, 1, keepdim=True))
        case(operator, "ties", [drawn(4, 5, **FEW)], lambda x: function(x, 0, keepdim=True))
        case(operator, "ties over two axes, dropped", [drawn(3, 2, 4, **FEW)], lambda x: function(x, (0, 2)))
        case(operator, "all equal", [given([[0.5, 0.5], [0.5, 0.5]])], function)


def resizing():
    up, down, mixed = [(3, 4), (5, 8)], [(6, 5), (4, 2)], [(3, 6), (7, 4)]
    for name, (before, after) in (("growing", up), ("shrinking", down), ("one axis of each", mixed)):
        image = [drawn(1, 1, *before)]
        case("Resize", f"nearest, {name}", image, lambda x: F.interpolate(x, after))
        case("Resize", f"nearest by centres, {name}", image, lambda x: F.interpolate(x, after, mode="nearest-exact"))
        for mode in ("bilinear", "bicubic"):
            for corners in (True, False):
                case(
                    "Resize",
                    f"{'linear' if mode == 'bilinear' else 'cubic'}, {'corners' if corners else 'centres'}, {name}",
                    image,
                    lambda x: F.interpolate(x, after, mode=mode, align_corners=corners),
                )
    case("Resize", "linear, 1D", [drawn(2, 2, 4)], lambda x: F.interpolate(x, 7, mode="linear"))
    case("Resize", "linear, 3D", [drawn(1, 1, 2, 3, 2)], lambda x: F.interpolate(x, (3, 2, 4), mode="trilinear"))
    scales = dict(scale_factor=(1.5, 0.6875), mode="bilinear")
    case("Resize", "linear, by scales", [drawn(1, 2, 3, 8)], lambda x: F.interpolate(x, **scales))


for family in (
    activations,
    arithmetic,
    choices,
    convolutions,
    indexing,
    layout,
    normalisations,
    pools,
    products,
    reductions,
    resizing,
):
    family()

lines = [
    f"{json.dumps(operator)}: {{\n"
    + ",\n".join(f"  {json.dumps(name)}: {json.dumps(each, separators=(',', ':'))}" for name, each in of_operator.items())
    + "\n}"
    for operator, of_operator in cases.items()
]
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text("{\n" + ",\n".join(lines) + "\n}\n")

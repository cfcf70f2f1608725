"""Writes low_rank.json: two layers that stay, with low-rank pairs beside them, trained by torch.optim.SGD in float64 and float32.

The layer of a matrix W [outputs, inputs] gives x @ W.T + bias + alpha / rank * (x @ down) @ up, written out by hand. Inputs are
not stored: they come from an integer hash that the test repeats, rounded to float32. Stored: the losses of all steps and the
pairs after the last, of the float64 run, and how far the float32 run was from these pairs (Euclidean).
Run with a Python that has numpy and torch: python low_rank.py
"""

import json
import pathlib

import numpy
import torch
from torch.nn import functional

STEPS, BATCH, RANK, ALPHA, RATE, MOMENTUM = 20, 5, 2, 3, 0.2, 0.5
LAYERS = {"hidden": (6, 8), "last": (8, 3)}


def hashed(name, shape):
    """Values in [-1, 1] that float32 holds, a function of the name and the index alone."""
    seed = sum((place + 1) * ord(letter) for place, letter in enumerate(name))
    with numpy.errstate(over="ignore"):
        x = numpy.arange(numpy.prod(shape), dtype=numpy.uint32) * numpy.uint32(2654435761)
        x += numpy.uint32(seed * 40503 % 2**32)
        x ^= x >> numpy.uint32(15)
        x *= numpy.uint32(2246822519)
        x ^= x >> numpy.uint32(13)
    return (x.astype(numpy.float64) / 2**31 - 1).astype(numpy.float32).reshape(shape)


def train(dtype):
    def tensor(name, shape):
        return torch.tensor(hashed(name, shape), dtype=dtype)

    fixed, pairs = {}, {}
    for name, (inputs, outputs) in LAYERS.items():
        fixed[name] = tensor(f"{name}.weight", (outputs, inputs)), tensor(f"{name}.bias", (outputs,))
        down = tensor(f"{name}.weight.low_rank_down", (inputs, RANK))
        pairs[name] = [down.requires_grad_(), torch.zeros(RANK, outputs, dtype=dtype, requires_grad=True)]

    def layer(x, name):
        (weight, bias), (down, up) = fixed[name], pairs[name]
        return x @ weight.T + bias + ALPHA / RANK * (x @ down) @ up

    optimiser = torch.optim.SGD([matrix for pair in pairs.values() for matrix in pair], lr=RATE, momentum=MOMENTUM)
    losses = []
    for step in range(STEPS):
        images = tensor(f"images {step}", (BATCH, 6))
        drawn = hashed(f"labels {step}", (BATCH,)).astype(numpy.float64)
        labels = torch.tensor(numpy.floor((drawn + 1) * 1.5).astype(numpy.int64))
        loss = functional.cross_entropy(layer(functional.gelu(layer(images, "hidden")), "last"), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return losses, torch.cat([matrix.detach().flatten() for pair in pairs.values() for matrix in pair])


torch.set_num_threads(1)
(losses, exact), (_, single) = train(torch.float64), train(torch.float32)
document = {
    "torch": torch.__version__,
    **{"batch": BATCH, "rank": RANK, "alpha": ALPHA, "rate": RATE, "momentum": MOMENTUM},
    "losses": losses,
    "pairs": exact.tolist(),
    "float32Distance": float(torch.linalg.norm(single - exact)),
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document, separators=(",", ":")) + "\n")

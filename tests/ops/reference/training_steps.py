"""Writes training_steps.json: a few steps of tiny networks by PyTorch in float64, in ways that a training may be asked for.

Weights, images and labels are not stored: they come from an integer hash that the test repeats, rounded to float32. Stored: the
losses, the norms of the gradients before clipping, and all parameters and running moments after the last step.
Run with a Python that has numpy and torch: python training_steps.py
"""

import json
import pathlib

import numpy
import torch
from torch import nn
from torch.nn import functional

BATCH, CLASSES, RATE, LARGEST_NORM = 12, 3, 0.1, 0.8
CLASS_WEIGHTS = [0.5, 2.0, 1.25]
# What each image of a batch counts: in parts of four, one part has a single image and one has none.
COUNTS = [1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0]


def hashed(name, shape):
    """Values in [-1, 1] that float32 holds, a function of the name and the index alone."""
    seed = sum((place + 1) * ord(letter) for place, letter in enumerate(name))
    with numpy.errstate(over="ignore"):
        x = numpy.arange(numpy.prod(shape), dtype=numpy.uint32) * numpy.uint32(2654435761)
        x += numpy.uint32(seed * 40503 % 2**32)
        x ^= x >> numpy.uint32(15)
        x *= numpy.uint32(2246822519)
        x ^= x >> numpy.uint32(13)
    return torch.tensor((x.astype(numpy.float64) / 2**31 - 1).astype(numpy.float32).reshape(shape)).double()


class Perceptron(nn.Module):
    image = (6,)

    def __init__(self):
        super().__init__()
        self.hidden, self.last = nn.Linear(6, 8), nn.Linear(8, CLASSES)

    def forward(self, images):
        return self.last(functional.gelu(self.hidden(images)))


class Convolution(nn.Module):
    image = (2, 5, 5)

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, CLASSES, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(CLASSES, eps=1e-3, momentum=0.3)

    def forward(self, images):
        return functional.relu(self.norm(self.conv(images))).mean((2, 3))


def begin(network):
    """Hashed values for all parameters and moments; variances are positive."""
    for name, tensor in [*network.named_parameters(), *network.named_buffers()]:
        if tensor.is_floating_point():
            values = hashed(name, tuple(tensor.shape))
            tensor.data = values.abs() if name.endswith("running_var") else values
    return network


def train(network, optimiser, *, steps, largest_norm=None, counts=None, weights=None):
    losses, norms = [], []
    counts = torch.ones(BATCH) if counts is None else torch.tensor(counts)
    weights = None if weights is None else torch.tensor(weights, dtype=torch.float64)
    for step in range(steps):
        images = hashed(f"images {step}", (BATCH, *network.image))
        labels = torch.floor((hashed(f"labels {step}", (BATCH,)) + 1) * CLASSES / 2).long()
        kept = counts > 0
        loss = functional.cross_entropy(network(images)[kept], labels[kept], weights)
        optimiser.zero_grad()
        loss.backward()
        limit = float("inf") if largest_norm is None else largest_norm
        norms.append(float(torch.nn.utils.clip_grad_norm_(network.parameters(), limit)))
        optimiser.step()
        losses.append(loss.item())
    after = {name: tensor for name, tensor in network.state_dict().items() if tensor.is_floating_point()}
    values = {name: tensor.flatten().tolist() for name, tensor in after.items()}
    return {"losses": losses, "norms": norms, "values": values}


def clipped():
    network = begin(Perceptron())
    result = train(network, torch.optim.SGD(network.parameters(), RATE, momentum=0.9), steps=6, largest_norm=LARGEST_NORM)
    # Some steps are clipped, and some are not.
    assert min(result["norms"]) < LARGEST_NORM < max(result["norms"]), result["norms"]
    return result


def groups():
    """The first layer moves at a quarter of the rate, and biases do not decay."""
    network = begin(Perceptron())
    ways = [
        {"params": [network.hidden.weight], "lr": RATE / 4, "weight_decay": 0.5},
        {"params": [network.hidden.bias], "lr": RATE / 4, "weight_decay": 0},
        {"params": [network.last.weight], "lr": RATE, "weight_decay": 0.5},
        {"params": [network.last.bias], "lr": RATE, "weight_decay": 0},
    ]
    return train(network, torch.optim.AdamW(ways), steps=6)


def parts():
    network = begin(Perceptron())
    optimiser = torch.optim.SGD(network.parameters(), RATE)
    return train(network, optimiser, steps=4, counts=COUNTS, weights=CLASS_WEIGHTS)


def norms(is_training):
    network = begin(Convolution()).double().train(is_training)
    return train(network, torch.optim.SGD(network.parameters(), RATE), steps=1)


torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
document = {
    "torch": torch.__version__,
    **{"batch": BATCH, "rate": RATE, "largestNorm": LARGEST_NORM, "classWeights": CLASS_WEIGHTS, "counts": COUNTS},
    "runs": {
        "clipped": clipped(),
        "groups": groups(),
        "parts": parts(),
        "frozen norms": norms(False),
        "batch norms": norms(True),
    },
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document, separators=(",", ":")) + "\n")

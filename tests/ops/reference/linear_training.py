"""Writes linear_training.json: linear heads trained by torch.optim.SGD, in float64 and in float32.

Inputs are not stored: they are drawn by `draws`, which the tests repeat. Every drawn number is exact in float32.
Stored for each head: the gradient of the first step, weights and bias at the end, and mean losses of the epochs, all of the
float64 run; and how far the float32 run ended from it (Euclidean, over weights and bias).
Run with a Python that has numpy and torch: python linear_training.py
"""

import json
import math
import pathlib

import numpy
import torch

CASES = [
    {
        "name": "softmax, two column ranges, a smaller last batch",
        "loss": "softmax",
        "rows": 50,
        "rowWidth": 20,
        "columns": [[2, 7], [11, 6]],
        "outputs": 5,
        "batchSize": 16,
        "epochs": 25,
        "momentum": 0.875,
        "heads": [[0.0625, 0.0], [0.25, 0.0009765625], [0.015625, 0.015625]],
    },
    {
        "name": "sigmoid, several labels",
        "loss": "sigmoid",
        "rows": 45,
        "rowWidth": 9,
        "columns": [[0, 9]],
        "outputs": 3,
        "batchSize": 10,
        "epochs": 20,
        "momentum": 0.75,
        "heads": [[0.125, 0.0], [0.5, 0.00390625]],
    },
    {
        "name": "sigmoid, binary, without momentum",
        "loss": "sigmoid",
        "rows": 40,
        "rowWidth": 60,
        "columns": [[5, 50]],
        "outputs": 1,
        "batchSize": 8,
        "epochs": 20,
        "momentum": 0.0,
        "heads": [[0.25, 0.0], [1.0, 0.03125]],
    },
]


def draws(seed):
    """A linear congruential generator (modulus 2^31): the high 23 bits of its states, from 0 to 1."""
    state = seed
    while True:
        state = (state * 1103515245 + 12345) % 2**31
        yield (state >> 8) / 2**23


def array(source, count, low, high):
    return numpy.array([low + next(source) * (high - low) for _ in range(count)])


def shuffled(seed, count):
    """Fisher and Yates, from the last place down."""
    source = draws(seed)
    order = list(range(count))
    for place in range(count - 1, 0, -1):
        other = math.floor(next(source) * (place + 1))
        order[place], order[other] = order[other], order[place]
    return order


def task(case):
    source = draws(1)
    rows, width, outputs = case["rows"], case["rowWidth"], case["outputs"]
    inputs = sum(length for _, length in case["columns"])
    values = array(source, rows * width, -2, 2).reshape(rows, width)
    mean = array(source, inputs, -0.5, 0.5)
    deviation = array(source, inputs, 0.5, 1.5)
    weights = array(source, outputs * inputs, -0.25, 0.25).reshape(outputs, inputs)
    if case["loss"] == "softmax":
        targets = numpy.floor(array(source, rows, 0, outputs)).astype(numpy.int64)
    else:
        targets = numpy.floor(array(source, rows * outputs, 0, 2)).astype(numpy.int64).reshape(rows, outputs)
    return values, mean, deviation, weights, targets


def train(case, settings, dtype):
    values, mean, deviation, weights, targets = task(case)
    rate, decay = settings
    picked = numpy.concatenate([values[:, start : start + length] for start, length in case["columns"]], 1)
    features = (torch.tensor(picked, dtype=dtype) - torch.tensor(mean, dtype=dtype)) / torch.tensor(
        deviation, dtype=dtype
    )
    truth = torch.tensor(targets)
    weight = torch.tensor(weights, dtype=dtype, requires_grad=True)
    bias = torch.zeros(case["outputs"], dtype=dtype, requires_grad=True)
    optimiser = torch.optim.SGD([weight, bias], lr=rate, momentum=case["momentum"], weight_decay=decay)
    per_epoch = math.ceil(case["rows"] / case["batchSize"])
    steps = per_epoch * case["epochs"]
    gradient, losses, step = None, [], 0
    for epoch in range(case["epochs"]):
        order = shuffled(epoch + 1, case["rows"])
        total = 0.0
        for start in range(0, case["rows"], case["batchSize"]):
            batch = order[start : start + case["batchSize"]]
            for group in optimiser.param_groups:
                group["lr"] = rate * (1 + math.cos(math.pi * step / steps)) / 2
            logits = features[batch] @ weight.T + bias
            if case["loss"] == "softmax":
                loss = torch.nn.functional.cross_entropy(logits, truth[batch])
            else:
                loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, truth[batch].to(dtype))
            optimiser.zero_grad()
            loss.backward()
            if gradient is None:
                gradient = [weight.grad.numpy().copy(), bias.grad.numpy().copy()]
            optimiser.step()
            total += float(loss.detach()) * len(batch)
            step += 1
        losses.append(total / case["rows"])
    return {
        "gradient": numpy.concatenate([part.reshape(-1) for part in gradient]),
        "end": torch.cat([weight.detach().reshape(-1), bias.detach()]).numpy(),
        "losses": losses,
    }


def head(case, settings):
    exact, rounded = train(case, settings, torch.float64), train(case, settings, torch.float32)
    return {
        "learningRate": settings[0],
        "weightDecay": settings[1],
        "gradient": exact["gradient"].tolist(),
        "end": exact["end"].tolist(),
        "losses": exact["losses"],
        "float32Distance": float(numpy.linalg.norm(rounded["end"].astype(numpy.float64) - exact["end"])),
    }


torch.set_num_threads(1)
document = [
    {
        **{key: value for key, value in case.items() if key not in ("heads", "columns")},
        "columns": [{"start": start, "length": length} for start, length in case["columns"]],
        "heads": [head(case, settings) for settings in case["heads"]],
    }
    for case in CASES
]
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document, separators=(",", ":")) + "\n")

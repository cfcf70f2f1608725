"""Writes linear_weights.json: linear heads trained by torch.optim.SGD with weighted, masked and summed losses, in float64 and
in float32.

Weights of classes are scikit-learn's; the loss of a batch is the plain mean (or the sum) of the weighted losses over its
rows. Stored for each head: the gradient of the first step, weights and bias at the end, the first and the last batch's loss
before the first and after the last step, all of the float64 run; and how far the float32 run ended from it (Euclidean, over
weights and bias).
Run with a Python that has numpy, scikit-learn and torch: python linear_weights.py
"""

import json
import math
import pathlib

import numpy
import torch
from sklearn.utils.class_weight import compute_sample_weight

CASES = [
    {"name": "softmax, balanced", "problem": "multi-class", "classes": 4, "classWeight": "balanced", "reduction": "mean"},
    {"name": "softmax, summed", "problem": "multi-class", "classes": 3, "classWeight": "none", "reduction": "sum"},
    {"name": "binary, balanced", "problem": "binary", "classes": 2, "classWeight": "balanced", "reduction": "mean"},
    {"name": "labels, some unknown", "problem": "multi-label", "classes": 3, "classWeight": "none", "reduction": "mean"},
    {
        "name": "labels, some unknown, balanced",
        "problem": "multi-label",
        "classes": 3,
        "classWeight": "balanced",
        "reduction": "mean",
    },
    {"name": "labels, summed", "problem": "multi-label", "classes": 5, "classWeight": "none", "reduction": "sum"},
]
ROWS, WIDTH, BATCH, EPOCHS, MOMENTUM = 50, 9, 16, 12, 0.875


def draw(case, generator):
    features = numpy.round(generator.normal(size=(ROWS, WIDTH)) * 256) / 256
    classes = case["classes"]
    if case["problem"] == "multi-label":
        labels = (generator.random((ROWS, classes)) < numpy.linspace(0.15, 0.6, classes)).astype(int)
        if "unknown" in case["name"]:
            labels = numpy.where(generator.random(labels.shape) < 0.3, -1, labels)
    else:
        shares = numpy.arange(classes, 0, -1) ** 2
        labels = generator.choice(classes, size=ROWS, p=shares / shares.sum())
    outputs = 1 if case["problem"] == "binary" else classes
    initial = numpy.round(generator.normal(size=(outputs, WIDTH)) * 64) / 256
    return features, labels, initial


def weights_of(case, labels):
    """What each label counts, in the shape of the labels."""
    if case["problem"] != "multi-label":
        return compute_sample_weight("balanced", labels) if case["classWeight"] == "balanced" else numpy.ones(ROWS)
    weights = (labels >= 0).astype(float)
    if case["classWeight"] == "balanced":
        for label in range(labels.shape[1]):
            known = labels[:, label] >= 0
            weights[known, label] = compute_sample_weight("balanced", labels[known, label])
    return weights


def batch_loss(case, logits, labels, weights):
    functional = torch.nn.functional
    rows = len(labels)
    if case["problem"] == "multi-class":
        loss = (functional.cross_entropy(logits, labels, reduction="none") * weights).mean()
    elif case["problem"] == "binary":
        truth = labels.to(logits.dtype)[:, None]
        loss = functional.binary_cross_entropy_with_logits(logits, truth, weight=weights[:, None])
    else:
        truth = labels.clamp(min=0).to(logits.dtype)
        loss = functional.binary_cross_entropy_with_logits(logits, truth, weight=weights)
    return loss * rows if case["reduction"] == "sum" else loss


def train(case, data, settings, dtype):
    features, labels, initial, weights = data
    rate, decay = settings
    features = torch.tensor(features, dtype=dtype)
    # Weights are handed over in float32.
    counted = torch.tensor(weights.astype(numpy.float32), dtype=dtype)
    labels = torch.tensor(labels)
    weight = torch.tensor(initial, dtype=dtype, requires_grad=True)
    bias = torch.zeros(len(initial), dtype=dtype, requires_grad=True)
    optimiser = torch.optim.SGD([weight, bias], lr=rate, momentum=MOMENTUM, weight_decay=decay)
    steps = math.ceil(ROWS / BATCH) * EPOCHS
    gradient, losses, step = None, [], 0
    loss_of = lambda batch: batch_loss(case, features[batch] @ weight.T + bias, labels[batch], counted[batch])
    for epoch in range(EPOCHS):
        order = [(7 * place + 11 * epoch) % ROWS for place in range(ROWS)]
        for start in range(0, ROWS, BATCH):
            batch = order[start : start + BATCH]
            for group in optimiser.param_groups:
                group["lr"] = rate * (1 + math.cos(math.pi * step / steps)) / 2
            loss = loss_of(batch)
            optimiser.zero_grad()
            loss.backward()
            if gradient is None:
                gradient = torch.cat([weight.grad.reshape(-1), bias.grad]).numpy().copy()
                losses.append(float(loss.detach()))
            optimiser.step()
            step += 1
    losses.append(float(loss_of(batch).detach()))
    end = torch.cat([weight.detach().reshape(-1), bias.detach()]).numpy()
    return {"gradient": gradient, "end": end, "losses": losses}


def head(case, data, settings):
    exact, rounded = train(case, data, settings, torch.float64), train(case, data, settings, torch.float32)
    return {
        "learningRate": settings[0],
        "weightDecay": settings[1],
        "gradient": exact["gradient"].tolist(),
        "end": exact["end"].tolist(),
        "losses": exact["losses"],
        "float32Distance": float(numpy.linalg.norm(rounded["end"].astype(numpy.float64) - exact["end"])),
    }


def main():
    torch.set_num_threads(1)
    generator = numpy.random.default_rng(20240614)
    cases = []
    for case in CASES:
        features, labels, initial = draw(case, generator)
        weights = weights_of(case, labels)
        scale = 1 / 16 if case["reduction"] == "sum" else 1
        heads = [[0.0625 * scale, 0.0], [0.25 * scale, 0.00390625]]
        cases.append(
            {
                **case,
                "features": features.ravel().tolist(),
                "labels": labels.ravel().tolist(),
                "weights": weights.ravel().tolist(),
                "initialWeights": initial.ravel().tolist(),
                "heads": [head(case, (features, labels, initial, weights), settings) for settings in heads],
            }
        )
    document = {"rows": ROWS, "width": WIDTH, "batchSize": BATCH, "epochs": EPOCHS, "momentum": MOMENTUM, "cases": cases}
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document, separators=(",", ":")) + "\n")


main()

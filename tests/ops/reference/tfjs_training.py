"""Writes tfjs_training.json: linear heads that PyTorch trained in float64, by torch.optim.SGD and its own losses.

Problems are not stored: `problem` draws them by a linear congruential generator, which tfjs-training-fixture.ts repeats.
All drawn numbers are exact in float32. Run with a Python that has torch: python tfjs_training.py
"""

import json
import math
import pathlib

import torch

ROWS, ROW_WIDTH, BATCH, STEPS = 50, 13, 16, 50
COLUMNS = [(1, 4), (7, 5)]
INPUTS = sum(length for _, length in COLUMNS)
EPOCHS = math.ceil(STEPS / math.ceil(ROWS / BATCH))
CASES = [
    {
        "name": "softmax, momentum, four classes",
        "loss": "softmax",
        "outputs": 4,
        "momentum": 0.9,
        "scale": 0.25,
        "heads": [(0.05, 0.0), (0.2, 0.01), (0.4, 0.0001)],
    },
    {
        "name": "sigmoid, momentum, three labels",
        "loss": "sigmoid",
        "outputs": 3,
        "momentum": 0.9,
        "scale": 0.25,
        "heads": [(0.1, 0.0), (0.5, 0.05)],
    },
    {
        "name": "sigmoid, no momentum, one output, weights from zero",
        "loss": "sigmoid",
        "outputs": 1,
        "momentum": 0.0,
        "scale": 0.0,
        "heads": [(0.5, 0.01)],
    },
]


def problem(outputs, loss, scale):
    """Features, mean, deviation, initial weights and targets, in this order from one generator (modulus 2^31)."""
    state = 12345

    def draw(levels):
        nonlocal state
        state = (state * 1103515245 + 12345) % 2**31
        return (state >> 8) % levels

    features = [draw(1024) / 256 - 2 for _ in range(ROWS * ROW_WIDTH)]
    mean = [draw(256) / 256 - 0.5 for _ in range(INPUTS)]
    deviation = [draw(256) / 256 + 0.5 for _ in range(INPUTS)]
    weights = [(draw(256) / 128 - 1) * scale for _ in range(outputs * INPUTS)]
    targets = [draw(outputs) if loss == "softmax" else draw(2) for _ in range(ROWS * (1 if loss == "softmax" else outputs))]
    return features, mean, deviation, weights, targets


def train(case, rate, decay):
    outputs = case["outputs"]
    features, mean, deviation, initial, targets = problem(outputs, case["loss"], case["scale"])
    rows = torch.tensor(features, dtype=torch.float64).reshape(ROWS, ROW_WIDTH)
    picked = torch.cat([rows[:, start : start + length] for start, length in COLUMNS], 1)
    inputs = (picked - torch.tensor(mean, dtype=torch.float64)) / torch.tensor(deviation, dtype=torch.float64)
    truth = torch.tensor(targets)
    if case["loss"] == "sigmoid":
        truth = truth.reshape(ROWS, outputs).to(torch.float64)

    head = torch.nn.Linear(INPUTS, outputs, dtype=torch.float64)
    with torch.no_grad():
        head.weight.copy_(torch.tensor(initial, dtype=torch.float64).reshape(outputs, INPUTS))
        head.bias.zero_()
    optimiser = torch.optim.SGD(head.parameters(), lr=rate, momentum=case["momentum"], weight_decay=decay)
    functional = torch.nn.functional
    loss_of = functional.cross_entropy if case["loss"] == "softmax" else functional.binary_cross_entropy_with_logits

    step = 0
    losses, epochs = [], []
    for epoch in range(EPOCHS):
        order = torch.tensor([(7 * row + 11 * epoch) % ROWS for row in range(ROWS)])
        total, seen = 0.0, 0
        for batch in order.split(BATCH):
            if step == STEPS:
                break
            optimiser.param_groups[0]["lr"] = rate * 0.5 * (1 + math.cos(math.pi * step / STEPS))
            optimiser.zero_grad()
            loss = loss_of(head(inputs[batch]), truth[batch])
            loss.backward()
            optimiser.step()
            total += loss.item() * len(batch)
            seen += len(batch)
            step += 1
        losses.append(rounded(total / seen))
        epochs.append(parameters(head))
    return {"learningRate": rate, "weightDecay": decay, "losses": losses, "epochs": epochs}


def parameters(head):
    return {
        "weights": [rounded(value) for value in head.weight.detach().flatten().tolist()],
        "bias": [rounded(value) for value in head.bias.detach().tolist()],
    }


def rounded(value):
    return float(f"{value:.9g}")


def main():
    cases = [
        {**{key: value for key, value in case.items() if key != "heads"}, "heads": [train(case, *head) for head in case["heads"]]}
        for case in CASES
    ]
    document = {
        "madeBy": f"torch {torch.__version__}",
        "rows": ROWS,
        "rowWidth": ROW_WIDTH,
        "columns": [{"start": start, "length": length} for start, length in COLUMNS],
        "batchSize": BATCH,
        "steps": STEPS,
        "epochs": EPOCHS,
        "cases": cases,
    }
    path = pathlib.Path(__file__).with_name("tfjs_training.json")
    path.write_text(json.dumps(document, separators=(",", ":")) + "\n")


main()

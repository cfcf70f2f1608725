"""Writes attention.json: gated attention pooling on bags, trained by PyTorch in float64 from given weights.

Ilse, Tomczak, Welling: Attention-based Deep Multiple Instance Learning (2018). Run with a Python that has numpy and torch:
python attention.py
"""

import json
import pathlib

import numpy
import torch

torch.set_default_dtype(torch.float64)
INPUTS, HIDDEN, EPOCHS, BATCH = 6, 5, 6, 4
LR, DECAY = 0.01, 0.05


def single(array):
    """What float32 holds of it."""
    return numpy.asarray(array, dtype=numpy.float32).astype(numpy.float64)


def forward(weights, rows):
    """Logits of a bag, and what each row counts."""
    gate = torch.tanh(rows @ weights["tanh"]) * torch.sigmoid(rows @ weights["sigmoid"])
    shares = torch.softmax((gate @ weights["attention"]).squeeze(1), 0)
    return torch.nn.functional.linear(shares @ rows, weights["weights"], weights["bias"]), shares


def loss_of(kind, logits, targets):
    if kind == "softmax":
        return torch.nn.functional.cross_entropy(logits, targets)
    known = (targets >= 0).double()
    terms = torch.nn.functional.binary_cross_entropy_with_logits(logits, targets.clamp(min=0).double(), reduction="none")
    return (terms * known).mean()


def case(name, kind, outputs, seed):
    random = numpy.random.default_rng(seed)
    sizes = [3, 1, 7, 2, 4, 1, 5, 2, 6, 3]
    values = single(random.normal(size=(sum(sizes), INPUTS)))
    # The rows of a bag need not lie together.
    places = random.permutation(sum(sizes))
    bags = [part.tolist() for part in numpy.split(places, numpy.cumsum(sizes)[:-1])]
    if kind == "softmax":
        targets = random.integers(0, outputs, len(bags))
    else:
        targets = random.integers(-1 if outputs > 1 else 0, 2, (len(bags), outputs))
    start = {
        "tanh": random.normal(size=(INPUTS, HIDDEN)) / 2,
        "sigmoid": random.normal(size=(INPUTS, HIDDEN)) / 2,
        "attention": random.normal(size=(HIDDEN, 1)),
        "weights": random.normal(size=(outputs, INPUTS)) / 3,
        "bias": numpy.zeros(outputs),
    }
    start = {key: single(value) for key, value in start.items()}
    weights = {key: torch.tensor(value, requires_grad=True) for key, value in start.items()}
    optimiser = torch.optim.AdamW(weights.values(), lr=LR, weight_decay=DECAY)
    order = [random.permutation(len(bags)).tolist() for _ in range(EPOCHS)]
    steps = EPOCHS * -(-len(bags) // BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=steps)
    rows, truth, losses = torch.tensor(values), torch.tensor(targets), []
    for epoch in order:
        for first in range(0, len(epoch), BATCH):
            batch = epoch[first : first + BATCH]
            logits = torch.stack([forward(weights, rows[bags[bag]])[0] for bag in batch])
            loss = loss_of(kind, logits, truth[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
    with torch.no_grad():
        results = [forward(weights, rows[bag]) for bag in bags]
    return {
        "name": name,
        "loss": kind,
        "sizes": {"inputs": INPUTS, "hidden": HIDDEN, "outputs": outputs},
        "values": values.ravel().tolist(),
        "bags": bags,
        "targets": targets.ravel().tolist(),
        "start": {key: value.ravel().tolist() for key, value in start.items()},
        "plan": {"epochs": EPOCHS, "batchSize": BATCH, "lr": LR, "weightDecay": DECAY, "order": order},
        "losses": losses,
        "weights": {key: value.detach().numpy().ravel().tolist() for key, value in weights.items()},
        "logits": [logits.tolist() for logits, _ in results],
        "shares": [shares.tolist() for _, shares in results],
    }


cases = [case("binary", "sigmoid", 1, 0), case("multi-class", "softmax", 3, 1), case("multi-label", "sigmoid", 3, 2)]
text = json.dumps(cases, separators=(",", ":"))
rounded = json.loads(text, parse_float=lambda number: float(f"{float(number):.9g}"))
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(rounded, separators=(",", ":")) + "\n")

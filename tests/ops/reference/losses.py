"""Writes losses.json: losses by PyTorch and MONAI in float64, with their gradients by the prediction.

Inputs are not stored: they are drawn by `draws`, which the tests repeat. Every drawn number is exact in float32.
Run with a Python that has numpy, torch and monai: python losses.py
"""

import json
import pathlib

import numpy
import torch
from monai.losses import DiceCELoss, DiceLoss

FLAT, SPACE, VOLUME, ONE, SINGLE = [5, 4], [2, 3, 4, 2], [2, 3, 2, 2, 2], [1, 4, 2, 3], [3, 1, 2, 2]
WEIGHTS = [0.5, 2.0, 1.25, 0.75]
EXTREME, ZEROS = {"factor": 4096}, {"factor": 0}
SOFTMAX, SIGMOID, NONE = ({"activation": name} for name in ["softmax", "sigmoid", "none"])

# Name of the loss, its options, the shape of the prediction, and what is special about the inputs.
CASES = [
    ["crossEntropy", {}, FLAT, {}],
    ["crossEntropy", {}, VOLUME, ZEROS],
    ["crossEntropy", {"labelSmoothing": 0.25}, ONE, {}],
    ["crossEntropy", {"classWeights": WEIGHTS}, FLAT, {"absent": True}],
    ["crossEntropy", {"classWeights": WEIGHTS[:3]}, SPACE, EXTREME],
    ["crossEntropy", {"classWeights": WEIGHTS, "labelSmoothing": 0.125}, FLAT, EXTREME],
    ["crossEntropy", {"classWeights": WEIGHTS[:3], "labelSmoothing": 0.125}, SPACE, {}],
    ["crossEntropy", {"classWeights": WEIGHTS, "labelSmoothing": 1.0}, ONE, {}],
    ["binaryCrossEntropy", {}, FLAT, {"truth": "labels"}],
    ["binaryCrossEntropy", {}, SPACE, {"truth": "shares", **EXTREME}],
    ["binaryCrossEntropy", {}, SINGLE, ZEROS],
    ["binaryCrossEntropy", {"positiveWeights": WEIGHTS}, FLAT, {"truth": "labels", **EXTREME}],
    ["binaryCrossEntropy", {"positiveWeights": WEIGHTS[:3]}, VOLUME, {"truth": "shares"}],
    ["meanSquaredError", {}, FLAT, {"truth": "shares"}],
    ["meanSquaredError", {}, VOLUME, {"truth": "shares", **EXTREME}],
    ["softDice", SOFTMAX, SPACE, {}],
    ["softDice", SOFTMAX, VOLUME, EXTREME],
    ["softDice", SOFTMAX, ONE, {"absent": True}],
    ["softDice", SIGMOID, SPACE, {"truth": "labels", **EXTREME}],
    ["softDice", {**SIGMOID, "squaredPrediction": True}, VOLUME, {"truth": "shares"}],
    ["softDice", SIGMOID, SINGLE, {}],
    ["softDice", {**NONE, "jaccard": True}, SPACE, {"truth": "shares"}],
    ["softDice", {**SOFTMAX, "includeBackground": False, "jaccard": True}, SPACE, {}],
    ["softDice", {**SOFTMAX, "squaredPrediction": True, "jaccard": True, "smoothNumerator": 0}, VOLUME, {}],
    ["softDice", {**SOFTMAX, "batch": True, "smoothDenominator": 0.5}, SPACE, {"absent": True}],
    ["softDice", {**SIGMOID, "batch": True, "squaredPrediction": True}, VOLUME, {}],
    ["softDice", {**SOFTMAX, "classWeights": WEIGHTS[:3], "includeBackground": False}, SPACE, {}],
    ["softDice", {**NONE, "smoothNumerator": 0, "smoothDenominator": 0}, SPACE, {"absent": True}],
    ["softDice", {**NONE, "smoothNumerator": 0, "smoothDenominator": 0, "batch": True}, SPACE, {"absent": True}],
    ["diceCrossEntropy", SOFTMAX, SPACE, {}],
    ["diceCrossEntropy", SOFTMAX, ONE, {"absent": True}],
    ["diceCrossEntropy", {**SOFTMAX, "diceWeight": 0.75, "crossEntropyWeight": 0.5}, VOLUME, EXTREME],
    ["diceCrossEntropy", {**SOFTMAX, "classWeights": WEIGHTS[:3], "includeBackground": False}, SPACE, {}],
    ["diceCrossEntropy", {**SOFTMAX, "classWeights": WEIGHTS[:2], "includeBackground": False}, [2, 2, 3, 2], {}],
    ["diceCrossEntropy", {**SOFTMAX, "classWeights": WEIGHTS[:3], "labelSmoothing": 0.125, "batch": True}, VOLUME, {}],
    ["diceCrossEntropy", {**SIGMOID, "classWeights": WEIGHTS[1:2]}, SINGLE, {}],
]


def draws(seed):
    """A linear congruential generator (modulus 2^31): the high 23 bits of its states, from 0 to 1."""
    state = seed
    while True:
        state = (state * 1103515245 + 12345) % 2**31
        yield (state >> 8) / 2**23


def draw_inputs(seed, loss, options, shape, special):
    """From -4 to 4, or shares where the loss takes these; every seventh times a factor."""
    draw = draws(seed)
    takes_shares = options.get("activation") == "none"
    values = [next(draw) * (1 if takes_shares else 8) - (0 if takes_shares else 4) for _ in range(numpy.prod(shape))]
    values = [value * (special.get("factor", 1) if index % 7 == 0 else 1) for index, value in enumerate(values)]
    prediction = torch.tensor(values, dtype=torch.float64).reshape(shape).requires_grad_()
    truth = special.get("truth", "classes")
    if truth != "classes":
        drawn = [next(draw) for _ in values]
        drawn = [float(value >= 0.5) for value in drawn] if truth == "labels" else drawn
        return prediction, torch.tensor(drawn, dtype=torch.float64).reshape(shape)
    places = [shape[0], *shape[2:]]
    # The last class is the one that may be absent.
    classes = max(shape[1], 2) - (1 if special.get("absent") else 0)
    drawn = [int(next(draw) * classes) for _ in range(numpy.prod(places))]
    return prediction, torch.tensor(drawn).reshape(places)


def tensor_or_none(values, shape=(-1,)):
    return None if values is None else torch.tensor(values, dtype=torch.float64).reshape(shape)


def dice_options(options, prediction, truth):
    classes = truth.dim() < prediction.dim()
    return {
        "include_background": options.get("includeBackground", True),
        "to_onehot_y": classes and prediction.shape[1] > 1,
        "softmax": options["activation"] == "softmax",
        "sigmoid": options["activation"] == "sigmoid",
        "squared_pred": options.get("squaredPrediction", False),
        "jaccard": options.get("jaccard", False),
        "smooth_nr": options.get("smoothNumerator", 1e-5),
        "smooth_dr": options.get("smoothDenominator", 1e-5),
        "batch": options.get("batch", False),
    }


def one_hot(truth, classes):
    return torch.nn.functional.one_hot(truth, classes).movedim(-1, 1).to(torch.float64)


def loss_of(name, options, prediction, truth):
    with_channel = truth[:, None] if truth.dim() < prediction.dim() else truth
    if name == "crossEntropy":
        weight = tensor_or_none(options.get("classWeights"))
        return torch.nn.CrossEntropyLoss(weight, label_smoothing=options.get("labelSmoothing", 0.0))(prediction, truth)
    if name == "binaryCrossEntropy":
        along_outputs = [-1] + [1] * (prediction.dim() - 2)
        weight = tensor_or_none(options.get("positiveWeights"), along_outputs)
        return torch.nn.BCEWithLogitsLoss(pos_weight=weight)(prediction, with_channel.to(torch.float64))
    if name == "meanSquaredError":
        return torch.nn.MSELoss()(prediction, truth)
    shared = dice_options(options, prediction, truth)
    weight = tensor_or_none(options.get("classWeights"))
    if name == "softDice":
        # MONAI's list is without the background where that is not compared.
        compared = weight if weight is None or shared["include_background"] else weight[1:]
        # Its own one-hot table is float32, of which norms are taken where the denominator is one of squares.
        exact = {**shared, "to_onehot_y": False}
        table = one_hot(truth, prediction.shape[1]) if shared["to_onehot_y"] else with_channel.to(torch.float64)
        return DiceLoss(**exact, weight=compared)(prediction, table)
    return DiceCELoss(
        **shared,
        weight=weight,
        lambda_dice=options.get("diceWeight", 1.0),
        lambda_ce=options.get("crossEntropyWeight", 1.0),
        label_smoothing=options.get("labelSmoothing", 0.0),
    )(prediction, with_channel)


def main():
    cases = []
    for place, (loss, options, shape, special) in enumerate(CASES):
        prediction, truth = draw_inputs(place + 1, loss, options, shape, special)
        value = loss_of(loss, options, prediction, truth)
        (gradient,) = torch.autograd.grad(value, prediction)
        cases.append(
            {
                "loss": loss,
                "options": options,
                "shape": shape,
                "factor": special.get("factor", 1),
                "lacksLastClass": special.get("absent", False),
                "truth": special.get("truth", "classes"),
                "value": value.item(),
                "gradient": [float(f"{entry:.13g}") for entry in gradient.ravel().tolist()],
            }
        )
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({"cases": cases}) + "\n")


main()

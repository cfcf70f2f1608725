"""Writes metrics.json: seeded predictions and their scores by scikit-learn and torchmetrics.

Run with a Python that has numpy, scikit-learn, torch and torchmetrics: python metrics.py
"""

import json
import pathlib
import warnings

import numpy
import torch
from sklearn.metrics import accuracy_score, balanced_accuracy_score, f1_score, roc_auc_score
from torchmetrics.functional.classification import multilabel_accuracy

warnings.filterwarnings("ignore")


def mean_of_defined(values):
    defined = [value for value in values if value is not None]
    return None if not defined else float(numpy.mean(defined))


def flags_of(problem, labels, classes):
    return labels if problem == "multi-label" else (labels[:, None] == numpy.arange(classes)).astype(int)


def decisions_of(problem, scores):
    return (scores > 0.5).astype(int) if problem == "multi-label" else scores.argmax(axis=1)


def per_class(flags, measure):
    """A class without positives or without negatives has no value."""
    has_both = [0 < column.sum() < len(column) for column in flags.T]
    return [float(measure(index)) if both else None for index, both in enumerate(has_both)]


def score(problem, labels, scores):
    classes = scores.shape[1]
    flags = flags_of(problem, labels, classes)
    decisions = decisions_of(problem, scores)
    decided = flags_of(problem, decisions, classes)

    areas = per_class(flags, lambda index: roc_auc_score(flags[:, index], scores[:, index]))
    means = {"auroc": areas, "f1": per_class(flags, lambda index: f1_score(flags[:, index], decided[:, index]))}
    if problem == "multi-label":
        means["balanced_accuracy"] = per_class(
            flags, lambda index: balanced_accuracy_score(flags[:, index], decided[:, index])
        )
        accuracies = [float(accuracy_score(flags[:, index], decided[:, index])) for index in range(classes)]
        macro = multilabel_accuracy(
            torch.tensor(scores), torch.tensor(labels), num_labels=classes, average="macro", threshold=0.5
        )
        assert abs(float(macro) - numpy.mean(accuracies)) < 1e-6  # torchmetrics returns float32
        result = {"accuracy": {"value": float(numpy.mean(accuracies)), "perClass": accuracies}}
    else:
        recalls = per_class(flags, lambda index: decided[flags[:, index] == 1, index].mean())
        means["balanced_accuracy"] = recalls
        result = {"accuracy": {"value": float(accuracy_score(labels, decisions)), "perClass": None}}
        if sum(value is not None for value in recalls) > 1:
            assert abs(mean_of_defined(recalls) - balanced_accuracy_score(labels, decisions)) < 1e-12
    for name, values in means.items():
        result[name] = {"value": mean_of_defined(values), "perClass": values}
    if problem == "binary":
        result["auroc"] = {"value": areas[1], "perClass": None}
        result["f1"] = {"value": float(f1_score(labels, decisions, zero_division=0)), "perClass": None}
    if problem == "multi-class" and all(value is not None for value in areas):
        sums = scores.sum(axis=1, keepdims=True)
        if numpy.allclose(sums, 1, rtol=0, atol=1e-9):
            ovr = roc_auc_score(labels, scores, multi_class="ovr", average="macro")
            assert abs(ovr - result["auroc"]["value"]) < 1e-12
        macro_f1 = f1_score(labels, decisions, average="macro")
        assert abs(macro_f1 - result["f1"]["value"]) < 1e-12
    return result


def softmax(logits):
    powers = numpy.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def binary(generator, count, digits, labels=None):
    labels = generator.integers(0, 2, count) if labels is None else labels
    positive = numpy.round(1 / (1 + numpy.exp(-generator.normal(labels - 0.5, 1.5))), digits)
    return labels, numpy.stack([1 - positive, positive], axis=1)


def multi_class(generator, count, classes, digits, present=None):
    labels = generator.choice(numpy.arange(classes) if present is None else present, count)
    logits = generator.normal(size=(count, classes))
    logits[numpy.arange(count), labels] += 1
    return labels, numpy.round(softmax(logits), digits)


def multi_label(generator, count, classes, digits):
    labels = (generator.random((count, classes)) < numpy.linspace(0.15, 0.6, classes)).astype(int)
    return labels, numpy.round(1 / (1 + numpy.exp(-generator.normal(labels * 1.5 - 0.75, 1))), digits)


def problems():
    generator = numpy.random.default_rng(20240501)
    yield "binary", "binary", *binary(generator, 60, 6)
    yield "binary with tied scores", "binary", *binary(generator, 80, 1)
    yield "binary without positives", "binary", *binary(generator, 12, 3, numpy.zeros(12, dtype=int))
    yield "binary without negatives", "binary", *binary(generator, 12, 3, numpy.ones(12, dtype=int))
    never = numpy.array([[0.9, 0.1]] * 6)
    yield "binary, nothing positive nor predicted so", "binary", numpy.zeros(6, dtype=int), never
    yield "binary, all scores equal", "binary", numpy.arange(10) % 2, numpy.full((10, 2), 0.5)
    yield "multi-class", "multi-class", *multi_class(generator, 90, 4, 12)
    yield "multi-class with tied scores", "multi-class", *multi_class(generator, 90, 5, 1)
    yield "multi-class with absent classes", "multi-class", *multi_class(generator, 40, 6, 6, [0, 2, 3, 5])
    yield "multi-class with one class only", "multi-class", *multi_class(generator, 10, 3, 6, [1])
    yield "multi-label", "multi-label", *multi_label(generator, 70, 5, 6)
    yield "multi-label with tied scores", "multi-label", *multi_label(generator, 70, 4, 1)
    labels, scores = multi_label(generator, 40, 5, 4)
    labels[:, 1] = 0
    labels[:, 3] = 1
    yield "multi-label with one-sided labels", "multi-label", labels, scores
    labels, scores = multi_label(generator, 8, 2, 4)
    yield "multi-label without any two-sided label", "multi-label", labels * 0, scores


def main():
    cases = [
        {
            "name": name,
            "problem": problem,
            "classes": scores.shape[1],
            "labels": labels.ravel().tolist(),
            "scores": scores.ravel().tolist(),
            "expected": score(problem, labels, scores),
        }
        for name, problem, labels, scores in problems()
    ]
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({"cases": cases}) + "\n")


main()

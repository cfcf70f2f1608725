"""Writes metrics.json: seeded predictions and their scores by scikit-learn, torchmetrics and the metrics' own definitions.

Run with a Python that has numpy, scikit-learn, torch and torchmetrics: python metrics.py
"""

import json
import pathlib
import warnings

import numpy
import torch
from sklearn import metrics as sk
from torchmetrics.functional import classification as tm

warnings.filterwarnings("ignore")

AVERAGES = ["macro", "micro", "weighted"]


def flags_of(problem, labels, classes):
    return labels if problem == "multi-label" else (labels[:, None] == numpy.arange(classes)).astype(int)


def decisions_of(problem, scores):
    return (scores > 0.5).astype(int) if problem == "multi-label" else scores.argmax(axis=1)


def number(value):
    return None if value is None or numpy.isnan(value) else float(value)


class Columns:
    """One class against the rest: (truth, score, decision) over the examples of which it is known."""

    def __init__(self, problem, labels, scores):
        classes = scores.shape[1]
        flags = flags_of(problem, labels, classes)
        decided = flags_of(problem, decisions_of(problem, scores), classes)
        known = flags >= 0
        self.all = [
            (flags[known[:, i], i], scores[known[:, i], i], decided[known[:, i], i]) for i in range(classes)
        ]
        self.pooled = tuple(numpy.concatenate([column[part] for column in self.all]) for part in range(3))


def is_met(needs, truth):
    sides = {"positives": truth.sum() > 0, "negatives": (truth == 0).sum() > 0}
    if needs == "both":
        return all(sides.values())
    return any(sides.values()) if needs == "either" else bool(sides[needs])


def averaged(problem, columns, measure, needs_of_two, params, absent=None):
    """Value and values per class of a metric that is worked out for one class against the rest."""
    substitute = 0.0 if absent == "zero" else None

    def one(column, needs):
        return number(measure(*column)) if is_met(needs, column[0]) else substitute

    if "class" in params or (problem == "binary" and "average" not in params):
        index = int(params["class"].split()[1]) if "class" in params else 1
        return one(columns.all[index], needs_of_two if problem == "binary" else "both"), None
    if params["average"] == "micro":
        return one(columns.pooled, "both"), None
    values = [one(column, "both") for column in columns.all]
    shares = [column[0].sum() if params["average"] == "weighted" else 1 for column in columns.all]
    defined = [(value, share) for value, share in zip(values, shares) if value is not None]
    total = sum(share for _, share in defined)
    mean = sum(value * share for value, share in defined) / total if total > 0 else None
    return mean, values


def sensitivity(truth, _, decided):
    return sk.recall_score(truth, decided, zero_division=numpy.nan)


def specificity(truth, _, decided):
    return sk.recall_score(1 - truth, 1 - decided, zero_division=numpy.nan)


def sensitivity_at(least):
    def measure(truth, score, _):
        false_rate, true_rate, _ = sk.roc_curve(truth, score, drop_intermediate=False)
        negatives = (truth == 0).sum()
        kept = (negatives - numpy.round(false_rate * negatives)) / negatives >= least
        value = true_rate[kept].max()
        torch_value, _ = tm.binary_sensitivity_at_specificity(torch.tensor(score), torch.tensor(truth), least)
        assert abs(float(torch_value) - value) < 1e-6
        return value

    return measure


def specificity_at(least):
    def measure(truth, score, _):
        false_rate, true_rate, _ = sk.roc_curve(truth, score, drop_intermediate=False)
        positives = (truth == 1).sum()
        kept = numpy.round(true_rate * positives) / positives >= least
        value = 1 - false_rate[kept].min()
        torch_value, _ = tm.binary_specificity_at_sensitivity(torch.tensor(score), torch.tensor(truth), least)
        assert abs(float(torch_value) - value) < 1e-6
        return value

    return measure


def area(truth, score, _):
    return sk.roc_auc_score(truth, score)


def precisions(truth, score, _):
    return sk.average_precision_score(truth, score)


def f1(truth, _, decided):
    return sk.f1_score(truth, decided, zero_division=0)


def precision(truth, _, decided):
    return sk.precision_score(truth, decided, zero_division=0)


def balanced(problem):
    def measure(truth, score, decided):
        found = sensitivity(truth, score, decided)
        return (found + specificity(truth, score, decided)) / 2 if problem == "multi-label" else found

    return measure


def calibration(truth, score, bins):
    """Mean over bins [i / n, (i + 1) / n), and of exactly 1, of the gap between confidence and share of right ones."""
    edges = numpy.arange(bins + 1) / bins
    places = numpy.searchsorted(edges, score, side="right") - 1
    gaps = [abs((truth[places == place] - score[places == place]).sum()) for place in range(bins + 1)]
    return sum(gaps) / len(truth)


def is_clear_of_edges(score, bins):
    """torchmetrics has its edges in float32: a score on an edge falls where that rounding says, but for 0 and 1."""
    inner = numpy.arange(1, bins) / bins
    return numpy.abs(score[:, None] - inner).min(initial=1) > 1e-6


def label_mean(columns, measure):
    values = [number(measure(*column)) if len(column[0]) > 0 else None for column in columns.all]
    defined = [value for value in values if value is not None]
    return (sum(defined) / len(defined) if defined else None), values


def questions(problem, labels, scores):
    """Every (metric, parameters, value, values per class) that is asked of these predictions."""
    classes = scores.shape[1]
    columns = Columns(problem, labels, scores)
    decisions = decisions_of(problem, scores)
    scopes = [{}] if problem == "binary" else []
    scopes += [{"average": average} for average in AVERAGES]
    scopes += [{"class": f"class {index}"} for index in {0, classes - 1}]

    metrics = [
        ("auroc", {}, area, "both"),
        ("auroc", {"absent": "zero"}, area, "both"),
        ("average_precision", {}, precisions, "both"),
        ("f1", {}, f1, "either"),
        ("precision", {}, precision, "either"),
        ("sensitivity", {}, sensitivity, "positives"),
        ("specificity", {}, specificity, "negatives"),
    ]
    metrics += [("sensitivity", {"specificity": least}, sensitivity_at(least), "both") for least in [0, 0.5, 0.9, 1]]
    metrics += [("specificity", {"sensitivity": least}, specificity_at(least), "both") for least in [0, 0.8, 1]]
    for name, own, measure, needs in metrics:
        for scope in scopes:
            value, values = averaged(problem, columns, measure, needs, scope, own.get("absent"))
            yield name, {**scope, **own}, value, values

    always = {"average": "macro"}
    both = averaged("several", columns, balanced(problem), "both", always)
    yield "balanced_accuracy", {}, *both
    if problem == "multi-label":
        yield "accuracy", {}, *label_mean(columns, lambda truth, _, decided: sk.accuracy_score(truth, decided))
        yield "brier", {}, *label_mean(columns, lambda truth, score, _: ((score - truth) ** 2).mean())
        for bins in [15, 10, 1]:
            measure = lambda truth, score, _: calibration(truth, score, bins)
            yield "calibration_error", {"bins": bins}, *label_mean(columns, measure)
        kappas = averaged(problem, columns, lambda truth, _, decided: sk.cohen_kappa_score(truth, decided), "both", always)
        yield "kappa", {}, *kappas
        yield "top_k", {"k": 1}, None, None
        return

    yield "accuracy", {}, float(sk.accuracy_score(labels, decisions)), None
    one_hot = numpy.eye(classes)[labels]
    brier = ((scores - one_hot) ** 2).sum(axis=1).mean()
    if problem == "binary":
        brier = brier / 2
        assert abs(brier - sk.brier_score_loss(labels, scores[:, 1], pos_label=1)) < 1e-12
    yield "brier", {}, float(brier), None
    for weights in ["none", "linear", "quadratic"]:
        given = None if weights == "none" else weights
        value = sk.cohen_kappa_score(labels, decisions, labels=numpy.arange(classes), weights=given)
        yield "kappa", {"weights": weights}, number(value), None
    confidence = scores[:, 1] if problem == "binary" else scores.max(axis=1)
    right = labels if problem == "binary" else (decisions == labels).astype(int)
    for bins in [15, 10, 1]:
        yield "calibration_error", {"bins": bins}, float(calibration(right, confidence, bins)), None
    for k in [1, 2, 5]:
        yield "top_k", {"k": k}, top_k(labels, scores, k), None


def top_k(labels, scores, k):
    if k >= scores.shape[1]:
        return None
    order = numpy.argsort(-scores, axis=1, kind="stable")[:, :k]  # of equal scores the first
    return float((order == labels[:, None]).any(axis=1).mean())


def check_averages(problem, labels, scores, answers):
    """Where no class is absent and no flag unknown, the averages are those that the libraries give."""
    classes = scores.shape[1]
    flags = flags_of(problem, labels, classes)
    if flags.min() < 0 or not all(0 < column.sum() < len(column) for column in flags.T):
        return
    decided = flags_of(problem, decisions_of(problem, scores), classes)
    found = {(name, json.dumps(params)): value for name, params, value, _ in answers}
    is_distribution = problem == "multi-label" or numpy.allclose(scores.sum(axis=1), 1, rtol=0, atol=1e-9)
    for average in AVERAGES:
        scope = json.dumps({"average": average})

        def close(name, value, limit=1e-12):
            assert abs(found[name, scope] - float(value)) < limit, (name, average)

        close("average_precision", sk.average_precision_score(flags, scores, average=average))
        close("auroc", sk.roc_auc_score(flags, scores, average=average))
        if problem == "multi-class" and is_distribution:
            close("auroc", sk.roc_auc_score(labels, scores, multi_class="ovr", average=average))
        target = flags if problem == "multi-label" else labels
        given = decisions_of(problem, scores)
        close("f1", sk.f1_score(target, given, average=average, zero_division=0))
        close("precision", sk.precision_score(target, given, average=average, zero_division=0))
        close("sensitivity", sk.recall_score(target, given, average=average))
        kind = {"num_labels": classes} if problem == "multi-label" else {"num_classes": classes}
        prefix = "multilabel" if problem == "multi-label" else "multiclass"
        inputs = torch.tensor(decided if problem == "multi-label" else given), torch.tensor(target)
        for name, other in [("f1", "f1_score"), ("precision", "precision"), ("sensitivity", "recall"), ("specificity", "specificity")]:
            close(name, getattr(tm, f"{prefix}_{other}")(*inputs, average=average, **kind), 1e-6)
        if average == "micro" and problem != "multi-label":
            continue  # torchmetrics has no micro average of rankings there
        ranked = torch.tensor(scores), torch.tensor(target)
        close("auroc", getattr(tm, f"{prefix}_auroc")(*ranked, average=average, **kind), 1e-6)
        close("average_precision", getattr(tm, f"{prefix}_average_precision")(*ranked, average=average, **kind), 1e-6)


def check_with_torchmetrics(problem, labels, scores, answers):
    if problem == "multi-label":
        return
    classes = scores.shape[1]
    found = {(name, json.dumps(params)): value for name, params, value, _ in answers}
    target = torch.tensor(labels)
    for bins in [15, 10, 1]:
        value = found["calibration_error", json.dumps({"bins": bins})]
        confidence = scores[:, 1] if problem == "binary" else scores.max(axis=1)
        if not is_clear_of_edges(confidence, bins):
            continue
        if problem == "binary":
            other = tm.binary_calibration_error(torch.tensor(confidence), target, n_bins=bins)
        else:
            other = tm.multiclass_calibration_error(torch.tensor(scores), target, classes, n_bins=bins)
        assert abs(float(other) - value) < 1e-6, (bins, float(other), value)
    for k in [1, 2, 5]:
        if problem == "binary" or k >= classes or any(len(set(row)) < classes for row in scores.tolist()):
            continue
        value = found["top_k", json.dumps({"k": k})]
        other = tm.multiclass_accuracy(torch.tensor(scores), target, classes, average="micro", top_k=k)
        assert abs(float(other) - value) < 1e-6
        assert abs(sk.top_k_accuracy_score(labels, scores, k=k, labels=range(classes)) - value) < 1e-12


def score(problem, labels, scores):
    answers = list(questions(problem, labels, scores))
    check_averages(problem, labels, scores, answers)
    check_with_torchmetrics(problem, labels, scores, answers)
    return [
        {"metric": name, "params": params, "value": value, "perClass": values} for name, params, value, values in answers
    ]


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

    labels, scores = multi_label(generator, 60, 5, 2)
    labels[generator.random(labels.shape) < 0.3] = -1
    labels[:, 2] = -1
    labels[labels[:, 4] == 1, 4] = -1
    yield "multi-label with unknown flags", "multi-label", labels, scores
    yield "three classes", "multi-class", *multi_class(generator, 80, 3, 12)
    yield "fourteen labels", "multi-label", *multi_label(generator, 90, 14, 3)
    labels, scores = binary(generator, 40, 6)
    scores[:6] = [[0, 1], [0, 1], [0, 1], [1, 0], [1, 0], [0.5, 0.5]]
    yield "binary with certain answers", "binary", labels, scores
    labels, scores = multi_class(generator, 60, 8, 12)
    scores[:5] = numpy.eye(8)[[0, 1, 2, 7, 7]]
    yield "eight classes with certain answers", "multi-class", labels, scores
    labels, scores = multi_class(generator, 60, 3, 6)
    yield "multi-class with a class that is never given", "multi-class", labels, scores * [1, 0.001, 1]


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

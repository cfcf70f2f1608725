"""Writes logistic.json: optima of L2-regularised logistic regression by scikit-learn, on seeded problems.

Run with a Python that has numpy and scikit-learn: python logistic.py
"""

import json
import pathlib

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler


def round_off(values):
    """Multiples of 2^-8, so that the numbers are the same in JSON and in float32."""
    return numpy.round(values * 256) / 256


def draw(generator, problem, count, width, classes, separation):
    """Correlated features of unlike scales, and one that is constant over the training rows."""
    mixing = generator.normal(size=(width, width))
    features = generator.normal(size=(2 * count, width)) @ mixing * numpy.geomspace(0.5, 4, width) + 3
    truth = generator.normal(size=(width, classes)) / numpy.sqrt(width)
    standard = (features - features.mean(axis=0)) / features.std(axis=0)
    logits = separation * standard @ truth + generator.logistic(size=(2 * count, classes))
    features = round_off(features)
    features[:count, -1] = 0.1015625
    if problem == "binary":
        labels = (logits[:, 0] > 0).astype(int)
    elif problem == "multi-class":
        labels = logits.argmax(axis=1)
    else:
        labels = (logits > 0.5).astype(int)
    return {
        "problem": problem,
        "width": width,
        "classes": 2 if problem == "binary" else classes,
        "training": features[:count],
        "labels": labels[:count],
        "queries": features[count : count + 40],
        "queryLabels": labels[count : count + 40],
    }


def fit_one(training, labels, c):
    model = LogisticRegression(C=c, tol=1e-13, max_iter=1000, solver="newton-cholesky").fit(training, labels)
    probabilities = model.predict_proba(training)
    errors = probabilities - (labels[:, None] == model.classes_).astype(float)
    errors = errors[:, 1:] if probabilities.shape[1] == 2 else errors
    gradient = c * errors.T @ training + model.coef_
    assert numpy.abs(gradient).max() < 1e-9 * c * numpy.abs(training).sum(axis=0).max()
    assert numpy.abs(errors.sum(axis=0)).max() < 1e-9 * len(labels)
    return model


def optimum(data, c, standardise):
    training, queries, labels = data["training"], data["queries"], data["labels"]
    if standardise:
        scaler = StandardScaler().fit(training)
        training, queries = scaler.transform(training), scaler.transform(queries)
    classes = data["classes"]
    if data["problem"] == "multi-label":
        models = [fit_one(training, labels[:, label], c) for label in range(classes)]
        coefficients = numpy.concatenate([model.coef_ for model in models])
        intercepts = numpy.concatenate([model.intercept_ for model in models])
        scores = numpy.stack([model.predict_proba(queries)[:, 1] for model in models], axis=1)
        flags = data["queryLabels"]
    else:
        present = numpy.unique(labels)
        scores = numpy.zeros((len(queries), classes))
        if data["problem"] == "multi-class" and len(present) == 2:
            # A softmax over two classes with penalty weight 1 is a sigmoid with penalty weight 1/2 on the difference.
            model = fit_one(training, labels, 2 * c)
            coefficients = numpy.concatenate([-model.coef_ / 2, model.coef_ / 2])
            intercepts = None
        else:
            model = fit_one(training, labels, c)
            coefficients = model.coef_
            intercepts = model.intercept_ - (model.intercept_.mean() if len(present) > 2 else 0)
        scores[:, present] = model.predict_proba(queries)
        if data["problem"] == "multi-class":
            full = numpy.zeros((classes, data["width"]))
            full[present] = coefficients
            coefficients = full
            intercepts = None if len(present) < classes else intercepts
        flags = (data["queryLabels"][:, None] == numpy.arange(classes)).astype(int)
    areas = [
        roc_auc_score(flags[:, index], scores[:, index])
        for index in range(classes)
        if 0 < flags[:, index].sum() < len(flags)
    ]
    return {
        "c": c,
        "standardise": standardise,
        "coefficients": numpy.round(coefficients, 13).ravel().tolist(),
        # Only differences of a softmax's intercepts matter: given with mean 0, and not where a class is absent.
        "intercepts": None if intercepts is None else intercepts.tolist(),
        "scores": numpy.round(scores, 12).ravel().tolist(),
        "auroc": float(areas[1] if data["problem"] == "binary" else numpy.mean(areas)),
    }


def main():
    generator = numpy.random.default_rng(20240503)
    absent = draw(generator, "multi-class", 50, 4, 4, 2)
    absent["labels"] = numpy.where(absent["labels"] == 1, 3, absent["labels"])
    two_left = draw(generator, "multi-class", 40, 3, 3, 2)
    two_left["labels"] = numpy.where(two_left["labels"] == 1, 2, two_left["labels"])
    datasets = {
        "binary, 60 x 5": (draw(generator, "binary", 60, 5, 1, 2), [0.001, 0.1, 1, 100]),
        "binary, 150 x 20": (draw(generator, "binary", 150, 20, 1, 3), [0.01, 1]),
        "binary, nearly separable, 61 x 12": (draw(generator, "binary", 61, 12, 1, 60), [1, 1000]),
        "multi-class, 90 x 6 x 4": (draw(generator, "multi-class", 90, 6, 4, 2), [0.01, 1, 30]),
        "multi-class without class 1, 50 x 4 x 4": (absent, [0.5]),
        "multi-class with two classes left, 40 x 3 x 3": (two_left, [1]),
        "multi-label, 83 x 7 x 3": (draw(generator, "multi-label", 83, 7, 3, 2), [0.05, 1, 10]),
    }
    cases = []
    for name, (data, weights) in datasets.items():
        optima = [optimum(data, c, True) for c in weights] + [optimum(data, weights[-1], False)]
        arrays = {key: data[key].ravel().tolist() for key in ["training", "labels", "queries", "queryLabels"]}
        plain = {key: data[key] for key in ["problem", "width", "classes"]}
        cases.append({"name": name, **plain, **arrays, "optima": optima})
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({"cases": cases}) + "\n")


main()

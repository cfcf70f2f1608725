"""Writes logistic_weights.json: optima by scikit-learn with balanced classes, and of labels with flags that are not known,
each fitted on the rows that have it.

Run with a Python that has numpy and scikit-learn: python logistic_weights.py
"""

import json
import pathlib

import numpy
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler


def fit(features, labels, c, class_weight):
    return LogisticRegression(C=c, tol=1e-10, max_iter=10_000, solver="newton-cholesky", class_weight=class_weight).fit(
        features, labels
    )


def optimum(data, c, class_weight):
    features, labels = StandardScaler().fit_transform(data["features"]), data["labels"]
    name = None if class_weight == "none" else class_weight
    if data["problem"] == "multi-label":
        columns = [(labels[:, label] >= 0, labels[:, label]) for label in range(labels.shape[1])]
        models = [fit(features[known], flags[known], c, name) for known, flags in columns]
    else:
        models = [fit(features, labels, c, name)]
    intercepts = numpy.concatenate([model.intercept_ for model in models])
    return {
        "c": c,
        "classWeight": class_weight,
        "coefficients": numpy.concatenate([model.coef_ for model in models]).ravel().tolist(),
        # Only differences of a softmax's intercepts matter: given with mean 0.
        "intercepts": (intercepts - (intercepts.mean() if data["problem"] == "multi-class" else 0)).tolist(),
    }


def draw(generator, problem, rows, width, classes):
    features = numpy.round((generator.normal(size=(rows, width)) * numpy.geomspace(0.5, 4, width) + 1) * 256) / 256
    standard = (features - features.mean(axis=0)) / features.std(axis=0)
    logits = standard @ generator.normal(size=(width, classes)) + generator.logistic(size=(rows, classes))
    if problem == "binary":
        labels = (logits[:, 0] > 2).astype(int)
    elif problem == "multi-class":
        labels = (logits + numpy.array([2, 0, -1, 0])).argmax(axis=1)
    else:
        labels = (logits > numpy.array([0, 2, -1])).astype(int)
        labels = numpy.where(generator.random(labels.shape) < numpy.array([0.4, 0.1, 0]), -1, labels)
    return {"problem": problem, "features": features, "labels": labels}


def main():
    generator = numpy.random.default_rng(20240613)
    datasets = {
        "binary": (draw(generator, "binary", 90, 6, 1), ["balanced"], 2),
        "multi-class": (draw(generator, "multi-class", 121, 5, 4), ["balanced"], 4),
        "multi-label, some flags unknown": (draw(generator, "multi-label", 110, 5, 3), ["none", "balanced"], 3),
    }
    cases = []
    for name, (data, class_weights, classes) in datasets.items():
        optima = [optimum(data, c, class_weight) for class_weight in class_weights for c in [0.05, 1, 20]]
        cases.append(
            {
                "name": name,
                "problem": data["problem"],
                "classes": classes,
                "width": data["features"].shape[1],
                "features": data["features"].ravel().tolist(),
                "labels": data["labels"].ravel().tolist(),
                "optima": optima,
            }
        )
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(cases) + "\n")


main()

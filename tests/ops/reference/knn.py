"""Writes knn.json: neighbours' votes by brute force in numpy, checked against scikit-learn and torch where no two
neighbours tie.

Run with a Python that has numpy, scikit-learn and torch: python knn.py
"""

import json
import pathlib

import numpy
import torch
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler


def similarities_of(training, queries, metric):
    if metric == "euclidean":
        return -numpy.sqrt(((queries[:, None, :] - training[None, :, :]) ** 2).sum(axis=2))
    products = (queries[:, None, :] * training[None, :, :]).sum(axis=2)
    norms = numpy.sqrt((queries**2).sum(axis=1))[:, None] * numpy.sqrt((training**2).sum(axis=1))[None, :]
    return products / norms


def vote(data, metric, k, weighting, temperature, standardise):
    training, queries, labels = data["training"], data["queries"], data["labels"]
    if standardise:
        scaler = StandardScaler().fit(training)
        training, queries = scaler.transform(training), scaler.transform(queries)
    similarities = similarities_of(training, queries, metric)
    # A stable sort leaves equally near rows in the order of their indices.
    nearest = numpy.argsort(-similarities, axis=1, kind="stable")[:, :k]
    near = numpy.take_along_axis(similarities, nearest, axis=1)
    weights = numpy.ones_like(near) if weighting == "uniform" else numpy.exp((near - near[:, :1]) / temperature)
    weights = weights / weights.sum(axis=1, keepdims=True)
    one_hot = numpy.eye(data["classes"])[labels]
    scores = (weights[:, :, None] * one_hot[nearest]).sum(axis=1)
    if not data["tied"]:
        check_independently(training, queries, labels, scores, similarities, (metric, k, weighting, temperature))
    return scores


def check_independently(training, queries, labels, scores, similarities, settings):
    metric, k, weighting, temperature = settings
    if weighting == "uniform":
        model = KNeighborsClassifier(k, weights="uniform", metric=metric, algorithm="brute").fit(training, labels)
        assert numpy.abs(model.predict_proba(queries) - scores).max() < 1e-12
        return
    near, nearest = torch.tensor(similarities).topk(k, dim=1)
    weights = torch.softmax(near / temperature, dim=1)
    one_hot = torch.nn.functional.one_hot(torch.tensor(labels)[nearest], scores.shape[1])
    assert ((weights[:, :, None] * one_hot).sum(dim=1) - torch.tensor(scores)).abs().max() < 1e-12


def continuous(generator):
    """Multiples of 2^-10, so that the numbers are the same in JSON and in float32."""
    labels = generator.integers(0, 3, 60)
    centres = generator.normal(size=(3, 7))
    training = centres[labels] + generator.normal(size=(60, 7)) + 0.5
    queries = centres[generator.integers(0, 3, 31)] + generator.normal(size=(31, 7)) + 0.5
    round_off = lambda values: numpy.round(values * 1024) / 1024
    return {
        "training": round_off(training),
        "queries": round_off(queries),
        "labels": labels,
        "classes": 3,
        "tied": False,
    }


def grid(generator):
    """Many equal and equally distant rows with different labels."""
    training = generator.integers(1, 4, (45, 2)).astype(float)
    queries = generator.integers(1, 4, (14, 2)).astype(float)
    return {
        "training": training,
        "queries": queries,
        "labels": generator.integers(0, 2, 45),
        "classes": 2,
        "tied": True,
    }


def main():
    generator = numpy.random.default_rng(20240502)
    datasets = {"continuous": continuous(generator), "grid": grid(generator)}
    cases = []
    for name, metric, k, weighting, temperature, standardise in [
        ("continuous", "cosine", 1, "softmax", 0.07, False),
        ("continuous", "cosine", 5, "softmax", 0.07, False),
        ("continuous", "cosine", 20, "softmax", 0.07, False),
        ("continuous", "cosine", 20, "softmax", 0.5, True),
        ("continuous", "cosine", 5, "uniform", 0.07, False),
        ("continuous", "cosine", 60, "uniform", 0.07, False),
        ("continuous", "euclidean", 1, "uniform", 0.07, False),
        ("continuous", "euclidean", 11, "uniform", 0.07, True),
        ("continuous", "euclidean", 7, "softmax", 0.3, False),
        ("grid", "euclidean", 1, "uniform", 0.07, False),
        ("grid", "euclidean", 4, "uniform", 0.07, False),
        ("grid", "euclidean", 6, "softmax", 0.2, False),
        ("grid", "cosine", 3, "uniform", 0.07, False),
        ("grid", "cosine", 8, "softmax", 0.07, False),
    ]:
        scores = vote(datasets[name], metric, k, weighting, temperature, standardise)
        cases.append(
            {
                "dataset": name,
                "params": {
                    "metric": metric,
                    "k": k,
                    "vote": weighting,
                    "temperature": temperature,
                    "standardise": standardise,
                },
                "scores": scores.ravel().tolist(),
            }
        )
    plain = {
        name: {
            "width": data["training"].shape[1],
            "classes": data["classes"],
            "training": data["training"].ravel().tolist(),
            "labels": data["labels"].tolist(),
            "queries": data["queries"].ravel().tolist(),
        }
        for name, data in datasets.items()
    }
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({"datasets": plain, "cases": cases}) + "\n")


main()

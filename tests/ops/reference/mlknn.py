"""Writes mlknn.json: ML-kNN (Zhang and Zhou, 2007) as its formulas say, in plain loops over the neighbours that
scikit-learn finds; where rows tie, over those of a stable sort in numpy.

Run with a Python that has numpy and scikit-learn: python mlknn.py
"""

import json
import pathlib

import numpy
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler


def nearest_by_library(training, queries, metric, k, own):
    model = NearestNeighbors(n_neighbors=k, metric=metric, algorithm="brute").fit(training)
    asked = training if own is not None else queries
    # Without an argument, the library leaves each training row out of its own neighbours.
    return model.kneighbors(None if own == "left out" else asked, return_distance=False)


def nearest_by_sorting(training, queries, metric, k, own):
    assert metric == "euclidean"
    asked = training if own is not None else queries
    distances = ((asked[:, None, :] - training[None, :, :]) ** 2).sum(axis=2)
    if own == "left out":
        distances = distances + numpy.diag(numpy.full(len(training), numpy.inf))
    # A stable sort leaves equally near rows in the order of their indices.
    return numpy.argsort(distances, axis=1, kind="stable")[:, :k]


def scores_of(data, settings):
    training, queries, flags = data["training"], data["queries"], data["labels"]
    k, s = settings["k"], settings["smoothing"]
    if settings["standardise"]:
        scaler = StandardScaler().fit(training)
        training, queries = scaler.transform(training), scaler.transform(queries)
    nearest = nearest_by_sorting if data["tied"] else nearest_by_library
    own = "counted" if settings["counts_itself"] else "left out"
    among = nearest(training, queries, settings["metric"], k, own)
    found = nearest(training, queries, settings["metric"], k, None)
    scores = numpy.zeros((len(queries), flags.shape[1]))
    for label in range(flags.shape[1]):
        known = [row for row in range(len(training)) if flags[row, label] >= 0]
        positives = sum(1 for row in known if flags[row, label] == 1)
        prior = (s + positives) / (2 * s + len(known))
        having, lacking = [0] * (k + 1), [0] * (k + 1)
        for row in known:
            d = sum(1 for other in among[row] if flags[other, label] == 1)
            if flags[row, label] == 1:
                having[d] += 1
            else:
                lacking[d] += 1
        for query in range(len(queries)):
            d = sum(1 for other in found[query] if flags[other, label] == 1)
            has = prior * (s + having[d]) / (s * (k + 1) + sum(having))
            lacks = (1 - prior) * (s + lacking[d]) / (s * (k + 1) + sum(lacking))
            scores[query, label] = has / (has + lacks)
    return scores


def continuous(generator, unknown):
    """Multiples of 2^-10, so that the numbers are the same in JSON and in float32. The last label is on no row."""
    training = generator.normal(size=(70, 6)) + 0.25
    queries = generator.normal(size=(25, 6)) + 0.25
    logits = training @ generator.normal(size=(6, 4)) + generator.normal(size=(70, 4))
    flags = (logits > numpy.array([0, 1.5, -1, 100])).astype(int)
    if unknown:
        flags = numpy.where(generator.random(flags.shape) < 0.3, -1, flags)
    round_off = lambda values: numpy.round(values * 1024) / 1024
    return {"training": round_off(training), "queries": round_off(queries), "labels": flags, "tied": False}


def grid(generator):
    """Many identical and equally distant rows with different labels, more of some than k."""
    training = generator.integers(0, 3, (50, 2)).astype(float)
    queries = generator.integers(0, 3, (12, 2)).astype(float)
    return {
        "training": training,
        "queries": queries,
        "labels": generator.integers(-1, 2, (50, 3)),
        "tied": True,
    }


def main():
    generator = numpy.random.default_rng(20240611)
    datasets = {
        "continuous": continuous(generator, False),
        "continuous with unknown flags": continuous(generator, True),
        "grid": grid(generator),
    }
    cases = []
    for name, metric, k, smoothing, standardise in [
        ("continuous", "cosine", 1, 1, False),
        ("continuous", "cosine", 10, 1, False),
        ("continuous", "cosine", 20, 0.5, True),
        ("continuous", "euclidean", 7, 1, False),
        ("continuous", "euclidean", 69, 1, True),
        ("continuous with unknown flags", "cosine", 10, 1, False),
        ("continuous with unknown flags", "euclidean", 5, 2, True),
        ("grid", "euclidean", 1, 1, False),
        ("grid", "euclidean", 3, 1, False),
        ("grid", "euclidean", 12, 0.25, False),
    ]:
        for counts_itself in [False, True]:
            params = {
                "metric": metric,
                "k": k,
                "smoothing": smoothing,
                "standardise": standardise,
                "counts_itself": counts_itself,
            }
            scores = scores_of(datasets[name], params)
            cases.append({"dataset": name, "params": params, "scores": scores.ravel().tolist()})
    plain = {
        name: {
            "width": data["training"].shape[1],
            "classes": data["labels"].shape[1],
            "training": data["training"].ravel().tolist(),
            "labels": data["labels"].ravel().tolist(),
            "queries": data["queries"].ravel().tolist(),
        }
        for name, data in datasets.items()
    }
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({"datasets": plain, "cases": cases}) + "\n")


main()

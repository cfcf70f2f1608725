"""Writes knn_weights_over.json: votes whose softmax is over more neighbours than vote, by brute force in torch.

Run with a Python that has numpy and torch: python knn_weights_over.py
"""

import json
import pathlib

import numpy
import torch


def main():
    generator = numpy.random.default_rng(20240612)
    round_off = lambda values: numpy.round(values * 1024) / 1024
    labels = generator.integers(0, 4, 50)
    training = round_off(generator.normal(size=(4, 6))[labels] + generator.normal(size=(50, 6)))
    queries = round_off(generator.normal(size=(17, 6)))
    normalised = [torch.nn.functional.normalize(torch.tensor(rows), dim=1) for rows in (training, queries)]
    similarities = normalised[1] @ normalised[0].T
    one_hot = torch.nn.functional.one_hot(torch.tensor(labels), 4).double()
    cases = []
    for most, temperature in [(20, 0.07), (50, 0.5)]:
        near, nearest = similarities.topk(most, dim=1)
        weighted = torch.softmax(near / temperature, dim=1)[:, :, None] * one_hot[nearest]
        for k in [1, 5, 20]:
            params = {"k": k, "weights_over": most, "temperature": temperature}
            cases.append({"params": params, "scores": weighted[:, :k].sum(dim=1).ravel().tolist()})
    document = {
        "width": 6,
        "classes": 4,
        "training": training.ravel().tolist(),
        "labels": labels.tolist(),
        "queries": queries.ravel().tolist(),
        "cases": cases,
    }
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document) + "\n")


main()

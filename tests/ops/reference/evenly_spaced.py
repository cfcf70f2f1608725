"""Writes evenly_spaced.json: places at even steps as NumPy rounds them, also where a place lies between two.

Run with a Python that has numpy: python evenly_spaced.py
"""

import json
import pathlib

import numpy

# The patients of SARS-CoV-2 CT and of the brain tumours, for test and then for val, and a few of other sizes.
sizes = [(210, 70), (140, 50), (233, 70), (163, 50), (211, 70), (92, 16), (10, 4), (6, 4), (7, 7), (3, 1)]

cases = [
    {
        "total": total,
        "count": count,
        "places": numpy.arange(0, total, total / count).round().astype(int).tolist(),
    }
    for total, count in sizes
]

path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(cases) + "\n")

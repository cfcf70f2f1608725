"""Indexes a folder of NIH ChestX-ray14 as one would in a notebook, and says what that takes.

    python index_nih.py FOLDER

Reads the table with pandas (where it is not installed: with Python's own csv), lists the folders of images, makes flags of the
findings, finds every row's file and its list, and prints one line of JSON. What is imported is not counted.
"""

import csv
import json
import os
import re
import sys
import time

try:
    import pandas
except ImportError:
    pandas = None

TABLE = "Data_Entry_2017_v2020.csv"


def find_images(folder):
    archives = sorted(name for name in os.listdir(folder) if name.startswith("images_"))
    places = [os.path.join(folder, archive, "images") for archive in archives]
    return {name: os.path.join(place, name) for place in places for name in os.listdir(place)}


def test_names(folder):
    with open(os.path.join(folder, "test_list.txt")) as file:
        return set(file.read().split())


def with_pandas(folder):
    table = pandas.read_csv(os.path.join(folder, TABLE), usecols=range(7))
    labels = table["Finding Labels"].str.get_dummies("|")
    table["path"] = table["Image Index"].map(find_images(folder))
    table["test"] = table["Image Index"].isin(test_names(folder))
    table = table.join(labels)
    return int(table["path"].notna().sum()), int(table["test"].sum())


def with_csv(folder):
    images, tests, rows = find_images(folder), test_names(folder), []
    with open(os.path.join(folder, TABLE), newline="") as file:
        for name, findings, _, patient, *_ in list(csv.reader(file))[1:]:
            rows.append((name, images[name], patient, name in tests, findings.split("|")))
    names = sorted({finding for row in rows for finding in row[4]})
    flags = [[name in row[4] for name in names] for row in rows]
    return len(flags), sum(row[3] for row in rows)


def peak_bytes():
    """None where the system has no such file."""
    try:
        with open("/proc/self/status") as file:
            return int(re.search(r"VmHWM:\s+(\d+)", file.read())[1]) * 1024
    except OSError:
        return None


started = time.perf_counter()
images, tests = (with_csv if pandas is None else with_pandas)(sys.argv[1])
answer = {
    "seconds": time.perf_counter() - started,
    "library": "Python's csv, for want of pandas" if pandas is None else f"pandas {pandas.__version__}",
    "peakBytes": peak_bytes(),
    "images": images,
    "testImages": tests,
}
print(json.dumps(answer))

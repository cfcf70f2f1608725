"""Writes splits.json: few-shot draws, made by the definition with Python's sets and an own Philox4x32-10, and the draw of the
published study (the first patients of each class) with pandas.

Run with a Python that has numpy and pandas: python splits.py
"""

import hashlib
import json
import pathlib

import numpy
import pandas

MASK = 0xFFFFFFFF


def philox(key, counter):
    (k0, k1), (x0, x1, x2, x3) = key, counter
    for _ in range(10):
        p0, p1 = 0xD2511F53 * x0, 0xCD9E8D57 * x2
        x0, x1, x2, x3 = (p1 >> 32) ^ x1 ^ k0, p1 & MASK, (p0 >> 32) ^ x3 ^ k1, p0 & MASK
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return [x0, x1, x2, x3]


def words(seed, *names):
    text = json.dumps([seed, *names], separators=(",", ":"))
    k0, k1, upper0, upper1 = numpy.frombuffer(hashlib.sha256(text.encode()).digest()[:16], "<u4").tolist()
    block = 0
    while True:
        yield from philox((k0, k1), (block & MASK, block >> 32, upper0, upper1))
        block += 1


def shuffled(items, *stream):
    source, items = words(*stream), list(items)
    for place in range(len(items) - 1, 0, -1):
        end = 2**32 - 2**32 % (place + 1)
        word = next(word for word in source if word < end)
        other = word % (place + 1)
        items[place], items[other] = items[other], items[place]
    return items


def units_of(rows, of):
    keys = [row["patient"] if of == "patients" and row["patient"] else f"row {i}" for i, row in enumerate(rows)]
    return [[i for i, other in enumerate(keys) if other == key] for key in dict.fromkeys(keys)]


def draw_random(rows, classes, shots, of, draw):
    units = units_of(rows, of)
    having = {
        label: [u for u, unit in enumerate(units) if any(rows[row]["flags"][label] == 1 for row in unit)]
        for label in range(classes)
    }
    having[classes] = [u for u, unit in enumerate(units) if any(set(rows[row]["flags"]) == {0} for row in unit)]
    orders = {label: shuffled(having[label], draw, "shots", f"class {label}") for label in range(classes)}
    orders[classes] = shuffled(having[classes], draw, "shots")
    turns = sorted(range(classes), key=lambda label: (len(having[label]), label)) + [classes]
    taken = set()
    for count in range(1, shots + 1):
        for label in turns:
            for unit in orders[label]:
                if len(taken & set(having[label])) >= count:
                    break
                taken.add(unit)
    return sorted(row for unit in taken for row in units[unit])


def draw_first(rows, classes, shots, of):
    frame = pandas.DataFrame(rows)
    lone = of == "images" or frame["patient"].isna()
    frame["unit"] = numpy.where(lone, [f"row {i}" for i in range(len(rows))], frame["patient"])
    taken = set()
    for label in range(classes):
        has = frame["flags"].apply(lambda flags: flags[label] == 1)
        in_all = has.groupby(frame["unit"], sort=False).all()
        taken |= set(in_all[in_all].index[:shots])
    return frame.index[frame["unit"].isin(taken)].tolist()


def main():
    random = numpy.random.default_rng(5)
    classes = 5
    shares = [0.5, 0.3, 0.2, 0.1, 0.05]
    rows = []
    for _ in range(70):
        flags = [int(random.random() < share) for share in shares]
        flags = [-1 if flag == 0 and random.random() < 0.05 else flag for flag in flags]
        number = int(random.integers(0, 30))
        rows.append({"patient": None if number > 24 else f"patient {number}", "flags": flags})
    draws = [
        {
            "shots": shots,
            "of": of,
            "order": order,
            "draw": draw,
            "rows": draw_first(rows, classes, shots, of)
            if order == "first"
            else draw_random(rows, classes, shots, of, draw),
        }
        for order, draw in (("random", 0), ("random", 1), ("first", 0))
        for of in ("images", "patients")
        for shots in (1, 2, 4, 8)
    ]
    target = pathlib.Path(__file__).with_name("splits.json")
    target.write_text(json.dumps({"classes": classes, "rows": rows, "draws": draws}, separators=(",", ":")) + "\n")


main()

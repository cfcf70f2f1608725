"""Writes statistics_tests.json: distributions by SciPy, DeLong's and Obuchowski's variances from the papers' definitions over all pairs,
Holm by statsmodels, Friedman by SciPy, Demsar's worked example, and bootstrap intervals by numpy.

Run with a Python that has numpy, SciPy, scikit-learn and statsmodels: python statistics_tests.py
"""

import json
import math
import pathlib

import numpy
import scipy.special
import scipy.stats
from sklearn.metrics import roc_auc_score
from statsmodels.stats.multitest import multipletests


def distributions():
    zs = [-8.5, -3.2, -1.0, -0.3, 0.0, 1e-6, 0.7, 1.96, 4.0, 9.0]
    ps = [1e-9, 0.001, 0.025, 0.2, 0.5, 0.8, 0.975, 0.999999]
    ts = [(t, df) for t in [0.0, 0.4, 1.7, 2.5, 12.0] for df in [1, 2.5, 9, 57, 2796, 1e6]]
    xs = [(x, df) for x in [0.0, 0.02, 1.0, 9.28, 40.0, 900.0] for df in [1, 3, 11, 99, 800]]
    fs = [(x, a, b) for x in [0.0, 0.1, 1.0, 3.69, 25.0] for a in [1, 3, 11] for b in [2, 39, 110, 5000]]
    ranges = [(alpha, k) for alpha in [0.01, 0.05, 0.1] for k in [2, 3, 4, 7, 10, 25, 100]]
    return {
        "normalCdf": [[z, scipy.stats.norm.cdf(z)] for z in zs],
        "normalTwoSided": [[z, 2 * scipy.stats.norm.sf(abs(z))] for z in zs],
        "normalQuantile": [[p, scipy.stats.norm.ppf(p)] for p in ps],
        "studentTwoSided": [[t, df, 2 * scipy.stats.t.sf(t, df)] for t, df in ts],
        "studentQuantile": [[p, df, scipy.stats.t.ppf(p, df)] for p in ps for df in [1, 2.5, 9, 57, 2796]],
        "chiSquareUpper": [[x, df, scipy.stats.chi2.sf(x, df)] for x, df in xs],
        "fUpper": [[x, a, b, scipy.stats.f.sf(x, a, b)] for x, a, b in fs],
        "studentisedRange": [[alpha, k, scipy.stats.studentized_range.ppf(1 - alpha, k, numpy.inf)] for alpha, k in ranges],
    }


def kernel(positive, negative):
    return 1.0 if positive > negative else 0.5 if positive == negative else 0.0


def components(labels, scores):
    """The means over all pairs that every example is in, and the AUROC."""
    positives = [i for i, label in enumerate(labels) if label == 1]
    negatives = [i for i, label in enumerate(labels) if label == 0]
    v10 = {i: sum(kernel(scores[i], scores[j]) for j in negatives) / len(negatives) for i in positives}
    v01 = {j: sum(kernel(scores[i], scores[j]) for i in positives) / len(positives) for j in negatives}
    auroc = sum(kernel(scores[i], scores[j]) for i in positives for j in negatives)
    return v10, v01, auroc / (len(positives) * len(negatives))


def delong(labels, first, second):
    """DeLong et al. 1988, equations (5) and (6): every example by itself."""
    a10, a01, a = components(labels, first)
    b10, b01, b = components(labels, second)
    m, n = len(a10), len(a01)
    s10 = sum((a10[i] - a) * (b10[i] - b) for i in a10) / (m - 1)
    s01 = sum((a01[j] - a) * (b01[j] - b) for j in a01) / (n - 1)
    return s10 / m + s01 / n


def obuchowski(labels, groups, first, second):
    """Obuchowski 1997: sums of the components over each cluster."""
    a10, a01, a = components(labels, first)
    b10, b01, b = components(labels, second)
    names = sorted(set(g for g, label in zip(groups, labels) if label >= 0))
    total = lambda v, at, mean: sum(v[i] - mean for i in v if groups[i] == at)
    with10 = len(set(groups[i] for i in a10))
    with01 = len(set(groups[j] for j in a01))
    m, n, clusters = len(a10), len(a01), len(names)
    s10 = with10 / ((with10 - 1) * m) * sum(total(a10, g, a) * total(b10, g, b) for g in names)
    s01 = with01 / ((with01 - 1) * n) * sum(total(a01, g, a) * total(b01, g, b) for g in names)
    s11 = clusters / (clusters - 1) * sum(total(a10, g, a) * total(b01, g, b) for g in names)
    s11 += clusters / (clusters - 1) * sum(total(b10, g, b) * total(a01, g, a) for g in names)
    return s10 / m + s01 / n + s11 / (m * n)


def degrees_of_freedom(labels, groups, weights, scores):
    """Welch and Satterthwaite over positives and negatives, of a weighted sum of AUROCs; at most that of all clusters."""
    names = sorted(set(g for g, label in zip(groups, labels) if label >= 0))
    tens = {g: 0.0 for g in names}
    ones = {g: 0.0 for g in names}
    for weight, model in zip(weights, scores):
        v10, v01, area = components(labels, model)
        for i in v10:
            tens[groups[i]] += weight * (v10[i] - area)
        for j in v01:
            ones[groups[j]] += weight * (v01[j] - area)
    m, n, clusters = len(v10), len(v01), len(names)
    with10, with01 = len(set(groups[i] for i in v10)), len(set(groups[j] for j in v01))
    parts = [
        (with10 / (with10 - 1) * sum(x * x for x in tens.values()) / m**2, with10 - 1),
        (with01 / (with01 - 1) * sum(y * y for y in ones.values()) / n**2, with01 - 1),
    ]
    return min(clusters - 1, sum(part for part, _ in parts) ** 2 / sum(part**2 / df for part, df in parts))


def delong_case(generator, name, patients, most, decimals, unknown):
    groups, labels, scores = [], [], [[], []]
    for patient in range(patients):
        effect = generator.normal()
        for _ in range(generator.integers(1, most + 1)):
            label = int(generator.random() < 0.4)
            groups.append(patient)
            labels.append(-1 if generator.random() < unknown else label)
            for model in range(2):
                score = 1.2 * label + 0.7 * effect + generator.normal() * (0.8 + 0.6 * model)
                scores[model].append(round(score, decimals))
    known = [i for i, label in enumerate(labels) if label >= 0]
    truth = [labels[i] for i in known]
    areas = [components(labels, model)[2] for model in scores]
    for model, area in zip(scores, areas):
        assert abs(roc_auc_score(truth, [model[i] for i in known]) - area) < 1e-12
    variance = lambda a, b: obuchowski(labels, groups, a, b)
    covariance = [[variance(a, b) for b in scores] for a in scores]
    if most == 1:
        plain = [[delong(labels, a, b) for b in scores] for a in scores]
        assert numpy.abs(numpy.array(plain) - numpy.array(covariance)).max() < 1e-14
        covariance = plain
    difference = covariance[0][0] + covariance[1][1] - 2 * covariance[0][1]
    z = (areas[0] - areas[1]) / math.sqrt(difference)
    intervals = []
    for row, area in enumerate(areas):
        df = degrees_of_freedom(labels, groups, [1], [scores[row]])
        reach = scipy.stats.t.ppf(0.975, df) * math.sqrt(covariance[row][row]) / (area * (1 - area))
        intervals.append(scipy.special.expit([scipy.special.logit(area) + side * reach for side in (-1, 1)]).tolist())
    reach = scipy.stats.t.ppf(0.975, degrees_of_freedom(labels, groups, [1, -1], scores)) * math.sqrt(difference)
    return {
        "name": name,
        "groups": groups,
        "labels": labels,
        "scores": scores,
        "aurocs": areas,
        "covariance": covariance,
        "p": 2 * scipy.stats.norm.sf(abs(z)),
        "intervals": intervals,
        "differenceInterval": [areas[0] - areas[1] - reach, areas[0] - areas[1] + reach],
    }


def holm(p_values):
    return {"p": p_values, "adjusted": multipletests(p_values, method="holm")[1].tolist()}


# Demsar 2006, table 6: AUC of C4.5 with two kinds of tuning on fourteen data sets. In the last row but one two values are printed
# alike, but ranked 2 and 3: a fourth digit stands for those that are not printed.
demsar = {
    "rows": ["C4.5", "C4.5+m", "C4.5+cf", "C4.5+m+cf"],
    "scores": [
        [0.763, 0.768, 0.771, 0.798],
        [0.599, 0.591, 0.590, 0.569],
        [0.954, 0.971, 0.968, 0.967],
        [0.628, 0.661, 0.654, 0.657],
        [0.882, 0.888, 0.886, 0.898],
        [0.936, 0.931, 0.916, 0.931],
        [0.661, 0.668, 0.609, 0.685],
        [0.583, 0.583, 0.563, 0.625],
        [0.775, 0.838, 0.866, 0.875],
        [1.000, 1.000, 1.000, 1.000],
        [0.940, 0.962, 0.965, 0.962],
        [0.619, 0.666, 0.614, 0.669],
        [0.972, 0.981, 0.9751, 0.975],
        [0.957, 0.978, 0.946, 0.970],
    ],
}


def friedman_case(name, table):
    """`table` is data sets by rows."""
    table = numpy.array(table)
    datasets, rows = table.shape
    chi_square, p = scipy.stats.friedmanchisquare(*table.T)
    ranks = scipy.stats.rankdata(-table, axis=1).mean(axis=0)
    f = (datasets - 1) * chi_square / (datasets * (rows - 1) - chi_square)
    quantile = scipy.stats.studentized_range.ppf(0.95, rows, numpy.inf) / math.sqrt(2)
    return {
        "name": name,
        "scores": table.T.tolist(),
        "averageRanks": ranks.tolist(),
        "chiSquare": chi_square,
        "p": p,
        "imanDavenport": f,
        "pImanDavenport": scipy.stats.f.sf(f, rows - 1, (rows - 1) * (datasets - 1)),
        "criticalDifference": quantile * math.sqrt(rows * (rows + 1) / (6 * datasets)),
    }


def interval_case(name, value, values, left_out, groups):
    """Bias-corrected and accelerated, at Student's quantile."""
    values, left_out = numpy.array(values), numpy.array(left_out)
    normal, skew, kurtosis = scipy.stats.norm, scipy.stats.skew, scipy.stats.kurtosis
    below = ((values < value).sum() + 0.5 * (values == value).sum()) / len(values)
    bias = normal.ppf(below)
    acceleration = skew(values) / 6
    uncertainty = (kurtosis(left_out) - skew(left_out) ** 2) / len(left_out)
    jackknife = (len(left_out) - 1) * left_out.var() * (groups - 1) / groups
    correction = min(max(math.sqrt(jackknife / values.var(ddof=1)), 1 / 1.1), 1.1)
    df = max(8, 2 / uncertainty) if uncertainty > 0 else numpy.inf
    shares = []
    for p in (0.025, 0.975):
        moved = bias + correction * scipy.stats.t.ppf(p, df)
        shares.append(normal.cdf(bias + moved / (1 - acceleration * moved)))
    return {
        "name": name,
        "value": value,
        "values": values.tolist(),
        "jackknife": left_out.tolist(),
        "nGroups": groups,
        "interval": numpy.quantile(values, shares).tolist(),
        "percentiles": [[share, numpy.quantile(values, share)] for share in (0.0, 0.025, 0.31, 0.975, 1.0)],
    }


def main():
    generator = numpy.random.default_rng(20240611)
    cases = [
        delong_case(generator, "an image per patient", 45, 1, 6, 0),
        delong_case(generator, "an image per patient, tied scores", 60, 1, 0, 0),
        delong_case(generator, "several images per patient", 25, 6, 6, 0),
        delong_case(generator, "several images per patient, tied scores, unknown labels", 30, 4, 0, 0.1),
    ]
    p_values = [[0.01, 0.04, 0.03, 0.005], [0.2], [0.5, 0.9, 0.4], [0.001, 0.001, 0.02, 0.3, 0.012, 1.0, 0.0499]]
    tables = [
        friedman_case("Demsar 2006", demsar["scores"]),
        friedman_case("nine data sets, ties", numpy.round(generator.random((9, 5)) + numpy.arange(5) / 8, 1)),
        friedman_case("thirty data sets, twelve rows", generator.random((30, 12)) + numpy.arange(12) / 9),
    ]
    assert numpy.abs(numpy.array(tables[0]["averageRanks"]) - [3.143, 2.000, 2.893, 1.964]).max() < 5e-4
    normal = lambda mean, deviation, count: numpy.round(generator.normal(mean, deviation, count), 12)
    skewed = lambda count: numpy.round(1 - generator.gamma(4, 0.01, count), 12)
    intervals = [
        interval_case("symmetric", 0.81, normal(0.8, 0.03, 501), normal(0.81, 0.0032, 90), 90),
        interval_case("skewed", 0.96, skewed(1000), skewed(200), 500),
        interval_case("few groups", 0.97, skewed(1000), numpy.round(1 - generator.gamma(0.1, 0.01, 9), 12), 9),
        interval_case("two kinds of groups", 0.8, normal(0.8, 0.03, 400), numpy.repeat([0.79, 0.81], [12, 28]), 40),
        interval_case("few values, many equal", 0.7, numpy.round(normal(0.7, 0.05, 200), 2), normal(0.7, 0.01, 30), 30),
    ]
    answer = {
        "distributions": distributions(),
        "delong": cases,
        "holm": [holm(each) for each in p_values],
        "friedman": tables,
        "intervals": intervals,
    }
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(answer) + "\n")


main()

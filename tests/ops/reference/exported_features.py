"""Checks a finished run of experiments/pneumonia.exp against scikit-learn, from what the run itself exports.

    exp run experiments/pneumonia.exp
    exp export features experiments/pneumonia.exp --out exports
    exp export predictions experiments/pneumonia.exp --out exports
    exp table experiments/pneumonia.exp --format json > table.json
    python tests/ops/reference/exported_features.py exports table.json figures.json

From the exported features it fits the heads anew with scikit-learn: the same neighbours under the same vote, logistic
regression at the same C. From the exported predictions it computes the metrics anew. It writes the differences, which
are the figures beside this script, and ends with 1 where one is over its bar. Needs numpy and scikit-learn.
"""

import json
import sys
from pathlib import Path

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, balanced_accuracy_score, f1_score, roc_auc_score
from sklearn.neighbors import NearestNeighbors

BACKBONES = ["squeezenet", "mobilenet", "deit_tiny"]
K, TEMPERATURE, C = 11, 0.07, 0.01
BARS = {"metrics": 1e-9, "knn_scores": 1e-6, "knn_auroc": 1e-9, "logistic_auroc": 1e-4}


def load(folder: Path, name: str):
    return np.load(folder / f"{name}.npz", allow_pickle=False)


def matrix(archive) -> np.ndarray:
    return archive["features"].astype(np.float64)


def vote(train: np.ndarray, labels: np.ndarray, test: np.ndarray) -> np.ndarray:
    """DINOv2's vote: softmax of similarity / temperature over the k nearest, summed per class.

    The sums are divided by their total last: a unanimous vote is then exactly 1. Weights that are brought to a sum of 1
    first come to 1 +- 1e-16, and the AUROC would rank examples by that rounding (0.006 of AUROC on these data).
    """
    search = NearestNeighbors(n_neighbors=K, metric="cosine", algorithm="brute").fit(train)
    distance, index = search.kneighbors(test)
    weight = np.exp((distance[:, :1] - distance) / TEMPERATURE)
    votes = np.stack([(weight * (labels[index] == label)).sum(axis=1) for label in (0, 1)], axis=1)
    return votes / weight.sum(axis=1, keepdims=True)


def logistic(train: np.ndarray, labels: np.ndarray, test: np.ndarray) -> np.ndarray:
    deviation = train.std(axis=0)
    deviation[deviation == 0] = 1
    scaled = lambda x: (x - train.mean(axis=0)) / deviation
    fit = LogisticRegression(C=C, solver="newton-cholesky", tol=1e-10, max_iter=1000)
    return fit.fit(scaled(train), labels).predict_proba(scaled(test))


def scores(labels: np.ndarray, probability: np.ndarray) -> dict:
    guess = probability.argmax(axis=1)
    return {
        "test.auroc": roc_auc_score(labels, probability[:, 1]),
        "test.accuracy": accuracy_score(labels, guess),
        "test.balanced_accuracy": balanced_accuracy_score(labels, guess),
        "test.f1": f1_score(labels, guess),
    }


def main(exports: str, table_file: str, figures_file: str) -> int:
    folder = Path(exports)
    cells = json.loads(Path(table_file).read_text())["cells"]
    rows = []
    for backbone in BACKBONES:
        train = load(folder, f"extract-{backbone}-pneumonia-train")
        test = load(folder, f"extract-{backbone}-pneumonia-test")
        for head, op, refit in [("knn11", "knn", vote), ("linear", "predict", logistic)]:
            ours = load(folder, f"{op}-{head}-{backbone}-pneumonia-test")
            assert (ours["labels"] == test["labels"]).all() and (ours["digests"] == test["digests"]).all()
            theirs = refit(matrix(train), train["labels"], matrix(test))
            table = {c["metric"]: c["mean"] for c in cells if c["row"] == {"backbone": backbone, "head": head}}
            expected = scores(ours["labels"], ours["scores"])
            rows.append(
                {
                    "backbone": backbone,
                    "head": head,
                    "auroc": table["test.auroc"],
                    "accuracy": table["test.accuracy"],
                    "metrics": max(abs(table[name] - value) for name, value in expected.items()),
                    "scores": float(np.abs(ours["scores"] - theirs).max()),
                    "auroc_difference": abs(table["test.auroc"] - scores(ours["labels"], theirs)["test.auroc"]),
                }
            )
    worst = {
        "metrics": max(row["metrics"] for row in rows),
        "knn_scores": max(row["scores"] for row in rows if row["head"] == "knn11"),
        "knn_auroc": max(row["auroc_difference"] for row in rows if row["head"] == "knn11"),
        "logistic_auroc": max(row["auroc_difference"] for row in rows if row["head"] == "linear"),
    }
    figures = {"versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__}, "bars": BARS, "worst": worst, "rows": rows}
    Path(figures_file).write_text(json.dumps(figures, indent=2) + "\n")
    print(json.dumps(worst, indent=2))
    return 0 if all(worst[name] <= bar for name, bar in BARS.items()) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))

"""Writes optimisers.json: torch.optim.SGD and AdamW with clip_grad_norm_ and torch's schedules, in float64 and in float32.

Inputs are not stored: they come from an integer hash that the test repeats, rounded to float32. The gradient of a step is
that of a slope that each entry has of its own, curvature * (w - middle), and noise that is drawn anew for each step.
Stored: after every step both parameters, and the norm of their gradients before clipping, all of the float64 run; how far the
float32 run was from these parameters (Euclidean, over all steps); and what schedules multiply rates with.
Run with a Python that has numpy and torch: python optimisers.py
"""

import json
import pathlib
import warnings

import numpy
import torch
from torch.optim import lr_scheduler

STEPS = 30
SHAPES = [[3, 4], [4]]

CONSTANT = {"kind": "constant"}
COSINE = {"kind": "cosine", "steps": 30}
SHORT_COSINE = {"kind": "cosine", "steps": 25, "warmUp": {"steps": 5, "startFactor": 0.1}}
EVERY_SEVEN = {"kind": "step", "every": 7, "factor": 0.5}
WARM_STEPS = {"kind": "step", "every": 9, "factor": 0.3, "warmUp": {"steps": 4, "startFactor": 0.01}}
POLYNOMIAL = {"kind": "polynomial", "steps": 40, "power": 2.0}
SHORT_POLYNOMIAL = {"kind": "polynomial", "steps": 20, "power": 0.9}
WARM_LINE = {"kind": "polynomial", "steps": 15, "power": 1.0, "warmUp": {"steps": 10, "startFactor": 1 / 3}}
WARM_CONSTANT = {"kind": "constant", "warmUp": {"steps": 1, "startFactor": 0.5}}
SCHEDULES = [
    CONSTANT,
    COSINE,
    SHORT_COSINE,
    EVERY_SEVEN,
    WARM_STEPS,
    POLYNOMIAL,
    SHORT_POLYNOMIAL,
    WARM_LINE,
    WARM_CONSTANT,
]


def sgd(momentum, nesterov=False):
    return {"kind": "sgd", "momentum": momentum, "nesterov": nesterov}


def adam_w(beta1=0.9, beta2=0.999, epsilon=1e-8):
    return {"kind": "adamW", "beta1": beta1, "beta2": beta2, "epsilon": epsilon}


def run_of(name, optimiser, rates, decays, schedule, largest_norm=None):
    return {
        "name": name,
        "optimiser": optimiser,
        "rates": rates,
        "weightDecays": decays,
        "schedule": schedule,
        "largestNorm": largest_norm,
    }


RUNS = [
    run_of("SGD", sgd(0), [0.05, 0.1], [0, 0], POLYNOMIAL),
    run_of("SGD with momentum, after a warm-up", sgd(0.9), [0.02, 0.05], [0, 0], SHORT_COSINE),
    run_of("SGD with momentum and decay, clipped", sgd(0.8), [0.05, 0.1], [0.1, 0], EVERY_SEVEN, 2.5),
    run_of("SGD with Nesterov's momentum and decay", sgd(0.9, True), [0.02, 0.03], [0.02, 0.3], WARM_STEPS),
    run_of("AdamW as it is by default", adam_w(), [0.02, 0.05], [0, 0], CONSTANT),
    run_of("AdamW with decay, after a warm-up", adam_w(), [0.03, 0.01], [0.01, 0.5], SHORT_COSINE),
    run_of("AdamW of short memory, clipped", adam_w(0.8, 0.95), [0.02, 0.05], [0.1, 0], WARM_STEPS, 3.5),
    run_of("AdamW with a large epsilon", adam_w(0.5, 0.9, 0.1), [0.1, 0.05], [0.05, 0.2], EVERY_SEVEN),
    run_of("AdamW without a first moment, clipped", adam_w(0.0, 0.99, 1e-3), [0.05, 0.02], [0, 0], POLYNOMIAL, 2.5),
]


def hashed(name, shape):
    """Values in [-1, 1] that float32 holds, a function of the name and the index alone."""
    seed = sum((place + 1) * ord(letter) for place, letter in enumerate(name))
    with numpy.errstate(over="ignore"):
        x = numpy.arange(numpy.prod(shape), dtype=numpy.uint32) * numpy.uint32(2654435761)
        x += numpy.uint32(seed * 40503 % 2**32)
        x ^= x >> numpy.uint32(15)
        x *= numpy.uint32(2246822519)
        x ^= x >> numpy.uint32(13)
    return torch.tensor((x.astype(numpy.float64) / 2**31 - 1).astype(numpy.float32).reshape(shape))


def optimiser_of(settings, groups):
    if settings["kind"] == "sgd":
        return torch.optim.SGD(groups, lr=1.0, momentum=settings["momentum"], nesterov=settings["nesterov"])
    betas = (settings["beta1"], settings["beta2"])
    return torch.optim.AdamW(groups, lr=1.0, betas=betas, eps=settings["epsilon"])


def schedule_of(settings, optimiser):
    kinds = {
        "constant": lambda: lr_scheduler.ConstantLR(optimiser, factor=1.0, total_iters=1),
        "cosine": lambda: lr_scheduler.CosineAnnealingLR(optimiser, T_max=settings["steps"]),
        "step": lambda: lr_scheduler.StepLR(optimiser, step_size=settings["every"], gamma=settings["factor"]),
        "polynomial": lambda: lr_scheduler.PolynomialLR(
            optimiser, total_iters=settings["steps"], power=settings["power"]
        ),
    }
    if "warmUp" not in settings:
        return kinds[settings["kind"]]()
    steps, start = settings["warmUp"]["steps"], settings["warmUp"]["startFactor"]
    line = lr_scheduler.LinearLR(optimiser, start_factor=start, total_iters=steps)
    return lr_scheduler.SequentialLR(optimiser, [line, kinds[settings["kind"]]()], milestones=[steps])


def factors(settings):
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = schedule_of(settings, optimiser)
    found = []
    for _ in range(STEPS):
        found.append(schedule.get_last_lr()[0])
        optimiser.step()
        schedule.step()
    return found


def train(run, dtype):
    def draw(name, place):
        return hashed(f"{name} {place}", SHAPES[place]).to(dtype)

    places = range(len(SHAPES))
    parameters = [draw("parameter", place).requires_grad_() for place in places]
    middles = [draw("middle", place) for place in places]
    curvatures = [1 + draw("curvature", place) / 2 for place in places]
    groups = [
        {"params": [parameters[place]], "lr": run["rates"][place], "weight_decay": run["weightDecays"][place]}
        for place in places
    ]
    optimiser = optimiser_of(run["optimiser"], groups)
    schedule = schedule_of(run["schedule"], optimiser)
    trajectory, norms = [], []
    for step in range(STEPS):
        for place, parameter in enumerate(parameters):
            slope = curvatures[place] * (parameter.detach() - middles[place])
            parameter.grad = slope + draw(f"noise {step}", place)
        largest = float("inf") if run["largestNorm"] is None else run["largestNorm"]
        norms.append(float(torch.nn.utils.clip_grad_norm_(parameters, largest)))
        optimiser.step()
        schedule.step()
        trajectory.append(torch.cat([parameter.detach().flatten() for parameter in parameters]).to(torch.float64))
    return torch.stack(trajectory), norms


def rounded(values):
    return [float(f"{value:.15g}") for value in values]


def reference(run):
    (exact, norms), (single, _) = train(run, torch.float64), train(run, torch.float32)
    if run["largestNorm"] is not None:
        # Some steps are clipped, and some are not.
        assert min(norms) < run["largestNorm"] < max(norms), norms
    return {
        **{key: value for key, value in run.items() if key != "schedule"},
        "factors": factors(run["schedule"]),
        "trajectory": [rounded(step) for step in exact.tolist()],
        "norms": rounded(norms),
        "float32Distance": float(torch.linalg.norm(single - exact)),
    }


torch.set_num_threads(1)
warnings.filterwarnings("ignore", "The epoch parameter")
document = {
    "torch": torch.__version__,
    "shapes": SHAPES,
    "schedules": [{"schedule": schedule, "factors": factors(schedule)} for schedule in SCHEDULES],
    "runs": [reference(run) for run in RUNS],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(document, separators=(",", ":")) + "\n")

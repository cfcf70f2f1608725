"""Trains a grid of linear heads with PyTorch, in several ways, and says how many steps each takes in a second.

Run with a Python that has torch. It reads one request per line of standard input (JSON), answers each with one line, and
waits for the next: between requests it uses no core. All ways train the same heads on the same batches:

    {"ask": "machine", "threads": ...}                   sets the threads and says versions
    {"ask": "prepare", "features": ..., "columns": ...}  makes the data, gets the ways ready, and says whether they end at
                                                         the same weights
    {"ask": "measure", "way": ..., "seconds": ...}       steps per second after a warm-up, and CPU time

Protocol: SGD with momentum 0.9 and no weight decay, a rate per head, cosine over the steps, float32, shuffled batches
gathered from the whole standardised matrix. A head's loss is the mean over batch and outputs (sigmoid) or over the batch
(softmax); `columns` beyond the heads' outputs are padding, as the heads' own block structure has it.
"""

import json
import math
import sys
import time

import torch
from torch.nn import functional

MOMENTUM = 0.9
SCHEDULED_STEPS = 100_000
CHECKED_STEPS = 40


class Data:
    """Standardised features, truth, and batches in a new order every epoch."""

    def __init__(self, request):
        self.features, self.rows, self.batch = request["features"], request["rows"], request["batch"]
        self.heads, self.outputs, self.columns = request["heads"], request["outputs"], request["columns"]
        self.loss = request["loss"]
        generator = torch.Generator().manual_seed(7)
        self.x = torch.randn(self.rows, self.features, generator=generator)
        labels = torch.randint(self.outputs, (self.rows,), generator=generator)
        self.classes = labels
        sigmoid_truth = (torch.rand(self.rows, self.outputs, generator=generator) < 0.3).float()
        self.truth = sigmoid_truth if self.loss == "sigmoid" else functional.one_hot(labels, self.outputs).float()
        self.rates = torch.logspace(-3, -1, self.heads)
        self.initial = torch.randn(self.outputs, self.features, generator=generator) * 0.01
        # What a gradient of the summed loss is divided by, for the mean.
        self.divisor = self.batch * (self.outputs if self.loss == "sigmoid" else 1)

    def batches(self):
        """Endless lists of rows, the same in every way: whole batches of shuffled epochs."""
        generator = torch.Generator().manual_seed(8)
        while True:
            order = torch.randperm(self.rows, generator=generator)
            for start in range(0, self.rows - self.batch + 1, self.batch):
                yield order[start : start + self.batch]

    def fused_initial(self):
        """[columns, features]: the heads one below the other, then padding."""
        weights = torch.zeros(self.columns, self.features)
        weights[: self.heads * self.outputs] = self.initial.repeat(self.heads, 1)
        return weights

    def column_rates(self):
        rates = torch.zeros(self.columns)
        rates[: self.heads * self.outputs] = self.rates.repeat_interleave(self.outputs)
        return rates


def rate_factor(step):
    return 0.5 * (1 + math.cos(math.pi * step / SCHEDULED_STEPS))


def separate(data, optimiser_options):
    """One nn.Linear per head, their losses summed, one optimiser with a group per head: what people write."""
    heads = [torch.nn.Linear(data.features, data.outputs) for _ in range(data.heads)]
    for head in heads:
        head.weight.data.copy_(data.initial)
        head.bias.data.zero_()
    groups = [{"params": head.parameters(), "lr": float(rate)} for head, rate in zip(heads, data.rates)]
    optimiser = torch.optim.SGD(groups, momentum=MOMENTUM, **optimiser_options)
    rates = data.rates.tolist()

    def step(index, rows):
        x = data.x[rows]
        target = data.truth[rows] if data.loss == "sigmoid" else data.classes[rows]
        measure = functional.binary_cross_entropy_with_logits if data.loss == "sigmoid" else functional.cross_entropy
        loss = sum(measure(head(x), target) for head in heads)
        factor = rate_factor(index)
        for group, rate in zip(optimiser.param_groups, rates):
            group["lr"] = rate * factor
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    return step, lambda: torch.cat([head.weight.detach() for head in heads])


def autograd(data):
    """All heads in one matrix. Without weight decay a rate per head is the same as a weight per loss."""
    weights = data.fused_initial().requires_grad_()
    bias = torch.zeros(data.columns, requires_grad=True)
    optimiser = torch.optim.SGD([weights, bias], lr=1.0, momentum=MOMENTUM)
    used, shape = data.heads * data.outputs, (data.batch, data.heads, data.outputs)

    def loss_of(x, truth):
        logits = functional.linear(x, weights, bias)[:, :used].view(shape)
        target = truth[:, None, :].expand(shape)
        if data.loss == "sigmoid":
            losses = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
        else:
            losses = -(functional.log_softmax(logits, dim=2) * target)
        return (losses.sum((0, 2)) / data.divisor * data.rates).sum()

    def step(index, rows):
        loss = loss_of(data.x[rows], data.truth[rows])
        optimiser.param_groups[0]["lr"] = rate_factor(index)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    return step, lambda: weights.detach()[:used]


def by_hand(data):
    """The gradient written out, in place, into buffers made once; no loss is computed. Rates go into the small gradient
    of the logits, and the momentum is what the second product adds to."""
    weights, bias = data.fused_initial().t().contiguous(), torch.zeros(data.columns)
    momentum, bias_momentum = torch.zeros_like(weights), torch.zeros_like(bias)
    scale = data.column_rates() / data.divisor
    x, truth = torch.empty(data.batch, data.features), torch.empty(data.batch, data.outputs)
    logits, ones = torch.empty(data.batch, data.columns), torch.ones(data.batch)

    def step(index, rows):
        torch.index_select(data.x, 0, rows, out=x)
        torch.index_select(data.truth, 0, rows, out=truth)
        torch.addmm(bias, x, weights, out=logits)
        to_gradient_of_logits(data, logits, truth)
        logits.mul_(scale)
        momentum.addmm_(x.t(), logits, beta=MOMENTUM)
        bias_momentum.addmv_(logits.t(), ones, beta=MOMENTUM)
        factor = rate_factor(index)
        weights.add_(momentum, alpha=-factor)
        bias.add_(bias_momentum, alpha=-factor)

    return step, lambda: weights.t()[: data.heads * data.outputs]


def by_hand_onednn(data, linear):
    """By hand, with both products through oneDNN, which on some processors is faster than what dense products use."""
    weights, bias = data.fused_initial(), torch.zeros(data.columns)
    momentum, bias_momentum = torch.zeros_like(weights), torch.zeros_like(bias)
    scale = data.column_rates() / data.divisor
    x, truth = torch.empty(data.batch, data.features), torch.empty(data.batch, data.outputs)
    ones = torch.ones(data.batch)

    def step(index, rows):
        torch.index_select(data.x, 0, rows, out=x)
        torch.index_select(data.truth, 0, rows, out=truth)
        logits = linear(x, weights, bias)
        to_gradient_of_logits(data, logits, truth)
        logits.mul_(scale)
        momentum.mul_(MOMENTUM).add_(linear(logits.t(), x.t(), None))
        bias_momentum.addmv_(logits.t(), ones, beta=MOMENTUM)
        factor = rate_factor(index)
        weights.add_(momentum, alpha=-factor)
        bias.add_(bias_momentum, alpha=-factor)

    return step, lambda: weights[: data.heads * data.outputs]


def documented_linear(x, weights, bias):
    return functional.linear(x.contiguous().to_mkldnn(), weights, bias).to_dense()


def private_linear(x, weights, bias):
    """The operator that torch.compile emits for frozen models. PyTorch does not document it."""
    return torch.ops.mkldnn._linear_pointwise(x, weights, bias, "none", [], "")


def by_hand_compiled(data):
    """By hand, compiled as a whole."""
    used, shape = data.heads * data.outputs, (data.batch, data.heads, data.outputs)
    weights, bias = data.fused_initial().t().contiguous(), torch.zeros(data.columns)
    momentum, bias_momentum = torch.zeros_like(weights), torch.zeros_like(bias)
    scale = data.column_rates() / data.divisor
    padding = data.columns - used

    @torch.compile
    def update(weights, bias, momentum, bias_momentum, x, truth, factor):
        logits = torch.addmm(bias, x, weights)[:, :used].reshape(shape)
        probabilities = logits.sigmoid() if data.loss == "sigmoid" else logits.softmax(dim=2)
        gradient = (probabilities - truth[:, None, :]).reshape(data.batch, used)
        gradient = functional.pad(gradient, (0, padding)) * scale
        momentum.copy_(torch.addmm(momentum, x.t(), gradient, beta=MOMENTUM))
        bias_momentum.mul_(MOMENTUM).add_(gradient.sum(0))
        weights.sub_(momentum * factor)
        bias.sub_(bias_momentum * factor)

    def step(index, rows):
        factor = torch.tensor(rate_factor(index))
        update(weights, bias, momentum, bias_momentum, data.x[rows], data.truth[rows], factor)

    return step, lambda: weights.t()[:used]


def to_gradient_of_logits(data, logits, truth):
    """Turns logits [batch, columns] into probabilities minus truth, in place. Padding is multiplied with a rate of 0 later."""
    per_head = logits[:, : data.heads * data.outputs].unflatten(1, (data.heads, data.outputs))
    if data.loss == "sigmoid":
        logits.sigmoid_()
    else:
        torch.softmax(per_head, 2, out=per_head)
    per_head.sub_(truth[:, None, :])


WAYS = {
    "separate": lambda data: separate(data, {}),
    "separate, fused optimiser": lambda data: separate(data, {"fused": True}),
    "autograd": autograd,
    "by hand": lambda data: no_grad(by_hand(data)),
    "by hand, compiled": lambda data: no_grad(by_hand_compiled(data)),
    "by hand, oneDNN": lambda data: no_grad(by_hand_onednn(data, documented_linear)),
    "by hand, private oneDNN": lambda data: no_grad(by_hand_onednn(data, private_linear)),
}


def no_grad(way):
    step, weights = way
    return torch.no_grad()(step), weights


class Bench:
    def __init__(self):
        self.data, self.ready, self.missing = None, {}, {}

    def machine(self, request):
        torch.set_num_threads(request["threads"])
        return {"torch": torch.__version__, "threads": torch.get_num_threads()}

    def prepare(self, request):
        """A way that this machine or this PyTorch does not have (no compiler, no oneDNN) is left out, and says why."""
        self.data, self.ready, self.missing = Data(request), {}, {}
        torch._dynamo.reset()
        for name in request["ways"]:
            try:
                step, weights = WAYS[name](self.data)
                for index, rows in zip(range(CHECKED_STEPS), self.data.batches()):
                    step(index, rows)
                self.ready[name] = (step, weights().clone())
            except Exception as error:  # whatever a compiler or a missing operator throws
                self.missing[name] = " ".join(str(error).split())[:200]
        return {"ready": list(self.ready), "missing": self.missing, "distances": self.distances()}

    def distances(self):
        """The largest distance of a way's weights from the first way's after the same steps, over how far those moved."""
        _, reference = next(iter(self.ready.values()))
        moved = (reference - self.data.initial.repeat(self.data.heads, 1)).abs().max()
        return {name: float((weights - reference).abs().max() / moved) for name, (_, weights) in self.ready.items()}

    def measure(self, request):
        step, _ = self.ready[request["way"]]
        batches, used_before = self.data.batches(), time.process_time()
        index = self.run(step, batches, CHECKED_STEPS, 0.2)
        started = time.perf_counter()
        last = self.run(step, batches, index, request["seconds"])
        rate = (last - index) / (time.perf_counter() - started)
        return {"stepsPerSecond": rate, "cpuSeconds": time.process_time() - used_before}

    def run(self, step, batches, index, seconds):
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            for _ in range(32):
                step(index, next(batches))
                index += 1
        return index


def main():
    bench = Bench()
    answers = {"machine": bench.machine, "prepare": bench.prepare, "measure": bench.measure}
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(answers[request["ask"]](request)), flush=True)


main()

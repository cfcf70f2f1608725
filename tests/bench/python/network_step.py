"""Trains a network or a block of one with PyTorch, and says how many steps it takes in a second.

Run with a Python that has torch. It reads one request per line of standard input (JSON), answers each with one line, and
waits for the next: between requests it uses no core.

    {"ask": "machine", "threads": ...}                 sets the threads and says versions
    {"ask": "prepare", "case": ..., "batch": ...}      makes network and data; answers with the losses of the first two steps
    {"ask": "measure", "seconds": ...}                 steps per second after a warm-up, and CPU time

Protocol: SGD with momentum 0.9, rate 0.001, float32, eager, the same batch in every step. Weights, inputs and truth are hashed by
name and index (`hashed`), as the other side makes them.
"""

import json
import math
import sys
import time

import numpy
import torch
from plain_vit import Block, Vit, given, hashed
from torch.nn import functional


def fill(module):
    """Norms at 1 and 0; what has several axes by its fan-in."""
    for name, value in module.named_parameters():
        count, shape = value.numel(), tuple(value.shape)
        if len(shape) == 1:
            numbers = numpy.full(count, 1.0 if name.endswith("weight") else 0.0)
        else:
            numbers = hashed(name, count) * math.sqrt(3 / math.prod(shape[1:]))
        value.data.copy_(torch.tensor(numbers.reshape(shape), dtype=torch.float32))
    return module


class ConvBlock(torch.nn.Module):
    """A basic block of a ResNet: two convolutions with batch norms in training, and a way around them."""

    def __init__(self, width):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(width)
        self.conv2 = torch.nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = torch.nn.BatchNorm2d(width)

    def forward(self, x):
        y = functional.relu(self.bn1(self.conv1(x)))
        return functional.relu(self.bn2(self.conv2(y)) + x)


def prepare(case, batch):
    if case == "vit_s":
        network, x = Vit(224, 14, 384, 12, 6, 2), given("x", (batch, 3, 224, 224))
        truth = torch.arange(batch) % 2
        return fill(network), x, lambda y: functional.cross_entropy(y, truth)
    if case == "attention_block":
        network, shape = Block(384, 6), (batch, 257, 384)
    else:
        network, shape = ConvBlock(64), (batch, 64, 56, 56)
    truth = given("truth", shape)
    return fill(network), given("x", shape), lambda y: functional.mse_loss(y, truth)


class Training:
    def __init__(self, request):
        self.network, self.x, self.loss = prepare(request["case"], request["batch"])
        self.network.train()
        self.optimiser = torch.optim.SGD(self.network.parameters(), lr=1e-3, momentum=0.9)

    def step(self):
        self.optimiser.zero_grad()
        loss = self.loss(self.network(self.x))
        loss.backward()
        self.optimiser.step()
        return loss

    def measure(self, seconds):
        started_cpu = time.process_time()
        self.step()
        started, steps = time.perf_counter(), 0
        while time.perf_counter() - started < seconds:
            self.step()
            steps += 1
        rate = steps / (time.perf_counter() - started)
        return {"stepsPerSecond": rate, "cpuSeconds": time.process_time() - started_cpu}


training = None
for line in sys.stdin:
    request = json.loads(line)
    if request["ask"] == "machine":
        torch.set_num_threads(request["threads"])
        answer = {"torch": torch.__version__.split("+")[0], "threads": torch.get_num_threads()}
    elif request["ask"] == "prepare":
        training = Training(request)
        answer = {"losses": [training.step().item() for _ in range(2)]}
    else:
        answer = training.measure(request["seconds"])
    print(json.dumps(answer), flush=True)

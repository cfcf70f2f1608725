"""Passes images through a vision transformer with PyTorch, and says how many passes it makes in a second.

Run with a Python that has torch. It reads one request per line of standard input (JSON), answers each with one line, and
waits for the next: between requests it uses no core.

    {"ask": "machine", "threads": ...}      sets the threads and says versions
    {"ask": "card"}                         the name of the CUDA device, or null
    {"ask": "prepare", "name": ..., "weights": PATH, "batches": [...], "ways": [...], "device": ...}
                                            makes the network; answers with what it is, the features of two images by each way
                                            (`eager`, `compiled`), and why a way is missing
    {"ask": "measure", "way": ..., "batch": ..., "seconds": ...}
                                            passes per second after a warm-up, and CPU time

Protocol: float32, inference mode, weights from the safetensors file that the other side reads, images hashed by index as the other side
makes them. What is compiled is compiled for each batch while the network is prepared. On a card, images come from the host's memory
and features go back to it in every pass.
"""

import json
import math
import sys
import time

import numpy
import torch
from plain_vit import Vit, given

try:
    import timm
except ImportError:
    timm = None

sizes = {
    "dinov2_vits14": {"timm": "vit_small_patch14_dinov2", "width": 384, "heads": 6},
    "dinov2_vitb14": {"timm": "vit_base_patch14_dinov2", "width": 768, "heads": 12},
}
checked_images = 2


def read_safetensors(path):
    """The float32 tensors of a file, by name."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    tensors = {}
    for name, entry in header.items():
        begin, _ = entry["data_offsets"]
        values = numpy.frombuffer(data, numpy.float32, math.prod(entry["shape"]), begin)
        tensors[name] = torch.tensor(values.reshape(entry["shape"]))
    return tensors


def make_network(name, weights):
    """timm's network where it is installed, or else a plain one; each without a classifier."""
    size = sizes[name]
    if timm is None:
        network = Vit(224, 14, size["width"], 12, size["heads"], scaled=True)
        what = "a plain module"
    else:
        network = timm.create_model(size["timm"], pretrained=False, num_classes=0, img_size=224)
        what = f"timm {timm.__version__} {size['timm']}"
    network.load_state_dict(read_safetensors(weights))
    return network.eval(), what


class Passes:
    """The ways of passing images, each a function of a batch on the host that gives features on the host."""

    def __init__(self, request):
        self.device = request["device"]
        network, self.what = make_network(request["name"], request["weights"])
        network.to(self.device)
        self.images = {batch: self.host_images(batch) for batch in request["batches"]}
        self.ways, self.missing, self.features = {}, {}, {}
        for way in request["ways"]:
            # One graph for each batch, which is never slower than one for all of them.
            self.ways[way] = network if way == "eager" else torch.compile(network, dynamic=False)
            try:
                for images in self.images.values():
                    features = self.forward(way, images)
                self.features[way] = features[:checked_images].flatten().tolist()
            except Exception as error:
                self.missing[way] = (str(error).strip() or type(error).__name__).splitlines()[0]

    def host_images(self, batch):
        images = given("x", (batch, 3, 224, 224))
        return images if self.device == "cpu" else images.pin_memory()

    def forward(self, way, images):
        with torch.inference_mode():
            return self.ways[way](images.to(self.device, non_blocking=True)).cpu()

    def measure(self, way, batch, seconds):
        started_cpu = time.process_time()
        images = self.images[batch]
        self.forward(way, images)
        started, passes = time.perf_counter(), 0
        while time.perf_counter() - started < seconds:
            self.forward(way, images)
            passes += 1
        rate = passes / (time.perf_counter() - started)
        return {"passesPerSecond": rate, "cpuSeconds": time.process_time() - started_cpu}


# float32 stays float32 on a card too.
torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False

passes = None
for line in sys.stdin:
    request = json.loads(line)
    if request["ask"] == "machine":
        torch.set_num_threads(request["threads"])
        answer = {"torch": torch.__version__.split("+")[0], "threads": torch.get_num_threads()}
    elif request["ask"] == "card":
        answer = {"name": torch.cuda.get_device_name() if torch.cuda.is_available() else None}
    elif request["ask"] == "prepare":
        passes = Passes(request)
        answer = {"network": passes.what, "features": passes.features, "missing": passes.missing}
    else:
        answer = passes.measure(request["way"], request["batch"], request["seconds"])
    print(json.dumps(answer), flush=True)

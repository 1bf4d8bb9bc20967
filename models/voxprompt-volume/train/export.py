"""Checkpoint -> the files of models/voxprompt-volume: graph, fp16 weights, golden input and output, hashes in manifest.json.

    python export.py CHECKPOINT [--out DIR] [--check]

The weights are stored as fp16 and expanded to float32 by the loader, as in models/litemedsam.
"""

import argparse
import hashlib
import json
import logging
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

FOLDER = Path(__file__).resolve().parent.parent
sys.path.append(str(FOLDER.parent / "litemedsam" / "export"))
import graph  # noqa: E402

from evaluate import load  # noqa: E402
from network import calibrated  # noqa: E402
from region import CHANNELS, DEPTH, SIZE, Prompt, Region, channels  # noqa: E402

OPSET = 18
NAMES = ("mask_logits", "slice_presence", "slice_score")
LOCATION = "volume.weights"


class Exported(torch.nn.Module):
    """channels [1, C, 32, 64, 64] -> mask_logits [1, 1, 32, 64, 64], slice_presence [1, 32], slice_score [1, 32]."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        logits, slices, _ = self.network(x)
        slices = torch.sigmoid(slices)
        return calibrated(logits, x), slices[:, 0], slices[:, 1]


def to_onnx(network):
    example = torch.zeros(1, len(CHANNELS), DEPTH, SIZE, SIZE)
    program = torch.onnx.export(
        Exported(network).eval(), (example,), dynamo=True, opset_version=OPSET, input_names=["channels"],
        output_names=list(NAMES), verbose=False,
    )  # fmt: skip
    model = onnx.ModelProto()
    model.CopyFrom(program.model_proto)
    graph.tidy(model)
    model.graph.name = "voxprompt-volume"
    model.producer_name, model.producer_version = "voxprompt models/voxprompt-volume/train", ""
    onnx.checker.check_model(model, full_check=True)
    return model


def phantom():
    """A bright ellipsoid with an off-centre neighbour in a ramp: image, inside, region. No patient is in it."""
    region = Region(0.0, 0.0, 0.0, 40.0, 32.0)
    dz, ticks = region.offsets()
    x, y, z = ticks[None, None, :], ticks[None, :, None], dz[:, None, None]
    lesion = (x / 20) ** 2 + (y / 16) ** 2 + (z / np.where(z < 0, 22, 34)) ** 2 <= 1
    other = ((x - 30) / 9) ** 2 + ((y + 22) / 9) ** 2 + ((z - 10) / 14) ** 2 <= 1
    image = 0.35 + 0.002 * x + 0 * y + 0 * z + 0.25 * lesion + 0.25 * other + 0.02 * np.sin(1.7 * x + 2.3 * y + 1.1 * z)
    inside = np.ones(image.shape, np.float32)
    inside[-3:] = 0
    return np.round(255 * image * inside).astype(np.float32) / 255, inside, region


def run_onnx(model, made, weights=None):
    options = onnxruntime.SessionOptions()
    if weights is not None:
        options.add_external_initializers_from_files_in_memory([LOCATION], [weights], [len(weights)])
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
    return session.run(None, {"channels": made[None]})


def compare(title, expected, actual):
    mask, other = expected[0] > 0, actual[0] > 0
    dice = 2 * (mask & other).sum() / max(mask.sum() + other.sum(), 1)
    worst = ", ".join(f"{n} {np.abs(e - a).max():.2e}" for n, e, a in zip(NAMES, expected, actual))
    print(f"{title}: largest difference {worst}; {int((mask != other).sum())} of {int(mask.sum())} voxels differ, Dice {dice:.5f}")


def golden_files(made, image, inside, region, expected):
    """Input image and flag (the channels are the loader's work), every 2nd channel sample, and the three outputs."""
    parts, entries = [], {}

    def add(name, array, dtype):
        data = np.ascontiguousarray(array).astype(dtype).tobytes()
        entries[name] = {"dtype": np.dtype(dtype).name, "shape": list(array.shape), "offset": sum(map(len, parts)), "bytes": len(data)}
        parts.append(data)

    add("image", np.round(image * 255), "u1")  # value / 255
    add("inside", inside, "u1")
    add("channels", made[:, ::4, 1::4, 1::4], "<f4")
    add("mask_logits", expected[0][0, 0, ::2, 1::2, 1::2], "<f4")
    add("slice_presence", expected[1][0], "<f4")
    add("slice_score", expected[2][0], "<f4")
    description = {
        "format": 1,
        "reference": "PyTorch, float32 weights and arithmetic",
        "region": {"w": region.w, "h": region.h, "zoom": 1, "zoomZ": 1},
        "sampling": {"channels": {"start": [0, 0, 1, 1], "stride": [1, 4, 4, 4]}, "mask_logits": {"start": [0, 1, 1], "stride": 2}},
        "maskVoxels": int((expected[0] > 0).sum()),
        "tensors": entries,
    }
    return description, b"".join(parts)


def write_hashes(out, outputs):
    path = out / "manifest.json"
    if not path.exists():
        return print("no manifest.json here: hashes not written")
    manifest = json.loads(path.read_text())

    def visit(node):
        for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            visit(value)
        if isinstance(node, dict) and node.get("path") in outputs:
            content = outputs[node["path"]]
            node["sha256"], node["bytes"] = hashlib.sha256(content).hexdigest(), len(content)

    visit(manifest)
    path.write_text(json.dumps(manifest, indent=2) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when graph or weights would differ")
    arguments = parser.parse_args()
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    torch.set_num_threads(1)

    network = load(arguments.checkpoint)
    image, inside, region = phantom()
    made = channels(image, inside, region, Prompt())
    model = to_onnx(network)
    print(sorted({node.op_type for node in model.graph.node}), len(model.graph.node), "nodes")
    with torch.no_grad():
        expected = [t.numpy() for t in Exported(network)(torch.from_numpy(made)[None])]
    compare("ONNX float32 against PyTorch float32", expected, run_onnx(model, made))
    half = graph.split_weights(model, LOCATION)
    expanded = np.frombuffer(half, "<f2").astype("<f4").tobytes()
    compare("as shipped (weights rounded to fp16) against PyTorch float32", expected, run_onnx(model, made, expanded))

    description, data = golden_files(made, image, inside, region, expected)
    outputs = {
        "volume.onnx": model.SerializeToString(deterministic=True),
        "volume.fp16.bin": half,
        "golden.json": (json.dumps(description, indent=1) + "\n").encode(),
        "golden.bin": data,
    }
    if arguments.check:
        differing = [n for n, b in outputs.items() if "golden" not in n and (arguments.out / n).read_bytes() != b]
        sys.exit(f"differ: {', '.join(differing)}" if differing else 0)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, content in outputs.items():
        (arguments.out / name).write_bytes(content)
        print(f"{name}: {len(content):,} bytes, sha256 {hashlib.sha256(content).hexdigest()}")
    write_hashes(arguments.out, outputs)


if __name__ == "__main__":
    main()

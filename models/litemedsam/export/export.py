"""Makes every generated file of models/litemedsam: graphs, fp16 weights, golden files, and their hashes in manifest.json.

    python export.py            writes the files
    python export.py --check    writes nothing; fails when a graph or weight file would differ from what is there
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

import golden
import graph
from network import Decoder, Encoder, load_network

FOLDER = Path(__file__).resolve().parent.parent
OPSET = 18


def export(module, inputs, input_names, output_names, dynamic=None):
    shapes = None if dynamic is None else {name: dynamic.get(name) for name in input_names}
    program = torch.onnx.export(
        module, inputs, dynamo=True, opset_version=OPSET, input_names=input_names, output_names=output_names,
        dynamic_shapes=shapes, verbose=False,
    )  # fmt: skip
    model = onnx.ModelProto()
    model.CopyFrom(program.model_proto)
    graph.tidy(model)
    return model


def export_encoder(network):
    model = export(Encoder(network), (torch.zeros(1, 3, 256, 256),), ["image"], ["image_embeddings"])
    graph.share_attention_biases(model)
    return model


def export_decoder(network):
    names = ["image_embeddings", "point_coords", "point_labels", "mask_input", "has_mask_input"]
    points = torch.export.Dim("num_points", min=1, max=1024)
    inputs = (
        torch.zeros(1, 256, 64, 64), torch.zeros(1, 3, 2), torch.zeros(1, 3), torch.zeros(1, 1, 256, 256), torch.zeros(1),
    )  # fmt: skip
    dynamic = {"point_coords": {1: points}, "point_labels": {1: points}}
    model = export(Decoder(network), inputs, names, ["low_res_masks", "iou_predictions"], dynamic)
    graph.compute_image_position(model, network.prompt_encoder.pe_layer.positional_encoding_gaussian_matrix.numpy())
    return model


def run_onnx(graphs, weights=None):
    """(embeddings, [(logits, iou)]) of the golden input; `weights` maps a role to its expanded float32 bytes."""
    sessions = {}
    for role, model in graphs.items():
        options = onnxruntime.SessionOptions()
        if weights is not None:
            data = weights[role]
            options.add_external_initializers_from_files_in_memory([f"{role}.weights"], [data], [len(data)])
        sessions[role] = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
    (embeddings,) = sessions["encoder"].run(None, {"image": golden.to_input(golden.phantom())})
    results = []
    for prompt in golden.PROMPTS:
        points, labels = list(prompt["points"]), list(prompt["labels"])
        if 2 not in labels:
            points, labels = [*points, [0, 0]], [*labels, -1]
        previous = prompt.get("maskFrom")
        mask = np.zeros((256, 256), np.float32) if previous is None else results[previous][0]
        logits, iou = sessions["decoder"].run(
            None,
            {
                "image_embeddings": embeddings,
                "point_coords": np.array([points], np.float32),
                "point_labels": np.array([labels], np.float32),
                "mask_input": mask[None, None],
                "has_mask_input": np.array([0 if previous is None else 1], np.float32),
            },
        )
        results.append((logits[0, 0], float(iou[0, 0])))
    return embeddings, results


def compare(title, expected, actual):
    print(f"{title}: embeddings {np.abs(expected[0] - actual[0]).max():.2e}")
    for prompt, (logits, iou), (other, other_iou) in zip(golden.PROMPTS, expected[1], actual[1]):
        pixels, differ = int((logits > 0).sum()), int(((logits > 0) != (other > 0)).sum())
        print(
            f"  {prompt['name']}: logits {np.abs(logits - other).max():.2e} (range {logits.min():.1f} to {logits.max():.1f}),"
            f" score {abs(iou - other_iou):.2e}, {differ} of {pixels} mask pixels"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    torch.manual_seed(0)

    network = load_network()
    graphs = {"encoder": export_encoder(network), "decoder": export_decoder(network)}
    for model in graphs.values():
        onnx.checker.check_model(model, full_check=True)
    expected = golden.references(network)
    compare("ONNX float32 against PyTorch float32", expected, run_onnx(graphs))

    halves = {role: graph.split_weights(model, f"{role}.weights") for role, model in graphs.items()}
    expanded = {role: np.frombuffer(half, "<f2").astype("<f4").tobytes() for role, half in halves.items()}
    compare("as shipped (weights rounded to fp16) against PyTorch float32", expected, run_onnx(graphs, expanded))

    for role, model in graphs.items():
        model.producer_name, model.producer_version = "voxprompt models/litemedsam/export", ""
    description, data = golden.pack(*expected)
    outputs = {
        **{f"{role}.onnx": model.SerializeToString(deterministic=True) for role, model in graphs.items()},
        **{f"{role}.fp16.bin": half for role, half in halves.items()},
        "golden.json": (json.dumps(description, indent=1) + "\n").encode(),
        "golden.bin": data,
    }
    if check:
        # The golden files hold float results, whose last digits belong to the machine that made them.
        differing = [n for n, b in outputs.items() if "golden" not in n and (FOLDER / n).read_bytes() != b]
        sys.exit(f"differ: {', '.join(differing)}" if differing else 0)

    for name, content in outputs.items():
        (FOLDER / name).write_bytes(content)
        print(f"{name}: {len(content):,} bytes")
    write_hashes(outputs)


def write_hashes(outputs):
    """Sets sha256 and bytes of every file entry that manifest.json has; everything else in it is written by hand."""

    def visit(node):
        if isinstance(node, dict):
            if node.get("path") in outputs:
                content = outputs[node["path"]]
                node["sha256"], node["bytes"] = hashlib.sha256(content).hexdigest(), len(content)
            for value in node.values():
                visit(value)
        elif isinstance(node, list):
            for value in node:
                visit(value)

    path = FOLDER / "manifest.json"
    manifest = json.loads(path.read_text())
    visit(manifest)
    path.write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()

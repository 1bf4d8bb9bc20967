"""From an exported ONNX graph to the two files that are shipped: a small graph, and one blob of fp16 weights.

The graph names its weights as float32 external data. The loader expands the blob (value by value, same order) and
hands the result to ONNX Runtime under the name WEIGHTS, so the download is half the size and no Cast is left in the
graph: on WASM the Casts of an ordinary fp16-weight file cost more than a factor of two per run.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# Anything smaller (biases, norms, shape constants) stays in the graph, exact, in float32.
SMALLEST_EXTERNAL = 1024


def _initializer(model, name):
    for index, tensor in enumerate(model.graph.initializer):
        if tensor.name == name:
            return index, numpy_helper.to_array(tensor)
    raise SystemExit(f"no initializer called {name}")


def _compute_instead(model, name, constants, nodes, tolerance):
    """Replaces a stored table by the nodes that make it. ONNX Runtime folds them once, when the session is created."""
    index, expected = _initializer(model, name)
    part = helper.make_graph(nodes, "table", [], [helper.make_tensor_value_info(name, TensorProto.FLOAT, None)], constants)
    opset = [helper.make_opsetid("", model.opset_import[0].version)]
    (computed,) = onnx.reference.ReferenceEvaluator(helper.make_model(part, opset_imports=opset)).run(None, {})
    if computed.shape != expected.shape or np.abs(computed - expected).max() > tolerance:
        raise SystemExit(f"{name}: the formula does not give the table")
    del model.graph.initializer[index]
    model.graph.initializer.extend(constants)
    for position, node in enumerate(nodes):
        model.graph.node.insert(position, node)


def share_attention_biases(model):
    """TinyViT's bias tables [heads, w*w, w*w] hold w*w values per head: bias(|row difference|, |column difference|)."""
    for name in [t.name for t in model.graph.initializer if t.name.endswith(".attn.ab")]:
        _, table = _initializer(model, name)
        heads, cells, _ = table.shape
        window = int(round(cells**0.5))
        ramp = np.arange(window)
        constants = [
            numpy_helper.from_array(np.ascontiguousarray(table[:, 0, :].reshape(heads, window, window)), f"{name}/offsets"),
            numpy_helper.from_array(np.abs(ramp[:, None] - ramp[None, :]), f"{name}/distance"),
            numpy_helper.from_array(np.array([heads, cells, cells]), f"{name}/shape"),
        ]
        nodes = [
            helper.make_node("Gather", [f"{name}/offsets", f"{name}/distance"], [f"{name}/rows"], axis=1),
            helper.make_node("Gather", [f"{name}/rows", f"{name}/distance"], [f"{name}/pairs"], axis=3),
            helper.make_node("Transpose", [f"{name}/pairs"], [f"{name}/ordered"], perm=[0, 1, 3, 2, 4]),
            helper.make_node("Reshape", [f"{name}/ordered", f"{name}/shape"], [name]),
        ]
        _compute_instead(model, name, constants, nodes, tolerance=0)


def compute_image_position(model, gaussian):
    """The decoder's positional code of the 64x64 grid: sin and cos of random projections, 1 M values from 256."""
    ticks = (np.arange(64, dtype=np.float32) + 0.5) / 64 * 2 - 1
    y, x = np.meshgrid(ticks, ticks, indexing="ij")
    grid = np.stack([x.ravel(), y.ravel()])
    name = "image_pe"
    constants = [
        numpy_helper.from_array(np.ascontiguousarray(gaussian.T), f"{name}/gaussian"),
        numpy_helper.from_array(grid, f"{name}/grid"),
        numpy_helper.from_array(np.float32(2 * np.pi), f"{name}/turn"),
        numpy_helper.from_array(np.array([1, 256, 64, 64]), f"{name}/shape"),
    ]
    nodes = [
        helper.make_node("MatMul", [f"{name}/gaussian", f"{name}/grid"], [f"{name}/projected"]),
        helper.make_node("Mul", [f"{name}/projected", f"{name}/turn"], [f"{name}/angle"]),
        helper.make_node("Sin", [f"{name}/angle"], [f"{name}/sin"]),
        helper.make_node("Cos", [f"{name}/angle"], [f"{name}/cos"]),
        helper.make_node("Concat", [f"{name}/sin", f"{name}/cos"], [f"{name}/flat"], axis=0),
        helper.make_node("Reshape", [f"{name}/flat", f"{name}/shape"], [name]),
    ]
    _compute_instead(model, name, constants, nodes, tolerance=1e-5)


def tidy(model):
    """Removes what describes the exporting machine or its source files and is no part of the computation."""
    for holder in (model, model.graph, *model.graph.node, *model.graph.initializer, *model.graph.input, *model.graph.output):
        if hasattr(holder, "doc_string"):
            holder.doc_string = ""
        if hasattr(holder, "metadata_props"):
            del holder.metadata_props[:]
    del model.graph.value_info[:]
    model.graph.name = "litemedsam"


def split_weights(model, location):
    """Moves the large float32 initializers out; returns the fp16 blob. Offsets in the graph count float32 bytes."""
    chunks, offset = [], 0
    for tensor in model.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < SMALLEST_EXTERNAL or "/" in tensor.name:
            continue
        half = numpy_helper.to_array(tensor).astype("<f2").ravel()
        if not np.isfinite(half).all():
            raise SystemExit(f"{tensor.name} does not fit fp16")
        tensor.ClearField("raw_data")
        tensor.ClearField("float_data")
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (("location", location), ("offset", offset), ("length", 4 * half.size)):
            tensor.external_data.add(key=key, value=str(value))
        chunks.append(half)
        offset += 4 * half.size
    return np.concatenate(chunks).tobytes()

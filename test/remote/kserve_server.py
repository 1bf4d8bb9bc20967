"""A real inference server: KServe's own, over a Triton model repository, with ONNX Runtime behind it.

    python kserve_server.py REPOSITORY PORT [TOKEN]      # needs kserve and onnxruntime
"""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
from kserve import InferOutput, InferResponse, Model, ModelServer

TYPES = {"tensor(float)": "FP32", "tensor(int64)": "INT64"}


class Graph(Model):
    def __init__(self, folder):
        super().__init__(folder.name)
        self.session = onnxruntime.InferenceSession(folder / "1" / "model.onnx", providers=["CPUExecutionProvider"])
        self.ready = True

    def tensors(self, all):
        return [{"name": t.name, "datatype": TYPES[t.type],
                 "shape": [size if isinstance(size, int) else -1 for size in t.shape]} for t in all]

    async def get_input_types(self):
        return self.tensors(self.session.get_inputs())

    async def get_output_types(self):
        return self.tensors(self.session.get_outputs())

    def predict(self, payload, headers=None, response_headers=None):
        feeds = {each.name: each.as_numpy() for each in payload.inputs}
        names = [each.name for each in self.session.get_outputs()]
        results = self.session.run(names, feeds)
        outputs = []
        for name, value in zip(names, results):
            output = InferOutput(name, list(value.shape), "FP32")
            output.set_data_from_numpy(np.ascontiguousarray(value, np.float32), binary_data=True)
            outputs.append(output)
        return InferResponse(payload.id, self.name, outputs, use_binary_outputs=True)


if __name__ == "__main__":
    folders = [folder for folder in sorted(Path(sys.argv[1]).iterdir()) if folder.is_dir()]
    ModelServer(http_port=int(sys.argv[2]), enable_grpc=False, workers=1).start([Graph(folder) for folder in folders])

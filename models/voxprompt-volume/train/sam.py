"""LiteMedSAM's mask of the key slice, as a prompt for the volume model: recipe 1 of facts/models.md."""

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F

from data import pool_factor, sample

FRAME = 256
EXPANSION, THRESHOLD = 0.05, -0.5


class KeySliceSam:
    """FOLDER holds encoder.onnx and decoder.onnx (shared/models/litemedsam)."""

    def __init__(self, folder):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.encoder, self.decoder = (
            onnxruntime.InferenceSession(f"{folder}/{role}.onnx", options, ["CPUExecutionProvider"]) for role in ("encoder", "decoder")
        )
        self.seen = {}

    def logits(self, case, k, box):
        """[256, 256] over the square of twice the longer box side; box in voxel edges."""
        if (case.name, k, box) in self.seen:
            return self.seen[case.name, k, box]
        sx, sy, _ = case.spacing
        x0, y0, x1, y1 = box[0] * sx, box[1] * sy, box[2] * sx, box[3] * sy
        side = 2 * max(x1 - x0, y1 - y0)
        step = side / FRAME
        ticks = torch.from_numpy((np.arange(FRAME) + 0.5) * step - side / 2)
        x, y = (x0 + x1) / 2 + ticks[None, :], (y0 + y1) / 2 + ticks[:, None]
        x, y = torch.broadcast_tensors(x, y)
        points = torch.stack([x / sx, y / sy, torch.full_like(x, float(k))], -1)
        image, _, _ = sample(case, pool_factor(step, sx), points)
        (embedding,) = self.encoder.run(None, {"image": np.repeat(image.numpy()[None, None], 3, 1).astype(np.float32)})
        w, h = (x1 - x0) * (1 + EXPANSION) / side * FRAME, (y1 - y0) * (1 + EXPANSION) / side * FRAME
        corners = np.array([[[FRAME - w, FRAME - h], [FRAME + w, FRAME + h]]], np.float32) / 2
        out = self.decoder.run(
            ["low_res_masks"],
            {
                "image_embeddings": embedding,
                "point_coords": corners,
                "point_labels": np.array([[2, 3]], np.float32),
                "mask_input": np.zeros((1, 1, FRAME, FRAME), np.float32),
                "has_mask_input": np.zeros(1, np.float32),
            },
        )[0][0, 0]
        self.seen[case.name, k, box] = out
        return out

    def on_grid(self, case, k, box, region):
        """The mask on the region's key plane [SIZE, SIZE], 0..1."""
        mask = torch.from_numpy((self.logits(case, k, box) > THRESHOLD).astype(np.float32))[None, None]
        _, ticks = region.offsets()
        at = ticks / (max(region.w, region.h))
        x, y = np.meshgrid(at, at)
        coarse = F.avg_pool2d(mask, 4)
        grid = torch.from_numpy(np.stack([x, y], -1)[None].astype(np.float32))
        return F.grid_sample(coarse, grid, align_corners=False)[0, 0].numpy()

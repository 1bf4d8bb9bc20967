"""LiteMedSAM on slices of a case, recipe 1 of facts/models.md: the key slice's mask is a prompt for the volume model."""

from pathlib import Path

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F

from data import pool_factor, sample

FRAME = 256
EXPANSION, THRESHOLD = 0.05, -0.5


class KeySliceSam:
    """FOLDER holds encoder.onnx and decoder.onnx (shared/models/litemedsam); embeddings are kept in `cache` as float16."""

    def __init__(self, folder, cache=None):
        self.cache = Path(cache) if cache else None
        if self.cache:
            self.cache.mkdir(parents=True, exist_ok=True)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.encoder, self.decoder = (
            onnxruntime.InferenceSession(f"{folder}/{role}.onnx", options, ["CPUExecutionProvider"]) for role in ("encoder", "decoder")
        )
        self.seen = {}

    def square(self, case, box):
        """(centre x, centre y, side) in mm of the square of twice the longer side of the key box (voxel edges)."""
        sx, sy, _ = case.spacing
        x0, y0, x1, y1 = box[0] * sx, box[1] * sy, box[2] * sx, box[3] * sy
        return (x0 + x1) / 2, (y0 + y1) / 2, 2 * max(x1 - x0, y1 - y0)

    def embedding(self, case, z, square):
        kept = self.cache and self.cache / f"{case.name}_{z}_{'_'.join(f'{v:.3f}' for v in square)}.npy"
        if kept and kept.exists():
            return np.load(kept).astype(np.float32)
        sx, sy, _ = case.spacing
        cx, cy, side = square
        ticks = torch.from_numpy((np.arange(FRAME) + 0.5) * side / FRAME - side / 2)
        x, y = torch.broadcast_tensors(cx + ticks[None, :], cy + ticks[:, None])
        points = torch.stack([x / sx, y / sy, torch.full_like(x, float(z))], -1)
        image, _, _ = sample(case, pool_factor(side / FRAME, sx), points)
        (embedding,) = self.encoder.run(None, {"image": np.repeat(image.numpy()[None, None], 3, 1).astype(np.float32)})
        if kept:
            np.save(kept, embedding.astype(np.float16))
        return embedding

    def logits(self, case, k, box):
        """[256, 256] over the square of twice the longer box side; box in voxel edges."""
        if (case.name, k, box) not in self.seen:
            self.seen[case.name, k, box] = self.boxed(case, k, box, self.square(case, box))
        return self.seen[case.name, k, box]

    def boxed(self, case, z, box, square):
        """Logits [256, 256] over `square` for a tight box (voxel edges) on slice z."""
        sx, sy, _ = case.spacing
        cx, cy, side = square
        wide, high = (box[2] - box[0]) * sx * EXPANSION / 2, (box[3] - box[1]) * sy * EXPANSION / 2
        edges = np.array([[box[0] * sx - wide - cx, box[1] * sy - high - cy], [box[2] * sx + wide - cx, box[3] * sy + high - cy]])
        corners = ((edges / side + 0.5) * FRAME).astype(np.float32)[None]
        embedding = self.embedding(case, z, square)
        return self.decoder.run(
            ["low_res_masks"],
            {
                "image_embeddings": embedding,
                "point_coords": corners,
                "point_labels": np.array([[2, 3]], np.float32),
                "mask_input": np.zeros((1, 1, FRAME, FRAME), np.float32),
                "has_mask_input": np.zeros(1, np.float32),
            },
        )[0][0, 0]

    def on_pixels(self, case, z, box, square):
        """Logits [y, x] of slice z at the case's pixels, -inf outside the square."""
        height, width = case.levels[1].shape[2:]
        sx, sy, _ = case.spacing
        cx, cy, side = square
        gx, gy = (np.arange(width) * sx - cx) / (side / 2), (np.arange(height) * sy - cy) / (side / 2)
        at = torch.from_numpy(np.stack(np.meshgrid(gx, gy), -1)[None].astype(np.float32))
        out = torch.from_numpy(self.boxed(case, z, box, square))[None, None]
        value = F.grid_sample(out, at, padding_mode="border", align_corners=False)[0, 0].numpy()
        return np.where((np.abs(gx) <= 1)[None, :] & (np.abs(gy) <= 1)[:, None], value, -np.inf)

    def on_grid(self, case, k, box, region):
        """The mask on the region's key plane [SIZE, SIZE], 0..1."""
        mask = torch.from_numpy((self.logits(case, k, box) > THRESHOLD).astype(np.float32))[None, None]
        _, ticks = region.offsets()
        at = ticks / (max(region.w, region.h))
        x, y = np.meshgrid(at, at)
        coarse = F.avg_pool2d(mask, 4)
        grid = torch.from_numpy(np.stack([x, y], -1)[None].astype(np.float32))
        return F.grid_sample(coarse, grid, align_corners=False)[0, 0].numpy()

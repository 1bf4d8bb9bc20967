"""From one case and one box to a mask on the case's own voxels: what the browser does, in Python."""

import numpy as np
import torch
import torch.nn.functional as F

from data import pool_factor, sample
from network import calibrated
from region import DEPTH, KEY, SIZE, Prompt, Region, channels, key_ellipse


def key_slice(mask):
    return int(mask.sum((1, 2)).argmax())


def tight_box(mask2d):
    """Edges (not pixel centres) of the tight box, voxels: x0, y0, x1, y1."""
    rows, columns = np.flatnonzero(mask2d.any(1)), np.flatnonzero(mask2d.any(0))
    return columns[0] - 0.5, rows[0] - 0.5, columns[-1] + 0.5, rows[-1] + 0.5


def region_of(case, k, box, zoom=1.0, zoom_z=1.0):
    sx, sy, sz = case.spacing
    x0, y0, x1, y1 = box
    return Region((x0 + x1) / 2 * sx, (y0 + y1) / 2 * sy, k * sz, (x1 - x0) * sx, (y1 - y0) * sy, zoom, zoom_z)


def grid(region, spacing):
    dz, ticks = (torch.from_numpy(t) for t in region.offsets())
    x, y, z = torch.broadcast_tensors(region.x + ticks[None, None, :], region.y + ticks[None, :, None], region.z + dz[:, None, None])
    return torch.stack([x, y, z], -1) / torch.from_numpy(spacing)


def look(case, region):
    image, _, inside = sample(case, pool_factor(region.step, case.spacing[0]), grid(region, case.spacing))
    return image.numpy(), inside.numpy()


def mask_on_grid(case, region, mask2d):
    """A key-slice mask of the case's pixels [y, x] on the region's grid [SIZE, SIZE], 0..1."""
    _, ticks = region.offsets()
    sx, sy, _ = case.spacing
    h, w = mask2d.shape
    x = ((region.x + ticks) / sx + 0.5) / w * 2 - 1
    y = ((region.y + ticks) / sy + 0.5) / h * 2 - 1
    at = torch.from_numpy(np.stack(np.meshgrid(x, y), -1)[None].astype(np.float32))
    return F.grid_sample(torch.from_numpy(mask2d.astype(np.float32))[None, None], at, align_corners=False)[0, 0].numpy()


def mirrored(x):
    """[b, C, D, ...] mirrored along all axes; sample KEY stays where it is, sample 0 is its own partner."""
    dims = tuple(range(2, x.ndim))
    return torch.roll(torch.flip(x, dims), (2 * KEY + 1) % DEPTH, 2)


@torch.no_grad()
def run(network, made, once=False):
    """channels [C, D, S, S] -> logits [D, S, S], presence [D], score [D] (probabilities), mean with the mirrored region unless `once`."""
    x = torch.from_numpy(made)[None]

    def look(seen):
        out, judged, _ = network(seen)
        return calibrated(out, seen).float(), torch.sigmoid(judged.float())

    logits, slices = look(x)
    if not once:
        other, judged = look(mirrored(x))
        logits, slices = (logits + mirrored(other)) / 2, (slices + mirrored(judged)) / 2
    slices = slices[0].numpy()
    return logits[0, 0].numpy(), slices[0], slices[1]


def to_voxels(logits, region, case, first=None, last=None):
    """Logits on the region's grid -> logits [z, y, x] of the case, trilinear; -inf outside the region.

    `first` and `last` are the ends that the reader gave, mm from the key slice: slices whose middle lies beyond are -inf, and
    up to there the last sample within counts, so that a slice between it and the end is not half of what lies outside.
    """
    depth, height, width = case.levels[1].shape[1:]
    sx, sy, sz = case.spacing
    gx = (np.arange(width) * sx - region.x) / (region.step * SIZE / 2)
    gy = (np.arange(height) * sy - region.y) / (region.step * SIZE / 2)
    gz = ((np.arange(depth) * sz - region.z) / region.step_z + KEY + 0.5) / (DEPTH / 2) - 1
    middle = np.arange(depth) * sz - region.z
    beyond = np.zeros(depth, bool)
    if first is not None:
        beyond |= middle < first - 1e-6
        gz = np.maximum(gz, (np.ceil(first / region.step_z) + KEY + 0.5) / (DEPTH / 2) - 1)
    if last is not None:
        beyond |= middle > last + 1e-6
        gz = np.minimum(gz, (np.floor(last / region.step_z) + KEY + 0.5) / (DEPTH / 2) - 1)
    gz[beyond] = np.nan
    out = np.full((depth, height, width), -np.inf, np.float32)
    ix, iy, iz = (np.flatnonzero(np.abs(g) <= 1) for g in (gx, gy, gz))
    if min(len(ix), len(iy), len(iz)) == 0:
        return out
    z, y, x = np.meshgrid(gz[iz], gy[iy], gx[ix], indexing="ij")
    at = torch.from_numpy(np.stack([x, y, z], -1)[None].astype(np.float32))
    value = F.grid_sample(torch.from_numpy(logits)[None, None], at, padding_mode="border", align_corners=False)[0, 0]
    out[np.ix_(iz, iy, ix)] = value.numpy()
    return out


def one_object(logits, region):
    """Turns down (to -|logit|) every part of the mask that is not face-connected with the mask in the key box."""
    mask = logits > 0
    reached = np.zeros_like(mask)
    reached[KEY] = mask[KEY] & key_ellipse(region, 1.1)
    while reached.any():
        grown = reached.copy()
        for axis in range(3):
            ahead, behind = [slice(None)] * 3, [slice(None)] * 3
            ahead[axis], behind[axis] = slice(1, None), slice(None, -1)
            grown[tuple(ahead)] |= reached[tuple(behind)]
            grown[tuple(behind)] |= reached[tuple(ahead)]
        grown &= mask
        if (grown == reached).all():
            break
        reached = grown
    return np.where(mask & ~reached, -np.abs(logits), logits)


def zoom_needed(logits):
    """(in plane, along z): does the mask reach the region's border?"""
    m = logits > 0
    return bool(m[:, 0].any() or m[:, -1].any() or m[:, :, 0].any() or m[:, :, -1].any()), bool(m[0].any() or m[-1].any())


def segment(network, case, k, box, prompt_of=None, once=False, zoom_out=True):
    """-> mask bool [z, y, x], logits of the case, region, presence and score per region slice."""
    zoom = zoom_z = 1.0
    for _ in range(3):
        region = region_of(case, k, box, zoom, zoom_z)
        image, inside = look(case, region)
        prompt = Prompt() if prompt_of is None else prompt_of(region)
        logits, presence, score = run(network, channels(image, inside, region, prompt), once)
        plane, depth = zoom_needed(logits)
        if not zoom_out or not (plane or depth):
            break
        zoom, zoom_z = zoom * (1.25 if plane else 1), zoom_z * (1.25 if depth else 1)
    logits = one_object(logits, region)
    voxels = to_voxels(logits, region, case, prompt.first, prompt.last)
    return voxels > 0, voxels, region, presence, score

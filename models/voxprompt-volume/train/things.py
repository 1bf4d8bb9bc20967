"""What an example looks at: a lesion or an object of a case seen through a random view, or a procedural lesion."""

import numpy as np
import torch
import torch.nn.functional as F

from data import pool_factor, sample
from shapes import Blob, blur, paint, phantom

PLANE = 96  # samples per side of the plane that finds the box

# Half length over half box size. The twenty training sarcomas run along a limb: 1.67 (geometric mean), standard deviation
# 0.21 of the logarithm. A lesion of no known kind has no long axis along z: about 1.1 (the box is a little larger than the
# lesion). Three of four examples are stretched or shortened to a ratio drawn round the middle of the two, wider than either,
# so that the image has to say where the lesion ends.
USUAL_RATIO, SPREAD = 1.35, 0.35
FOUND_RATIO, FOUND_SPREAD = 1.1, 0.4


class View:
    """Virtual mm coordinates (around an object's centre) -> voxels of a case: rotation, stretch, mirror, elastic."""

    def __init__(self, rng, case, centre, size, ratio=None, usual=(USUAL_RATIO, SPREAD)):
        self.case, self.centre = case, torch.tensor(centre, dtype=torch.float64)
        angle = rng.uniform(-np.pi, np.pi) if rng.random() < 0.5 else rng.integers(4) * np.pi / 2
        tilt = rng.normal(0, 0.2, 2).clip(-0.45, 0.45) if rng.random() < 0.35 else np.zeros(2)
        m = _rotation(0, tilt[0]) @ _rotation(1, tilt[1]) @ _rotation(2, angle)
        stretch = np.ones(3)
        if ratio is not None and rng.random() < 0.75:
            wanted = usual[0] * np.exp(rng.normal(0, usual[1]))
            stretch[2] = (ratio / wanted).clip(np.exp(-0.5), np.exp(0.8))
        if rng.random() < 0.3:
            stretch[0] = np.exp(rng.uniform(-0.16, 0.16))
        mirror = rng.choice([-1.0, 1.0], 3)
        self.matrix = torch.from_numpy(m @ np.diag(stretch * mirror))
        self.size = size
        amount = size * rng.uniform(0, 0.07) if rng.random() < 0.4 else 0.0
        self.bend = torch.from_numpy(rng.standard_normal((1, 3, 5, 5, 5)).astype(np.float32)) * amount

    def voxels(self, x, y, z):
        x, y, z = torch.broadcast_tensors(x, y, z)
        q = torch.stack([x, y, z], -1)
        if bool(self.bend.any()):
            at = (q / (2.5 * self.size)).reshape(1, 1, 1, -1, 3).float()
            shift = F.grid_sample(self.bend, at, padding_mode="border", align_corners=True)
            q = q + shift.reshape(3, -1).T.reshape(q.shape).double()
        return (q @ self.matrix.T + self.centre) / torch.from_numpy(self.case.spacing)

    def virtual(self, points):
        """mm of the case [n, 3] -> virtual coordinates, without the elastic part."""
        return (points - self.centre.numpy()) @ np.linalg.inv(self.matrix.numpy()).T


def _rotation(axis, angle):
    m, (a, b) = np.eye(3), [i for i in range(3) if i != axis]
    m[a, a] = m[b, b] = np.cos(angle)
    m[a, b], m[b, a] = -np.sin(angle), np.sin(angle)
    return m


class Real:
    """The lesion of a case, seen through a view."""

    def __init__(self, rng, case, partner=None):
        self.case = case
        self.cloud = self.points()
        spread = self.cloud.max(0) - self.cloud.min(0)
        self.view = View(rng, case, self.cloud.mean(0), float(spread.max()) / 2, *self.length())
        self.choose_key(rng)
        self.window = self.image_window(rng)
        self.partner = partner if partner is not None and rng.random() < 0.15 else None
        self.mix = rng.uniform(-0.5, 1.0)

    def points(self):
        """Points of the object, mm of the case."""
        return lesion_points(self.case)

    def length(self):
        return (length_ratio(self.case),)

    def label(self, _):
        """The mask at points in voxels of the case, where it is not the case's own; None where it is."""
        return None

    def image_window(self, rng):
        return _image_window(rng, self.case)

    def choose_key(self, rng):
        z, case = self.view.virtual(self.cloud)[:, 2], self.case
        thickness = case.spacing[2]
        counts, edges = np.histogram(z, bins=max(3, int(np.ptp(z) / thickness)))
        if rng.random() < 0.7:  # readers box the slice on which the lesion is largest
            k = int(counts.argmax())
        else:
            k = int(rng.choice(np.flatnonzero(counts > 0.5 * counts.max())))
        self.key = float((edges[k] + edges[k + 1]) / 2)
        near = self.view.virtual(self.cloud)[np.abs(z - self.key) < thickness]
        self.start, self.reach = near.mean(0)[:2], float(np.ptp(near[:, :2], axis=0).max()) / 2 + thickness

    def __call__(self, x, y, z, step):
        points = self.view.voxels(x, y, z)
        value, mask, inside = sample(self.case, pool_factor(step, self.case.spacing[0]), points)
        own = self.label(points)
        mask = mask if own is None else own
        if self.partner is not None:
            shift = torch.from_numpy((self.case.offset - self.partner.offset).astype(np.float64))
            other, _, there = sample(self.partner, pool_factor(step, self.case.spacing[0]), points + shift)
            mixed = value + self.mix * (other - value)
            value, inside = (mixed * there).clamp(0, 1), inside * there
        low, high = self.window
        within = ((points >= low) & (points <= high)).all(-1)
        return value, mask > 0.5, inside * within


def lesion_points(case):
    """Voxel centres of the lesion, mm, at most about 20,000 of them. Kept with the case."""
    if not hasattr(case, "points"):
        zyx = np.argwhere(case.levels[1][1].numpy() > 0.5)
        stride = max(1, len(zyx) // 20000)
        case.points = zyx[::stride, ::-1] * case.spacing
    return case.points


def length_ratio(case):
    """Half length over half box size of the largest slice: sqrt(w * h) / 2."""
    if not hasattr(case, "ratio"):
        mask = case.levels[1][1].numpy() > 0.5
        k = int(mask.sum((1, 2)).argmax())
        w, h = mask[k].any(0).sum() * case.spacing[0], mask[k].any(1).sum() * case.spacing[1]
        case.ratio = float(mask.any((1, 2)).sum() * case.spacing[2] / np.sqrt(w * h))
    return case.ratio


def _image_window(rng, case):
    """Where the image ends, in voxels: unrelated to where the lesion ends, sometimes through it."""
    d, h, w = case.levels[1].shape[1:]
    low, high = np.full(3, -0.5), np.array([w, h, d]) - 0.5
    z = lesion_points(case)[:, 2] / case.spacing[2]
    for side in (0, 1):
        edge = z.min() if side == 0 else z.max()
        room = edge - low[2] if side == 0 else high[2] - edge
        cut = rng.uniform(-0.25 * np.ptp(z), 1) if rng.random() < 0.1 else rng.uniform(0.5, room)
        if side == 0:
            low[2] = edge - cut
        else:
            high[2] = edge + cut
    return torch.from_numpy(low), torch.from_numpy(high)


class Part(Real):
    """An object that `found.py` found in a case: everything else is as for the case's lesion."""

    def __init__(self, rng, thing):
        self.found = thing
        super().__init__(rng, thing.case, getattr(thing.case, "partner", None))

    def points(self):
        return lesion_points(self.found.part) + self.found.origin * self.case.spacing

    def length(self):
        return length_ratio(self.found.part), (FOUND_RATIO, FOUND_SPREAD)

    def image_window(self, rng):
        """The image itself, and one time in three an end of it near the object's."""
        d, h, w = self.case.levels[1].shape[1:]
        low, high = np.full(3, -0.5), np.array([w, h, d]) - 0.5
        z = self.cloud[:, 2] / self.case.spacing[2]
        if rng.random() < 1 / 6:
            low[2] = z.min() - rng.uniform(-0.2 * np.ptp(z), 4)
        if rng.random() < 1 / 6:
            high[2] = z.max() + rng.uniform(-0.2 * np.ptp(z), 4)
        return torch.from_numpy(low), torch.from_numpy(high)

    def label(self, points):
        return sample(self.found.part, 1, points - torch.from_numpy(self.found.origin))[1]


class Synthetic:
    """A procedural lesion in a real background (the expert's lesion may be part of it) or in a phantom."""

    def __init__(self, rng, case):
        self.case, self.blob, self.rng = case, Blob(rng), rng
        self.scale = float(np.exp(rng.uniform(np.log(4), np.log(60))))
        d, h, w = case.levels[1].shape[1:]
        centre = np.array([rng.uniform(0.15, 0.85) * w, rng.uniform(0.15, 0.85) * h, rng.uniform(0.2, 0.8) * d]) * case.spacing
        self.view = View(rng, case, centre, self.scale * 2)
        self.key = float(rng.uniform(-0.3, 0.3)) * self.scale
        self.start, self.reach = np.zeros(2), 1.3 * self.scale
        self.phantom = rng.random() < 0.3
        self.blobs = [(Blob(rng), rng.uniform(-2.5, 2.5, 3), rng.uniform(0.3, 1)) for _ in range(int(rng.integers(0, 3)))]

    def __call__(self, x, y, z, step):
        s = self.scale
        mask = self.blob(x / s, y / s, z / s) > 0
        if mask.shape[0] == 1:  # the plane that only looks for the box
            return torch.zeros(mask.shape), mask, torch.ones(mask.shape)
        value, _, inside = sample(self.case, pool_factor(step, self.case.spacing[0]), self.view.voxels(x, y, z))
        if self.phantom:
            value, inside = phantom(self.rng, tuple(value.shape)), torch.ones_like(inside)
        value = torch.where(inside > 0, value, 0.0)
        paste = mask.clone()
        for blob, (dx, dy, dz), size in self.blobs:  # same look, not the object
            u = s * size
            paste |= (blob((x - dx * s) / u, (y - dy * s) / u, (z - dz * s) / u) > 0) & ~blur_any(mask)
        soft = blur(paste.float(), (self.rng.uniform(0.2, 0.7), *([self.rng.uniform(0.4, 1.6)] * 2)))
        return paint(self.rng, value, mask, soft), mask, inside


def blur_any(mask):
    return F.max_pool3d(mask.float()[None, None], (3, 5, 5), 1, (1, 2, 2))[0, 0] > 0


def find_box(rng, thing):
    """Tight box of the key slice in virtual mm (x0, y0, x1, y1), or None when the slice holds next to nothing."""
    reach = 1.3 * thing.reach
    ticks = torch.linspace(-reach, reach, PLANE, dtype=torch.float64)
    x, y = thing.start[0] + ticks[None, None, :], thing.start[1] + ticks[None, :, None]
    z = torch.full((1, 1, 1), thing.key, dtype=torch.float64)
    cell = 2 * reach / (PLANE - 1)
    _, mask, inside = thing(x, y, z, cell)
    rows, columns = np.flatnonzero((mask & (inside > 0))[0].any(1)), np.flatnonzero((mask & (inside > 0))[0].any(0))
    if len(rows) < 4 or len(columns) < 4:
        return None
    x0, x1 = float(x[0, 0, columns[0]]) - cell / 2, float(x[0, 0, columns[-1]]) + cell / 2
    y0, y1 = float(y[0, rows[0], 0]) - cell / 2, float(y[0, rows[-1], 0]) + cell / 2
    return x0, y0, x1, y1

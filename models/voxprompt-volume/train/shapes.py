"""Procedural lesions: random closed shapes, textures and phantoms, so that 'the object is what the box encloses' is learnt
from more objects than twenty patients have."""

import numpy as np
import torch
import torch.nn.functional as F


def noise(rng, shape, cells):
    """Smooth noise, standard deviation about 1, on a grid `shape` with about `cells` features per axis."""
    coarse = torch.from_numpy(rng.standard_normal((1, 1, *cells)).astype(np.float32))
    fine = F.interpolate(coarse, size=shape, mode="trilinear", align_corners=True)[0, 0]
    return fine / max(float(fine.std()), 1e-3)


def blur(volume, sigma):
    """Gaussian blur of [z, y, x]; sigma (z, y, x) in samples."""
    v = volume[None, None]
    for axis, s in enumerate(sigma):
        if s < 0.15:
            continue
        radius = max(1, int(2.5 * s + 0.5))
        k = torch.exp(-0.5 * (torch.arange(-radius, radius + 1) / s) ** 2)
        shape, pad = [1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0]
        shape[axis + 2] = 2 * radius + 1
        pad[2 * (2 - axis)] = pad[2 * (2 - axis) + 1] = radius
        v = F.conv3d(F.pad(v, pad, mode="replicate"), (k / k.sum()).reshape(shape))
    return v[0, 0]


class Blob:
    """A super-ellipsoid with different ends, bent along z and made irregular by noise; centre 0, size about 1.

    Two kinds: lumps, from flat to twice as long as wide, and (one in six) winding tubes that may leave the region.
    """

    def __init__(self, rng):
        tube = rng.random() < 1 / 6
        self.axes = (rng.uniform(0.55, 1), rng.uniform(0.55, 1))
        self.ends = rng.uniform(1.5, 4.5, 2) if tube else np.exp(rng.normal(np.log(1.25), 0.35, 2)).clip(0.4, 2.6)
        self.power = rng.uniform(2, 4) if tube else rng.uniform(1.6, 3.5)
        self.bend = rng.normal(0, 0.05 if tube else 0.12, (2, 2))
        self.wind = rng.normal(0, 0.45, 2) if tube else np.zeros(2)
        self.turn, self.phase = rng.uniform(0.6, 1.6), rng.uniform(0, 2 * np.pi, 2)
        self.rough = rng.uniform(0.05, 0.45)
        cells = (int(rng.integers(3, 8)), int(rng.integers(3, 8)), int(rng.integers(3, 8)))
        self.field = torch.from_numpy(rng.standard_normal((1, 1, *cells)).astype(np.float32))
        self.angle = rng.uniform(0, np.pi)

    def __call__(self, x, y, z):
        """Above 0 inside."""
        x, y, z = torch.broadcast_tensors(x, y, z)
        x = x - self.bend[0, 0] * z - self.bend[0, 1] * z * z - self._winding(0, z)
        y = y - self.bend[1, 0] * z - self.bend[1, 1] * z * z - self._winding(1, z)
        c, s = np.cos(self.angle), np.sin(self.angle)
        u, v = (c * x + s * y) / self.axes[0], (c * y - s * x) / self.axes[1]
        t = torch.where(z < 0, z / self.ends[0], z / self.ends[1])
        r = (u.abs() ** self.power + v.abs() ** self.power + t.abs() ** self.power) ** (1 / self.power)
        at = torch.stack([u / 2, v / 2, t / 2], -1).reshape(1, 1, 1, -1, 3).float()
        wave = F.grid_sample(self.field, at, padding_mode="reflection", align_corners=True).reshape(x.shape)
        return 1 - r + self.rough * wave

    def _winding(self, axis, z):
        if self.wind[axis] == 0:
            return 0
        return self.wind[axis] * (torch.sin(self.turn * z + self.phase[axis]) - np.sin(self.phase[axis]))


def phantom(rng, shape):
    """Piecewise smooth tissue: the winner of several noise fields gives the level."""
    kinds = int(rng.integers(3, 7))
    fields = torch.stack([noise(rng, shape, tuple(int(n) for n in rng.integers(3, 9, 3))) for _ in range(kinds)])
    levels = torch.from_numpy(rng.uniform(0, 1, kinds).astype(np.float32))
    return levels[fields.argmax(0)]


def paint(rng, background, mask, soft):
    """A lesion of its own level and texture in the background; the level is at least a little unlike the surroundings."""
    around = float(background[soft < 0.2].median()) if bool((soft < 0.2).any()) else 0.5
    under = float(background[mask].mean()) if bool(mask.any()) else around
    contrast = rng.choice([-1, 1]) * rng.uniform(0.06, 0.5)
    level = np.clip(under + contrast, 0, 1)
    cells = tuple(int(n) for n in rng.integers(4, 16, 3))
    texture = noise(rng, tuple(background.shape), cells) * rng.uniform(0, 0.08)
    opacity = rng.uniform(0.6, 1)
    lesion = level + texture
    if rng.random() < 0.25:  # a necrotic or fatty core, or a bright rim
        lesion = lesion + (soft - 0.8).clamp(min=0) * 5 * rng.uniform(-0.3, 0.3)
    return background * (1 - opacity * soft) + lesion * (opacity * soft)

"""How a scanner saw it: contrast, field, noise, resolution, thick slices."""

import numpy as np
import torch
import torch.nn.functional as F

from region import SIZE
from shapes import blur, noise


def same_scanner(rng, image):
    """The picture as a reader would see it: a little gain, shift and noise, no more. image [z, y, x] in 0..1."""
    if rng.random() < 0.4:
        image = (image - 0.5) * float(np.exp(rng.uniform(-0.12, 0.12))) + 0.5 + rng.uniform(-0.04, 0.04)
    if rng.random() < 0.3:
        image = image + torch.from_numpy(rng.standard_normal(tuple(image.shape)).astype(np.float32)) * rng.uniform(0, 0.03)
    return image.clamp(0, 1)


def scan(rng, image, mask, slices=True, calm=False):
    """Another scanner, another sequence: random contrast, field, noise and resolution. image [z, y, x] in 0..1.

    `slices`: may mix neighbouring slices; not where they are the scanner's own. `calm`: see `same_scanner`."""
    if calm:
        return same_scanner(rng, image)
    shape = tuple(image.shape)
    if rng.random() < 0.2:  # a lesion that stands out more, or less
        soft = blur(mask.float(), (0.5, 1, 1))
        image = image + soft * (rng.uniform(-0.25, 0.25) + noise(rng, shape, (6, 9, 9)) * rng.uniform(0, 0.05))
    if rng.random() < 0.25:
        image = 1 - image
    if rng.random() < 0.4:
        image = image.clamp(0, 1) ** float(np.exp(rng.uniform(-0.7, 0.7)))
    if rng.random() < 0.35:  # a transfer curve of 6 knots; sometimes not monotone
        knots = rng.uniform(0, 1, 6)
        knots = np.sort(knots) if rng.random() < 0.6 else knots
        image = _curve(image, knots)
    if rng.random() < 0.4:
        image = (image - 0.5) * float(np.exp(rng.uniform(-0.5, 0.4))) + 0.5 + rng.uniform(-0.15, 0.15)
    if rng.random() < 0.25:
        image = image * torch.exp(noise(rng, shape, (3, 3, 3)) * rng.uniform(0, 0.25))
    if rng.random() < 0.25:
        image = blur(image, (rng.uniform(0, 0.8) * slices, *([rng.uniform(0.3, 1.6)] * 2)))
    if rng.random() < 0.2:  # coarse pixels, as PET has and as every small lesion has
        f = float(np.exp(rng.uniform(np.log(1.5), np.log(6))))
        small = F.interpolate(image[None, None], size=(shape[0], int(shape[1] / f), int(shape[2] / f)), mode="area")
        image = F.interpolate(small, size=shape, mode="trilinear")[0, 0]
    if rng.random() < 0.2 and slices:  # thick slices
        small = F.interpolate(image[None, None], size=(int(shape[0] / np.exp(rng.uniform(np.log(1.3), np.log(5)))), *shape[1:]), mode="area")
        image = F.interpolate(small, size=shape, mode="trilinear")[0, 0]
    if rng.random() < 0.45:
        sigma = float(np.exp(rng.uniform(np.log(0.01), np.log(0.12))))
        image = image + torch.from_numpy(rng.standard_normal(shape).astype(np.float32)) * sigma
    return image.clamp(0, 1)


def _curve(image, knots):
    t = image.clamp(0, 1) * (len(knots) - 1)
    i = t.long().clamp(max=len(knots) - 2)
    k = torch.from_numpy(knots.astype(np.float32))
    return k[i] + (k[i + 1] - k[i]) * (t - i)


SLICES = (0.2, 1.1)  # thickness of the slices of `slab`, in half box sizes: 2 to 11 slices over an isotropic lesion


def slab(rng, thing, region, x, y, calm=False):
    """The region as a scanner with thick slices and an expert who marks whole pixels of them would give it, between the slices
    as `sample` has it: image, mask, inside on the region's grid. The lesion ends where a slice ends."""
    thickness = region.half * float(np.exp(rng.uniform(*np.log(SLICES))))
    dz, _ = region.offsets()
    n = int(np.ceil(dz.max() / thickness)) + 1
    parts = 3 if thickness > 1.5 * region.step_z else 1
    profile = rng.uniform(0.4, 1) * thickness * (np.arange(parts) - (parts - 1) / 2) / parts
    z = (np.arange(-n, n + 1) * thickness)[:, None] + profile
    image, mask, inside = thing(x, y, region.z + torch.from_numpy(z.reshape(-1, 1, 1)), region.step)
    image, mask, inside = (v.float().reshape(2 * n + 1, parts, SIZE, SIZE) for v in (image, mask, inside))
    image, mask, inside = image.mean(1), mask.mean(1), (inside.amin(1) > 0).float()
    pixels = SIZE
    if rng.random() < 0.5:  # small lesions have few pixels too: 6 to 20 across the box
        pixels = int(SIZE / np.exp(rng.uniform(np.log(1.5), np.log(5))))
        image, mask = (F.interpolate(v[None], size=(pixels, pixels), mode="area")[0] for v in (image, mask))
    mask = mask > 0.5
    image = scan(rng, image, mask, slices=False, calm=calm)
    at = torch.from_numpy(dz / thickness + n)
    i = at.floor().long().clamp(0, 2 * n - 1)
    t = (at - i)[:, None, None].float()

    def between(v):
        if pixels != SIZE:
            v = F.interpolate(v[None], size=(SIZE, SIZE), mode="bilinear")[0]
        return v[i] + (v[i + 1] - v[i]) * t

    return between(image), between(mask.float()) > 0.5, inside[at.round().long()]

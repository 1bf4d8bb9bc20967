"""One training example from a seed: where to look, how to bend it, what the reader gives, how the scanner saw it."""

import numpy as np
import torch
import torch.nn.functional as F

from data import pool_factor, sample
from region import DEPTH, KEY, SIZE, Prompt, Region, channels
from shapes import Blob, blur, noise, paint, phantom

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


def jitter(rng, box, amount=0.05):
    x0, y0, x1, y1 = box
    w, h = x1 - x0, y1 - y0
    d = rng.uniform(-amount, amount, 4)
    return x0 + d[0] * w, y0 + d[1] * h, x1 + d[2] * w, y1 + d[3] * h


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


def prompts(rng, mask, region, image):
    """What the reader gives besides the key box, each with a probability of its own. mask [DEPTH, SIZE, SIZE] bool."""
    dz, ticks = region.offsets()
    present = np.flatnonzero(mask.any((1, 2)))
    prompt = Prompt()
    if not len(present):
        return prompt
    both = rng.random() < 0.15
    # mostly exact: the network must learn to fill the lesion up to the end that the reader gives
    error = region.step_z * rng.uniform(-1, 1, 2) * (1.0 if rng.random() < 0.3 else 0.1)
    if both or rng.random() < 0.08:
        prompt.first = min(float(dz[present[0]] - region.step_z / 2 + error[0]), 0.0)
    if both or rng.random() < 0.08:
        prompt.last = max(float(dz[present[-1]] + region.step_z / 2 + error[1]), 0.0)
    others = [int(j) for j in present if j != KEY]
    if others and rng.random() < 0.2:
        for j in rng.choice(others, min(len(others), int(rng.integers(1, 4))), replace=False):
            rows, columns = np.flatnonzero(mask[j].any(1)), np.flatnonzero(mask[j].any(0))
            half = region.step / 2
            box = (ticks[columns[0]] - half, ticks[rows[0]] - half, ticks[columns[-1]] + half, ticks[rows[-1]] + half)
            prompt.boxes[int(j)] = jitter(rng, box)
    if rng.random() < 0.35:
        prompt.masks[KEY] = rough(rng, mask[KEY]) if rng.random() < 0.5 else mistaken(rng, mask[KEY], image[KEY], region)
    if others and rng.random() < 0.12:
        for j in rng.choice(others, min(len(others), int(rng.integers(1, 4))), replace=False):
            prompt.masks[int(j)] = rough(rng, mask[j])
    if rng.random() < 0.1:
        for _ in range(int(rng.integers(1, 4))):
            j = int(np.clip(rng.normal(KEY, DEPTH / 5), 0, DEPTH - 1))
            row, column = (int(np.clip(rng.normal(SIZE / 2, SIZE / 6), 0, SIZE - 1)) for _ in range(2))
            if j not in prompt.masks:
                prompt.points.append((j, row, column, 1 if mask[j, row, column] else -1))
    return prompt


def rough(rng, mask):
    """A slice's mask as a model or a hurried reader would have drawn it: Dice about 0.9 with the truth."""
    sigma = rng.uniform(1.2, 3)
    soft = blur(torch.from_numpy(mask[None].astype(np.float32)), (0, sigma, sigma))
    wave = noise(rng, (1, SIZE, SIZE), (1, *(int(n) for n in rng.integers(4, 12, 2)))) * rng.uniform(0, 0.3)
    # the edge of the blurred mask falls by 0.4 / sigma per px, so this moves it by up to about 2 px
    return ((soft + wave * (soft > 0.01))[0] > 0.5 + rng.uniform(-0.2, 0.2)).numpy().astype(np.float32)


def mistaken(rng, mask, image, region):
    """A key mask as a two-dimensional model gets it wrong: it takes in what looks alike, leaves out what does not, within
    a little more than the box. Dice 0.7 to 0.95 with the truth. image [SIZE, SIZE]."""
    values = image[mask]
    median = np.median(values)
    spread = 1.4826 * np.median(np.abs(values - median)) + 0.03
    alike = torch.from_numpy(np.exp(-0.5 * ((image - median) / (1.5 * spread)) ** 2)[None].astype(np.float32))
    fine = rng.uniform(0.5, 1.5)
    alike = blur(alike, (0, fine, fine))
    sigma = rng.uniform(1.5, 4)
    soft = blur(torch.from_numpy(mask[None].astype(np.float32)), (0, sigma, sigma))
    wave = noise(rng, (1, SIZE, SIZE), (1, *(int(n) for n in rng.integers(3, 9, 2)))) * rng.uniform(0, 0.2)
    drawn = (soft + rng.uniform(0.3, 1.1) * (alike - 0.6) + wave * (soft > 0.01))[0].numpy() > 0.5 + rng.uniform(-0.2, 0.15)
    _, ticks = region.offsets()
    room = rng.uniform(0.5, 0.56)
    drawn &= (np.abs(ticks)[None, :] < room * region.w) & (np.abs(ticks)[:, None] < room * region.h)
    return (drawn if drawn.sum() >= 8 else mask).astype(np.float32)


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


def example(cases, seed, index, synthetic_share=0.3, objects=(), found_share=0.0, slab_share=(0.0, 0.0), bare=0.0, calm_share=0.0):
    """channels [C, D, S, S], mask [1, D, S, S], weight [1, D, S, S] (0 where there is no image), all float32 tensors.

    The rest of the shares is lesions of the cases; `slab_share` is that of thick slices, among them and among all others.
    `bare`: share of examples for which nothing is given but the box. `calm_share`: that of examples that look as they are
    (`same_scanner`), not as on another scanner, nor blended with the other modality.
    """
    rng = np.random.default_rng((seed, index))
    manner = np.random.default_rng((seed, index, 2))  # of its own: shares of 0 leave the examples of earlier stages as they were
    calm, alone = manner.random() < calm_share, manner.random() < bare
    while True:
        case = cases[int(rng.integers(len(cases)))]
        kind = rng.random()
        real = kind >= synthetic_share + found_share
        if kind < synthetic_share:
            thing = Synthetic(rng, case)
        elif real:
            thing = Real(rng, case, getattr(case, "partner", None))
        else:
            thing = Part(rng, objects[int(rng.integers(len(objects)))])
        if calm and kind >= synthetic_share:
            thing.partner = None
        box = find_box(rng, thing)
        if box is None:
            continue
        x0, y0, x1, y1 = jitter(rng, box, 0.05 if rng.random() < 0.8 else 0.1)
        zooms = np.exp(rng.uniform(-0.1, 0.25, 2)) if rng.random() < 0.5 else np.ones(2)
        region = Region((x0 + x1) / 2, (y0 + y1) / 2, thing.key, x1 - x0, y1 - y0, *(float(v) for v in zooms))
        dz, ticks = (torch.from_numpy(t) for t in region.offsets())
        x, y, z = region.x + ticks[None, None, :], region.y + ticks[None, :, None], region.z + dz[:, None, None]
        if rng.random() < slab_share[0 if real else 1]:
            image, mask, inside = slab(rng, thing, region, x, y, calm)
            image = image * inside
        else:
            image, mask, inside = thing(x, y, z, region.step)
            image = scan(rng, image, mask, calm=calm) * inside
        truth = mask & (inside > 0)
        key = truth[KEY]
        if int(key.sum()) < 12 or min(int(key.any(0).sum()) * region.step / region.w, int(key.any(1).sum()) * region.step / region.h) < 0.7:
            continue  # nothing there, or not what was boxed
        prompt = Prompt() if alone else prompts(rng, truth.numpy(), region, image.numpy())
        made = channels(image.numpy(), inside.numpy(), region, prompt)
        return torch.from_numpy(made), mask.float()[None], inside[None]

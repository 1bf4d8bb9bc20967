"""What a reader gives: boxes that are a little off, ends, masks with a reader's or a model's errors, points."""

import numpy as np
import torch

from region import DEPTH, KEY, SIZE, Prompt
from shapes import blur, noise


def jitter(rng, box, amount=0.05):
    x0, y0, x1, y1 = box
    w, h = x1 - x0, y1 - y0
    d = rng.uniform(-amount, amount, 4)
    return x0 + d[0] * w, y0 + d[1] * h, x1 + d[2] * w, y1 + d[3] * h


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

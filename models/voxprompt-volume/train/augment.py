"""One training example from a seed: where to look, how to bend it, what the reader gives, how the scanner saw it."""

import numpy as np
import torch

from reader import jitter, prompts
from region import KEY, Prompt, Region, channels
from scanner import scan, slab
from things import Part, Real, Synthetic, find_box


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

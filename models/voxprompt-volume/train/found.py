"""Objects found in the training volumes: parts of whatever the scanner saw that end where the image says so.

    python found.py --data .../shared/data/sts-train --out objects.npz [--each 48] [--seed 20261123]

Vessels, marrow, muscles, bladder, pieces of a tumour: components of the thresholded or banded, randomly smoothed volume, kept
when a reader could box them: one compact part on the key slice, contrast at the border, 2 slices or more, clear of the
volume's own ends. They belong to the patients of `split = train` alone. The slices that `data.extend` repeats hold none.
"""

import argparse
import multiprocessing
from dataclasses import dataclass

import numpy as np
import torch
from scipy import ndimage

import data

EXTENSION = 20  # of the cases that train.py holds
CLASSES = (0, 10, 20, 40, 1000)  # mm, diameter of the sphere of the same volume; each gets its share
HELD_OUT = 5  # patients whose number in the sorted list is 4, 9, 14, 19: their objects calibrate, they do not train


@dataclass
class Found:
    """An object in a case. `part` is a small case of its own; its first voxel is `origin` (x, y, z) of the case."""

    case: data.Case
    part: data.Case
    origin: np.ndarray


def random_mask(rng, volume, spacing):
    """Threshold or band of the volume [z, y, x] smoothed by 0.5 to 5 mm."""
    sigma = np.exp(rng.uniform(np.log(0.5), np.log(5)))
    smooth = ndimage.gaussian_filter(volume, np.minimum(sigma / spacing[::-1], 3))
    tissue = smooth[smooth > 0.02]
    if tissue.size < 100:
        return None
    if rng.random() < 0.35:
        middle, half = rng.choice(tissue), rng.uniform(0.03, 0.12)
        return np.abs(smooth - middle) < half
    level = np.quantile(tissue, rng.uniform(0.03, 0.995))
    return smooth > level if rng.random() < 0.6 else smooth < level


def contrast(volume, mask):
    """Step across the border over the spread on both sides of it; 0 when it is next to nothing."""
    inner = volume[mask & ~ndimage.binary_erosion(mask, iterations=1)]
    outer = volume[ndimage.binary_dilation(mask, iterations=2) & ~ndimage.binary_dilation(mask, iterations=1)]
    if inner.size < 10 or outer.size < 10:
        return 0.0
    step = abs(float(np.median(inner) - np.median(outer)))
    return step / float(inner.std() + outer.std() + 0.02) if step > 0.04 else 0.0


def describable(part, spacing):
    """Does a tight box on the largest slice stand for the object? part [z, y, x] bool, tight in all axes."""
    areas = part.sum((1, 2))
    k = int(areas.argmax())
    rows, columns = np.flatnonzero(part[k].any(1)), np.flatnonzero(part[k].any(0))
    h, w = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    if len(areas) < 2 or min(h, w) < 4 or max(h * spacing[1], w * spacing[0]) > 3.5 * min(h * spacing[1], w * spacing[0]):
        return False
    labels, count = ndimage.label(part[k])
    ratio = len(areas) * spacing[2] / np.sqrt(w * spacing[0] * h * spacing[1])
    whole = np.bincount(labels.ravel())[1:].max() > 0.9 * areas[k]
    return bool(areas[k] > 0.45 * h * w and whole and part.mean() > 0.22 and 0.3 < ratio < 2.6)


def search(rng, case, each):
    """Up to `each` objects of a case as (mask with a margin of 1, origin), mixed over the classes of size."""
    volume = case.levels[1][0].numpy()[EXTENSION:-EXTENSION]
    spacing, found = case.spacing, [[] for _ in CLASSES[1:]]
    for _ in range(6 * each):
        if sum(map(len, found)) >= 2 * each:
            break
        mask = random_mask(rng, volume, spacing)
        if mask is None:
            continue
        labels, _ = ndimage.label(mask)
        boxes = ndimage.find_objects(labels)
        counts = np.bincount(labels.ravel(), minlength=len(boxes) + 1)[1:]
        taken = 0
        for i in rng.permutation(np.flatnonzero((counts >= 40) & (counts < 0.2 * mask.size)))[:20]:
            where = boxes[i]
            if any(s.start < 1 or s.stop > n - 1 for s, n in zip(where, mask.shape)):
                continue
            diameter = (6 / np.pi * counts[i] * np.prod(spacing)) ** (1 / 3)
            size = int(np.searchsorted(CLASSES, diameter)) - 1
            if len(found[size]) >= each or taken >= 4:
                continue
            part = labels[where] == i + 1
            part = np.stack([ndimage.binary_fill_holes(p) for p in part])
            if not describable(part, spacing):
                continue
            part = np.pad(part, 1)
            origin = np.array([s.start - 1 for s in where])
            if any(np.abs(o + np.array(m.shape) / 2 - origin - np.array(part.shape) / 2).max() < 2 for m, o in found[size]):
                continue  # the same thing at another threshold
            wide = tuple(slice(max(o - 2, 0), o + n + 2) for o, n in zip(origin, part.shape))
            inner = np.zeros([s.stop - s.start for s in wide], bool)
            at = tuple(slice(o - s.start, o - s.start + n) for o, s, n in zip(origin, wide, part.shape))
            inner[at] = part
            inner = inner[tuple(slice(0, n) for n in volume[wide].shape)]
            if contrast(volume[wide], inner) < 0.6:
                continue
            found[size].append((part, origin))
            taken += 1
    keep, left = [], list(found)
    while len(keep) < each and any(left):
        for of_size in left:
            if of_size and len(keep) < each:
                keep.append(of_size.pop(int(rng.integers(len(of_size)))))
    return keep


def write(path, cases, each, seed):
    shapes, origins, names, bits = [], [], [], []
    with multiprocessing.get_context("fork").Pool(2) as pool:
        lists = pool.starmap(search, [(np.random.default_rng((seed, i)), case, each) for i, case in enumerate(cases)], 1)
    for case, parts in zip(cases, lists):
        for part, origin in parts:
            names.append(case.name)
            shapes.append(part.shape)
            origins.append(origin)
            bits.append(np.packbits(part))
        print(case.name, names.count(case.name), flush=True)
    np.savez_compressed(path, names=names, shapes=shapes, origins=origins, bits=np.concatenate(bits))


def read(path, cases, held_out=False):
    """The objects of the cases, those of the held-out patients or the others, in the order of the file."""
    by_name = {c.name: c for c in cases}
    patients = sorted({c.patient for c in cases})
    objects, at = [], 0
    with np.load(path) as z:
        bits, rows = z["bits"], list(zip(z["names"], z["shapes"], z["origins"]))
    for name, shape, origin in rows:
        voxels = int(np.prod(shape))
        packed, at = bits[at : at + (voxels + 7) // 8], at + (voxels + 7) // 8
        case = by_name[str(name)]
        if (patients.index(case.patient) % HELD_OUT == HELD_OUT - 1) != held_out:
            continue
        mask = np.unpackbits(packed, count=voxels).reshape(shape)
        part = data.Case(case.patient, case.modality, case.spacing, np.zeros(3), data.pooled(mask.astype(np.float32), mask), 0)
        objects.append(Found(case, part, (origin + np.array([EXTENSION, 0, 0]))[::-1].astype(np.float64)))
    return objects


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="shared/data/sts-train")
    parser.add_argument("--out", required=True)
    parser.add_argument("--each", type=int, default=48, help="objects of a case")
    parser.add_argument("--seed", type=int, default=20261123)
    a = parser.parse_args()
    torch.set_num_threads(1)
    write(a.out, data.load_sts_train(a.data, "train", extension=EXTENSION), a.each, a.seed)


if __name__ == "__main__":
    main()

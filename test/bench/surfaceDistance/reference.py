"""Numbers of DeepMind's surface-distance for small pairs of masks, as JSON: `python reference.py > reference.json`.

Needs PyPI surface-distance 0.1 with numpy and scipy. The masks are written with the numbers, so that whoever reads
the file needs no Python: run lengths, starting with a run of zeros, x fastest, then y, then z.
"""

import json
import sys

import numpy as np
import scipy.ndimage as ndimage

# Names that the package uses and that its own dependencies have dropped since.
for name, value in (("Inf", np.inf), ("NaN", np.nan)):
    if not hasattr(np, name):
        setattr(np, name, value)
if not hasattr(ndimage, "filters"):
    ndimage.filters = ndimage
if not hasattr(ndimage, "morphology"):
    ndimage.morphology = ndimage

import surface_distance as sd  # noqa: E402

SIZE = (14, 12, 9)  # x, y, z


def grid():
    x, y, z = SIZE
    return np.meshgrid(np.arange(x), np.arange(y), np.arange(z), indexing="ij")


def ellipsoid(centre, radii):
    x, y, z = grid()
    inside = sum(((axis - c) / r) ** 2 for axis, c, r in zip((x, y, z), centre, radii))
    return inside <= 1


def noise(seed, share):
    values = np.zeros(SIZE, bool)
    state = seed
    for index in np.ndindex(*SIZE):
        state = (state * 1103515245 + 12345) % 2**31
        values[index] = (state >> 8) % 1000 < share * 1000
    return values


EMPTY = np.zeros(SIZE, bool)
VOXEL = EMPTY.copy()
VOXEL[6, 5, 4] = True

CASES = {
    "the same ellipsoid": (ellipsoid((6, 5, 4), (4, 3, 3)), ellipsoid((6, 5, 4), (4, 3, 3)), (1, 1, 1)),
    "a shifted ellipsoid": (ellipsoid((6, 5, 4), (4, 3, 3)), ellipsoid((7, 5, 5), (4, 3, 3)), (0.977, 0.977, 3.27)),
    "one slice too many": (ellipsoid((6, 5, 4), (4, 3, 2)), ellipsoid((6, 5, 4), (4, 3, 3)), (0.8, 0.8, 5)),
    "cut by the border": (ellipsoid((1, 1, 0), (5, 4, 4)), ellipsoid((0, 2, 1), (5, 4, 4)), (1.2, 0.9, 2)),
    "two voxels apart": (VOXEL, np.roll(VOXEL, (3, 2, 1), (0, 1, 2)), (0.5, 0.7, 4)),
    "noise of every shape": (noise(1, 0.5), noise(2, 0.5), (0.6, 1.1, 2.3)),
    "sparse noise": (noise(3, 0.1), noise(4, 0.1), (2, 1.5, 1)),
    "dense noise": (noise(5, 0.9), noise(6, 0.9), (1, 1, 4)),
    "nothing found": (VOXEL, EMPTY, (1, 1, 1)),
}


def runs(mask):
    flat = mask.transpose(2, 1, 0).ravel().astype(np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flat)))).tolist()
    bounds = [0, *edges, flat.size]
    return [b - a for a, b in zip(bounds, bounds[1:])]


def measured(name, truth, found, spacing):
    distances = sd.compute_surface_distances(truth, found, spacing)
    finite = lambda value: float(value) if np.isfinite(value) else None
    return {
        "name": name,
        "spacing": list(spacing),
        "truth": runs(truth),
        "found": runs(found),
        "areaTruth": float(distances["surfel_areas_gt"].sum()),
        "areaFound": float(np.sum(distances["surfel_areas_pred"])),
        "surfaceDice": {str(t): float(sd.compute_surface_dice_at_tolerance(distances, t)) for t in (0, 1, 2, 3.5)},
        "hausdorff": {str(p): finite(sd.compute_robust_hausdorff(distances, p)) for p in (50, 95, 100)},
        "dice": float(sd.compute_dice_coefficient(truth, found)),
    }


json.dump({"size": SIZE, "cases": [measured(name, *case) for name, case in CASES.items()]}, sys.stdout)
print()

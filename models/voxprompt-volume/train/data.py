"""Volumes in memory: windowed to 0..1, with their masks, average-pooled in plane for large lesions."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

POOLS = (1, 2, 3, 4)
WINDOW_CT = (-160.0, 240.0)
PERCENTILES = (0.5, 99.5)


@dataclass
class Case:
    patient: str
    modality: str
    spacing: np.ndarray  # x, y, z, mm
    offset: np.ndarray  # first voxel x, y, z in the scanner's volume
    levels: dict  # pool factor -> float32 [2 (value, mask), z, y, x]
    extension: int  # slices added below and above by `extend`

    @property
    def name(self):
        return f"{self.patient}_{self.modality}"


def windowed(values, modality):
    """Modality units -> 0..1, the recipe of models/litemedsam/manifest.json."""
    if modality == "CT":
        low, high = WINDOW_CT
    else:
        present = values[values != 0]
        low, high = np.percentile(present if present.size else values, PERCENTILES)
    return np.clip((values - low) / max(high - low, 1e-6), 0, 1).astype(np.float32)


def extend(volume, mask, count):
    """Adds `count` slices at both ends by running to and fro through the slices without lesion.

    The training volumes end 7 slices beyond the lesion. A network that sees where the image stops would learn where the
    lesion stops; after this, and a random cut in `augment`, it cannot.
    """
    present = np.flatnonzero(mask.any((1, 2)))
    first, last, n = present[0], present[-1], len(volume)

    def bounce(edge, free):  # indices from the volume's edge outwards
        if free < 2:
            return np.full(count, edge)
        period = np.concatenate([np.arange(1, free), np.arange(free - 2, -1, -1)])
        steps = np.resize(period, count)
        return steps if edge == 0 else n - 1 - steps

    order = np.concatenate([bounce(0, first)[::-1], np.arange(n), bounce(n - 1, n - 1 - last)])
    return volume[order], mask[order]


def pooled(volume, mask):
    both = torch.from_numpy(np.stack([volume, mask.astype(np.float32)]))
    levels = {1: both}
    for f in POOLS[1:]:
        levels[f] = F.avg_pool3d(both[None], (1, f, f))[0] if min(both.shape[2:]) >= 4 * f else levels[POOLS[POOLS.index(f) - 1]]
    return levels


def make_case(patient, modality, values, mask, spacing, offset=(0, 0, 0), extension=0):
    volume = windowed(values, modality)
    if extension:
        volume, mask = extend(volume, mask, extension)
    return Case(patient, modality, np.asarray(spacing, np.float64), np.asarray(offset), pooled(volume, mask), extension)


def load_sts_train(folder, split, extension=0, patients=None):
    """Cases of shared/data/sts-train. `split` is 'train' or 'val'; one is never mixed into the other."""
    index = json.loads((Path(folder) / "index.json").read_text())
    cases = []
    for entry in sorted(index["files"], key=lambda e: e["file"]):
        if entry["split"] != split:
            continue
        _, patient, modality = Path(entry["file"]).stem.split("_", 2)
        if patients is not None and patient not in patients:
            continue
        with np.load(Path(folder) / entry["file"]) as z:
            values = z["lut"][z["codes"]].astype(np.float32) * float(z["scale"])
            cases.append(make_case(patient, modality, values, z["mask"], z["spacing"], z["offset"], extension))
    return cases


def load_sts(folder, patients=None):
    """Cases of shared/data/sts: the whole DICOM series, lesion with about 5 cm on every side."""
    import nibabel
    import pydicom

    cases = []
    for image in sorted(Path(folder).glob("STS_*/*/image")):
        patient, modality = image.parent.parent.name.removeprefix("STS_"), image.parent.name
        if patients is not None and patient not in patients:
            continue
        slices = sorted((pydicom.dcmread(p) for p in image.glob("*.dcm")), key=lambda s: float(s.ImagePositionPatient[2]))
        values = np.stack(
            [s.pixel_array * float(s.get("RescaleSlope", 1)) + float(s.get("RescaleIntercept", 0)) for s in slices]
        ).astype(np.float32)
        mask = np.asarray(nibabel.load(image.parent / "mask.nii.gz").dataobj).transpose(2, 1, 0)
        gap = (float(slices[-1].ImagePositionPatient[2]) - float(slices[0].ImagePositionPatient[2])) / (len(slices) - 1)
        row, column = (float(v) for v in slices[0].PixelSpacing)
        cases.append(make_case(patient, modality, values, mask, (column, row, gap)))
    return cases


def pool_factor(step, spacing_x):
    """In-plane pooling that keeps a coarse grid from skipping pixels."""
    return int(np.clip(np.floor(step / spacing_x + 0.5), 1, POOLS[-1]))


def sample(case, factor, points):
    """points [..., 3] = (x, y, z) in voxels of the unpooled volume -> value, mask (trilinear) and inside (0 or 1)."""
    level = case.levels[factor]
    depth, height, width = case.levels[1].shape[1:]
    actual = width // level.shape[3] if level.shape[3] != width else 1
    x, y, z = points.unbind(-1)
    inside = (x >= -0.5) & (x <= width - 0.5) & (y >= -0.5) & (y <= height - 0.5) & (z >= -0.5) & (z <= depth - 0.5)
    _, d, h, w = level.shape
    grid = torch.stack(
        [((x + 0.5) / actual * 2) / w - 1, ((y + 0.5) / actual * 2) / h - 1, ((z + 0.5) * 2) / d - 1], dim=-1
    ).float()
    flat = grid.reshape(1, 1, 1, -1, 3)
    both = F.grid_sample(level[None], flat, padding_mode="border", align_corners=False)[0]
    both = both.reshape(2, *x.shape) * inside
    return both[0], both[1], inside.float()

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
    lesion stops; after this, and a random cut in `things`, it cannot.
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


def components(mask):
    """Face-, edge- or corner-connected parts, largest first."""
    from scipy.ndimage import label

    parts, count = label(mask, np.ones((3, 3, 3)))
    order = np.argsort(-np.bincount(parts.ravel(), minlength=count + 1)[1:])
    return [parts == i + 1 for i in order]


def read_nrrd(path):
    """Values [z, y, x] and spacing (x, y, z) of a gzip NRRD with axes along the patient's."""
    import gzip

    head, body = Path(path).read_bytes().split(b"\n\n", 1)
    field = dict(line.split(": ", 1) for line in head.decode().splitlines() if ": " in line)
    sizes = [int(n) for n in field["sizes"].split()]
    kind = {"short": "<i2", "int": "<i4", "unsigned char": "u1", "float": "<f4", "double": "<f8"}[field["type"]]
    values = np.frombuffer(gzip.decompress(body) if field["encoding"].startswith("gz") else body, kind)
    vectors = [[float(n) for n in v.strip("()").split(",")] for v in field["space directions"].split()]
    return values.reshape(sizes[::-1]), tuple(float(np.linalg.norm(v)) for v in vectors)


def load_volumes(folder, smallest=100, largest=5000):
    """Cases of shared/data/volumes, one per object; `modality` names the kind. None of them is a sarcoma.

    Hippocampi are whole (both labels), once in axial and once in coronal slices; white-matter lesions are the parts of
    `smallest` to `largest` voxels; brain1 has two tumours.
    """
    import nibabel

    folder, cases = Path(folder), []

    def nifti(path):
        image = nibabel.load(folder / path)
        return np.asarray(image.dataobj).transpose(2, 1, 0), tuple(float(v) for v in image.header.get_zooms()[:3])

    def add(name, kind, modality, values, mask, spacing):
        case = make_case(name, modality, values.astype(np.float32), mask.astype(np.uint8), spacing)
        case.modality = kind
        cases.append(case)

    values, spacing = nifti("spleen-ct/image.nii.gz")
    add("spleen-ct", "spleen", "CT", values, nifti("spleen-ct/mask.nii.gz")[0] > 0, spacing)
    for path in sorted((folder / "hippocampus").glob("*_image.nii.gz")):
        values, spacing = nifti(path)
        mask = nifti(str(path).replace("_image", "_mask"))[0] > 0
        name = path.name.split("_")[1]
        add(f"hippocampus{name}", "hippocampus-axial", "MR", values, mask, spacing)
        turn = (1, 0, 2)  # coronal slices
        add(f"hippocampus{name}", "hippocampus-coronal", "MR", values.transpose(turn), mask.transpose(turn), (spacing[0], spacing[2], spacing[1]))
    values, spacing = nifti("ms-lesions/patient19_flair.nii.gz")
    for i, part in enumerate(components(nifti("ms-lesions/patient19_mask.nii.gz")[0] > 0)):
        if smallest <= part.sum() <= largest:
            add(f"ms{i:02d}", "ms-lesion", "MR", values, part, spacing)
    for name in ("brain1", "brain2", "breast1"):
        values, spacing = read_nrrd(folder / f"pyradiomics/{name}_image.nrrd")
        label = read_nrrd(folder / f"pyradiomics/{name}_label.nrrd")[0] == 1
        for i, part in enumerate(components(label)):
            if part.sum() >= 50:
                add(f"{name}.{i}", "tumour", "MR", values, part, spacing)
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

"""The box-normalised region that the network sees, and the channels that carry the reader's prompts.

Grid index order is [slice j, row r, column c]; DEPTH x SIZE x SIZE. In plane the region is a square of `2 * zoom` times the
longer box side, centred on the box, one sample in the middle of each of SIZE cells. Along z sample j lies
`(j - KEY) * 2 * HALF_DEPTH * zoom_z / DEPTH` half box sizes from the key slice, so sample KEY is the key slice itself;
a half box size is sqrt(w * h) / 2 in mm.
"""

from dataclasses import dataclass, field

import numpy as np

DEPTH, SIZE, KEY = 32, 64, 16
HALF_DEPTH = 2.8
PRIOR_REACH = 1.45  # half axis of the expected ellipsoid along z, in half box sizes (facts: mean of 30 sarcomas)
CHANNELS = ("image", "relative", "likelihood", "box", "prior", "range", "mask", "inside")


@dataclass
class Region:
    """Where the grid lies, mm. (x, y) is the centre of the key box, z the key slice; w, h the key box."""

    x: float
    y: float
    z: float
    w: float
    h: float
    zoom: float = 1.0
    zoom_z: float = 1.0

    @property
    def half(self):
        return float(np.sqrt(self.w * self.h) / 2)

    @property
    def step(self):
        return 2 * self.zoom * max(self.w, self.h) / SIZE

    @property
    def step_z(self):
        return 2 * HALF_DEPTH * self.zoom_z * self.half / DEPTH

    def offsets(self):
        """Distances from the key box centre, mm: z [DEPTH], and one axis in plane [SIZE]."""
        return (np.arange(DEPTH) - KEY) * self.step_z, (np.arange(SIZE) + 0.5 - SIZE / 2) * self.step


@dataclass
class Prompt:
    """What the reader gave besides the key box. Everything is already on the region's grid."""

    first: float | None = None  # lowest and highest z that the lesion reaches, mm from the key slice
    last: float | None = None
    boxes: dict = field(default_factory=dict)  # sample j -> (x0, y0, x1, y1) in mm from the key box centre
    masks: dict = field(default_factory=dict)  # sample j -> [SIZE, SIZE] in 0..1
    points: list = field(default_factory=list)  # (j, row, column, +1 or -1)


def key_ellipse(region, shrink=1.0):
    """1 inside the ellipse inscribed in the key box, [SIZE, SIZE]."""
    _, ticks = region.offsets()
    a, b = region.w / 2 * shrink, region.h / 2 * shrink
    return (ticks[None, :] / a) ** 2 + (ticks[:, None] / b) ** 2 <= 1


def relative_channel(image, inside, core):
    """(image - median) / (1.4826 MAD + 0.02) with both taken in `core` of the key slice; clipped to +-6."""
    values = image[KEY][core & (inside[KEY] > 0)]
    if values.size < 4:
        values = image[KEY].ravel()
    median = float(np.median(values))
    spread = 1.4826 * float(np.median(np.abs(values - median))) + 0.02
    return np.clip((image - median) / spread, -6, 6)


BINS = 48
_SMOOTH = np.exp(-0.5 * (np.arange(-5, 6) / 1.5) ** 2)
_SMOOTH = _SMOOTH / _SMOOTH.sum()


def likelihood_channel(relative, inside, core, outside):
    """log(p(value | lesion) / p(value | surroundings)) from two smoothed histograms of the key slice, clipped to +-3."""
    place = np.minimum(((relative + 6) * (BINS / 12)).astype(np.int64), BINS - 1)
    tables = []
    for where in (core, outside):
        counts = np.bincount(place[KEY][where & (inside[KEY] > 0)], minlength=BINS).astype(np.float64)
        smooth = np.convolve(counts, _SMOOTH, "same")
        tables.append((smooth + 0.01 * max(smooth.sum(), 1)) / (smooth.sum() + 0.01 * BINS * max(smooth.sum(), 1)))
    table = np.clip(np.log(tables[0] / tables[1]), -3, 3)
    return table[place]


def channels(image, inside, region, prompt):
    """image, inside [DEPTH, SIZE, SIZE] in 0..1 -> float32 [len(CHANNELS), DEPTH, SIZE, SIZE]."""
    dz, ticks = region.offsets()
    x, y = ticks[None, None, :], ticks[None, :, None]
    z = dz[:, None, None]
    out = np.zeros((len(CHANNELS), DEPTH, SIZE, SIZE), np.float32)
    box = (np.abs(x) <= region.w / 2) & (np.abs(y) <= region.h / 2)

    key_mask = prompt.masks.get(KEY)
    core = key_ellipse(region, 0.85) if key_mask is None or key_mask.sum() < 8 else key_mask > 0.5
    relative = relative_channel(image, inside, core)
    out[0] = (image - 0.5) * 2
    out[1] = relative / 3
    out[2] = likelihood_channel(relative, inside, core, ~box[0]) / 1.5
    out[3, KEY] = np.where(box[0], 1, -1)
    for j, (x0, y0, x1, y1) in prompt.boxes.items():
        out[3, j] = np.where((ticks[None, :] >= x0) & (ticks[None, :] <= x1) & (ticks[:, None] >= y0) & (ticks[:, None] <= y1), 1, -1)
    low = PRIOR_REACH * region.half if prompt.first is None else max(-prompt.first, region.step_z / 2)
    high = PRIOR_REACH * region.half if prompt.last is None else max(prompt.last, region.step_z / 2)
    reach = np.where(z < 0, low, high)
    out[4] = np.clip(1 - (2 * x / region.w) ** 2 - (2 * y / region.h) ** 2 - (z / reach) ** 2, -2, 1)
    if prompt.first is not None:
        out[5][dz < 0] = np.where(dz[dz < 0] >= prompt.first, 1, -1)[:, None, None]
    if prompt.last is not None:
        out[5][dz > 0] = np.where(dz[dz > 0] <= prompt.last, 1, -1)[:, None, None]
    for j, mask in prompt.masks.items():
        out[6, j] = 2 * mask - 1
    for j, row, column, sign in prompt.points:
        out[6, j, max(row - 1, 0) : row + 2, max(column - 1, 0) : column + 2] = sign
    out[7] = inside
    out[:3] *= inside
    return out

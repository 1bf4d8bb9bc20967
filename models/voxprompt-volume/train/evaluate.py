"""Whole-lesion Dice from one jittered box on the largest slice, per modality; and with more of the reader's knowledge.

    python evaluate.py CHECKPOINT --sts DIR [--prompts box,ends,three,rough,mask,sam,sam+ends] [--sam DIR]
        [--jitters 3] [--once] [--json FILE]

DIR is shared/data/sts: the ten `val` patients, whole series. CHECKPOINT must not have been trained on them. --volumes DIR
(shared/data/volumes) takes other things than sarcomas instead; --train DIR (shared/data/sts-train) what it was trained on.
"""

import argparse
import json
import zlib

import numpy as np
import torch

import data
from network import Volume
from predict import key_slice, mask_on_grid, segment, tight_box
from reader import jitter, rough
from region import DEPTH, KEY, Prompt
from sam import KeySliceSam


def seeded(case, salt):
    return np.random.default_rng(zlib.crc32(f"{case.name}/{salt}".encode()))


def prompt_for(kind, case, truth, k, salt, box, sam):
    """What the reader adds to the box, as a function of the region (None: nothing)."""
    present = np.flatnonzero(truth.any((1, 2)))
    sz = float(case.spacing[2])
    if kind == "box":
        return None
    if kind == "ends":
        return lambda region: Prompt(first=(present[0] - 0.5 - k) * sz, last=(present[-1] + 0.5 - k) * sz)
    if kind == "mask":
        return lambda region: Prompt(masks={KEY: mask_on_grid(case, region, truth[k])})
    if kind == "rough":
        return lambda region: Prompt(masks={KEY: rough(seeded(case, salt), mask_on_grid(case, region, truth[k]) > 0.5)})
    if kind in ("sam", "sam+ends"):
        end = (present[0] - 0.5 - k) * sz, (present[-1] + 0.5 - k) * sz
        first, last = end if kind == "sam+ends" else (None, None)
        return lambda region: Prompt(first=first, last=last, masks={KEY: sam.on_grid(case, k, box, region)})
    if kind == "three":

        def three(region):
            prompt = Prompt(first=(present[0] - 0.5 - k) * sz, last=(present[-1] + 0.5 - k) * sz)
            for z in (present[0], present[-1]):
                j = int(np.clip(round((z - k) * sz / region.step_z) + KEY, 0, DEPTH - 1))
                if j != KEY:
                    x0, y0, x1, y1 = jitter(seeded(case, (salt, int(z))), tight_box(truth[z]))
                    sx, sy = case.spacing[:2]
                    prompt.boxes[j] = (x0 * sx - region.x, y0 * sy - region.y, x1 * sx - region.x, y1 * sy - region.y)
            return prompt

        return three
    raise SystemExit(f"no prompt kind {kind}")


def measure(mask, truth, k):
    present, found = np.flatnonzero(truth.any((1, 2))), np.flatnonzero(mask.any((1, 2)))
    overlap = 2 * (mask & truth).sum() / max(mask.sum() + truth.sum(), 1)
    key = 2 * (mask[k] & truth[k]).sum() / max(mask[k].sum() + truth[k].sum(), 1)
    ends = (0, 0) if not len(found) else (int(present[0] - found[0]), int(found[-1] - present[-1]))
    return {"dice": float(overlap), "key": float(key), "low": ends[0], "high": ends[1]}


def slice_scores(case, region, values):
    """Values per region slice -> per slice of the case, linear; nan where the region does not reach."""
    depth = case.levels[1].shape[1]
    j = (np.arange(depth) * case.spacing[2] - region.z) / region.step_z + KEY
    return np.where((j >= 0) & (j <= DEPTH - 1), np.interp(j, np.arange(DEPTH), values), np.nan)


def evaluate(network, cases, kinds=("box",), salts=(0,), once=False, zoom_out=True, sam=None):
    network.eval()
    rows = []
    for case in cases:
        truth = case.levels[1][1].numpy() > 0.5
        k = key_slice(truth)
        for salt in salts:
            box = jitter(seeded(case, salt), tight_box(truth[k]))
            for kind in kinds:
                extra = prompt_for(kind, case, truth, k, salt, box, sam)
                mask, _, region, presence, score = segment(network, case, k, box, extra, once, zoom_out)
                row = {"patient": case.patient, "modality": case.modality, "prompt": kind, "jitter": salt, **measure(mask, truth, k)}
                where = np.flatnonzero(mask.any((1, 2)))
                both = 2 * (mask & truth).sum((1, 2)) / np.maximum(mask.sum((1, 2)) + truth.sum((1, 2)), 1)
                guess = slice_scores(case, region, score)
                row["slices"] = [(round(float(guess[i]), 3), round(float(both[i]), 3)) for i in where if guess[i] == guess[i]]
                row["zoom"] = (region.zoom, region.zoom_z)
                rows.append(row)
    return rows


def auroc(rows, limit=0.7):
    """How well the score ranks slices whose Dice is below `limit`."""
    pairs = np.array([p for r in rows for p in r["slices"]])
    bad, good = pairs[pairs[:, 1] < limit, 0], pairs[pairs[:, 1] >= limit, 0]
    if not len(bad) or not len(good):
        return float("nan")
    return float(np.mean((bad[:, None] < good[None]) + 0.5 * (bad[:, None] == good[None])))


def interval(rows, draws=10000):
    """95 % bootstrap interval of the mean Dice; patients are drawn, with all their cases."""
    patients = sorted({r["patient"] for r in rows})
    sums = np.array([[sum(r["dice"] for r in rows if r["patient"] == p), sum(r["patient"] == p for r in rows)] for p in patients])
    drawn = sums[np.random.default_rng(0).integers(len(patients), size=(draws, len(patients)))].sum(1)
    return np.percentile(drawn[:, 0] / drawn[:, 1], (2.5, 97.5))


def summary(rows):
    lines = []
    for kind in dict.fromkeys(r["prompt"] for r in rows):
        of_kind = [r for r in rows if r["prompt"] == kind]
        for modality in (*sorted({r["modality"] for r in of_kind}), "all"):
            part = [r for r in of_kind if modality in (r["modality"], "all")]
            d = np.array([r["dice"] for r in part])
            ends = np.array([[r["low"], r["high"]] for r in part])
            over, under = np.maximum(ends, 0).mean(), np.maximum(-ends, 0).mean()
            lower, upper = interval(part)
            lines.append(
                f"{kind:6s} {modality:6s} n {len({r['patient'] for r in part}):2d} x{len(part):3d}"
                f"  Dice {d.mean():.3f}/{np.median(d):.3f} [{lower:.3f}, {upper:.3f}]"
                f" min {d.min():.3f}  key {np.mean([r['key'] for r in part]):.3f}  over {over:.2f} under {under:.2f} slices an end"
                f"  score AUROC {auroc(part):.3f}"
            )
    return "\n".join(lines)


def load(path):
    state = torch.load(path, map_location="cpu", weights_only=True)
    network = Volume()
    network.load_state_dict(state["ema"])
    return network.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("--sts")
    parser.add_argument("--volumes")
    parser.add_argument("--train")
    parser.add_argument("--prompts", default="box,ends,mask,rough,three")
    parser.add_argument("--sam", help="shared/models/litemedsam, for the prompt kinds sam and sam+ends")
    parser.add_argument("--jitters", type=int, default=1)
    parser.add_argument("--once", action="store_true", help="without the mirrored region")
    parser.add_argument("--no-zoom", action="store_true")
    parser.add_argument("--json")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    cases = [
        *(data.load_sts(arguments.sts) if arguments.sts else []),
        *(data.load_volumes(arguments.volumes) if arguments.volumes else []),
        *(data.load_sts_train(arguments.train, "train", extension=12) if arguments.train else []),
    ]
    rows = evaluate(
        load(arguments.checkpoint), cases, arguments.prompts.split(","), range(arguments.jitters),
        arguments.once, not arguments.no_zoom, KeySliceSam(arguments.sam) if arguments.sam else None,
    )  # fmt: skip
    print(summary(rows))
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(rows, file)


if __name__ == "__main__":
    main()

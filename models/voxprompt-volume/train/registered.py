"""What other series of the same study add: the mean of the answers for all that see the lesion well enough.

    python registered.py CHECKPOINT --sts DIR --train DIR --found FILE [--objects 220]

--sts is shared/data/sts: ten patients whose CT, MR T1 and PET lie in one frame of reference. Beside the right place, each other
series is also taken from wrong ones, to see what a registration that fails would do. --train and --found are shared/data/sts-train
and the file of found.py: objects of the held-out patients that one series shows and the others mostly do not; their series are
laid over each other by the middle of the patient's lesion. One look each, on the region's grid, no zoom.

The least expected Dice with which a series counts (`registered` in the manifest) is the lowest, in steps of .02, with which those
objects lose no more than .002. The sarcomas had no say in it.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

import data
import found
from evaluate import load, seeded
from predict import grid, key_slice, look, region_of, run, tight_box
from reader import jitter
from region import KEY, Prompt, Region, channels

LEAST = (0.74, 0.76, 0.78, 0.80, 0.82)
RULES = {"alone": lambda s: False, "all": lambda s: True, **{f"from {t:.2f}": (lambda s, t=t: s >= t) for t in LEAST}}
PLACES = ("right", "10 mm beside", "10 mm along", "half a box beside", "next to it", "another patient's")


def dice(a, b):
    return 2 * (a & b).sum() / max(a.sum() + b.sum(), 1)


def answer(network, case, region):
    """Logits, expected Dice of the mask (slice scores by area), and where there is image."""
    image, inside = look(case, region)
    logits, _, score = run(network, channels(image, inside, region, Prompt()), once=True)
    area = ((logits > 0) & (inside > 0)).sum((1, 2))
    return logits, float((score * area).sum() / max(area.sum(), 1)), inside


def moved(region, shift):
    return Region(region.x + shift[0], region.y + shift[1], region.z + shift[2], region.w, region.h)


def joint(own, others, counts):
    total, weight = own.copy(), np.ones_like(own)
    for logits, score, inside in others:
        if counts(score):
            total, weight = total + logits * inside, weight + inside
    return total / weight


def by_patient(cases):
    patients = {}
    for case in cases:
        patients.setdefault(case.patient, {})[case.modality] = case
    return patients


def origins(folder, cases):
    import pydicom

    found_at = {}
    for case in cases:
        files = (Path(folder) / f"STS_{case.patient}" / case.modality / "image").glob("*.dcm")
        first = min((pydicom.dcmread(f, stop_before_pixels=True) for f in files), key=lambda s: float(s.ImagePositionPatient[2]))
        found_at[case.name] = np.array([float(v) for v in first.ImagePositionPatient])
    return found_at


def sarcomas(network, folder):
    cases = data.load_sts(folder)
    origin, patients = origins(folder, cases), by_patient(cases)
    order = sorted(patients)
    rows = {place: {} for place in PLACES}
    for i, patient in enumerate(order):
        strangers = patients[order[(i + 3) % len(order)]]
        for modality, case in patients[patient].items():
            truth = case.levels[1][1].numpy() > 0.5
            k = key_slice(truth)
            region = region_of(case, k, jitter(seeded(case, 0), tight_box(truth[k])))
            mask = data.sample(case, 1, grid(region, case.spacing))[1].numpy() > 0.5
            own = answer(network, case, region)[0]
            others = [other for name, other in patients[patient].items() if name != modality]
            for place in PLACES:
                seen = []
                for other in others:
                    shift = origin[case.name] - origin[other.name]
                    half = region.half
                    if place == "another patient's":
                        other = strangers[other.modality]
                        middle = np.array(other.levels[1].shape[1:])[::-1] * other.spacing / 2
                        shift = middle - (region.x, region.y, region.z)
                    steps = {"10 mm beside": (10, 0, 0), "10 mm along": (0, 0, 10), "half a box beside": (half, 0, 0), "next to it": (0, 0, 2.5 * half)}
                    seen.append(answer(network, other, moved(region, shift + np.array(steps.get(place, (0, 0, 0))))))
                for rule, counts in RULES.items():
                    rows[place].setdefault((rule, modality), []).append(dice(joint(own, seen, counts) > 0, mask))
    return rows


def objects(network, folder, path, count):
    cases = data.load_sts_train(folder, "train", extension=found.EXTENSION)
    held_out, patients = found.read(path, cases, held_out=True), by_patient(cases)
    middle = {c.name: np.argwhere(c.levels[1][1].numpy() > 0.5).mean(0)[::-1] * c.spacing for c in cases}
    rows = {}
    for i in np.random.default_rng(0).permutation(len(held_out))[:count]:
        thing, case = held_out[i], held_out[i].case
        part = thing.part.levels[1][0].numpy() > 0.5
        k = int(part.sum((1, 2)).argmax())
        box = np.array(tight_box(part[k])) + np.tile(thing.origin[:2], 2)
        region = region_of(case, k + int(thing.origin[2]), jitter(seeded(case, int(i)), tuple(box)))
        at = grid(region, case.spacing) - torch.from_numpy(thing.origin)
        mask = data.sample(thing.part, 1, at)[1].numpy() > 0.5
        own = answer(network, case, region)[0]
        seen = [
            answer(network, other, moved(region, middle[other.name] - middle[case.name]))
            for name, other in patients[case.patient].items()
            if name != case.modality
        ]
        seen = [s for s in seen if s[2][KEY].any()]
        for rule, counts in RULES.items():
            rows.setdefault(rule, []).append(dice(joint(own, seen, counts) > 0, mask))
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("--sts", required=True)
    parser.add_argument("--train", required=True)
    parser.add_argument("--found", required=True)
    parser.add_argument("--objects", type=int, default=220)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    network = load(arguments.checkpoint)
    rows = objects(network, arguments.train, arguments.found, arguments.objects)
    for rule in RULES:
        print(f"objects of one series, n {len(rows[rule])}  {rule:10s} {np.mean(rows[rule]):.3f}", flush=True)
    for place, table in sarcomas(network, arguments.sts).items():
        for rule in RULES:
            cells = "  ".join(f"{m} {np.mean(d):.3f}" for (r, m), d in sorted(table.items()) if r == rule)
            print(f"sarcomas, {place:18s} {rule:10s} {cells}", flush=True)


if __name__ == "__main__":
    main()

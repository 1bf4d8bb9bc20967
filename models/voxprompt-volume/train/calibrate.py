"""How much of the ellipsoid to add and how much to subtract (network.calibrated), by 3D Dice on the region's grid.

    python calibrate.py CHECKPOINT --train DIR --found FILE [--sts DIR] [--volumes DIR] [--jitters 1] [--prompts box]

--train is shared/data/sts-train: its 20 training patients, each lesion as it is and stretched along z to three lengths, since
they are longer than most. --found is the file of found.py: its objects of the held-out patients, and as many procedural
lesions as no training run has seen; half of both in thick slices. --sts is shared/data/sts (the ten `val` patients),
--volumes is shared/data/volumes: only looked at.

The rule: the pair with the best mean of sarcomas and other objects, half each; sarcomas are the training patients (all
lengths) and the val patients, half each; other objects are the found and the procedural ones, half each. Prints the grid of
each set, and for the val patients what the rule gives when the judged patient has no say.
"""

import argparse

import numpy as np
import torch

import data
import found
from augment import example
from evaluate import load, seeded
from predict import grid, key_slice, mirrored, pool_factor, region_of, tight_box
from reader import jitter
from region import Prompt, channels
from things import length_ratio

WEIGHTS, OFFSETS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0), (-0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0)
PAIRS = [(w, o) for w in WEIGHTS for o in OFFSETS]
LENGTHS = (None, 0.95, 1.35, 1.9)  # None: as it is; else half length over half box size
OBJECTS, SEED = 160, 20261199  # of either kind; no run's seed


def dice(made, logits, mask, within):
    """Of each pair, on the region's grid."""
    answers = [(logits + w * made[4] - o > 0) & within for w, o in PAIRS]
    return [2 * (f & mask).sum() / max(f.sum() + mask.sum(), 1) for f in answers]


@torch.no_grad()
def run(network, made):
    x = torch.from_numpy(made)[None]
    return ((network(x)[0].float() + mirrored(network(mirrored(x))[0].float())) / 2)[0, 0].numpy()


def row(network, case, salt, kind, length=None):
    truth = case.levels[1][1].numpy() > 0.5
    k, spacing = key_slice(truth), case.spacing
    if length is not None:
        case.spacing = spacing * (1, 1, length / length_ratio(case))
    try:
        region = region_of(case, k, jitter(seeded(case, salt), tight_box(truth[k])))
        prompt, present = Prompt(), np.flatnonzero(truth.any((1, 2)))
        if kind == "ends":
            prompt.first, prompt.last = (present[0] - 0.5 - k) * case.spacing[2], (present[-1] + 0.5 - k) * case.spacing[2]
        image, mask, inside = data.sample(case, pool_factor(region.step, case.spacing[0]), grid(region, case.spacing))
    finally:
        case.spacing = spacing
    made = channels(image.numpy(), inside.numpy(), region, prompt)
    within = np.ones((len(made[0]), 1, 1), bool)
    if kind == "ends":
        dz, _ = region.offsets()
        within = ((dz >= prompt.first) & (dz <= prompt.last))[:, None, None]
    return dice(made, run(network, made), mask.numpy() > 0.5, within)


def objects(network, cases, found_objects):
    """One box each; Dice where there is image."""
    rows = []
    for i in range(OBJECTS):
        made, mask, weight = (t.numpy() for t in example(cases, SEED, i, 0.0 if found_objects else 1.0, found_objects, 1.0, (0.5, 0.5), bare=1.0))
        there = weight[0] > 0
        rows.append(dice(made, run(network, made), (mask[0] > 0.5) & there, there))
    return np.array(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("--train", required=True)
    parser.add_argument("--found", required=True)
    parser.add_argument("--sts")
    parser.add_argument("--volumes")
    parser.add_argument("--jitters", type=int, default=1)
    parser.add_argument("--prompts", default="box")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    network = load(arguments.checkpoint)
    cases = data.load_sts_train(arguments.train, "train", extension=found.EXTENSION)
    held_out = found.read(arguments.found, cases, held_out=True)
    others = {"found, held out": objects(network, cases, held_out), "procedural": objects(network, cases, ())}
    sets = {"train": cases}
    if arguments.sts:
        sets["val"] = data.load_sts(arguments.sts)
    if arguments.volumes:
        sets["volumes"] = data.load_volumes(arguments.volumes)
    for kind in arguments.prompts.split(","):
        tables = dict(others) if kind == "box" else {}
        patients = {}
        for title, of_set in sets.items():
            for length in LENGTHS if title == "train" else (None,):
                part = title if length is None else f"{title}, length {length}"
                tables[part] = np.array([np.mean([row(network, c, s, kind, length) for s in range(arguments.jitters)], 0) for c in of_set])
                patients[part] = np.array([c.patient for c in of_set])
        for part, table in tables.items():
            print(f"{kind:5s} {part}: n {len(table)}; rows weight {WEIGHTS}, columns offset {OFFSETS}")
            print(np.array2string(table.mean(0).reshape(len(WEIGHTS), -1), precision=3, floatmode="fixed"))
        mean = {part: table.mean(0) for part, table in tables.items()}
        sarcomas = [np.mean([m for part, m in mean.items() if part.startswith("train")], 0)]
        other = [mean[part] for part in others if part in mean]

        def rule(val):
            halves = [np.mean(sarcomas + val, 0), *([np.mean(other, 0)] if other else [])]
            return int(np.mean(halves, 0).argmax())

        chosen = {"the rule": rule([mean["val"]] if "val" in mean else []), "the rule without val": rule([])}
        if "val" in mean:
            chosen["best on val"] = int(mean["val"].argmax())
        for title, best in chosen.items():
            print(f"{kind:5s} {title} {PAIRS[best]}:", *(f"{part} {m[best]:.3f};" for part, m in mean.items()))
        if "val" in mean:
            table, left_out = tables["val"], np.zeros(len(tables["val"]))
            for patient in set(patients["val"]):
                mine = patients["val"] == patient
                left_out[mine] = table[mine, rule([table[~mine].mean(0)])]
            print(f"{kind:5s} val, the rule without the judged patient: {left_out.mean():.3f}")


if __name__ == "__main__":
    main()

"""How much of the ellipsoid to add and how much to subtract, chosen by mean 3D Dice from one box on the `val` patients.

    python calibrate.py CHECKPOINT --sts DIR

Prints the grid, the best pair, and the honest figure: for every patient the pair that is best on the other nine.
"""

import argparse

import numpy as np
import torch

import data
from augment import jitter
from evaluate import load, seeded
from predict import key_slice, look, one_object, region_of, tight_box, to_voxels
from region import Prompt, channels

WEIGHTS, OFFSETS = (0.0, 1.0, 2.0, 3.0), (-0.5, 0.0, 0.5, 1.0, 1.5)


@torch.no_grad()
def seen(network, case, salt):
    truth = case.levels[1][1].numpy() > 0.5
    k = key_slice(truth)
    region = region_of(case, k, jitter(seeded(case, salt), tight_box(truth[k])))
    made = channels(*look(case, region), region, Prompt())
    return network(torch.from_numpy(made)[None])[0][0, 0].numpy(), made[4], region, truth


def dice(case, logits, region, truth):
    mask = to_voxels(one_object(logits, region), region, case) > 0
    return 2 * (mask & truth).sum() / max(mask.sum() + truth.sum(), 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("--sts", required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    network, cases = load(arguments.checkpoint), data.load_sts(arguments.sts)
    pairs = [(w, o) for w in WEIGHTS for o in OFFSETS]
    table = np.zeros((len(cases), len(pairs)))
    for row, case in enumerate(cases):
        logits, prior, region, truth = seen(network, case, 0)
        table[row] = [dice(case, logits + w * prior - o, region, truth) for w, o in pairs]
    patients, modalities = np.array([c.patient for c in cases]), np.array([c.modality for c in cases])

    def line(name, values):
        parts = [f"{m} {values[modalities == m].mean():.3f}" for m in ("CT", "MR_T1", "PET")]
        print(f"{name:24s} {'  '.join(parts)}  all {values.mean():.3f}")

    for (w, o), column in zip(pairs, table.T):
        line(f"weight {w:g} offset {o:g}", column)
    best = pairs[int(table.mean(0).argmax())]
    line(f"best: {best}", table[:, pairs.index(best)])
    left_out = np.zeros(len(cases))
    for patient in set(patients):
        mine = patients == patient
        left_out[mine] = table[mine, int(table[~mine].mean(0).argmax())]
    line("leave one patient out", left_out)


if __name__ == "__main__":
    main()

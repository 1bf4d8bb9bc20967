"""How much of the ellipsoid to add and how much to subtract (network.calibrated), by 3D Dice on the region's grid.

    python calibrate.py CHECKPOINT --train DIR [--sts DIR] [--volumes DIR] [--jitters 1] [--prompts box,ends]

--train is shared/data/sts-train: its 20 training patients, each lesion as it is and stretched along z to three lengths, since
they are longer than most. --sts is shared/data/sts (the ten `val` patients), --volumes is shared/data/volumes.
Prints the grid of each set; the pair that is best on the training patients and what it gives elsewhere; for the val
patients the pair that is best on the other nine; and the pair of the rule: the best mean of the training patients (all
lengths) and the val patients, each counting half.
"""

import argparse

import numpy as np
import torch

import data
from augment import jitter, length_ratio
from evaluate import load, seeded
from predict import grid, key_slice, pool_factor, region_of, tight_box
from region import Prompt, channels

WEIGHTS, OFFSETS = (0.0, 0.5, 1.0, 2.0, 3.0), (-0.5, 0.0, 0.25, 0.5, 0.75, 1.0, 1.5)
PAIRS = [(w, o) for w in WEIGHTS for o in OFFSETS]
LENGTHS = (None, 0.95, 1.35, 1.9)  # None: as it is; else half length over half box size


@torch.no_grad()
def row(network, case, salt, kind, length=None):
    """Dice of each pair."""
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
    logits, mask = network(torch.from_numpy(made)[None])[0][0, 0].float().numpy(), mask.numpy() > 0.5
    within = np.ones_like(mask)
    if kind == "ends":
        dz, _ = region.offsets()
        within = ((dz >= prompt.first) & (dz <= prompt.last))[:, None, None]
    found = [(logits + w * made[4] - o > 0) & within for w, o in PAIRS]
    return [2 * (f & mask).sum() / max(f.sum() + mask.sum(), 1) for f in found]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("--train", required=True)
    parser.add_argument("--sts")
    parser.add_argument("--volumes")
    parser.add_argument("--jitters", type=int, default=1)
    parser.add_argument("--prompts", default="box,ends")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    network = load(arguments.checkpoint)
    sets = {"train": data.load_sts_train(arguments.train, "train", extension=12)}
    if arguments.sts:
        sets["val"] = data.load_sts(arguments.sts)
    if arguments.volumes:
        sets["other"] = data.load_volumes(arguments.volumes)
    for kind in arguments.prompts.split(","):
        tables, names = {}, {}
        for title, cases in sets.items():
            for length in LENGTHS if title == "train" else (None,):
                part = title if length is None else f"{title}, length {length}"
                tables[part] = np.array([np.mean([row(network, c, s, kind, length) for s in range(arguments.jitters)], 0) for c in cases])
                names[part] = np.array([c.modality for c in cases]), np.array([c.patient for c in cases])

        def line(title, part, values):
            kinds = names[part][0]
            print(f"{kind:5s} {title:44s}", *(f"{m} {values[kinds == m].mean():.3f}" for m in dict.fromkeys(kinds)), f"all {values.mean():.3f}")

        for part, table in tables.items():
            print(f"{kind:5s} {part}: rows weight {WEIGHTS}, columns offset {OFFSETS}")
            print(np.array2string(table.mean(0).reshape(len(WEIGHTS), -1), precision=3, floatmode="fixed"))
        on_train = np.mean([t.mean(0) for p, t in tables.items() if p.startswith("train")], 0)
        for chosen, scores in (("as it is", tables["train"].mean(0)), ("all lengths", on_train)):
            best = int(scores.argmax())
            for part in tables:
                line(f"chosen on train, {chosen} {PAIRS[best]}: {part}", part, tables[part][:, best])
        if "val" in tables:
            table, (_, patients) = tables["val"], names["val"]
            left_out = np.zeros(len(table))
            for patient in set(patients):
                mine = patients == patient
                left_out[mine] = table[mine, int(table[~mine].mean(0).argmax())]
            line(f"best on val {PAIRS[int(table.mean(0).argmax())]}", "val", table[:, int(table.mean(0).argmax())])
            line("val, chosen on the other nine", "val", left_out)
            best = int((on_train + table.mean(0)).argmax())
            for part in tables:
                line(f"the rule {PAIRS[best]}: {part}", part, tables[part][:, best])
            for patient in set(patients):
                mine = patients == patient
                left_out[mine] = table[mine, int((on_train + table[~mine].mean(0)).argmax())]
            line("val, the rule without the patient", "val", left_out)


if __name__ == "__main__":
    main()

"""Trains the volume model. Resumable: the same command goes on from the last checkpoint.

    python train.py --data .../shared/data/sts-train --out DIR --steps 8000

Warm-up, then a constant rate, then a cosine down over the last `--decay` of the steps, so that a run may be prolonged or
shortened by another --steps. Example `i` is a function of (seed, i, synthetic) alone. CPU or GPU, whichever is there.

On CPU every core gets a process of one thread (--ranks), which shares the batch and averages the gradients: two threads
of one process wait for each other at every operator, and cost twice the time on a machine that others use too.
"""

import argparse
import copy
import hashlib
import json
import math
import os
import time
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.distributed as dist

import augment
import data
import found
from evaluate import evaluate, summary
from losses import total_loss
from network import Volume, calibrated


class Examples(torch.utils.data.Dataset):
    """The examples of this rank, from step `first` on."""

    def __init__(self, cases, a, first, rank):
        self.cases, self.a = cases, a
        self.objects = found.read(a.found, cases) if a.found else []
        self.numbers = range(first * a.batch + rank, a.steps * a.batch, a.ranks)

    def __len__(self):
        return len(self.numbers)

    def __getitem__(self, i):
        a = self.a
        return augment.example(self.cases, a.seed, self.numbers[i], a.synthetic, self.objects, a.found_share if a.found else 0.0, a.slabs, a.bare, a.calm)


def partners(cases):
    """CT and T1 of a patient lie on one grid: each may be blended with the other."""
    by_name = {c.name: c for c in cases}
    for case in cases:
        other = by_name.get(f"{case.patient}_{'MR_T1' if case.modality == 'CT' else 'CT'}")
        if case.modality != "PET" and other is not None and (abs(other.spacing - case.spacing) < 1e-3).all():
            case.partner = other


def rate(step, steps, decay, peak, warm=200):
    if step < warm:
        return peak * (step + 1) / warm
    left = (steps - step) / max(decay * steps, 1)
    return peak if left >= 1 else peak * (0.01 + 0.99 * 0.5 * (1 - math.cos(math.pi * left)))


def save(path, **state):
    torch.save(state, path.with_suffix(".part"))
    os.replace(path.with_suffix(".part"), path)


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True, help="shared/data/sts-train")
    p.add_argument("--out", required=True)
    p.add_argument("--steps", type=int, default=8000)
    p.add_argument("--batch", type=int, default=2)
    p.add_argument("--rate", type=float, default=1.5e-3)
    p.add_argument("--decay", type=float, default=0.3)
    p.add_argument("--weight-decay", type=float, default=0.02)
    p.add_argument("--average", type=float, default=0.998, help="of the weights, per step")
    p.add_argument("--seed", type=int, default=20261122)
    p.add_argument("--synthetic", type=float, default=0.3, help="share of procedural lesions")
    p.add_argument("--found", help="objects.npz of found.py")
    p.add_argument("--found-share", type=float, default=0.3, help="share of them, if any are given")
    p.add_argument("--slabs", type=float, nargs=2, default=(0.0, 0.0), help="share of thick slices among sarcomas and among the rest")
    p.add_argument("--bare", type=float, default=0.0, help="share of examples with the box alone, besides those that chance gives")
    p.add_argument("--calm", type=float, default=0.0, help="share of examples that look as their own scanner made them")
    p.add_argument("--slice-weight", type=float, default=0.0, help="of the Dice per slice in the loss")
    p.add_argument("--start", help="a folder with the files of a version of this model: a second stage starts from its weights")
    p.add_argument("--device", default="auto")
    p.add_argument("--threads", type=int, default=1, help="of each rank")
    p.add_argument("--ranks", type=int, default=2, help="processes that share a batch on CPU; 1 on a GPU")
    p.add_argument("--workers", type=int, default=0, help="processes that make examples; about 12 for a GPU")
    p.add_argument("--evaluate-every", type=int, default=1000)
    p.add_argument("--save-every", type=int, default=200)
    return p.parse_args()


def shipped(folder):
    """The weights of the model's files (volume.onnx, volume.fp16.bin) by their names in `Volume`."""
    graph = onnx.load(Path(folder) / "volume.onnx", load_external_data=False).graph
    stored = np.fromfile(Path(folder) / "volume.fp16.bin", "<f2").astype(np.float32)
    weights = {}
    for tensor in graph.initializer:
        if not tensor.name.startswith("network."):
            continue
        if tensor.external_data:
            where = {e.key: e.value for e in tensor.external_data}
            first = int(where["offset"]) // 4
            value = stored[first : first + int(where["length"]) // 4].reshape(tuple(tensor.dims))
        else:
            value = onnx.numpy_helper.to_array(tensor).copy()
        weights[tensor.name.removeprefix("network.")] = torch.from_numpy(value)
    return weights


def corrections(a, step, count, rank):
    """Weight and offset of `calibrated` that presence and score are trained for, [2, count, 1, 1, 1, 1]: any that may be
    chosen after the training, and none at all in one example of four."""
    rng = np.random.default_rng((a.seed, step, rank, 1))
    drawn = rng.uniform((0.0, -0.5), (3.0, 1.5), (count, 2)) * (rng.random((count, 1)) > 0.25)
    return torch.from_numpy(drawn.T.astype(np.float32)).reshape(2, count, 1, 1, 1, 1)


def data_hash(folder):
    """SHA-256 over the names and contents of the files of the train split, sorted by name."""
    total = hashlib.sha256()
    index = json.loads((Path(folder) / "index.json").read_text())
    for name in sorted(e["file"] for e in index["files"] if e["split"] == "train"):
        total.update(name.encode() + hashlib.sha256((Path(folder) / name).read_bytes()).digest())
    return total.hexdigest()


def average_gradients(parameters, ranks):
    flat = torch.cat([p.grad.reshape(-1) for p in parameters])
    dist.all_reduce(flat)
    flat /= ranks
    for p, g in zip(parameters, flat.split([p.numel() for p in parameters])):
        p.grad.copy_(g.view_as(p))


def main():
    a = arguments()
    torch.set_num_threads(1)
    cases = data.load_sts_train(a.data, "train", extension=20)
    unseen = data.load_sts_train(a.data, "val", extension=12)
    assert not {c.patient for c in cases} & {c.patient for c in unseen}
    partners(cases)
    Path(a.out).mkdir(parents=True, exist_ok=True)
    if a.ranks == 1:
        return train(0, a, cases, unseen)
    if a.batch % a.ranks:
        raise SystemExit("--batch must be a multiple of --ranks")
    meeting = Path(a.out).resolve() / "meeting"
    meeting.unlink(missing_ok=True)
    rank = next((r for r in range(1, a.ranks) if os.fork() == 0), 0)  # forked: the volumes are in memory once
    dist.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=a.ranks)
    train(rank, a, cases, unseen)
    dist.barrier()
    if rank:
        os._exit(0)


def train(rank, a, cases, unseen):
    torch.set_num_threads(a.threads)
    torch.manual_seed(a.seed)
    device = ("cuda" if torch.cuda.is_available() else "cpu") if a.device == "auto" else a.device
    out = Path(a.out)
    network = Volume().to(device)
    if a.start:
        network.load_state_dict(shipped(a.start), strict=False)  # `aux` is not shipped: it steers only the training
    parameters = list(network.parameters())
    plain = [p for p in network.parameters() if p.ndim < 2]
    heavy = [p for p in network.parameters() if p.ndim >= 2]
    groups = [{"params": heavy, "weight_decay": a.weight_decay}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, a.rate, betas=(0.9, 0.99))
    average = copy.deepcopy(network).eval()
    first = 0
    checkpoint = out / "last.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=device, weights_only=True)
        network.load_state_dict(state["network"])
        average.load_state_dict(state["ema"])
        optimizer.load_state_dict(state["optimizer"])
        first = state["step"]

    log = (out / "log.jsonl").open("a")

    def note(**row):
        if rank:
            return
        log.write(json.dumps(row) + "\n")
        log.flush()
        print(row if "summary" not in row else row["summary"], flush=True)

    note(step=first, arguments=vars(a), device=device, torch=torch.__version__, data=data_hash(a.data), parameters=sum(p.numel() for p in network.parameters()))
    examples = Examples(cases, a, first, rank)
    loader = torch.utils.data.DataLoader(examples, a.batch // a.ranks, num_workers=a.workers, worker_init_fn=lambda _: torch.set_num_threads(1))
    started, busy, recent = time.time(), time.process_time(), []
    for step, (x, mask, weight) in enumerate(loader, first):
        for group in optimizer.param_groups:
            group["lr"] = rate(step, a.steps, a.decay, a.rate)
        x = x.to(device)
        correction = corrections(a, step, len(x), rank).to(device)
        with torch.autocast(device.split(":")[0], torch.bfloat16):
            output = network(x, *correction)
        corrected = calibrated(output[0].detach().float(), x, *correction)
        loss = total_loss(output, mask.to(device), weight.to(device), x, corrected, a.slice_weight)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        if a.ranks > 1:
            average_gradients(parameters, a.ranks)
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        keep = min(a.average, (step + 1) / (step + 10))
        with torch.no_grad():
            torch._foreach_lerp_(list(average.parameters()), parameters, 1 - keep)
        recent.append(float(loss.detach()))
        done = step + 1
        if done % 50 == 0:
            note(step=done, loss=round(sum(recent) / len(recent), 6), rate=round(optimizer.param_groups[0]["lr"], 6),
                 wall=round(time.time() - started, 1), cpu=round(time.process_time() - busy, 1))  # fmt: skip
            recent = []
        if rank:
            continue
        if done % a.save_every == 0 or done == a.steps:
            save(checkpoint, step=done, network=network.state_dict(), ema=average.state_dict(), optimizer=optimizer.state_dict())
        if done % a.evaluate_every == 0 or done == a.steps:
            rows = evaluate(copy.deepcopy(average).float().cpu(), unseen)
            note(step=done, summary=summary(rows))
            save(out / f"step{done}.pt", step=done, ema=average.state_dict(), seed=a.seed)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Fits the constants of extensions/sam-segmentation/propagation/endBelief.ts (SARCOMA_ENDS).

Needs numpy, scipy, onnxruntime, the compact sarcoma volumes (`sts-train`: NAME.npz and index.json) and LiteMedSAM as two fp32
ONNX graphs. Only patients of split `train` are read, so nothing that judges the product takes part.

    fit_end_model.py --data sts-train --encoder encoder.onnx --decoder decoder.onnx --cache DIR [--patients 003,008,...]

Prints the log-normal size prior over all training patients, the logistic weights over the patients chosen, and, leaving one
patient out at a time, the 3D Dice of one box for the size prior alone, for the rule, and for the true ends. The volumes are
crops of the lesion and seven slices beyond, so rules that run far past an end look a little better here than they are.
"""
import argparse
import json
import math
import os

import numpy as np
import onnxruntime as ort
from scipy import ndimage

SIZE, REACH, EXPANSION, THRESHOLD, SMALLEST = 256, 1.45, 0.05, -0.5, 0.2
SHIFT_FLOOR, LARGEST_SHIFT, LIMIT, PER_REACH, CERTAINTY, FURTHEST = 0.25, 8, 2, 16, 0.7, 3.0
MODALITIES = ('CT', 'MR_T1', 'PET')


def box_of(mask):
    ys, xs = np.nonzero(mask)
    return [xs.min(), ys.min(), xs.max(), ys.max()]


def median_spread(values):
    median = np.median(values)
    return median, 1.4826 * np.median(np.abs(values - median))


class Case:
    """One lesion in one modality: its volume, its mask and the embeddings of every slice in the key box's region."""

    def __init__(self, args, name, encoder, decoder):
        self.name, self.modality, self.decoder, self.memo = name, name.split('_', 2)[2], decoder, {}
        packed = np.load(os.path.join(args.data, name + '.npz'))
        self.volume = packed['lut'][packed['codes']].astype(np.float32) * float(packed['scale'])
        self.truth = packed['mask'] > 0
        self.spacing = [float(x) for x in packed['spacing']]
        self.slices, self.rows, self.columns = self.volume.shape
        self.key = int(self.truth.sum((1, 2)).argmax())
        lesion = np.nonzero(self.truth.any((1, 2)))[0]
        self.first, self.last = int(lesion[0]), int(lesion[-1])
        x0, y0, x1, y1 = box_of(self.truth[self.key])
        width, height = x1 - x0 + 1, y1 - y0 + 1
        jitter = np.random.default_rng(int(name.split('_')[1])).uniform(-0.05, 0.05, 4)
        self.box = [x0 + jitter[0] * width, y0 + jitter[1] * height, x1 + jitter[2] * width, y1 + jitter[3] * height]
        x0, y0, x1, y1 = self.box
        self.centre, self.side = ((x0 + x1) / 2, (y0 + y1) / 2), 2 * max(x1 - x0 + 1, y1 - y0 + 1)
        self.half = math.sqrt((x1 - x0 + 1) * self.spacing[0] * (y1 - y0 + 1) * self.spacing[1]) / 2
        self.embeddings = self.encoded(os.path.join(args.cache, name + '.npy'), encoder)
        self.key_mask, _ = self.segment(self.key, self.box)

    def window(self):
        if self.modality == 'CT':
            return -160.0, 240.0
        return tuple(np.percentile(self.volume[self.volume != 0], [0.5, 99.5]))

    def encoded(self, path, encoder):
        if os.path.exists(path):
            return np.load(path, mmap_mode='r')
        low, high = self.window()
        offsets = ((np.arange(SIZE) + 0.5) / SIZE - 0.5) * self.side
        x, y = self.centre[0] + offsets, self.centre[1] + offsets
        inside = np.outer((y >= -0.5) & (y <= self.rows - 0.5), (x >= -0.5) & (x <= self.columns - 0.5))
        grid = np.meshgrid(np.clip(y, 0, self.rows - 1), np.clip(x, 0, self.columns - 1), indexing='ij')
        out = np.empty((self.slices, 256, 64, 64), np.float16)
        for k, plane in enumerate(self.volume):
            seen = ndimage.map_coordinates(np.clip((plane - low) / (high - low), 0, 1), grid, order=1) * inside
            image = np.repeat(seen[None, None].astype(np.float32), 3, 1)
            out[k] = encoder.run(None, {'image': image})[0][0]
        np.save(path, out)
        return out

    def to_model(self, position, centre):
        return ((position - centre) / self.side + 0.5) * SIZE - 0.5

    def segment(self, k, box):
        """Mask and score of a slice for a box, as the product makes them."""
        x0, y0, x1, y1 = box
        dx, dy = EXPANSION * (x1 - x0 + 1), EXPANSION * (y1 - y0 + 1)
        corners = [
            [max(x0 - dx, 0) - 0.5, max(y0 - dy, 0) - 0.5],
            [min(x1 + dx, self.columns - 1) + 0.5, min(y1 + dy, self.rows - 1) + 0.5],
        ]
        points = np.array([[[self.to_model(c[0], self.centre[0]), self.to_model(c[1], self.centre[1])] for c in corners]])
        memo = (k, tuple(points.round(2).ravel()))
        if memo not in self.memo:
            self.memo[memo] = self.decoded(k, points.astype(np.float32), box)
        return self.memo[memo]

    def decoded(self, k, points, box):
        logits, score = self.decoder.run(None, {
            'image_embeddings': self.embeddings[k][None].astype(np.float32),
            'point_coords': points,
            'point_labels': np.array([[2, 3]], np.float32),
            'mask_input': np.zeros((1, 1, SIZE, SIZE), np.float32),
            'has_mask_input': np.zeros(1, np.float32),
        })
        x = self.to_model(np.arange(self.columns), self.centre[0])
        y = self.to_model(np.arange(self.rows), self.centre[1])
        inside = np.outer((y >= -0.5) & (y <= SIZE - 0.5), (x >= -0.5) & (x <= SIZE - 0.5))
        grid = np.meshgrid(np.clip(y, 0, SIZE - 1), np.clip(x, 0, SIZE - 1), indexing='ij')
        mask = (ndimage.map_coordinates(logits[0, 0], grid, order=1) > THRESHOLD) & inside
        labels, _ = ndimage.label(ndimage.binary_fill_holes(mask), np.ones((3, 3)))
        x0, y0, x1, y1 = box
        touched = labels[max(0, math.ceil(y0)):math.floor(y1) + 1, max(0, math.ceil(x0)):math.floor(x1) + 1]
        return np.isin(labels, np.setdiff1d(touched, [0])), float(score[0, 0])

    def outward(self, direction):
        """Slices beyond the key slice with the tapered box: (mask, features, whether the expert has lesion there)."""
        x0, y0, x1, y1 = self.box
        median, spread = median_spread(self.volume[self.key][self.key_mask])
        semi_axis = max(1, round(REACH * self.half / self.spacing[2])) + 0.5
        last, rows = box_of(self.key_mask), []
        for n in range(1, math.ceil(FURTHEST * self.half / self.spacing[2]) + 1):
            k = self.key + direction * n
            if not 0 <= k < self.slices:
                break
            share = max(SMALLEST, math.sqrt(max(0, 1 - (n / semi_axis) ** 2)))
            w, h = (x1 - x0 + 1) * share, (y1 - y0 + 1) * share
            cx, cy = (last[0] + last[2]) / 2, (last[1] + last[3]) / 2
            mask, score = self.segment(k, [cx - (w - 1) / 2, cy - (h - 1) / 2, cx + (w - 1) / 2, cy + (h - 1) / 2])
            shift = 5.0
            if mask.any():
                last = box_of(mask)
                shift = abs(median_spread(self.volume[k][mask])[0] - median) / spread
            features = [math.log(min(shift, LARGEST_SHIFT) + SHIFT_FLOOR), score]
            rows.append((mask, features, bool(self.truth[k].any()), n * self.spacing[2] / self.half))
        return rows


def logistic(x, y):
    """Weights and bias, classes balanced, a trace of ridge."""
    x = np.c_[x, np.ones(len(x))]
    balance, weights = np.where(y, 0.5 / y.mean(), 0.5 / (1 - y.mean())), np.zeros(x.shape[1])
    for _ in range(100):
        p = 1 / (1 + np.exp(-x @ weights))
        hessian = (x.T * (balance * p * (1 - p))) @ x + 0.01 * np.eye(len(weights))
        weights -= np.linalg.solve(hessian, x.T @ (balance * (p - y)) + 0.01 * weights)
    return weights


def believed_end(case, rows, weights, median, spread):
    """The rule of endBelief.ts: size prior, updated slice by slice, median once the end lies behind."""
    step, count = case.spacing[2], math.ceil(FURTHEST * case.half / case.spacing[2])
    within = [0.5 * (1 + math.erf((math.log((n + 0.5) * step / case.half) - median) / spread / math.sqrt(2))) for n in range(count)]
    logs = np.log(np.diff([0, *within, 1]) + 1e-12)
    weight = min(1, PER_REACH * step / (REACH * case.half))
    for seen in range(len(rows) + 1):
        belief = np.exp(logs - logs.max())
        belief /= belief.sum()
        if seen == len(rows) or belief[:seen].sum() > CERTAINTY:
            break
        odds = weight * np.clip(np.append(rows[seen][1], 1) @ weights, -LIMIT, LIMIT)
        logs[:seen + 1] -= odds
        logs[seen + 1:] += odds
    return min(int(np.searchsorted(np.cumsum(belief), 0.5)), len(rows))


def dice(case, sides, ends):
    found = np.zeros_like(case.truth)
    found[case.key] = case.key_mask
    for direction, rows in sides.items():
        for n, row in enumerate(rows[:ends[direction]], 1):
            found[case.key + direction * n] = row[0]
    return 2 * (found & case.truth).sum() / (found.sum() + case.truth.sum())


def size_prior(args, patients):
    ratios = []
    for patient in patients:
        packed = np.load(os.path.join(args.data, patient + '_CT.npz'))
        mask, (sx, sy, sz) = packed['mask'] > 0, packed['spacing']
        areas = mask.sum((1, 2))
        lesion, key = np.nonzero(areas)[0], areas.argmax()
        x0, y0, x1, y1 = box_of(mask[key])
        half = math.sqrt((x1 - x0 + 1) * sx * (y1 - y0 + 1) * sy) / 2
        ratios += [(key - lesion[0] + 0.5) * sz / half, (lesion[-1] - key + 0.5) * sz / half]
    return np.log(ratios).mean(), np.log(ratios).std()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ('data', 'encoder', 'decoder', 'cache'):
        parser.add_argument('--' + name, required=True)
    parser.add_argument('--patients')
    args = parser.parse_args()
    with open(os.path.join(args.data, 'index.json'), encoding='utf-8') as index:
        train = sorted({entry['patient'] for entry in json.load(index)['files'] if entry['split'] == 'train'})
    median, spread = size_prior(args, train)
    print(f'size prior: median {math.exp(median) / REACH:.3f} expected reaches, spread {spread:.3f} (n {len(train)} patients)')
    chosen = ['STS_' + p for p in args.patients.split(',')] if args.patients else train
    assert set(chosen) <= set(train), 'only training patients'
    encoder, decoder = ort.InferenceSession(args.encoder), ort.InferenceSession(args.decoder)
    cases = [Case(args, f'{patient}_{modality}', encoder, decoder) for patient in chosen for modality in MODALITIES]
    sides = {case.name: {d: case.outward(d) for d in (-1, 1)} for case in cases}

    def fitted(names):
        rows = [row for name in names for side in sides[name].values() for row in side if 0.5 < row[3] < 2.6]
        return logistic(np.array([row[1] for row in rows]), np.array([float(row[2]) for row in rows]))

    print('weights (shift, score, bias):', fitted(list(sides)).round(3))
    scores = {'prior': [], 'rule': [], 'true ends': []}
    for case in cases:
        weights = fitted([name for name in sides if name.split('_')[1] != case.name.split('_')[1]])
        expected = max(1, round(REACH * case.half / case.spacing[2]))
        own = sides[case.name]
        scores['prior'].append(dice(case, own, {-1: expected, 1: expected}))
        scores['rule'].append(dice(case, own, {d: believed_end(case, own[d], weights, median, spread) for d in own}))
        scores['true ends'].append(dice(case, own, {-1: case.key - case.first, 1: case.last - case.key}))
    for name, values in scores.items():
        by = {m: np.mean([v for v, c in zip(values, cases) if c.modality == m]).round(3) for m in MODALITIES}
        print(f'{name}: {np.mean(values):.4f}', by)


if __name__ == '__main__':
    main()

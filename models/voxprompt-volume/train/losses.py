"""Dice + cross-entropy with a heavier boundary, deep supervision, and the two outputs per slice."""

import torch
import torch.nn.functional as F

from region import CHANNELS


def dice_loss(logits, mask, weight):
    p = torch.sigmoid(logits) * weight
    m = mask * weight
    both = (p * m).sum((1, 2, 3, 4))
    return 1 - ((2 * both + 20) / (p.sum((1, 2, 3, 4)) + m.sum((1, 2, 3, 4)) + 20)).mean()


def mask_loss(logits, mask, weight):
    edge = F.max_pool3d(mask, 3, 1, 1) + F.max_pool3d(-mask, 3, 1, 1)
    w = weight * (0.6 + 1.4 * edge)
    cross = F.binary_cross_entropy_with_logits(logits, mask, reduction="none")
    # per lesion voxel, not per voxel of the region: the boundary of a lesion matters the same however much surrounds it
    bce = ((cross * w).sum((1, 2, 3, 4)) / (w.sum((1, 2, 3, 4)) + 1)).mean()
    return dice_loss(logits, mask, weight) + 2 * bce


def slice_targets(logits, mask, weight):
    """presence and Dice of every slice [b, D], and which slices hold any image."""
    predicted, truth = (logits > 0).float() * weight, mask * weight
    a, b, both = (t.sum((1, 3, 4)) for t in (predicted, truth, predicted * truth))
    dice = torch.where(a + b > 0, 2 * both / (a + b).clamp(min=1), torch.ones_like(a))
    return (b > 0).float(), dice, (weight.sum((1, 3, 4)) > 0).float()


def fill_loss(logits, mask, weight, known):
    """1 - Dice of each slice on a side whose end is given (known [b, D] of -1, 0, 1): the small last slices count as much as
    the large ones, so that the mask goes up to the end."""
    p, m = torch.sigmoid(logits) * weight, mask * weight
    both, either = ((t).sum((1, 3, 4)) for t in (p * m, p + m))
    there = (known > 0) & (m.sum((1, 3, 4)) > 0)
    return ((1 - (2 * both + 2) / (either + 2)) * there).sum() / there.sum().clamp(min=1)


def slice_loss(logits, mask, weight, beyond=4):
    """1 - Dice of each slice of the lesion and of the next few samples beyond its ends: a slice too many or too few costs the
    same however large the others are."""
    p, m = torch.sigmoid(logits) * weight, mask * weight
    both, either = (t.sum((1, 3, 4)) for t in (p * m, p + m))
    there = (m.sum((1, 3, 4)) > 0).float()
    near = F.max_pool1d(there[:, None], 2 * beyond + 1, 1, beyond)[:, 0]
    return ((1 - (2 * both + 10) / (either + 10)) * near).sum() / near.sum().clamp(min=1)


def total_loss(output, mask, weight, x, corrected, slice_weight=0.0):
    """`corrected`: the logits that presence and score were asked about."""
    logits, slices, aux = (o.float() for o in output)
    loss = mask_loss(logits, mask, weight)
    if slice_weight:
        loss = loss + slice_weight * slice_loss(logits, mask, weight)
    size = aux.shape[2:]
    coarse, coarse_weight = F.adaptive_avg_pool3d(mask * weight, size), F.adaptive_avg_pool3d(weight, size)
    loss = loss + 0.3 * dice_loss(aux, coarse / coarse_weight.clamp(min=1e-3), coarse_weight)
    loss = loss + 0.15 * fill_loss(logits, mask, weight, x[:, CHANNELS.index("range"), :, 0, 0])
    presence, dice, known = slice_targets(corrected.detach().float(), mask, weight)
    target = torch.stack([presence, dice], 1)
    cross = F.binary_cross_entropy_with_logits(slices, target, reduction="none") * known[:, None]
    return loss + 0.3 * cross.sum() / (2 * known.sum()).clamp(min=1)

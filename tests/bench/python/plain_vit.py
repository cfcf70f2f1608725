"""A vision transformer in plain PyTorch, under timm's names, and the numbers that both sides of a comparison make alike."""

import math

import numpy
import torch
from torch.nn import functional


def hashed(name, count):
    """In [-1, 1), a function of name and index alone; the same as tests/ops/reference/hashed-weights.ts."""
    seed = sum((place + 1) * ord(letter) for place, letter in enumerate(name))
    bits = (numpy.arange(count, dtype=numpy.uint64) * 2654435761 + seed * 40503) & 0xFFFFFFFF
    bits ^= bits >> 15
    bits = (bits * 2246822519) & 0xFFFFFFFF
    bits ^= bits >> 13
    return bits.astype(numpy.float64) / 2**31 - 1


def given(name, shape):
    return torch.tensor(hashed(name, math.prod(shape)).reshape(shape), dtype=torch.float32)


class Attention(torch.nn.Module):
    """softmax(q k^T / sqrt(head width)) v for every head, by the fused operator that timm uses."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = torch.nn.Linear(width, 3 * width)
        self.proj = torch.nn.Linear(width, width)

    def forward(self, x):
        batch, length, width = x.shape
        qkv = self.qkv(x).reshape(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(*qkv.unbind(0))
        return self.proj(mixed.transpose(1, 2).reshape(batch, length, width))


class Mlp(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1 = torch.nn.Linear(width, 4 * width)
        self.fc2 = torch.nn.Linear(4 * width, width)

    def forward(self, x):
        return self.fc2(functional.gelu(self.fc1(x)))


class LayerScale(torch.nn.Module):
    """A learned factor for each channel (Touvron et al. 2021, "Going deeper with image transformers")."""

    def __init__(self, width):
        super().__init__()
        self.gamma = torch.nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * self.gamma


class Block(torch.nn.Module):
    """A pre-norm transformer block."""

    def __init__(self, width, heads, scaled=False):
        super().__init__()
        self.norm1 = torch.nn.LayerNorm(width, eps=1e-6)
        self.attn = Attention(width, heads)
        self.ls1 = LayerScale(width) if scaled else torch.nn.Identity()
        self.norm2 = torch.nn.LayerNorm(width, eps=1e-6)
        self.mlp = Mlp(width)
        self.ls2 = LayerScale(width) if scaled else torch.nn.Identity()

    def forward(self, x):
        x = x + self.ls1(self.attn(self.norm1(x)))
        return x + self.ls2(self.mlp(self.norm2(x)))


class Vit(torch.nn.Module):
    """A vision transformer: its class token after the last norm, or a linear head on it."""

    def __init__(self, size, patch, width, depth, heads, classes=0, scaled=False):
        super().__init__()
        self.patch_embed = torch.nn.Module()
        self.patch_embed.proj = torch.nn.Conv2d(3, width, patch, patch)
        self.cls_token = torch.nn.Parameter(torch.zeros(1, 1, width))
        self.pos_embed = torch.nn.Parameter(torch.zeros(1, 1 + (size // patch) ** 2, width))
        self.blocks = torch.nn.ModuleList(Block(width, heads, scaled) for _ in range(depth))
        self.norm = torch.nn.LayerNorm(width, eps=1e-6)
        self.head = torch.nn.Linear(width, classes) if classes > 0 else torch.nn.Identity()

    def forward(self, x):
        x = self.patch_embed.proj(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.pos_embed
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x[:, 0]))

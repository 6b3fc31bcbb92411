# %% A transformer whose weights are frozen learns by adapters (LoRA), split between its blocks.
import torch
from sklearn.datasets import load_digits
from torch import nn

from splitlane import training

WIDTH, RANK = 32, 4


class Lora(nn.Module):
    """A frozen linear layer with an adapter of low rank beside it (Hu et al., 2022)."""

    def __init__(self, inner: nn.Linear) -> None:
        super().__init__()
        self.inner = inner.requires_grad_(False)
        self.down = nn.Parameter(torch.randn(RANK, inner.in_features) / RANK)
        self.up = nn.Parameter(torch.zeros(inner.out_features, RANK))

    def forward(self, value):
        return self.inner(value) + value @ self.down.T @ self.up.T


class Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.query, self.key, self.value = (nn.Linear(WIDTH, WIDTH) for _ in range(3))
        self.feed = nn.Sequential(nn.Linear(WIDTH, 2 * WIDTH), nn.GELU(), nn.Dropout(0.1), nn.Linear(2 * WIDTH, WIDTH))

    def forward(self, tokens):
        value = self.norm1(tokens)
        weights = torch.softmax(self.query(value) @ self.key(value).transpose(1, 2) / WIDTH**0.5, -1)
        tokens = tokens + weights @ self.value(value)
        return tokens + self.feed(self.norm2(tokens))


class Transformer(nn.Module):
    """Reads an image of digits row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Linear(8, WIDTH)
        self.position = nn.Parameter(torch.randn(8, WIDTH) * 0.1)
        self.blocks = nn.ModuleList(Block() for _ in range(4))
        self.head = nn.Linear(WIDTH, 10)

    def forward(self, rows):
        value = self.embed(rows) + self.position
        for block in self.blocks:
            value = block(value)
        return self.head(value.mean(1))


# %% The base: trained as usual, on the digits 0 to 4 alone.
digits = load_digits()
rows, labels = torch.tensor(digits.images / 16, dtype=torch.float32), torch.tensor(digits.target)
torch.manual_seed(0)
network = Transformer()
optimizer = torch.optim.Adam(network.parameters(), lr=0.003)
few = labels[:600] < 5
for _ in range(60):
    optimizer.zero_grad()
    nn.functional.cross_entropy(network(rows[:600][few]), labels[:600][few]).backward()
    optimizer.step()

# %% Adapters on what the blocks attend by; beside them only the head learns. What is frozen is neither sent nor averaged.
network.requires_grad_(False)
for block in network.blocks:
    block.query, block.key, block.value = Lora(block.query), Lora(block.key), Lora(block.value)
network.head.requires_grad_(True)

# %% Cuts lie between blocks.
chain = training.split_points(network, ["blocks.*"])
print("layers:", ", ".join(chain.names))
trained = training.train(
    chain, [(rows[first:1500:4], labels[first:1500:4]) for first in range(4)], test=(rows[1500:], labels[1500:]),
    rounds=6, batch_size=25, optimizer=lambda parameters: torch.optim.Adam(parameters, lr=0.01),
    on_round=lambda row: print(f"round {row['round']}: loss {row['loss']:.3f}, test accuracy {row['test_accuracy']:.1%}"),
)  # fmt: skip
network.load_state_dict(trained.state_dict)

"""Residual networks and transformers, split between their blocks: the bits of plain PyTorch, and refusals that name what is wrong."""

import pytest

import splitlane

torch = pytest.importorskip("torch", reason="PyTorch is not installed (Debian: python3-torch)")
pytest.importorskip("splitlane._training", reason="built without gRPC")

from plain_training import trained  # noqa: E402
from test_training import BATCH, problem, require_equal, sgd  # noqa: E402
from torch import nn  # noqa: E402

from splitlane import training  # noqa: E402

CLASSES = 3
TOKENS = 20
WIDTH = 16


class Block(nn.Module):
    """Two convolutions and the way past them."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1, self.norm1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
        self.conv2, self.norm2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, value):
        inner = self.norm2(self.conv2(self.relu(self.norm1(self.conv1(value)))))
        return self.relu(inner + value)


class Residual(nn.Module):
    """A stem, blocks and a head, as torchvision writes them."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, padding=1)
        self.layer1 = nn.Sequential(Block(4), Block(4))
        self.layer2 = nn.Sequential(Block(4), Block(4))
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(4, CLASSES)

    def forward(self, image):
        value = torch.relu(self.conv(image))
        value = self.layer2(self.layer1(value))
        return self.head(self.drop(torch.flatten(nn.functional.adaptive_avg_pool2d(value, 1), 1)))


class Lora(nn.Module):
    """A frozen linear layer, and what is learned beside it (Hu et al., 2022)."""

    def __init__(self, inner: nn.Linear, rank: int = 2) -> None:
        super().__init__()
        self.inner = inner.requires_grad_(False)
        self.down = nn.Parameter(torch.randn(rank, inner.in_features) * 0.1)
        self.up = nn.Parameter(torch.zeros(inner.out_features, rank))

    def forward(self, value):
        return self.inner(value) + value @ self.down.T @ self.up.T


class Attention(nn.Module):
    """A block of a transformer with adapters on what it attends by."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.query, self.key, self.value = (Lora(nn.Linear(WIDTH, WIDTH)) for _ in range(3))
        self.feed = nn.Sequential(nn.Linear(WIDTH, 32), nn.GELU(), nn.Dropout(0.1), nn.Linear(32, WIDTH)).requires_grad_(False)

    def forward(self, tokens):
        value = self.norm1(tokens)
        weights = torch.softmax(self.query(value) @ self.key(value).transpose(1, 2) / WIDTH**0.5, -1)
        tokens = tokens + weights @ self.value(value)
        return tokens + self.feed(self.norm2(tokens))


class Transformer(nn.Module):
    """Embedding, blocks, head; only adapters, norms and the head learn."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(TOKENS, WIDTH).requires_grad_(False)
        self.position = nn.Parameter(torch.randn(8, WIDTH) * 0.1, requires_grad=False)
        self.blocks = nn.ModuleList(Attention() for _ in range(3))
        self.head = nn.Linear(WIDTH, CLASSES)

    def forward(self, tokens, mask=None):
        value = self.embed(tokens) + self.position[: tokens.shape[1]]
        for block in self.blocks:
            value = block(value)
        return self.head(value.mean(1))


@pytest.fixture
def residual():
    torch.manual_seed(0)
    return Residual()


@pytest.fixture
def transformer():
    torch.manual_seed(0)
    return Transformer()


def images():
    generator = torch.Generator().manual_seed(1)
    return [(torch.rand(count, 1, 8, 8, generator=generator), torch.randint(CLASSES, (count,), generator=generator)) for count in (24, 35, 17)]


def sentences():
    generator = torch.Generator().manual_seed(1)
    return [(torch.randint(TOKENS, (count, 8), generator=generator), torch.randint(CLASSES, (count,), generator=generator)) for count in (24, 35, 17)]


@pytest.mark.parametrize("cuts", [(1, 5), (2, 4)])
def test_a_residual_network_has_the_bits_of_plain_pytorch(residual, cuts):
    def layers(network):
        return [
            lambda image: network.layer1[0](torch.relu(network.conv(image))),
            network.layer1[1],
            network.layer2[0],
            network.layer2[1],
            lambda value: network.drop(torch.flatten(nn.functional.adaptive_avg_pool2d(value, 1), 1)),
            network.head,
        ]

    chain = training.split_points(residual, ["layer*.*", "drop"])
    assert chain.names == ["layer1.0", "layer1.1", "layer2.0", "layer2.1", "drop", "head"]
    got = training.train(chain, images(), setup=problem(6, cuts), rounds=2, batch_size=BATCH, optimizer=sgd)
    require_equal(got.state_dict, trained(residual, layers, images(), rounds=2, batch_size=BATCH, optimizer=sgd))


def test_a_transformer_with_adapters_has_the_bits_of_plain_pytorch(transformer):
    def layers(network):
        return [
            lambda tokens: network.blocks[0](network.embed(tokens) + network.position[: tokens.shape[1]]),
            network.blocks[1],
            network.blocks[2],
            lambda value: network.head(value.mean(1)),
        ]

    chain = training.split_points(transformer, ["blocks.*"])
    assert chain.names == ["blocks.0", "blocks.1", "blocks.2", "head"]
    got = training.train(chain, sentences(), setup=problem(4), rounds=2, batch_size=BATCH, optimizer=sgd)
    require_equal(got.state_dict, trained(transformer, layers, sentences(), rounds=2, batch_size=BATCH, optimizer=sgd))
    before = transformer.state_dict()
    learned = {name for name, value in got.state_dict.items() if not torch.equal(value, before[name])}
    # The adapters begin with `up` 0, so that `down` has a gradient from the second step on.
    assert {"blocks.1.query.up", "blocks.1.query.down", "blocks.1.norm1.weight", "head.weight"} <= learned
    assert not any("inner" in name or "feed" in name or "embed" in name for name in learned)


def test_frozen_weights_are_shared_by_all_parts(transformer):
    layer = training.split_points(transformer, ["blocks.*"]).layers[1]
    copies = [training._part.copy_of(layer) for _ in range(2)]
    frozen = transformer.blocks[1].query.inner.weight
    addresses = [{value.data_ptr() for value in copy.parameters()} for copy in copies]
    assert all(frozen.data_ptr() in each for each in addresses)
    # Shared are query, key, value and two of the feed-forward part, each with a bias.
    assert len(addresses[0] & addresses[1]) == 10


def test_a_value_that_goes_past_a_cut_is_named():
    class Past(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second, self.third = (nn.Linear(4, 4) for _ in range(3))

        def forward(self, value):
            once = self.first(value)
            return self.third(self.second(once)) + once

    with pytest.raises(splitlane.Error, match="model.first.*needed behind model.second"):
        training.split_points(Past(), ["first", "second"])
    assert training.split_points(Past(), ["first"]).names == ["first", "head"]


def test_names_that_fit_no_cut_are_refused(residual):
    with pytest.raises(splitlane.Error, match='no such submodule: got "layer3"'):
        training.split_points(residual, ["layer3"])

    class Again(nn.Module):
        def __init__(self):
            super().__init__()
            self.first, self.second = nn.Linear(4, 4), nn.Linear(4, 4)

        def forward(self, value):
            return self.first(self.first(value))

    with pytest.raises(splitlane.Error, match="model.first.*is called twice"):
        training.split_points(Again(), ["first"])
    with pytest.raises(splitlane.Error, match="model.second.*is not called"):
        training.split_points(Again(), ["second"])


def test_what_cannot_be_followed_is_refused():
    class Branch(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Linear(4, 4)

        def forward(self, value):
            return self.first(value) if value.sum() > 0 else value

    with pytest.raises(splitlane.Error, match="cannot be followed"):
        training.split_points(Branch(), ["first"])


def test_a_profile_of_a_split_network_leads_to_a_plan(residual):
    measured = training.profile(training.split_points(residual, ["layer*.*"]), images()[0][0][:BATCH], ram_mb=4096, repeats=1)
    instance = splitlane.scenario(
        model=measured.model, client_devices=[measured.device], helper_devices=[measured.device], clients=3, helpers=2, batch=BATCH, cuts=(1, 4),
        time_unit="us",
    )  # fmt: skip
    assert splitlane.plan(instance).makespan > 0

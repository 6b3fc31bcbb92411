# %% A small network learns handwritten digits, split between three clients and a helper that follows a plan.
import torch
from sklearn.datasets import load_digits
from torch import nn

from splitlane import training

# %% 1797 images of 8x8 pixels: 1500 to learn from, 500 at each client, the others to test with.
digits = load_digits()
images = torch.tensor(digits.images / 16, dtype=torch.float32)[:, None]
labels = torch.tensor(digits.target)
clients = [(images[first:1500:3], labels[first:1500:3]) for first in range(3)]
test = (images[1500:], labels[1500:])

# %% Any nn.Sequential; it may be cut behind each of its layers.
torch.manual_seed(0)
network = nn.Sequential(
    nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(inplace=True)),
    nn.Sequential(nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(inplace=True), nn.MaxPool2d(2)),
    nn.Flatten(),
    nn.Dropout(0.2),
    nn.Linear(32 * 4 * 4, 10),
)

# %% Without a setup this machine is measured, and every node is like it.
trained = training.train(
    network, clients, test=test, rounds=4, batch_size=32, seed=1,
    optimizer=lambda parameters: torch.optim.SGD(parameters, lr=0.05, momentum=0.9),
    on_round=lambda row: print(f"round {row['round']}: loss {row['loss']:.3f}, test accuracy {row['test_accuracy']:.1%}"),
)  # fmt: skip
network.load_state_dict(trained.state_dict)
print(trained.plans[1])

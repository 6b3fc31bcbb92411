# %% A network of your own: profiled, planned, and trained on emulated devices that follow the plan.
import json

import matplotlib.pyplot as plt
import torch
from torch import nn

import splitlane.plot
from splitlane import training

# %% The network, and what each of six clients has.
torch.manual_seed(0)
network = nn.Sequential(nn.Flatten(), nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 4))
images = torch.randn(6, 96, 1, 8, 8)
clients = [(mine, mine.flatten(1)[:, :4].argmax(1)) for mine in images]

# %% Profiled here. Clients are 20 times slower than this machine, the helpers as fast.
model, here = training.profile(network, images[0, :16], name="mine", device_name="here", ram_mb=8192)
slow = [{**entry, **{key: [20 * value for value in entry[key]] for key in ("forward_ms", "backward_ms", "update_ms")}}
        for entry in json.loads(here.to_json())["measurements"]]  # fmt: skip
phone = splitlane.Device(name="phone", ram_mb=4096, measurements=slow)

# %% Planned: who serves whom, and in which order.
instance = splitlane.scenario(
    model=model, clients=6, helpers=2, batch=16, client_devices=[phone], helper_devices=[here], link="home-wifi", cuts=(1, 5), time_unit="us",
)  # fmt: skip
print(splitlane.plan(instance))

# %% Trained by the plan, four times as slow as planned, so that this machine keeps the pace.
def adam(parameters):
    return torch.optim.Adam(parameters, lr=0.01)


trained = training.train(network, clients, setup=instance, emulate=True, time_scale=4, rounds=3, batch_size=16, optimizer=adam)
print(trained.history[["round", "planned_us", "measured_us", "loss", "accuracy"]])
splitlane.plot.gantt(splitlane.plan(instance), plt.subplots(figsize=(10, 3))[1])
plt.savefig("own_network.png")

# %% From the numbers of your own devices to a plan and a figure.
import matplotlib.pyplot as plt
import splitlane
import splitlane.plot

# %% What training reaches on each device, in FLOP/s, and what it may use of memory.
rates = {"phone": (2e10, 1.2e10, 4096), "tablet": (4e10, 2.5e10, 6144), "edge-server": (2e12, 1.1e12, 24576)}
devices = [
    splitlane.Device(name=name, ram_mb=ram, rates=[{"forward_flops_per_s": forward, "backward_flops_per_s": backward}])
    for name, (forward, backward, ram) in rates.items()
]

# %% Who takes part: eight clients on two kinds of links, two helpers; the network and where it may be cut.
link = {"phone": {"up_mbps": 20, "down_mbps": 60, "latency_ms": 30}, "tablet": {"up_mbps": 80, "down_mbps": 200}}
clients = [{"id": name, "count": 4, "device": name, "link": link[name]} for name in ("phone", "tablet")]
helpers = [{"id": "edge", "count": 2, "device": "edge-server"}]
setup = {"model": "resnet18", "batch": 64, "cuts": {"sigma_1": [2, 4], "sigma_2": [8, 11]}, "clients": clients, "helpers": helpers}

# %% The plan, how good it is, and what it looks like.
plan = splitlane.plan(splitlane.Instance.from_setup(setup, devices=devices), time_limit=10)
print(plan.summary())
figure, ax = plt.subplots(figsize=(10, 3))
splitlane.plot.gantt(plan, ax)
figure.savefig("plan.png")

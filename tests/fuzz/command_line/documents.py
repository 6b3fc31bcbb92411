"""Valid documents of small random instances, and mutations of any document."""

import copy
import json
import random

LARGEST_NUMBER = 2**53
OPTION_KEYS = ("release", "forward", "client_forward", "client_backward", "backward", "tail")
ODD_VALUES = (
    None, True, False, -1, 0, 1, 0.5, 1e308, -0.0, LARGEST_NUMBER, LARGEST_NUMBER + 1, 2**63, 2**64, 10**400, "", "h0", "c0",
    "\u0000", "\ud7ff", "a" * 5000, [], {}, [[]], [1, 2], {"a": 1}, [[0] * 10] * 10,
)  # fmt: skip
ODD_BYTES = (b"\xef\xbb\xbf", b"\xff\xfe", b"\x00", b"\x1f\x8b\x08", b"{", b"}", b"[", b",", b'"', b"\\u", b"1e999", b"//", b"\n")


def random_duration(source: random.Random, scale: int) -> int:
    return source.choice((0, 1, scale, source.randint(0, scale)))


def random_option(source: random.Random, helpers: list[dict], scale: int) -> dict:
    if source.random() < 0.1:
        return {"local": source.randint(0, 8 * scale)}
    option = {"helper": source.choice(helpers)["id"]}
    option |= {key: random_duration(source, scale) for key in OPTION_KEYS}
    if source.random() < 0.6:
        option["memory_mb"] = source.randint(0, 60)
    if source.random() < 0.2:
        option["cut"] = sorted(source.sample(range(1, 40), 2))
    return option


def random_instance(source: random.Random) -> dict:
    """Up to 12 clients and 4 helpers, with all that a document may hold; durations up to 2^44 now and then."""
    scale = source.choice((3, 20, 1000, 1000, 2**30, 2**44))
    helpers = [{"id": f"h{number}"} for number in range(source.randint(1, 4))]
    for helper in helpers:
        if source.random() < 0.5:
            helper["memory_mb"] = source.randint(20, 300)
        if source.random() < 0.2:
            helper["switch_cost"] = random_duration(source, scale)
    clients = []
    for number in range(source.randint(1, 12)):
        options = [random_option(source, helpers, scale) for _ in range(source.randint(1, 5))]
        clients.append({"id": f"c{number}", "options": options})
    instance = {
        "format": "splitlane-instance", "version": 1, "name": "fuzzed", "time_unit": source.choice(("us", "ms", "s")),
        "helpers": helpers, "clients": clients,
    }  # fmt: skip
    if source.random() < 0.3:
        instance["switch_model"] = source.choice(("occupy", "charge"))
    return instance


def random_batches(source: random.Random, instance: dict) -> dict:
    most = source.choice((1, 3, 20, 2000))
    clients = [{"id": client["id"], "batches": source.randint(1, most)} for client in instance["clients"]]
    return {"format": "splitlane-batches", "version": 1, "clients": clients}


def random_setup(source: random.Random) -> dict:
    devices = ("rpi-4", "rpi-3", "jetson-nano-gpu", "vm", "apple-m1")
    links = ("home-wifi", "lte", {"up_mbps": source.randint(1, 1000), "down_mbps": source.randint(1, 1000)})
    clients = [
        {"id": f"c{number}", "count": source.randint(1, 3), "device": source.choice(devices), "link": source.choice(links)}
        for number in range(source.randint(1, 4))
    ]
    return {
        "format": "splitlane-setup", "version": 1, "name": "fuzzed", "model": source.choice(("resnet101", "vgg19", "resnet18")),
        "batch": source.choice((1, 32, 128)), "cuts": [source.randint(1, 6), source.randint(10, 16)], "clients": clients,
        "helpers": [{"id": "vm", "device": "vm"}, {"id": "m1", "device": "apple-m1"}],
    }  # fmt: skip


def containers(node, found: list) -> list:
    """All objects and arrays of a document that have something in them."""
    if isinstance(node, (dict, list)) and node:
        found.append(node)
        for child in node.values() if isinstance(node, dict) else node:
            containers(child, found)
    return found


def change_something(source: random.Random, document) -> None:
    container = source.choice(containers(document, []))
    keys = list(container) if isinstance(container, dict) else range(len(container))
    key = source.choice(list(keys))
    change = source.randrange(6)
    if change == 0:
        container[key] = copy.deepcopy(source.choice(ODD_VALUES))
    elif change == 1:
        del container[key]
    elif change == 2 and isinstance(container, list):
        container.insert(key, copy.deepcopy(container[key]))
    elif change == 3 and isinstance(container, dict):
        container[str(key) + source.choice(("", "x", " "))] = container.pop(key)
    elif change == 4 and isinstance(container, list):
        source.shuffle(container)
    elif isinstance(container[key], int):
        container[key] = max(0, container[key] + source.choice((-1, 1, -1000, 1000, container[key])))


def mutated(source: random.Random, data: bytes) -> bytes:
    """One to three changes of a JSON document, or of its bytes."""
    if source.random() < 0.75:
        try:
            document = json.loads(data)
        except ValueError:
            return data
        for _ in range(source.randint(1, 3)):
            if containers(document, []):
                change_something(source, document)
        return json.dumps(document).encode()
    changed = bytearray(data)
    for _ in range(source.randint(1, 3)):
        place = source.randrange(len(changed) + 1)
        kind = source.randrange(4)
        if kind == 0:
            changed[place:place] = source.choice(ODD_BYTES)
        elif kind == 1:
            del changed[place : place + source.choice((1, 5, 1000))]
        elif kind == 2:
            del changed[place:]
        elif place < len(changed):
            changed[place] = source.randrange(256)
    return bytes(changed)

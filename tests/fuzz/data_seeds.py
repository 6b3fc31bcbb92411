"""Writes whole data files into a folder, in the form of data_fuzz.cpp: what fuzzing the readers begins with.

usage: data_seeds.py FOLDER
"""

import gzip
import struct
import sys
from pathlib import Path

CIFAR10, CIFAR100, IDX, NUMPY = range(4)
CLASSES, CHANNELS_LAST = 0x40, 0x80


def seed(choice: int, first: bytes, second: bytes) -> bytes:
    return struct.pack("<BH", choice, len(first)) + first + second


def idx(sizes: tuple, values: bytes) -> bytes:
    return struct.pack(f">{1 + len(sizes)}I", 0x0800 + len(sizes), *sizes) + values


def numpy(kind: str, shape: tuple, values: bytes, version: int = 1) -> bytes:
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(header)) + header + values


def seeds() -> dict:
    labels = bytes([0, 1, 2, 0])
    images = idx((4, 2, 2), bytes(range(16)))
    floats = struct.pack("<12f", *range(12))
    wide = numpy("<i8", (4,), struct.pack("<4q", *labels))
    record = bytes([1]) + bytes(3072)
    return {
        "cifar10": seed(CIFAR10, record, record),
        "cifar10_packed": seed(CIFAR10, gzip.compress(record, mtime=0), gzip.compress(record, mtime=0)),
        "cifar100": seed(CIFAR100, bytes([7]) + record, bytes([7]) + record),
        "idx": seed(IDX, images, idx((4,), labels)),
        "idx_packed": seed(IDX, gzip.compress(images, mtime=0), gzip.compress(idx((4,), labels), mtime=0)),
        "idx_channels": seed(IDX | CLASSES, idx((4, 1, 2, 2), bytes(16)), idx((4,), labels)),
        "numpy_flat": seed(NUMPY, numpy("|u1", (4, 2, 2), bytes(16)), wide),
        "numpy_floats": seed(NUMPY | CLASSES, numpy("<f4", (4, 3, 1, 1), floats), numpy("<i2", (4,), struct.pack("<4h", *labels))),
        "numpy_last": seed(NUMPY | CHANNELS_LAST, numpy("|u1", (4, 1, 1, 3), bytes(12), 2), numpy("|u1", (4,), labels, 3)),
    }


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in seeds().items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()

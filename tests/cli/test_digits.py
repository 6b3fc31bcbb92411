"""scripts/digits writes what scikit-learn ships, as numpy.load reads it."""

import gzip
import pathlib
import subprocess

import numpy
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGED = pathlib.Path("/usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz")

pytestmark = pytest.mark.skipif(not PACKAGED.is_file(), reason="python3-sklearn is missing; scripts/bootstrap installs it")


def digits(*arguments):
    return subprocess.run([ROOT / "scripts/digits", *arguments], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("size", [8, 16, 32])
def test_arrays_are_those_of_the_package(tmp_path, size):
    done = digits(tmp_path / "new" / "digits", "--size", str(size))
    assert done.returncode == 0, done.stderr
    table = numpy.loadtxt(gzip.decompress(PACKAGED.read_bytes()).decode().splitlines(), delimiter=",")
    images = numpy.load(tmp_path / "new" / "digits" / "images.npy")
    assert images.dtype == numpy.uint8
    assert images.shape == (1797, size, size)
    # Each pixel is a square, 0 to 16 times 15.
    pixels = numpy.repeat(numpy.repeat(table[:, :64].reshape(-1, 8, 8) * 15, size // 8, axis=1), size // 8, axis=2)
    assert (images == pixels).all()
    assert (numpy.load(tmp_path / "new" / "digits" / "labels.npy") == table[:, 64]).all()
    assert len(list((tmp_path / "new" / "digits").iterdir())) == 2


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    done = digits(tmp_path / "file" / "digits")
    assert done.returncode == 1
    assert "Not a directory" in done.stderr
    assert done.stdout == ""

"""Where the downloaded data sets come from, and how their files are recognised."""

from dataclasses import dataclass

DIGITS = tuple("0123456789")
QUICK_TRAIN, QUICK_TEST = 10_000, 2_000  # the first images, which quick work takes
IMAGES_HEADER, LABELS_HEADER = 16, 8  # bytes in front of an IDX file's elements


@dataclass(frozen=True)
class File:
    """One IDX file; on the mirrors, its name ends in ``.gz``."""

    name: str
    size: int  # bytes, decompressed
    sha256: str  # of the decompressed content


@dataclass(frozen=True)
class Source:
    """A data set on the network."""

    title: str
    class_names: tuple[str, ...]
    credit: str  # who made it, and its licence
    mirrors: tuple[str, ...]  # addresses that a file name is appended to, tried in this order
    files: tuple[File, ...]  # training images, training labels, test images, test labels


def _files(*checksums, train=60_000, test=10_000):
    """The four files of a data set in MNIST's format: so many images of 28×28 bytes."""
    pixels = 28 * 28
    names_and_sizes = (
        ("train-images-idx3-ubyte", IMAGES_HEADER + train * pixels),
        ("train-labels-idx1-ubyte", LABELS_HEADER + train),
        ("t10k-images-idx3-ubyte", IMAGES_HEADER + test * pixels),
        ("t10k-labels-idx1-ubyte", LABELS_HEADER + test),
    )
    return tuple(
        File(name, size, sha256)
        for (name, size), sha256 in zip(names_and_sizes, checksums, strict=True)
    )


SOURCES = {
    "mnist": Source(
        title="MNIST",
        class_names=DIGITS,
        credit="MNIST by Yann LeCun, Corinna Cortes and Christopher J. C. Burges, CC BY-SA 3.0",
        mirrors=(
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
        ),
        files=_files(
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
    ),
    "fashion-mnist": Source(
        title="Fashion-MNIST",
        class_names=(
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ),
        credit="Fashion-MNIST by Han Xiao, Kashif Rasul and Roland Vollgraf, © Zalando SE, MIT",
        mirrors=(
            "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",  # offers no https
        ),
        files=_files(
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ),
    ),
}

# What lies in data/ of a whole that does not: written by tools/make_data.py
QUICK_FILES = {
    "fashion-mnist": _files(
        "ed2e37ed5a3a57d212141a69fe0a0de5a7126ffba14ac3f7e76f5f52cc04b1f0",
        "a69f2dad024ca220a8c4d85f621fdf929042d40c444abde2868903e9220ad517",
        "862035b0a96959b614c9574f4c2b0ae9584ca234813e8d6d7adb7838b12ca46b",
        "aa3f574d30afaf0d4d9da084a6f8541771e20693d6a97fae6e9a4953fca8f078",
        train=QUICK_TRAIN,
        test=QUICK_TEST,
    ),
}

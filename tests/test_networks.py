"""The five documents' networks: shapes and parameters, layer by layer."""

import numpy as np
import pytest

from cnncourse.networks import DOCUMENTS, explained, tutorial

TABLES = {  # output shape of one image, and parameters, of each layer
    "tutorial": [
        ((24, 24, 32), 832),
        ((12, 12, 32), 0),
        ((8, 8, 64), 51_264),
        ((4, 4, 64), 0),
        ((1024,), 0),
        ((10,), 10_250),
    ],
    "ntnu": [
        ((26, 26, 32), 320),
        ((13, 13, 32), 0),
        ((11, 11, 64), 18_496),
        ((5, 5, 64), 0),
        ((3, 3, 64), 36_928),
        ((576,), 0),
        ((64,), 36_928),
        ((10,), 650),
    ],
    "postech": [
        ((28, 28, 32), 320),
        ((14, 14, 32), 0),
        ((14, 14, 64), 18_496),
        ((7, 7, 64), 0),
        ((3136,), 0),
        ((100,), 313_700),
        ((10,), 1_010),
    ],
    "renom": [
        ((26, 26, 32), 320),
        ((26, 26, 32), 0),
        ((24, 24, 64), 18_496),
        ((24, 24, 64), 0),
        ((12, 12, 64), 0),
        ((12, 12, 64), 0),
        ((9216,), 0),
        ((128,), 1_179_776),
        ((128,), 0),
        ((10,), 1_290),
    ],
    "explained": [
        ((28, 28, 16), 416),
        ((28, 28, 16), 64),
        ((28, 28, 16), 0),
        ((14, 14, 16), 0),
        ((14, 14, 32), 12_832),
        ((14, 14, 32), 128),
        ((14, 14, 32), 0),
        ((7, 7, 32), 0),
        ((1568,), 0),
        ((10,), 15_690),
    ],
}
TOTALS = {"tutorial": 62_346, "ntnu": 93_322, "postech": 333_526}  # as the documents print them


@pytest.mark.parametrize("name", TABLES)
def test_shapes_and_parameters_layer_by_layer(name):
    model, shape = DOCUMENTS[name](), (28, 28, 1)
    assert len(model.layers) == len(TABLES[name])
    for layer, (expected, parameters) in zip(model.layers, TABLES[name], strict=True):
        shape = layer.output_shape(shape)
        assert shape == expected, layer
        assert layer.count_params() == parameters, layer
    assert model.predict(np.zeros((2, 28, 28, 1))).shape == (2, 10)
    if name in TOTALS:
        assert model.count_params() == TOTALS[name]


def test_statistics_are_not_trained(capsys):
    explained().summary()
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "Total params: 29,130",
        "Trainable params: 29,034",  # the document's figure
        "Non-trainable params: 96",
    ]


def test_explain_says_what_each_layer_costs_and_sees(capsys):
    tutorial().explain()
    table, _, steps = capsys.readouterr().out.partition("Fused steps: ")
    rows = [line.split() for line in table.splitlines()[2:-1]]
    # (type), output, parameters, multiply-adds, memory, unit, field, jump
    assert [row[2:] for row in rows] == [
        ["24×24×32", "832", "460,800", "72.0", "KiB", "5×5", "1×1"],
        ["12×12×32", "0", "0", "18.0", "KiB", "6×6", "2×2"],
        ["8×8×64", "51,264", "3,276,800", "16.0", "KiB", "14×14", "2×2"],
        ["4×4×64", "0", "0", "4.0", "KiB", "16×16", "4×4"],
        ["1024", "0", "0", "4.0", "KiB", "16×16", "4×4"],
        ["10", "10,250", "10,240", "0.0", "KiB", "all"],
    ]
    assert [line.strip() for line in steps.splitlines()] == [
        "conv2d_1 + relu + max_pooling2d_1",
        "conv2d_2 + relu + max_pooling2d_2",
        "dense_1",
    ]


def test_the_receptive_field_is_what_really_moves_the_output():
    """Change one pixel after the other, and see which of them one number depends on."""
    model = tutorial()
    chain = model.layers[:4]

    def number(images):
        for layer in chain:
            images = layer(images)
        return images[:, 1, 2, :].sum(axis=-1)

    rng = np.random.default_rng(0)
    image = rng.random((28, 28, 1)).astype(np.float32)
    changed = np.repeat(image[None], 28 * 28, axis=0)  # (784, 28, 28, 1), a pixel each
    changed.reshape(784, 784)[np.arange(784), np.arange(784)] += 100
    moved = (number(changed) != number(image[None])).reshape(28, 28)
    rows, columns = np.flatnonzero(moved.any(axis=1)), np.flatnonzero(moved.any(axis=0))
    # field 16, jump 4: rows 4 … 19, columns 8 … 23; max pooling may hide some inside
    assert (rows.min(), rows.max()) == (4, 19)
    assert (columns.min(), columns.max()) == (8, 23)

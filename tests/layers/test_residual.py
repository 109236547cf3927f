"""The residual block: what it adds up, and that its parts are layers of the model like others."""

import copy
import pickle

import numpy as np
import pytest
from small_models import residual as network
from small_models import residual_block as block
from small_models import same_weights, small_batch

from cnncourse import (
    CNNClassifier,
    Sequential,
    demos,
    explanations,
    export,
    layers,
    optimizers,
    quantization,
    receptive_field,
)

X, Y = small_batch(8)


def trained(optimizer="adam", **options):
    model = network(**options)
    model.compile(optimizer)
    model.fit(X, Y, batch_size=4, epochs=2, verbose=0)
    return model


# What it computes


def test_it_adds_the_input_to_what_its_layers_give():
    residual = layers.Residual([layers.Dense(2, use_bias=False)], activation="relu")
    residual.build((2,))
    residual.set_weights([[[2, 0], [0, -3]]])
    assert residual([[1.0, 1.0]]).tolist() == [[3, 0]]  # max(0, (2, −3) + (1, 1))


def test_it_adds_what_the_shortcut_gives():
    residual = layers.Residual([layers.Dense(1)], shortcut=layers.Dense(1, activation="relu"))
    residual.build((2,))
    residual.set_weights([[[1], [1]], [10], [[-1], [-1]], [0]])
    assert residual([[1.0, 2.0], [-1.0, -2.0]]).tolist() == [[13], [7 + 3]]


def test_both_branches_get_the_gradient_and_the_image_the_sum_of_theirs():
    residual = layers.Residual([layers.Dense(1)], shortcut=layers.Dense(1))
    residual.build((1,))
    residual.set_weights([[[2]], [0], [[5]], [0]])
    residual(np.array([[3.0]]))
    assert residual.backward(np.array([[1]], np.float32)).tolist() == [[7]]
    for layer in residual.inner:
        assert layer.gradients["kernel"].tolist() == [[3]]
        assert layer.gradients["bias"].tolist() == [1]


def test_the_identity_is_where_a_block_begins_whose_last_weights_are_zeros():
    residual = block()
    residual.build((8, 7, 3))
    residual.layers[-1].parameters["gamma"] = np.zeros(3)
    x = np.random.default_rng(0).random((4, 8, 7, 3), np.float32)
    assert np.array_equal(residual(x, training=True), x)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("device", ["cpu", "reference"])
def test_fused_it_computes_what_it_does_by_itself(device, training):
    """The outputs bit for bit: its steps take the same sums in the same order."""
    results = []
    for fuse in True, False:
        model = network(device=device, fuse=fuse)
        out = model.forward(X, training=training)
        back = model.backward(np.ones((8, 3)))
        gradients = [g for part in model.parts for g in part.gradients.values()]
        results.append([out, back, *gradients])
    fused, plain = results
    assert len(fused) == len(plain) == 2 + (2 + 6 + 10 + 2)  # of each part that learns
    np.testing.assert_array_equal(fused[0], plain[0])
    for one, other in zip(fused[1:], plain[1:], strict=True):
        assert abs(one - other).max() <= 1e-4 * max(abs(other).max(), 0.1)


def test_predictions_fold_the_normalisation_of_both_branches():
    """... and leave what training keeps as it is."""
    model = trained()
    exact = network(device="reference")
    exact.set_weights(model.get_weights())
    model.forward(X, training=True)
    before = model.get_weights()
    exact.set_weights(before)
    assert np.allclose(model.predict(X), exact.predict(X), atol=1e-5)
    assert same_weights(model.get_weights(), before)
    assert model.backward(np.ones((8, 3))).shape == X.shape


def test_what_a_fused_block_names(capsys):
    network().explain()
    said = capsys.readouterr().out.partition("Fused steps: ")[2].split("\n")
    assert [line.strip() for line in said[:4]] == [
        "conv2d_1 + relu",
        "conv2d_2",
        "batch_normalization_1 + re_lu_1",
        "conv2d_3",
    ]
    assert "residual_1 + relu" in [line.strip() for line in said]


def test_a_block_of_ones_own_runs_as_it_is_written():
    class Halved(layers.Residual):
        def forward(self, x, training=False):
            return super().forward(x, training) / 2

    outputs = []
    for device in "cpu", "reference":
        chain = [Halved([layers.Conv2D(2, 1)])]
        model = Sequential(chain, (8, 7, 2), seed=0, device=device)
        outputs += [model.forward(X), model.predict(X)]
    assert all(np.allclose(out, outputs[0], atol=1e-6) for out in outputs)
    plain = Sequential([layers.Residual([layers.Conv2D(2, 1)])], (8, 7, 2), seed=0)
    assert np.allclose(2 * outputs[0], plain.forward(X), atol=1e-6)


# Shapes


@pytest.mark.parametrize(
    ("inner", "shortcut", "shape", "message"),
    [
        (
            [layers.Conv2D(8, 3, 2, "same")], None, (7, 7, 3),
            r"its layers give 4×4×8, the shortcut, the input itself, gives 7×7×3, .*"
            r"give it shortcut=layers.Conv2D\(8, 1, strides=2\)",
        ),
        ([layers.Conv2D(8, 1)], None, (7, 7, 3), r"give it shortcut=layers.Conv2D\(8, 1\)$"),
        ([layers.Conv2D(3, 3)], None, (7, 7, 3), 'give its layers padding="same"'),
        ([layers.Dense(8)], None, (3,), r"give it shortcut=layers.Dense\(8\)$"),
        ([layers.Flatten()], None, (7, 7, 3), "end both with the same kind of layer"),
        (
            [layers.Conv2D(8, 1)], layers.Conv2D(4, 1), (7, 7, 3),
            "its layers give 7×7×8, its shortcut gives 7×7×4, .* same strides, padding and filters",
        ),
    ],
)  # fmt: skip
def test_branches_of_two_shapes_are_refused_with_a_way_out(inner, shortcut, shape, message):
    residual = layers.Residual(inner, shortcut)
    with pytest.raises(ValueError, match=r"residual \(Residual\): .*" + message):
        residual.build(shape)
    assert all(part.backend is None for part in residual.parts)  # nothing is half-built


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ([[]], ValueError, "layers: expected at least one layer, got an empty list"),
        ([layers.ReLU()], TypeError, r"layers must be a list of layers, got ReLU\(\)"),
        ([[layers.ReLU]], TypeError, "layers must be a list of layers, such as .*, got <class"),
        ([[layers.ReLU()], "x"], TypeError, "shortcut must be None, a layer or a list of layers"),
        ([[layers.ReLU()], None, "tan"], ValueError, "activation must be None or one of"),
        ([[layers.ReLU()] * 2], ValueError, "re_lu .* is in the block twice"),
    ],
)
def test_bad_arguments(arguments, error, message):
    same = layers.ReLU()
    if "twice" in message:
        arguments = [[same, layers.Residual([same])]]
    with pytest.raises(error, match=message):
        layers.Residual(*arguments)


def test_a_part_that_cannot_be_made_leaves_the_block_unbuilt():
    def fails(shape, rng):
        raise ValueError("no")

    residual = layers.Residual([layers.Conv2D(2, 1), layers.Conv2D(2, 1, kernel_initializer=fails)])
    with pytest.raises(ValueError, match="kernel_initializer failed: no"):
        residual.build((4, 4, 2))
    with pytest.raises(ValueError, match="kernel_initializer failed: no"):
        Sequential([residual], (4, 4, 2))
    assert all(part.backend is None and not part.parameters for part in residual.parts)
    assert [part.name for part in residual.parts] == ["residual", "conv2d", "conv2d"]


# Layers of the model


def test_each_part_has_a_name_of_its_own_and_is_found_by_it():
    model = network()
    names = [part.name for part in model.parts]
    assert len(set(names)) == len(names) == 5 + 5 + 7
    assert names[:7] == [
        "conv2d_1",
        "residual_1",
        "conv2d_2",
        "batch_normalization_1",
        "re_lu_1",
        "conv2d_3",
        "batch_normalization_2",
    ]
    for part in model.parts:
        assert model.get_layer(part.name) is part
    assert model.get_layer(index=1) is model.layers[1]
    model.get_layer("conv2d_3").name = "conv2d_1"
    with pytest.raises(ValueError, match="two layers of this model are named conv2d_1"):
        model.save("nowhere.npz")


def test_a_part_of_the_model_is_not_added_again():
    model = network()
    names = [part.name for part in model.parts]
    for layer in model.layers[1].layers[0], layers.Residual([model.layers[2].layers[2]]):
        with pytest.raises(ValueError, match="is in this model already; make a second layer"):
            model.add(layer)
    with pytest.raises(ValueError, match="another layer named conv2d_1; rename one"):
        model.add(layers.Residual([layers.ReLU(name="conv2d_1")]))
    assert [part.name for part in model.parts] == names


def test_weights_are_those_of_the_parts_in_order():
    model = network()
    shapes = [(3, 3, 2, 3), (3,), (3, 3, 3, 3), *[(3,)] * 4, (3, 3, 3, 3), *[(3,)] * 4]
    shapes += [(3, 3, 3, 4), *[(4,)] * 4, (3, 3, 4, 4), *[(4,)] * 4, (1, 1, 3, 4), *[(4,)] * 5]
    assert [weight.shape for weight in model.get_weights()] == [*shapes, (4, 3), (3,)]
    assert model.count_params() == sum(weight.size for weight in model.get_weights())
    weights = [np.float32(weight) + 1 for weight in model.get_weights()]
    model.set_weights(weights)
    assert same_weights(model.get_weights(), weights)
    residual = model.layers[2]
    assert list(residual.weights)[:2] == ["layers[0]/kernel", "layers[1]/gamma"]
    before = residual.get_weights()
    for wrong in before[:-1], [*before[:-1], np.zeros(5)]:
        with pytest.raises(ValueError, match=r"residual_2 .*: expected weights of the shapes"):
            residual.set_weights(wrong)
    residual.set_weights([0 * weight for weight in before])
    assert not any(weight.any() for weight in residual.get_weights())


def test_frozen_parts_stay_as_they_are():
    model = network()
    frozen = model.layers[1]
    frozen.trainable = False
    assert not any(part.trainable for part in frozen.parts)
    alone = model.get_layer("conv2d_4")
    alone.trainable = False
    assert model.layers[2].trainable
    assert not model.layers[1].count_trainable()
    before = [part.get_weights() for part in model.parts]
    model.compile("adam")
    model.fit(X, Y, verbose=0)
    for part, weights in zip(model.parts, before, strict=True):
        stays = part in frozen.parts or part is alone or not weights
        assert same_weights(part.get_weights(), weights) == stays, part
    frozen.trainable = True
    assert all(part.trainable for part in frozen.parts)
    with pytest.raises(TypeError, match="residual_1 .*: trainable must be True or False"):
        frozen.trainable = "no"
    for layer in model.layers:
        layer.trainable = False
    with pytest.raises(ValueError, match="all layers that could learn are frozen"):
        model.fit(X, Y, verbose=0)


def test_no_gradient_goes_further_back_than_to_the_first_part_that_learns(monkeypatch):
    model = network()
    model.layers[0].trainable = model.layers[1].trainable = False
    model.get_layer("conv2d_3").trainable = True
    model.compile("sgd")
    asked = []

    def noted(self, gradient, need_input_gradient=True, _written=layers.ReLU.backward):
        asked.append(self.name)
        return _written(self, gradient, need_input_gradient)

    monkeypatch.setattr(layers.ReLU, "backward", noted)  # so it runs as it is written
    model.train_on_batch(X, Y)
    assert asked == ["relu", "re_lu_2", "relu"]  # not re_lu_1, which stands before conv2d_3


@pytest.mark.parametrize("optimizer", [optimizers.SGD(0.05, momentum=0.9), "adam"])
def test_saved_and_loaded_it_goes_on_as_before(tmp_path, optimizer, capsys):
    model = trained(optimizer)
    model.get_layer("conv2d_2").trainable = False
    model.get_layer("re_lu_2").name = "mine"
    model.optimizer.exclude_from_weight_decay(["conv2d_3/kernel"])
    model.save(tmp_path / "residual.npz")
    loaded = Sequential.load(tmp_path / "residual.npz")
    assert np.array_equal(loaded.predict(X), model.predict(X))
    for ours, theirs in zip(loaded.parts, model.parts, strict=True):
        assert (ours.name, ours.named, ours.trainable) == (
            theirs.name,
            theirs.named,
            theirs.trainable,
        )
    model.summary()
    loaded.summary()
    first, second = np.array_split(capsys.readouterr().out.splitlines(), 2)
    assert first.tolist() == second.tolist()
    for one in model, loaded:
        one.fit(X, Y, batch_size=4, epochs=2, verbose=0)
    assert same_weights(model, loaded)
    with np.load(tmp_path / "residual.npz") as file:
        assert "weights/conv2d_6/kernel" in file.files


def test_copies_pickles_and_other_devices():
    model = trained()
    for other in copy.deepcopy(model), pickle.loads(pickle.dumps(model)):
        assert np.array_equal(other.predict(X), model.predict(X))
        other.fit(X, Y, epochs=1, verbose=0)
        assert not same_weights(other, model)
    expected = model.predict(X)
    model.to("reference")
    assert all(part.backend.name == "reference" for part in model.parts)
    assert np.allclose(model.predict(X), expected, atol=1e-5)
    model.fit(X, Y, epochs=1, verbose=0)
    model.to("cpu").fit(X, Y, epochs=1, verbose=0)


def test_shapes_that_come_with_the_first_images():
    built, waiting = network(), network(input_shape=None)
    assert [part.name for part in waiting.parts] == [part.name for part in built.parts]
    assert np.array_equal(waiting.predict(X), built.predict(X))


def test_a_classifier_of_blocks():
    def make(classes):
        return [block(2), layers.GlobalAveragePooling2D(), layers.Dense(classes)]

    found = CNNClassifier(make_layers=make, epochs=1, random_state=0).fit(X, Y)
    assert found.predict(X).shape == (8,)
    shared = make(3)
    again = CNNClassifier(make_layers=lambda classes: shared, epochs=1)
    again.fit(X, Y)
    with pytest.raises(ValueError, match="make_layers must give new layers each time"):
        again.fit(X, Y)


# What is said of it


def test_summary_has_the_parts_under_their_block(capsys):
    model = network()
    model.layers[1].trainable = False
    model.summary()
    lines = capsys.readouterr().out.splitlines()
    row = next(k for k, line in enumerate(lines) if line.startswith("residual_1"))
    assert " ".join(lines[row].split()) == "residual_1 (Residual), frozen (None, 8, 7, 3) 186"
    assert lines[row + 1].startswith("  conv2d_2 (Conv2D), frozen")
    assert any(line.startswith("+ conv2d_6 (Conv2D)  ") for line in lines)
    assert "Total params: 574" in lines
    assert "Trainable params: 364" in lines


def test_explain_traces_the_field_through_the_longer_branch(capsys):
    network().explain()
    lines = [line.strip("+ ").split() for line in capsys.readouterr().out.splitlines()]
    lines = [line for line in lines if len(line) > 6]
    fields = {line[0]: line[-2:] for line in lines}
    assert fields["conv2d_1"] == ["3×3", "1×1"]
    assert fields["conv2d_2"] == ["5×5", "1×1"]
    assert fields["residual_1"] == ["7×7", "1×1"]
    assert fields["conv2d_4"] == ["9×9", "2×2"]
    assert fields["conv2d_6"] == ["7×7", "2×2"]  # the shortcut's
    assert fields["residual_2"] == ["13×13", "2×2"]
    costs = {line[0]: line[-5] for line in lines}
    assert int(costs["residual_1"].replace(",", "")) == 2 * 8 * 7 * 9 * 3 * 3


def test_the_receptive_field_is_what_a_value_depends_on():
    chain = [layers.Conv2D(1, 3, padding="same"), block(1), block(1, strides=2)]
    model = Sequential(chain, (20, 18, 1), seed=0, device="reference")
    gradient = np.zeros((1, 10, 9, 1))
    gradient[0, 5, 4, 0] = 1
    for part in model.parts:  # all weights count, and no ReLU blocks
        part.set_weights([abs(weight) + 0.1 for weight in part.get_weights()])
    model.forward(np.ones((1, 20, 18, 1)))
    seen = np.argwhere(model.backward(gradient)[0, :, :, 0])
    rows, columns = receptive_field.trace(chain, (20, 18, 1), (5, 4))[0]
    assert (rows.start, columns.start) == tuple(seen.min(axis=0))
    assert (rows[-1], columns[-1]) == tuple(seen.max(axis=0))
    assert receptive_field.zeros_before(chain[1], (20, 18, 1)) == (2, 2)


def test_grad_cam_of_a_layer_inside():
    model = trained(device="reference")
    whole = explanations.grad_cam(model, X)
    assert np.array_equal(whole, explanations.grad_cam(model, X, layer="residual_2"))
    inner = model.get_layer("batch_normalization_4")  # the last of the branch: the sum's gradient
    maps = explanations.grad_cam(model, X, layer=inner, classes=1)
    before = model.layers[2]
    x = before.layers[0].backend.asarray(X)
    for layer in [*model.layers[:2], *before.layers]:
        x = layer(x)
    total = before(model.layers[1](model.layers[0](X)))
    # d logit / d the sum: the dense layer's weights over the positions, where ReLU lets it through
    weights = (model.layers[-1].parameters["kernel"][:, 1] / 16 * (total > 0)).mean(axis=(1, 2))
    expected = np.maximum((weights[:, None, None] * x).sum(axis=3), 0)
    assert np.allclose(maps, expected)


def test_other_explanations_of_a_layer_inside():
    model = trained()
    found = explanations.strongest_patches(model, X, layer="conv2d_3", filter=1, count=2)
    x = model.layers[0](X)
    for layer in model.layers[1].layers[:4]:
        x = layer(x)
    assert found.values[0] == pytest.approx(x[..., 1].max(), rel=1e-5)
    assert found.pixels.shape == (2, 7, 7, 2)
    images = explanations.preferred_images(model, layer="conv2d_3", filters=0, steps=2)
    assert images.shape == (1, 7, 7, 2)
    assert explanations.last_hidden(model, X).shape == (8, 4)
    assert explanations.activations(model, X)["residual_2"].shape == (8, 4, 4, 4)


def test_the_explorer_adds_up_the_branches():
    model = trained()
    explorer = demos.explorer(model, X)
    number = model.operations.index(model.layers[2])
    found = explorer.sum_of(number, (2, 1, 3))
    assert [name for name, _ in found.lines] == ["its layers", "its shortcut"]
    assert found.value == sum(value for _, value in found.lines)
    assert found.value == pytest.approx(float(explorer.outputs[number][2, 1, 3]), abs=1e-5)
    assert explorer.receptive_field(number, (2, 1, 3)) == (range(-1, 12), range(-4, 9))


@pytest.mark.parametrize("write", [export.to_onnx, export.to_c, export.to_html])
def test_it_is_not_exported(write, tmp_path):
    with pytest.raises(ValueError, match="residual_1 .* its shortcut goes past some; train the"):
        write(network(), tmp_path / "file")
    assert not list(tmp_path.iterdir())
    with pytest.raises(ValueError, match="residual_1 .* its shortcut goes past some"):
        quantization.quantize(network(), X)

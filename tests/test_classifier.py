"""The scikit-learn estimator: its conventions, images and rows, searches, and bad input."""

import pickle

import joblib
import numba
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits, load_wine
from sklearn.exceptions import FitFailedWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from cnncourse import datasets, layers
from cnncourse.classifier import CNNClassifier

ROWS, LABELS = load_digits(return_X_y=True)  # (1797, 64), (1797,)
FEW = ROWS[:60].reshape(60, 8, 8), LABELS[:60]  # grey images


@pytest.fixture(autouse=True)
def one_thread():
    """So small networks are quicker on one thread: several would mostly wait for each other."""
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    yield
    numba.set_num_threads(before)


def quick(**arguments):
    return CNNClassifier(**{"filters": (4,), "epochs": 2, "random_state": 0, **arguments})


def own_layers(classes):
    return [
        layers.Conv2D(5, 3, activation="tanh"),
        layers.BatchNormalization(),
        layers.Flatten(),
        layers.Dropout(0.1),
        layers.Dense(classes),
    ]


def names(classifier):
    return [type(layer).__name__ for layer in classifier.model_.layers]


def same_predictions(one, other, images):
    return np.array_equal(one.predict_proba(images), other.predict_proba(images))


# scikit-learn's conventions


@parametrize_with_checks([CNNClassifier()])
def test_scikit_learns_own_checks(estimator, check):
    check(estimator)


def test_clone_has_the_arguments_and_nothing_learned():
    fitted = quick(learning_rate=0.01, make_layers=own_layers).fit(*FEW)
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params()
    with pytest.raises(NotFittedError):
        copy.predict(FEW[0])
    assert same_predictions(copy.fit(*FEW), fitted, FEW[0])


@pytest.mark.parametrize("random_state", [3, np.random.RandomState(3)])
def test_random_state_fixes_everything(random_state):
    expected = quick(make_layers=own_layers, random_state=3).fit(*FEW)
    same = quick(make_layers=own_layers, random_state=random_state).fit(*FEW)
    other = quick(make_layers=own_layers, random_state=4).fit(*FEW)
    assert same_predictions(same, expected, FEW[0])
    assert not same_predictions(other, expected, FEW[0])


def test_a_pickle_predicts_the_same_and_can_be_trained_again():
    fitted = quick(make_layers=own_layers).fit(*FEW)
    loaded = pickle.loads(pickle.dumps(fitted))
    assert same_predictions(loaded, fitted, FEW[0])
    assert loaded.history_ == fitted.history_
    for each in (loaded, fitted):  # on from here, optimizer's state included
        each.model_.fit(FEW[0][..., None], LABELS[:60], verbose=False)
    assert same_predictions(loaded, fitted, FEW[0])


def test_weights_that_are_mapped_into_memory_are_the_models_own(tmp_path):
    fitted = quick(optimizer="sgd").fit(*FEW)
    joblib.dump(fitted, tmp_path / "classifier")
    loaded = joblib.load(tmp_path / "classifier", mmap_mode="r")
    assert same_predictions(loaded, fitted, FEW[0])
    loaded.model_.fit(FEW[0][..., None], LABELS[:60], verbose=False)
    assert not same_predictions(loaded, fitted, FEW[0])


# Images and rows


def test_images_of_four_axes():
    train, test = datasets.load("digits").train, datasets.load("digits").test
    classifier = CNNClassifier(filters=(8, 16), epochs=3, random_state=0)
    classifier.fit(train.images[::10], train.labels[::10])  # (2000, 28, 28, 1)
    assert classifier.score(test.images, test.labels) > 0.9
    assert classifier.image_shape_ == (28, 28, 1)
    assert classifier.n_features_in_ == 784
    assert len(classifier.history_["loss"]) == 3
    assert classifier.history_["loss"][-1] < classifier.history_["loss"][0]


def test_colour_reaches_the_network():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 150)
    images = np.full((150, 5, 6, 3), 0.2)  # each as bright as all others
    images[np.arange(150), ..., labels] = 0.8  # red, green or blue
    classifier = quick(epochs=10).fit(images, labels)
    assert classifier.score(images, labels) == 1
    assert classifier.model_.input_shape == (5, 6, 3)


def test_rows_and_images_are_the_same_to_the_network():
    rows, (grey, labels) = ROWS[:60], FEW
    for fitted in (quick().fit(rows, labels), quick().fit(grey, labels)):
        assert fitted.image_shape_ == (8, 8, 1)
        expected = fitted.predict_proba(rows)
        for images in (grey, grey[..., None], grey.tolist(), rows.astype(np.float32)):
            np.testing.assert_allclose(fitted.predict_proba(images), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("features", "shape"),
    [(64, (8, 8, 1)), (16, (4, 4, 1)), (9, (1, 9, 1)), (17, (1, 17, 1)), (1, (1, 1, 1))],
)
def test_what_image_a_row_becomes(features, shape):
    rows = np.random.default_rng(0).random((20, features))
    assert quick(epochs=1).fit(rows, np.arange(20) % 2).image_shape_ == shape


def test_pooling_only_where_the_image_is_large_enough():
    images, labels = np.random.default_rng(0).random((6, 14, 30)), [0, 1, 2] * 2
    fitted = quick(filters=(2, 3, 4), dense_units=(7, 5), epochs=1).fit(images, labels)
    pooled = ["Conv2D", "MaxPooling2D"]  # 14×30 → 7×15 → 3×7
    assert names(fitted) == [*pooled, *pooled, "Conv2D", "Flatten", "Dense", "Dense", "Dense"]
    assert fitted.model_.layers[5].input_shape == (3, 7, 4)
    assert [layer.units for layer in fitted.model_.layers[6:]] == [7, 5, 3]


@pytest.mark.parametrize("scale", [1e-6, 1, 1e6])
def test_the_scale_of_all_pixels_does_not_matter(scale):
    expected = quick().fit(*FEW).predict_proba(FEW[0])
    scaled = FEW[0] * scale + 3 * scale
    fitted = quick().fit(scaled, FEW[1])
    np.testing.assert_allclose(fitted.predict_proba(scaled), expected, atol=1e-3)
    assert fitted.mean_ == pytest.approx(scaled.mean())
    assert fitted.scale_ == pytest.approx(scaled.std())


def test_images_all_of_one_colour_can_be_used():
    fitted = quick().fit(np.ones((6, 8, 8)), [0, 1, 1] * 2)
    assert fitted.scale_ == 1
    assert np.isfinite(fitted.predict_proba(np.ones((1, 8, 8)))).all()


# Labels and probabilities


def test_labels_may_be_words():
    words = np.array(["zero", "one", "two", "three"])
    chosen = LABELS < 4
    fitted = quick(epochs=8).fit(ROWS[chosen], words[LABELS[chosen]])
    assert list(fitted.classes_) == ["one", "three", "two", "zero"]
    assert fitted.score(ROWS[chosen], words[LABELS[chosen]]) > 0.95


def test_labels_need_not_count_from_0():
    fitted = quick(epochs=8).fit(ROWS[:500], 3 * LABELS[:500] - 7)
    assert list(fitted.classes_) == list(range(-7, 23, 3))
    assert fitted.score(ROWS[:500], 3 * LABELS[:500] - 7) > 0.9


@pytest.mark.parametrize("make_layers", [None, own_layers])
def test_probabilities_sum_to_1_and_the_largest_is_predicted(make_layers):
    fitted = quick(make_layers=make_layers).fit(*FEW)
    probabilities = fitted.predict_proba(ROWS)
    assert probabilities.dtype == np.float64
    assert probabilities.min() >= 0
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-14)
    assert len(np.unique(fitted.predict(ROWS))) > 1
    assert np.array_equal(fitted.predict(ROWS), probabilities.argmax(axis=1))


# Together with the rest of scikit-learn


def test_grid_search_over_the_network_and_its_training():
    grid = {"filters": [(4,), (8, 16)], "learning_rate": [1e-6, 0.01]}
    search = GridSearchCV(quick(epochs=6), grid, cv=2).fit(ROWS[:600], LABELS[:600])
    assert search.best_params_["learning_rate"] == 0.01
    assert search.best_score_ > 0.7
    assert search.score(ROWS[600:], LABELS[600:]) > 0.7
    scores = search.cv_results_["mean_test_score"]
    assert len(set(scores[search.cv_results_["param_learning_rate"] == 0.01])) == 2


@pytest.mark.filterwarnings("ignore:One or more of the test scores are non-finite")
def test_a_grid_search_goes_on_where_training_diverges():
    grid = {"learning_rate": [1e30, 0.01]}
    search = GridSearchCV(quick(optimizer="sgd"), grid, cv=2)
    with pytest.warns(FitFailedWarning, match="training diverged"):
        search.fit(*FEW)
    assert search.best_params_ == {"learning_rate": 0.01}


def test_a_scaler_before_it_helps_where_columns_differ_in_scale():
    table, kinds = load_wine(return_X_y=True)  # (178, 13): from 0.1 to 1700
    bare = CNNClassifier(random_state=0)
    scaled = make_pipeline(StandardScaler(), bare)
    assert cross_val_score(scaled, table, kinds, cv=3).mean() > 0.9
    assert cross_val_score(bare, table, kinds, cv=3).mean() < 0.8


# A network of one's own


def test_own_layers():
    fitted = quick(make_layers=own_layers, epochs=8).fit(ROWS[:500], LABELS[:500])
    assert names(fitted) == [type(layer).__name__ for layer in own_layers(10)] + ["Softmax"]
    assert fitted.score(ROWS[:500], LABELS[:500]) > 0.9


def test_own_layers_that_end_in_a_softmax_get_no_second():
    def with_softmax(classes):
        return [layers.Flatten(), layers.Dense(classes, activation="softmax")]

    def without(classes):
        return [layers.Flatten(), layers.Dense(classes)]

    one, other = (quick(make_layers=make).fit(*FEW) for make in (with_softmax, without))
    assert names(one) == ["Flatten", "Dense"]
    assert same_predictions(one, other, FEW[0])


# Arguments


def test_arguments_reach_the_training(capsys):
    fitted = quick(kernel_size=(5, 3), batch_size=7, device="reference", verbose=True).fit(*FEW)
    assert fitted.model_.layers[0].kernel_size == (5, 3)
    assert fitted.model_.backend.name == "reference"
    assert "epoch 2/2: 9/9" in capsys.readouterr().out  # 60 images in steps of 7
    quick().fit(*FEW)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["sgd", "rmsprop", "adam"])
def test_optimizers_by_name(name):
    optimizer = quick(optimizer=name, learning_rate=0.02).fit(*FEW).model_.optimizer
    assert type(optimizer).__name__.lower() == name
    assert optimizer.learning_rate == 0.02


TRAINED = own_layers(10)
BAD_ARGUMENTS = {
    "filters": (8, TypeError, r"filters must be a tuple .* such as \(16, 32\) or \(16,\), got 8"),
    "filters of 0": ((8, 0), ValueError, "filters must be at least 1, got 0"),
    "kernel_size": ("3", TypeError, "kernel_size must be .* got '3'"),
    "dense_units": (None, TypeError, "dense_units must be a tuple .* each dense layer"),
    "make_layers": (TRAINED, TypeError, "make_layers must be a function"),
    "make_layers of none": (lambda classes: None, TypeError, "give a list of layers, got None"),
    "make_layers of images": (
        lambda classes: [layers.Conv2D(classes, 3)],
        ValueError,
        r"an output for each class, \(10,\), got \(6, 6, 10\); end them with layers\.Dense",
    ),
    "make_layers of numbers": (lambda classes: [classes], TypeError, "made of layers"),
    "epochs": (0, ValueError, "epochs must be at least 1, got 0"),
    "batch_size": (2.5, TypeError, "batch_size must be a whole number, got 2.5"),
    "learning_rate": (-1, ValueError, "learning_rate must be a number above 0, got -1"),
    "optimizer": ("sdg", ValueError, r"optimizer must be one of \['adam', .*, got 'sdg'"),
    "device": ("abacus", ValueError, "no device 'abacus'"),
    "random_state": ("luck", ValueError, "'luck' cannot be used to seed"),
}


@pytest.mark.parametrize("name", BAD_ARGUMENTS)
def test_bad_arguments_are_refused_in_fit_and_change_nothing(name):
    value, error, message = BAD_ARGUMENTS[name]
    fitted = quick().fit(*FEW)
    expected = fitted.predict_proba(FEW[0])
    fitted.set_params(**{name.split()[0]: value})
    with pytest.raises(error, match=message):
        fitted.fit(*FEW)
    assert np.array_equal(fitted.predict_proba(FEW[0]), expected)


def test_layers_that_are_not_new_are_refused():
    made = own_layers(10)
    classifier = quick(make_layers=lambda classes: made).fit(*FEW)
    with pytest.raises(ValueError, match=r"new layers each time .* got conv2d_1 \(Conv2D\)"):
        classifier.fit(*FEW)


# Bad images and labels


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros(60), "Expected 2D array, got 1D array"),
        (np.zeros((60, 2, 8, 8, 1)), r"rows \(images, features\), got 5 axes: \(60, 2, 8, 8, 1\)"),
        ([np.zeros((8, 8)), np.zeros((9, 8))], "images of one size, got different ones"),
        (np.zeros((0, 8, 8)), r"0 sample\(s\)"),
        (np.where(FEW[0] == 3, np.nan, FEW[0]), "contains NaN"),
        (FEW[0] + 1j, "Complex data not supported"),
    ],
)
def test_bad_images(images, message):
    with pytest.raises(ValueError, match=message):
        quick().fit(images, LABELS[: len(images)])


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((3, 4, 16)), "expected images of 8×8×1, as in fit, got 4×16×1"),
        (np.zeros((3, 8, 8, 3)), "got 8×8×3 .*convert their channels"),
        (FEW[0][0], "X has 8 features, but CNNClassifier is expecting 64"),
    ],
)
def test_images_of_another_shape_than_in_fit(images, message):
    with pytest.raises(ValueError, match=message):
        quick().fit(*FEW).predict(images)


def test_labels_of_another_length():
    with pytest.raises(ValueError, match=r"inconsistent numbers of samples: \[60, 59\]"):
        quick().fit(FEW[0], LABELS[:59])


def test_labels_of_one_class():
    with pytest.raises(ValueError, match=r"at least 2 classes, got 1 class: \['cat'\]"):
        quick().fit(FEW[0], ["cat"] * 60)


def test_training_that_diverges_says_what_to_do():
    diverging = quick(optimizer="sgd", learning_rate=1e30)
    with pytest.raises(ValueError, match=r"training diverged: .* learning_rate below 1e\+30"):
        diverging.fit(*FEW)
    with pytest.raises(NotFittedError):
        diverging.predict(FEW[0])


# Early stopping

SOME = ROWS[:400], LABELS[:400]


def test_early_stopping_ends_with_the_best_epoch():
    classifier = quick(epochs=60, early_stopping=True, n_iter_no_change=3, validation_fraction=0.25)
    classifier.fit(*SOME)
    accuracies = classifier.history_["val_accuracy"]
    best = int(np.argmax(accuracies))
    assert classifier.n_iter_ == len(accuracies) == best + 4 < 60
    split = {"test_size": 0.25, "stratify": SOME[1], "random_state": after_one_draw(0)}
    _, held_out, _, labels = train_test_split(*SOME, **split)
    assert classifier.score(held_out, labels) == pytest.approx(accuracies[best])


def after_one_draw(seed):
    """The generator as it is when the images are split: the network's seed was drawn before."""
    random = np.random.RandomState(seed)
    random.randint(np.iinfo(np.int32).max)
    return random


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"validation_fraction": 0},
            "validation_fraction must be a finite number above 0",
        ),
        ({"validation_fraction": 0.01}, "does not leave one of each of the"),
        ({"n_iter_no_change": 0}, "n_iter_no_change must be at least 1"),
        ({"tol": -1}, "tol must be a finite number from 0 on"),
    ],
)
def test_early_stopping_that_cannot_be(options, message):
    with pytest.raises(ValueError, match=message):
        quick(early_stopping=True, **options).fit(*SOME)


def test_early_stopping_needs_two_images_of_each_class():
    labels = np.array([0] * (len(SOME[0]) - 1) + [1])
    with pytest.raises(ValueError, match="of some there is only one in y"):
        quick(early_stopping=True).fit(SOME[0], labels)

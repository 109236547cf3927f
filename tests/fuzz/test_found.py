"""What long runs of the fuzzer have found: each was mended, and is refused by name."""

import draw
import pytest
import verdicts
from catalogue import CALLS

REFUSED = [
    "plots.curves(lines=[1, 2], xlabel='a', ylabel='b')",
    "plots.history(history={'loss': [1, 2], 'accuracy': [1]})",
    "plots.images(pictures=images(), titles=['a'])",
    "plots.probabilities(row=probabilities()[0], class_names=['a', 'b'])",
    "plots.costs(model=chain())",
    "augmentation.Augmentation(flip=True).__call__(images={}, rng=rng())",
    "augmentation.random_flip(images=images(), rng=np.random)",
    "classifier().fit(X=images(), y=labels(5))",
    "classifier().fit(X=masked(images()), y=labels())",
    "compiled().save(path=nan)",
    "compiled().fit(x=images(), y=labels(), shuffle='False')",
    "compiled().predict(x=with_(images(), 1e300))",
    "unbuilt().predict(x=images(), batch_size=0)",
    "trained().fit(x=images(), y=labels(), callbacks=[callbacks.EarlyStopping()], verbose=0)",
    "Sequential(layers=chain()[::-1], input_shape=(8, 8, 1))",
    "datasets.read_image(path=here('picture.png'), target_size=4)",
    "initializers.normal(stddev=-1)",
    "receptive_field.trace(layers=[None], input_shape=(8, 8, 1), position=(0, 0))",
    "use_layer(layers.AveragePooling2D(strides=10**30))",
    "use_layer(layers.Dense(units=2, kernel_initializer=lambda shape, rng: 1))",
    "use_optimizer(optimizers.SGD(learning_rate=1e300))",
    "use_classifier(CNNClassifier(random_state=0, verbose=np.array([])))",
    "layers.BatchNormalization().build(input_shape=[])",
    "trained().layers[1].output_shape(input_shape=np.zeros((2, 2)))",
    "layers.ReLU().output_shape(input_shape='ab')",
    "layers.Dropout(0.5).output_shape(input_shape=np.array([8, 8, 1]))",
    "explanations.preferred_images(model=compiled(), filters=np.ma.masked)",
    "explanations.grad_cam(model=unbuilt(), images=images(1), classes=[0, 1, 2], layer='conv2d_1')",
    "explanations.saliency(model=unbuilt(), images=images())",
    "explanations.activations(model=unbuilt(), images=images())",
    "losses.Euclidean().__call__(outputs=0.5, labels=1, sample_weight=0.5)",
    "losses.Euclidean().__call__(outputs=probabilities(), labels=with_(one_hot(), 1e300))",
    "use_figure(plots.confusion_matrix(labels=ragged(labels()), predictions=[0], "
    "class_names=['a']))",
    "use_figure(plots.confusion_matrix(labels=[], predictions=[], class_names=['a']))",
    "use_figure(plots.receptive_fields(image=np.zeros((0, 8, 1)), layers=[layers.ReLU()], "
    "position=(0, 0)))",
    "explanations.preferred_images(model=compiled(), steps=10**9)",
    "explanations.saliency(model=compiled(), images=images(), method='smoothgrad', samples=10**9)",
    "use_figure(plots.occlusion(model=unbuilt(), images=images(1), classes=1, class_names=['a']))",
    "use_figure(plots.layer_maps(model=trained(), image=ragged(images()[0]), most=2))",
    "augmentation.Augmentation(shift=2).__call__(images=with_(images(), 1e300), rng=rng())",
    "use_classifier(CNNClassifier(dense_units=(), verbose=10**30))",
    "trained().fit(x=bytes_of_images(), y=labels(), augment=None, steps_per_epoch=10**9)",
    "use_classifier(CNNClassifier(early_stopping=True, tol=nan))",
    "explanations.in_two_dimensions(features=cast(rows(), bool), method='tsne')",
    "compiled().fit(x=bytes_of_images(), y=labels(), resume=True, "
    "callbacks=[callbacks.EarlyStopping()])",
    "ran().fit(x=bytes_of_images(), y=cast(None, np.longdouble), validation_split=0.25)",
    "ran().fit(x=bytes_of_images(), y=labels(), sample_weight=np.array(1), validation_split=0.25)",
    "use_callback(callbacks.CSVLogger(filename=here('photos') + '/cats/0.png', append=1))",
    "use_figure(plots.strongest_patches(model=unbuilt(), images=bytes_of_images()))",
]


@pytest.mark.parametrize("line", REFUSED)
def test_it_is_refused_and_nothing_is_changed(line):
    assert verdicts.judge(line)["verdict"] == "refused"


@pytest.mark.parametrize(
    "line",
    [
        "use_figure(animations.sliding_window(image=picture(), kernel=with_([[1, 2]], 1e300)))",
        "use_figure(plots.filters_before_and_after(before=with_(np.ones((3, 3, 1, 2)), 1e300), "
        "after=np.ones((3, 3, 1, 2))))",
        "use_figure(plots.grids(arrays={'a': [[inf, 1]]}, alt='what it shows'))",
        "losses.SoftmaxCrossEntropy().__call__(outputs=np.asfortranarray(probabilities()), "
        "labels=one_hot())",
        "quantized().layer_errors(images=Duck(images(1)))",
        "quantized().evaluate(images=Duck(images()), labels=cast(labels(), np.uint8))",
        "use_figure(plots.images(pictures=cast(np.stack([colour()] * 2), np.longdouble)))",
    ],
)
def test_it_is_drawn(line):
    assert verdicts.judge(line)["verdict"] == "done"


def test_the_lines_name_what_is_public():
    assert {path for path in draw.PATHS} == set(CALLS)

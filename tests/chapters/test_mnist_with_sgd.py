"""What the solutions to the exercises of the lab with SGD say is what the networks do."""

from cnncourse import Sequential, datasets, layers, losses, optimizers
from cnncourse.chapters.mnist_with_sgd import exercises


def test_the_number_of_parameters():
    model = Sequential(input_shape=(28, 28, 1))
    for filters in (32, 64):
        model.add(layers.Conv2D(filters, 3))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Flatten())
    model.add(layers.Dense(10))
    assert model.count_params() == exercises.parameters()


def test_a_rate_of_10_ends_near_the_loss_of_guessing():
    mnist = datasets.load("mnist", quick=True).train
    model = Sequential(input_shape=(28, 28, 1), seed=0)
    for filters in (32, 64):
        model.add(layers.Conv2D(filters, 5, activation="relu"))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Flatten())
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(optimizers.SGD(10), losses.SoftmaxCrossEntropy())
    history = model.fit(mnist.images[:1000], mnist.labels[:1000], 100, epochs=2, verbose=0)
    assert exercises.check_rates(0.1, history["loss"][-1])

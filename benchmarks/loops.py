"""One `fit` beside the loop written by hand that it replaced: the same weights, and the time.

For each lab's better recipe: a learning rate that falls from epoch to epoch, augmentation, and
validation after each epoch. By hand, `fit` is called once an epoch, the rate is set before it, and
`evaluate` comes after it; as one call, `fit` is told all that at once. Both are timed in turn.

    python benchmarks/loops.py
"""

import time
from math import cos, pi
from statistics import median

import numpy as np
from labs import LABS
from reports import Report, parser, spread

from cnncourse import datasets, optimizers, schedules
from cnncourse.networks import DOCUMENTS
from cnncourse.support.progress import progress

ROUNDS = 3
EPOCHS = 2
IMAGES, VALIDATION = 10_000, 2000
QUICK = 200


class Training:
    """The better recipe of a network, shortened, in both ways."""

    def __init__(self, network, plan, quick):
        self.network, self.plan = network, plan
        data = datasets.load(LABS[network].data).train
        count, validation = (QUICK, QUICK) if quick else (IMAGES, VALIDATION)
        self.train = data.images[:count], data.labels[:count]
        self.validation = data.images[-validation:], data.labels[-validation:]
        # half a cosine, which a hand that sets the rate goes down in steps, one an epoch
        shares = [0.5 * (1 + cos(pi * done / EPOCHS)) for done in range(EPOCHS)]
        self.rates = [plan.learning_rate * share for share in shares]

    def model(self, rate):
        model = DOCUMENTS[self.network](seed=0, **self.plan.initializers)
        model.compile(optimizers.Adam(rate), "softmax_cross_entropy")
        return model

    def by_hand(self):
        model = self.model(self.rates[0])
        for rate in self.rates:
            model.optimizer.learning_rate = rate
            model.fit(*self.train, self.plan.batch, augment=self.plan.augment, verbose=0)
            model.evaluate(*self.validation)
        return model

    def one_call(self):
        steps = -(-len(self.train[0]) // self.plan.batch)
        last = [steps * done - 1 for done in range(1, EPOCHS)]  # step of an epoch
        model = self.model(schedules.PiecewiseConstantDecay(last, self.rates))
        model.fit(
            *self.train,
            self.plan.batch,
            EPOCHS,
            augment=self.plan.augment,
            validation_data=self.validation,
            verbose=0,
        )
        return model


def timed(train):
    begin = time.perf_counter()
    model = train()
    return time.perf_counter() - begin, model.get_weights()


def measure(training, rounds, bar):
    """The seconds of both ways in each round, and whether their weights are the same bits."""
    pairs, same = [], True
    for _ in range(rounds):
        (hand, ours), (one, theirs) = timed(training.by_hand), timed(training.one_call)
        same &= all(np.array_equal(a, b) for a, b in zip(ours, theirs, strict=True))
        pairs.append((hand, one))
        bar.update()
    return pairs, same


def main():
    options = parser(__doc__, ROUNDS)
    options = options.parse_args()
    rounds = options.rounds or (1 if options.quick else ROUNDS)
    report = Report()
    plans = [
        (network, plan)
        for network, lab in LABS.items()
        for name, plan in lab.recipes.items()
        if plan.decay and name != "long"  # which has only more epochs, and all images
    ]
    rows = []
    with progress(total=rounds * len(plans), desc="training") as bar:
        for network, plan in plans:
            training = Training(network, plan, options.quick)
            Training(network, plan, quick=True).one_call()  # what is to compile is compiled
            pairs, same = measure(training, rounds, bar)
            hand, one = zip(*pairs, strict=True)
            rows.append([
                network,
                f"{median(hand):.2f}",
                f"{median(one):.2f}",
                spread([a / b for a, b in pairs], "{:.3f}"),
                "the same" if same else "DIFFERENT",
            ])  # fmt: skip
    report.table(
        f"{EPOCHS} epochs on {len(training.train[0]):,} images by the labs' better recipes",
        ["network", "by hand, s", "one fit, s", "by hand / one fit", "weights"],
        rows,
    )
    report.conditions(rounds)
    report.finish(options.markdown)


if __name__ == "__main__":
    main()

"""A training step on many machines, computed from what was measured on a few.

Three ways to bring the gradients of all workers together:

- `ours`: one client sends the weights to each worker, and gets sums of gradients from each;
- `parameter_server`: some servers share that work, each with a part of the weights;
- `ring`: workers are a ring, and each passes parts of the gradient on to its neighbour.

Messages of a machine go one after the other, and each machine computes for itself, unless all of
them share the ``cores`` of one, as processes do.

Sources: Dean et al., *Large Scale Distributed Deep Networks*, 2012; Li et al., *Scaling Distributed
Machine Learning with the Parameter Server*, 2014; Patarasuk & Yuan, *Bandwidth Optimal All-reduce
Algorithms for Clusters of Workstations*, 2009.
"""

from collections import deque
from dataclasses import dataclass
from math import inf

from ...distributed.deal import deal
from ...distributed.timeline import Span
from ...distributed.tree import merged

SERVERS = 4
CLIENT = "client"
LEAST = 1e-12  # seconds: what is left by rounding


@dataclass(frozen=True)
class Costs:
    """What one step is made of; all times are seconds.

    Attributes
    ----------
    images, micro_batches : int
        Of a batch; all micro-batches are of the same size.
    image : float
        What a worker computes for an image, forward and backward.
    pack, add, step : float
        What the client does: making the weights a message, adding up a worker's answer, and the
        optimizer's step.
    latency, handling : float
        What a message and its answer take on the way and in the worker; and what they take of the
        client, without their bytes.
    bandwidth : float
        Bytes a second, in each direction.
    weights : int
        Bytes of all weights; a gradient has as many.
    cores : float
        Those that all workers share, or infinity: each has its own.
    """

    images: int
    micro_batches: int
    image: float
    pack: float
    add: float
    step: float
    latency: float
    handling: float
    bandwidth: float
    weights: int
    cores: float = inf

    def seconds(self, pieces):
        """What a worker computes for so many micro-batches."""
        return pieces * self.images / self.micro_batches * self.image

    def message(self, arrays):
        """What the client is busy with for a message of so many arrays like the weights."""
        return self.handling / 2 + arrays * self.weights / self.bandwidth


def ours(costs, workers):
    """The spans of one step of `distributed.fit` with so many workers.

    Event by event: the client sends weights to one worker after the other, each computes and
    answers, and the client takes the answers in the order in which they come. Whoever has something
    to do shares the cores.

    >>> costs = Costs(8, 4, image=1.0, pack=0, add=0, step=1.0, latency=0, handling=0,
    ...               bandwidth=inf, weights=0)
    >>> [step_seconds(ours(costs, workers)) for workers in (1, 2, 4, 8)]
    [9.0, 5.0, 3.0, 3.0]

    Where the workers share two cores, 8 seconds of work take 4:

    >>> costs = Costs(8, 4, image=1.0, pack=0, add=0, step=1.0, latency=0, handling=0,
    ...               bandwidth=inf, weights=0, cores=2)
    >>> step_seconds(ours(costs, 4))
    5.0
    """
    numbers = deal([[] for _ in range(min(workers, costs.micro_batches))], costs.micro_batches)
    spans, now = [Span(CLIENT, "pack", 0.0, costs.pack)], costs.pack
    # what the client has to do: seconds, and the worker that may begin then
    messages = deque([costs.message(1), worker] for worker in range(len(numbers)))
    computing, begun = {}, {}  # worker → seconds of work that are left; and when it began
    while messages or computing:
        speed = min(1.0, costs.cores / (len(computing) + bool(messages)))
        nearest = [*computing.values(), *(seconds for seconds, _ in list(messages)[:1])]
        done = min(nearest)
        now += done / speed
        computing = {worker: seconds - done for worker, seconds in computing.items()}
        if messages:
            messages[0][0] -= done
            if messages[0][0] <= LEAST:
                _, worker = messages.popleft()
                if worker is not None:
                    begun[worker] = now
                    computing[worker] = costs.latency + costs.seconds(len(numbers[worker]))
        for worker in [worker for worker, seconds in computing.items() if seconds <= LEAST]:
            del computing[worker]
            margin = costs.latency / 2  # on its way, there and back
            name = f"worker {worker + 1}"
            spans.append(Span(name, "compute", begun[worker] + margin, now - margin))
            branches = merged({(0, k): 0 for k in numbers[worker]}, costs.micro_batches)
            messages.append([costs.message(len(branches)), None])
    spans.append(Span(CLIENT, "add", now, now := now + costs.add * len(numbers)))
    spans.append(Span(CLIENT, "step", now, now + costs.step))
    return spans


def step_seconds(spans):
    """How long the spans of a step take together."""
    return max(span.ended for span in spans) - min(span.began for span in spans)


def parameter_server(costs, workers, servers=SERVERS):
    """Seconds of a step: each of the ``servers`` sends its part of the weights to all workers, and
    takes its part of the gradient from each."""
    workers = min(workers, costs.micro_batches)
    messages = 2 * workers * costs.message(1 / servers) + costs.latency
    most = costs.seconds(-(-costs.micro_batches // workers))
    return messages + most + (costs.add * workers + costs.step) / servers


def ring(costs, workers):
    """Seconds of a step: 2 · (workers − 1) rounds, in each of which everybody passes a part of
    1/workers of the gradient on; then everybody takes the step."""
    workers = min(workers, costs.micro_batches)
    most = costs.seconds(-(-costs.micro_batches // workers))
    passing = costs.latency / 2 + costs.message(1 / workers)
    return most + 2 * (workers - 1) * passing + costs.step

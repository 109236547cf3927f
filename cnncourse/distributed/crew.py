"""The workers of a cluster as one, which computes the micro-batches of a step."""

from time import monotonic, sleep, time

from .client import packed, workers_of
from .deal import deal
from .member import Lost, Member
from .replica import lent
from .tree import total

RECRUITING = 2  # seconds between two looks for workers that have joined
WAITING = 0.1  # seconds between two looks while there are none
PATIENCE = 60  # seconds that a cluster without workers is waited for
MOST_LOSSES = 10  # of workers in one step


class Crew:
    """The workers of a cluster, one for each micro-batch at most, each with a replica.

    A worker that is lost is replaced by one that the cluster starts instead, and does without until
    then; one that joins later gets its part, too.
    """

    def __init__(self, source, timeline, client):
        self.source = source
        self.timeline = timeline
        self.client = client
        self.augment = packed(source.augment)
        self.members = []
        self._looked = -RECRUITING  # when for workers, by `monotonic`

    def compute(self, model, plan):
        """The sum of the `Share`s of all micro-batches; those of lost workers are done again.

        Raises what goes wrong with the model on a worker; ``ConnectionError`` where the scheduler
        is gone; ``RuntimeError`` where no worker comes within `PATIENCE`, or too many are lost.
        """
        began = time()
        content = packed(lent(model))
        self.timeline.note("client", "pack", began, time())
        nodes, left, losses = {}, set(range(plan.count)), 0
        while left:
            self._muster()
            calls = []
            for member in self.members:
                numbers = sorted(left.intersection(member.numbers))
                if numbers:
                    calls.append((member, numbers, member.call("compute", content, plan, numbers)))
            for member, numbers, call in calls:
                try:
                    nodes |= self._answer(member, call)
                    left.difference_update(numbers)
                except Lost:
                    losses += 1
                    self._lose(member, losses)
        began = time()
        share = total(nodes, plan.count)
        self.timeline.note("client", "add", began, time())
        return share

    def dismiss(self):
        """Let the workers forget what they have."""
        self.members.clear()  # Dask removes an actor that nobody can call any more

    def _answer(self, member, call):
        result, began, ended = member.answer(call)
        if isinstance(result, Exception):
            raise result
        self.timeline.note(member.address, "compute", began, ended)
        return result

    def _lose(self, member, losses):
        self.members.remove(member)
        if losses > MOST_LOSSES:
            raise RuntimeError(
                f"{losses} workers were lost in one step, the last of them {member.address}: "
                "perhaps they have too little memory; give them more, or fewer images a batch"
            )

    # Who takes part

    def _muster(self):
        """See to it that there are workers, and that each has its images."""
        deadline = monotonic() + PATIENCE
        while True:
            if not self.members or monotonic() - self._looked > RECRUITING:
                self._recruit()
            if self.members and self._hand_out():
                return
            if not self.members and monotonic() > deadline:
                address = self.client.scheduler.address
                raise RuntimeError(
                    f"the cluster at {address} has had no workers for {PATIENCE} seconds; start "
                    f"one: dask worker {address}"
                )
            if not self.members:
                sleep(WAITING)

    def _recruit(self):
        """Let workers join that the cluster has and that do not take part yet."""
        self._looked = monotonic()
        known = {(member.address, member.identity) for member in self.members}
        for worker in workers_of(self.client).items() - known:
            if len(self.members) < self.source.micro_batches:
                try:
                    self.members.append(Member(self.client, *worker, self.augment))
                except Lost:
                    continue

    def _hand_out(self):
        """Send everybody the images they lack; whether all have theirs, and nobody was lost."""
        wanted = deal([member.numbers for member in self.members], self.source.micro_batches)
        for member, numbers in zip(list(self.members), wanted, strict=True):
            try:
                self._send(member, numbers)
            except Lost:
                self.members.remove(member)
                return False
        return True

    def _send(self, member, numbers):
        began = time()
        for number in set(member.numbers) - set(numbers):
            member.answer(member.call("drop", number))
            member.numbers.remove(number)
        for number in numbers:
            if number not in member.numbers:
                member.answer(member.call("take", number, self.source.part(number)))
                member.numbers.append(number)
                self.timeline.note("client", "send images", began, began := time())

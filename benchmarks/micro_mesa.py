"""The micro-model in Mesa 3: an agent for each person, post and service, as its tutorials teach."""

import math

import mesa

from benchmarks.micro import (
    ADMITTED,
    FILLS,
    LEAVES,
    MEAN_MINUTES,
    MINUTES_A_POST,
    MOVES,
    PATIENCE,
    PEOPLE_A_SERVICE,
    PERSISTENCE,
    POSTS_A_PERSON,
    QUITS,
    RETURNS,
    SHORT_BELOW,
    SPREAD,
    Totals,
)

LEVEL, INNOVATION = math.log(MEAN_MINUTES) - SPREAD**2 / 2, SPREAD * math.sqrt(1 - PERSISTENCE**2)


class Service(mesa.Agent):
    """A service with what is asked of it and what it can give."""

    def __init__(self, model):
        super().__init__(model)
        self.demand = self.capacity = 0.0
        self.served = 1.0

    def clear(self):
        self.demand = self.capacity = 0.0

    def share(self):
        self.served = min(1.0, self.capacity / max(self.demand, 1.0))


class Post(mesa.Agent):
    """A post, filled or not."""

    def __init__(self, model, service):
        super().__init__(model)
        self.service, self.filled = service, True

    def change(self):
        u = self.random.random()
        self.filled = u >= QUITS if self.filled else u < FILLS
        if self.filled:
            self.service.capacity += MINUTES_A_POST


class Person(mesa.Agent):
    """Somebody with a need."""

    def __init__(self, model, service):
        super().__init__(model)
        self.service, self.deviation, self.away, self.short, self.minutes = service, 0.0, False, 0, 0

    def live(self):
        z = self.random.gauss(0.0, 1.0)
        is_gone = self.random.random() < LEAVES
        self.deviation = SPREAD * z if is_gone else PERSISTENCE * self.deviation + INNOVATION * z
        u = self.random.random()
        self.away = u >= RETURNS if self.away else u < ADMITTED
        self.minutes = 0 if self.away else round(math.exp(LEVEL + self.deviation))
        self.service.demand += self.minutes

    def receive(self):
        self.model.needed += self.minutes
        self.model.delivered += self.minutes * self.service.served
        self.short = self.short + 1 if self.service.served < SHORT_BELOW and not self.away else 0
        if self.short > PATIENCE and self.random.random() < MOVES:
            self.service, self.short = self.random.choice(self.model.services), 0
            self.model.moves += 1


class Area(mesa.Model):
    """People, posts and services."""

    def __init__(self, people, seed):
        super().__init__(seed=seed)
        self.services = [Service(self) for _ in range(max(people // PEOPLE_A_SERVICE, 1))]
        n = len(self.services)
        for k in range(int(people * POSTS_A_PERSON)):
            Post(self, self.services[k % n])
        for i in range(people):
            Person(self, self.services[i % n])
        self.needed = self.delivered = self.moves = 0

    def step(self):
        self.needed = self.delivered = self.moves = 0
        self.agents_by_type[Service].do("clear")
        self.agents_by_type[Person].do("live")
        self.agents_by_type[Post].do("change")
        self.agents_by_type[Service].do("share")
        self.agents_by_type[Person].do("receive")


def run(people: int, weeks: int, seed: int) -> Totals:
    """Run the micro-model."""
    area = Area(people, seed)
    totals = Totals.of(weeks)
    for week in range(weeks):
        area.step()
        totals.needed[week], totals.delivered[week], totals.moves[week] = area.needed, area.delivered, area.moves
        totals.filled[week] = sum(post.filled for post in area.agents_by_type[Post])
    return totals

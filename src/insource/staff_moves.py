"""Staff who go with the people they care for, when another service takes those people over."""

from insource.compiled import inner
from insource.draws import uniform

NOWHERE = -1


@inner
def move_staff(week, decision, heirs, area):
    """Move staff of services whose people leave to those that take over in the zone, and return how many.

    Each member of staff goes with the service's chance, decided by their own draw, to one of its heirs, dealt evenly;
    with what they had of service and sickness. Who finds no row there stays. `area` is the view of whoever owns the
    staff; `heirs` are four columns of it: share who leave, first heir, number of heirs, last post.
    """
    leaving_share, first_heir, count, last_post = heirs
    workers, providers = area.workers, area.providers
    moved = 0
    for j in range(leaving_share.shape[0]):
        start = providers.first_post[j]
        for k in range(start, start + providers.used_posts[j] if leaving_share[j] > 0.0 else start):
            u = uniform(area.luck, decision, workers.post[k], week)
            if workers.is_filled[k] == 0 or u >= leaving_share[j]:
                continue
            to = first_heir[j] + int(u / leaving_share[j] * count[j])
            row = vacant_row(workers.is_filled, providers.first_post[to], last_post[to])
            if row == NOWHERE:
                continue
            workers.is_filled[row], workers.is_filled[k] = 1, 0
            workers.is_absent[row], workers.is_absent[k] = workers.is_absent[k], 0
            workers.tenure_weeks[row] = workers.tenure_weeks[k]
            providers.filled_posts[j] -= 1
            providers.filled_posts[to] += 1
            providers.used_posts[to] = max(providers.used_posts[to], row + 1 - providers.first_post[to])
            moved += 1
    return moved


@inner
def vacant_row(is_filled, first, last):
    """The first row from `first` to before `last` that nobody holds, or NOWHERE."""
    for row in range(first, last):
        if is_filled[row] == 0:
            return row
    return NOWHERE

"""Queues inside a week: what waiting to expect when work comes by chance (Erlang 1917; Halfin & Whitt 1981).

A weekly step cannot show queues within a day or an office: these are response functions, not simulated events.
`load` is arrivals times the time each takes, in servers kept busy.
"""

import math

from insource.compiled import rule
from insource.numeric import normal_below, normal_density


@rule
def erlang_b(load, servers):
    """Share of calls turned away by so many servers without a queue: B(c) = a B(c-1) / (c + a B(c-1)), B(0) = 1."""
    blocked = 1.0
    for server in range(1, int(servers) + 1):
        blocked = load * blocked / (server + load * blocked)
    return blocked


@rule
def erlang_c(load, servers):
    """Share of calls that must wait: B / (1 - (a / c) (1 - B)); everybody waits at a load the servers cannot carry."""
    whole = int(servers)
    if load >= whole:
        return 1.0
    blocked = erlang_b(load, whole)
    return blocked / (1.0 - load / whole * (1.0 - blocked))


@rule
def waiting_share_of_many(spare_roots):
    """Share of calls that must wait at many servers, load + beta sqrt(load) of them (Halfin & Whitt 1981).

    1 / (1 + beta Phi(beta) / phi(beta)): the spare servers needed grow with the root of the load only.
    """
    return 1.0 / (1.0 + spare_roots * normal_below(spare_roots) / normal_density(spare_roots))


@rule
def mean_wait_at_one(arrivals, served, variation):
    """Mean wait at one server for work of any length (Pollaczek 1930; Khinchine 1932), without end at a load of 1.

    rho / (1 - rho) * (1 + CV^2) / (2 mu): `arrivals` and `served` in a unit of time, `variation` the CV of lengths.
    """
    load = arrivals / served
    return load / (1.0 - load) * (1.0 + variation * variation) / (2.0 * served) if load < 1.0 else math.inf


@rule
def mean_wait_at_many(arrivals, served_each, servers):
    """Mean wait where one queue is served by so many alike (M/M/c): Erlang C / (c mu - lambda)."""
    spare = int(servers) * served_each - arrivals
    return erlang_c(arrivals / served_each, servers) / spare if spare > 0.0 else math.inf

"""A piece of work that takes its time and says in which process it was done; a file of its own, so that workers may
import it and nothing else."""

import multiprocessing
import os
import signal
import time


def slow_square(seconds, number):
    """The square of a number, and the process."""
    time.sleep(seconds)
    return number * number, os.getpid()


def deadly(_, number):
    """The square of a number; whichever other process tries it is killed."""
    if multiprocessing.parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number

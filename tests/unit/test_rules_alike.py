"""Every rule of scalars gives the same bits compiled, uncompiled, and on whole columns at a desk."""

import importlib
import inspect
import pkgutil

import numpy as np
import pytest

import insource.rules
from insource.compiled import on_columns

pytestmark = pytest.mark.property


KEPT_SMALL = ("share", "correlation", "persistence", "(u,")
"""Rules with one of these in their arguments are only defined for values between 0 and 1."""


def _rules():
    for module in pkgutil.iter_modules(insource.rules.__path__):
        path = f"insource.rules.{module.name}"
        for name, rule in vars(importlib.import_module(path)).items():
            function = getattr(rule, "py_func", None)
            is_scalar = getattr(rule, "targetoptions", {}).get("forceinline", False)
            if is_scalar and function.__module__ == path:
                yield pytest.param(rule, id=f"{module.name}.{name}")


@pytest.mark.parametrize("rule", list(_rules()))
def test_compiled_and_not(rule):
    """Over 200 random arguments up to 1 (and as many up to 60 where that makes sense): equal to the last bit."""
    rng = np.random.default_rng(1)
    count = len(inspect.signature(rule.py_func).parameters)
    is_small = any(word in str(inspect.signature(rule.py_func)) for word in KEPT_SMALL)
    for scale in (1.0,) if is_small else (1.0, 60.0):
        arguments = rng.uniform(0.001, scale, (200, count))
        for row in arguments:
            plain, compiled = rule.py_func(*row), rule(*row)
            assert np.array_equal(np.asarray(plain), np.asarray(compiled), equal_nan=True)
        if not isinstance(compiled, tuple):
            columns = on_columns(rule)(*arguments.T)
            alone = np.array([rule(*row) for row in arguments], dtype=float)
            assert np.array_equal(columns, alone, equal_nan=True)

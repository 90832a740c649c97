"""YAML with the surprises taken out: no key twice, `no` is a word and not false, dates stay text.

Only plain mappings, lists, text, numbers, true/false and null come out.
"""

import contextlib
import re
from pathlib import Path
from typing import Any

import yaml

from insource.errors import InputError, Problem


def _mapping(loader: Any, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen: set[str] = set()
    for key_node, _ in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key '{key}' is written twice", key_node.start_mark
            )
        seen.add(key)
    return {str(key): value for key, value in yaml.SafeLoader.construct_mapping(loader, node, deep=True).items()}


def _integer(loader: Any, node: yaml.ScalarNode) -> int:
    return int(loader.construct_scalar(node))


def _strict(base: Any) -> Any:
    """A safe loader that refuses a key written twice and reads numbers and true/false only where they are meant."""
    loader: Any = type("StrictLoader", (base,), {})
    loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag.rsplit(":", 1)[-1] in ("null", "merge")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    number = r"^[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$"
    loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))
    loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
    loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(number), list("-+.0123456789"))
    loader.add_constructor("tag:yaml.org,2002:map", _mapping)
    loader.add_constructor("tag:yaml.org,2002:int", _integer)
    return loader


_PLAIN = _strict(yaml.SafeLoader)
_FAST = _strict(getattr(yaml, "CSafeLoader", yaml.SafeLoader))
"""Several times as fast, where there is one; what it will not read the plain one is asked, which says more of it."""


def read_text(text: str, file: str) -> Any:
    """The content of YAML text; raises InputError naming `file` and the line."""
    with contextlib.suppress(yaml.YAMLError):
        return yaml.load(text, Loader=_FAST)  # noqa: S506 - a SafeLoader with less, not more
    try:
        return yaml.load(text, Loader=_PLAIN)  # noqa: S506
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "this is not YAML"
        raise InputError(
            Problem(
                "yaml",
                f"cannot be read as YAML: {what}",
                "mend the line; keys are written once, followed by a colon and a space",
                file=file,
                row=mark.line + 1 if mark else None,
            )
        ) from None


def read_file(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file; raises InputError if it cannot be read or holds anything but a mapping."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(Problem("no_such_file", "there is no such file", "check the path", file=str(path))) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            Problem(
                "unreadable",
                f"cannot be read ({type(error).__name__})",
                "save it as UTF-8 text and check that you may read it",
                file=str(path),
            )
        ) from None
    content = read_text(text, path.name)
    if not isinstance(content, dict):
        raise InputError(
            Problem(
                "not_a_mapping",
                "should hold keys and values",
                "write lines such as 'name: value'",
                file=path.name,
                found=type(content).__name__,
                allowed="a mapping",
            )
        )
    return content

"""YAML with the surprises taken out: no key twice, `no` is a word and not false, dates stay text.

Only plain mappings, lists, text, numbers, true/false and null come out.
"""

import re
from pathlib import Path
from typing import Any

import yaml

from insource.errors import InputError, Problem


class _Loader(yaml.SafeLoader):
    """SafeLoader that refuses a key written twice and reads numbers and true/false only where they are meant."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.rsplit(":", 1)[-1] in ("null", "merge")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$"), list("-+.0123456789")
)


def _mapping(loader: _Loader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen: set[str] = set()
    for key_node, _ in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in seen:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key '{key}' is written twice", key_node.start_mark
            )
        seen.add(key)
    return {str(key): value for key, value in yaml.SafeLoader.construct_mapping(loader, node, deep=True).items()}


def _integer(loader: _Loader, node: yaml.ScalarNode) -> int:
    return int(loader.construct_scalar(node))


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:int", _integer)


def read_text(text: str, file: str) -> Any:
    """The content of YAML text; raises InputError naming `file` and the line."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader with less, not more
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

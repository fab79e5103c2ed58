"""Libraries of libraries, loaded when used and not when imported."""

from __future__ import annotations

import importlib
import sys
from importlib.util import LazyLoader, find_spec, module_from_spec


def load_when_used(name: str) -> None:
    """Let `from package import module` give the module at once, and load it when something in it is first asked for.

    Does nothing when it is loaded already. ModuleNotFoundError when there is no such module in a package.
    """
    if name in sys.modules:
        return
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"no module {name}", name=name)
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    package, _, short = name.rpartition(".")
    setattr(importlib.import_module(package), short, module)

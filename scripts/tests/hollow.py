"""Runs a Python program with hollow packages in place of heavy ones that are not installed: its own modules are still
imported and must fit together, but nothing can be computed.

  python hollow.py [-m] PROGRAM [ARGUMENTS]
"""

import importlib.util
import runpy
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from unittest.mock import MagicMock

HEAVY = ("torch", "onnx", "onnxruntime")


class Hollow(ModuleType):
    __path__ = ()

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        return MagicMock(name=f"{self.__name__}.{name}")


class Finder:
    """Finds every package that is missing, and whatever is imported from within it."""

    def __init__(self, missing: set[str]):
        self.missing = missing

    def find_spec(self, name: str, path=None, target=None) -> ModuleSpec | None:
        del path, target
        return ModuleSpec(name, self, is_package=True) if name.partition(".")[0] in self.missing else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return Hollow(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def main() -> None:
    sys.meta_path.append(Finder({name for name in HEAVY if importlib.util.find_spec(name) is None}))
    del sys.argv[0]
    if sys.argv[0] == "-m":
        del sys.argv[0]
        sys.path[0] = ""
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    else:
        sys.path[0] = sys.argv[0] if not sys.argv[0].endswith(".py") else sys.argv[0].rpartition("/")[0]
        runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()

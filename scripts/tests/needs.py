"""Packages that a test needs and a computer may lack."""

import importlib.util
import unittest


def needs(*packages: str):
    """Skips a test, and says so, where one of these packages is missing; scripts/setup --test installs them."""
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    return unittest.skipIf(missing, f"not installed: {', '.join(missing)}")


drawing = needs("numpy", "cv2", "PIL")

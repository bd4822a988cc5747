"""Planboard: from published accounts and a plan file to a verified plan with its prices.

Public names load when first used, so that `import planboard` and the command line start at once.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

__version__ = "0.20.0"

import sys

from .front import open_door

open_door(sys.modules[__name__])

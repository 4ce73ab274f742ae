__version__ = "0.18.0"

import sys

from .front import open_door

open_door(sys.modules[__name__])

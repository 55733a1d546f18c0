"""What can be done about a file that cannot be solved. Pure, but for ``trying``, which is handed the solver."""

from .case import Case
from .drafts import Draft, drafts
from .remedy import Remedy
from .trying import tried

__all__ = ["Case", "Draft", "Remedy", "drafts", "tried"]

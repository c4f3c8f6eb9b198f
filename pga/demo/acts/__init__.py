"""The acts: for each kind of line in the script, the service it goes through."""

from pga.demo.acts import items, oversight, sharing, skeleton
from pga.demo.stage import perform

__all__ = ["items", "oversight", "perform", "sharing", "skeleton"]

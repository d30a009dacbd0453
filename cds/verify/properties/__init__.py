"""What must be provable of a pack, as data: ``properties.yaml``."""

from cds.verify.properties.model import KINDS
from cds.verify.properties.read import read_properties
from cds.verify.properties.stated import Properties, StatedProperty, WorseNumber

__all__ = ["KINDS", "Properties", "StatedProperty", "WorseNumber", "read_properties"]

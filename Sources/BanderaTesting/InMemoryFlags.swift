internal import Flags

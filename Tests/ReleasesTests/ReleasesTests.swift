import Releases
import Testing

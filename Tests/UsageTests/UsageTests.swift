import Usage
import Testing

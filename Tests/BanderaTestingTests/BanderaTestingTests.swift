import BanderaTesting
import Testing

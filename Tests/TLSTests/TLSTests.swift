import Testing
import NIOEmbedded

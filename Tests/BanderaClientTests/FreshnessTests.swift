import BanderaClient
import Flags
import Testing

@Suite struct FreshnessTests {
    @Test func aLiveRulesetKeepsItsReasons() {
        #expect(Freshness.live.reason(.split) == .split)
    }

    @Test func anOldRulesetSaysSo() {
        #expect(Freshness.cached.reason(.targetingMatch) == .cached)
        #expect(Freshness.stale.reason(.disabled) == .stale)
    }

    @Test func anErrorStaysAnError() {
        #expect(Freshness.cached.reason(.error) == .error)
        #expect(Freshness.stale.reason(.error) == .error)
    }
}

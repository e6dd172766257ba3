import Flags
import Testing

@Suite("Moments and networks in clauses")
struct MomentAndNetworkTests {
    private func isBefore(_ value: Value, _ bound: Value) -> Bool {
        ClauseProbe.holds(value, .before, [bound])
    }

    private func isAfter(_ value: Value, _ bound: Value) -> Bool {
        ClauseProbe.holds(value, .after, [bound])
    }

    @Test("Moments are compared across offsets, forms and ages")
    func moments() {
        let order: [Value] = [
            "0000-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", "1970-01-01T01:00:00+01:00", 1,
            "2016-12-31T23:59:59Z", "2016-12-31T23:59:60Z", "2026-01-31",
            "2026-01-31T00:00:00.001Z",
            "9999-12-31T23:59:59.999Z",
        ]
        for (earlier, moment) in order.enumerated() {
            for (later, other) in order.enumerated() {
                #expect(self.isBefore(moment, other) == (earlier < later), "\(moment) \(other)")
                #expect(self.isAfter(moment, other) == (earlier > later), "\(moment) \(other)")
            }
        }
    }

    @Test("A leap second is the second after it")
    func leapSecond() {
        let leap: Value = "2016-12-31T23:59:60Z"
        let next: Value = "2017-01-01T00:00:00Z"
        #expect(!self.isBefore(leap, next) && !self.isAfter(leap, next))
        #expect(self.isAfter(leap, "2016-12-31T23:59:59.999Z"))
    }

    @Test("Parts of a millisecond are dropped, before 1970 as after it")
    func fractions() {
        #expect(self.isBefore(.number(-0.5), 0) && !self.isBefore(.number(0.5), 0))
        #expect(!self.isAfter(.number(0.5), 0))
    }

    @Test("What is no moment is neither before nor after")
    func noMoments() {
        for value: Value in [
            "", "now", "2026-02-29", "2026-13-01", "2026-01-01T24:00:00Z", "2026-01-01T00:00:61Z",
            "10000-01-01", "9999-12-31T23:59:59-00:01", .number(1e300), .number(.nan),
            "2026-01-01T00:00:00", true,
        ] {
            #expect(!self.isBefore(value, "9999-12-31") && !self.isAfter(value, "0000-01-01"))
        }
    }

    private func isIn(_ address: String, _ networks: String...) -> Bool? {
        func holds(isNegated: Bool) -> Bool {
            ClauseProbe.holds(
                .string(address),
                .inNetwork,
                networks.map { .string($0) },
                isNegated: isNegated
            )
        }
        return holds(isNegated: false) == holds(isNegated: true) ? nil : holds(isNegated: false)
    }

    @Test("Addresses of version 4 are in their networks")
    func version4() {
        #expect(self.isIn("10.255.0.1", "10.0.0.0/8") == true)
        #expect(self.isIn("11.0.0.0", "10.0.0.0/8") == false)
        #expect(self.isIn("10.1.2.3", "10.1.2.3") == true)
        #expect(self.isIn("10.1.2.4", "10.1.2.3/32") == false)
        #expect(self.isIn("255.255.255.255", "0.0.0.0/0") == true)
        // Bits of the address beyond the network's are ignored.
        #expect(self.isIn("10.200.0.1", "10.1.2.3/8") == true)
        #expect(self.isIn("10.0.0.130", "10.0.0.0/25", "10.0.0.128/25") == true)
        #expect(self.isIn("10.0.1.7", "10.0.0.0/16", "10.0.5.0/24") == true)
    }

    @Test("Addresses of version 6 are in their networks, however they are written")
    func version6() {
        for text in ["2001:db8::1", "2001:0DB8:0:0:0:0:0:1", "2001:db8::0.0.0.1"] {
            #expect(self.isIn(text, "2001:db8::/32") == true, "\(text)")
            #expect(self.isIn(text, "2001:db8::1") == true, "\(text)")
            #expect(self.isIn(text, "2001:db9::/32") == false, "\(text)")
        }
        #expect(self.isIn("::", "::/0") == true && self.isIn("::1", "::") == false)
        #expect(self.isIn("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0/128") == true)
        #expect(self.isIn("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8") == true)
    }

    @Test("A mapped address is one of version 4, and only that")
    func mapped() {
        #expect(self.isIn("::ffff:10.1.2.3", "10.0.0.0/8") == true)
        #expect(self.isIn("::ffff:a01:203", "10.0.0.0/8") == true)
        #expect(self.isIn("10.1.2.3", "::ffff:10.0.0.0/104") == true)
        #expect(self.isIn("::ffff:10.1.2.3", "::/0") == false)
        #expect(self.isIn("::10.1.2.3", "10.0.0.0/8") == false)
    }

    @Test("What is no address or no network is undecided")
    func refused() {
        for text in [
            "", "10", "10.0.0", "10.0.0.0.0", "10.0.0.256", "010.0.0.1", "10.0.0.1 ", "1::2::3",
            ":1", "1:", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::",
            "::g", "fe80::1%eth0", "::1.2.3", "1.2.3.4::", "10.0.0.1/8",
        ] {
            #expect(self.isIn(text, "0.0.0.0/0", "::/0") == nil, "\(text)")
        }
        for text in [
            "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8/8", "::/129", "::/1000", "/8",
            "::ffff:10.0.0.0/95", "10.0.0.0/ 8",
        ] {
            #expect(self.isIn("10.0.0.1", text) == nil, "\(text)")
        }
    }
}

import Flags

/// The few words that generated flags and contexts are made of, so that they often meet.
///
/// Where a word stands for something, that is written beside it: whoever checks an evaluator does
/// not need the evaluator's own readers.
enum Vocabulary {
    static let users = ["ana", "ben", "Čeněk", "user-4", "17", "-3", "ÀÉ", "àé"]
    static let companies = ["globex", "initech", "Globex"]
    static let plans = ["FREE", "PREMIUM"]
    static let roles = ["ADMIN", "OWNER"]
    static let regions = ["CO", "MX", "AR"]
    static let variations = ["on", "off", "blue"]

    static let fields = ["targetingKey", "company", "plan", "role", "region"]
    static let attributes = ["seat", "tags", "device", "version", "address", "since", "beta"]
    static let paths = [
        "/device/os", "/device/a~1b~0c", "/device", "/seat", "/plan", "/device/x/y",
    ]

    static let texts = ["", "a", "ab", "b", "AB", "ana", "globex", "ios", "ß", "é", "É", "İ"]
    static let numbers: [Double] = [-3, 0, 0.5, 1, 17, 1e300]

    /// In order of precedence; those on one line are equal.
    static let versions = [
        ["1.0.0-alpha"], ["1.0.0-alpha.1"], ["1.0.0-alpha.beta"], ["1.0.0-rc.2"], ["1.0.0-rc.11"],
        ["1.0.0", "1.0.0+build.7", "1.0.0+x"], ["1.9.0"], ["1.10.0"],
        // Stands among the bad addresses, too.
        ["10.1.2"],
        ["99999999999999999999.0.0", "99999999999999999999.0.0+1"],
    ]
    static let badVersions = ["1.0", "01.0.0", "v1.0.0", "1.0.0-", "1.0.0-01", ""]

    /// Texts and the milliseconds that they are.
    static let moments: [(text: String, milliseconds: Int64)] = [
        ("1969-12-31T23:59:59.999Z", -1), ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T02:00:00+02:00", 0), ("2016-12-31T23:59:60Z", 1_483_228_800_000),
        ("2017-01-01T00:00:00Z", 1_483_228_800_000), ("2026-01-31", 1_769_817_600_000),
        ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000),
    ]
    static let badMoments = ["yesterday", "2026-02-30T00:00:00Z", "2026-01-01T25:00:00Z", ""]

    /// Addresses and the networks of `networks` that they are in.
    static let addresses: [(text: String, networks: Set<String>)] = [
        ("10.1.2.3", ["10.0.0.0/8", "10.1.2.3", "0.0.0.0/0", "::ffff:10.0.0.0/104"]),
        ("10.2.0.1", ["10.0.0.0/8", "0.0.0.0/0", "::ffff:10.0.0.0/104"]),
        ("::ffff:10.1.2.3", ["10.0.0.0/8", "10.1.2.3", "0.0.0.0/0", "::ffff:10.0.0.0/104"]),
        ("192.168.0.1", ["0.0.0.0/0"]),
        ("2001:db8::1", ["2001:db8::/32", "::/0"]),
        ("2001:DB8:0:0:0:0:0:2", ["2001:db8::/32", "::/0"]),
        ("fe80::1", ["::/0"]),
    ]
    static let networks = [
        "10.0.0.0/8", "10.1.2.3", "0.0.0.0/0", "::ffff:10.0.0.0/104", "2001:db8::/32", "::/0",
    ]
    static let badAddresses = [
        "10.1.2", "10.1.2.256", "010.1.2.3", "fe80::1%eth0", ":::", "1::2::3",
    ]
    static let badNetworks = ["10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/8x", "x"]

    /// Expressions that Swift's own engine reads the same.
    static let patterns = ["^a", "b$", "a|b", "^$", "[a-z]+x", "^.{2}$", "ios|ana"]
    static let badPatterns = ["(", "a[", "*"]
}

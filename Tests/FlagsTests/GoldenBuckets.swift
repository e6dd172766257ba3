/// A bucketing that every implementation, in any language, must give.
struct GoldenBucket {
    let salt: String
    let unit: String
    let bucket: UInt32

    /// Made by an independent murmur3_x86_32 in Python (after Appleby's MurmurHash3.cpp), itself
    /// checked against the 500 cases of the splitio suite: `(hash((salt + "." + unit).encode()) *
    /// 100000) >> 32`.
    static let all: [GoldenBucket] = [
        GoldenBucket(salt: "crm_advanced_features", unit: "user-0", bucket: 94_507),
        GoldenBucket(salt: "crm_advanced_features", unit: "user-1", bucket: 85_638),
        GoldenBucket(salt: "crm_advanced_features", unit: "user-2", bucket: 27_544),
        GoldenBucket(salt: "crm_advanced_features", unit: "user-3", bucket: 47_885),
        GoldenBucket(salt: "crm_advanced_features", unit: "user-4", bucket: 30_215),
        GoldenBucket(salt: "crm_advanced_features", unit: "user-5", bucket: 9_162),
        GoldenBucket(salt: "crm_advanced_features", unit: "user-6", bucket: 34_668),
        GoldenBucket(salt: "crm_advanced_features", unit: "user-7", bucket: 8_127),
        GoldenBucket(salt: "crm_advanced_features", unit: "user-8", bucket: 9_199),
        GoldenBucket(salt: "crm_advanced_features", unit: "user-9", bucket: 70_718),
        GoldenBucket(salt: "crm_advanced_features", unit: "user-10", bucket: 89_671),
        GoldenBucket(salt: "crm_advanced_features", unit: "user-11", bucket: 33_603),
        GoldenBucket(salt: "a", unit: "b", bucket: 22_254),
        GoldenBucket(salt: "", unit: "x", bucket: 71_631),
        GoldenBucket(salt: "salt", unit: "\u{F1}and\u{FA}", bucket: 24_023),
        GoldenBucket(
            salt: "s",
            unit: "\u{65E5}\u{672C}\u{8A9E}\u{306E}\u{30AD}\u{30FC}",
            bucket: 89_250
        ),
        GoldenBucket(
            salt: "emoji",
            unit: "\u{1F469}\u{200D}\u{1F469}\u{200D}\u{1F467}\u{200D}\u{1F466}",
            bucket: 47_664
        ),
        GoldenBucket(salt: "new-checkout", unit: "1", bucket: 60_668),
        GoldenBucket(salt: "new-checkout", unit: "12", bucket: 47_903),
        GoldenBucket(salt: "new-checkout", unit: "123", bucket: 40_216),
        GoldenBucket(salt: "new-checkout", unit: "1234", bucket: 51_597),
        GoldenBucket(salt: "new-checkout", unit: "-42", bucket: 423),
        GoldenBucket(salt: "long", unit: String(repeating: "k", count: 1_000), bucket: 13_079),
        GoldenBucket(salt: "\u{E9}", unit: "e\u{301}", bucket: 95_328),
        GoldenBucket(salt: "a.b", unit: "c", bucket: 9_674),
        GoldenBucket(salt: "a", unit: "b.c", bucket: 9_674),
        GoldenBucket(salt: "x", unit: "5f8c2e9a-6d8e-4c3e-b9a2-0f3c5a2b7d11", bucket: 24_595),
        GoldenBucket(salt: "x", unit: "acme|42", bucket: 61_145),
        GoldenBucket(salt: "tab", unit: "a\u{9}b", bucket: 17_817),
        GoldenBucket(salt: "nul", unit: "a\u{0}b", bucket: 96),
    ]
}

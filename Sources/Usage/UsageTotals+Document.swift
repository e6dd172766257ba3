package import Flags

extension UsageTotals: Documented {
    private static let names = ["environment", "flag", "variations", "last_updated"]

    /// Where the flag lives, which it is, and what was reported of each variation.
    package var document: Value {
        .document([
            "environment": .string(self.environment.description),
            "flag": .string(self.flag.rawValue),
            "variations": .documents(self.variations),
            "last_updated": .moment(self.lastUpdated),
        ])
    }

    /// Reads `document`.
    package init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "usage", Self.names)
        let variations: [Variation] = try reader.items("variations")
        self.init(
            environment: try reader.environment("environment"),
            flag: FlagKey(try reader.text("flag")),
            // Found by their order: a document that was edited must not lose any.
            variations: variations.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) },
            lastUpdated: try reader.moment("last_updated")
        )
    }
}

extension UsageTotals.Variation: Documented {
    private static let names = ["name", "counts", "users"]
    /// One digit for each rank that a register can have.
    private static let digits = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123".utf8
    )

    /// The rank that a digit stands for; one that no register has when it stands for none.
    private static func rank(_ digit: UInt8) -> UInt8 {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "3"): digit - UInt8(ascii: "0") + 52
        default: .max
        }
    }

    /// Its name, its counts, and its registers as 1,024 digits: `A` for 0, `B` for 1, and on through
    /// the alphabet of base 64.
    package var document: Value {
        .document([
            "name": .text(self.name),
            "counts": .documentIfAny(self.counts),
            "users": .text(
                String(
                    decoding: self.registers.map { Self.digits[Int(min($0, HyperLogLog.rankMax))] },
                    as: UTF8.self
                )
            ),
        ])
    }

    /// Reads `document`.
    package init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a variation's usage", Self.names)
        let users = try reader.text("users", default: "")
        let registers = users.utf8.map(Self.rank)
        guard let sketch = HyperLogLog(registers: registers) else {
            throw FlagsError(
                .invalidDocument,
                "a variation's usage: users must be \(HyperLogLog.registerCount) digits from A to 3"
            )
        }
        self.init(
            name: try reader.text("name", default: ""),
            counts: try reader.itemIfAny("counts") ?? UsageCounts(),
            registers: sketch.registers
        )
    }
}

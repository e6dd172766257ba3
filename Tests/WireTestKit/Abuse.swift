internal import Testing
package import Wire

/// What every message must survive; the process ends if decoding traps, which fails the test run.
package func expectSurvives<Message: WireMessage & Equatable>(
    _ message: Message,
    seed: UInt64,
    rounds: Int = 300
) throws {
    let valid = message.encode()
    let arena = Arena()
    #expect(try Message.decode(valid, using: arena) == message, "seed \(seed)")

    // A message cut short is refused, or lacks what was cut off: never the same.
    for count in 0..<valid.count {
        let decoded = try? Message.decode(Array(valid[..<count]), using: arena)
        #expect(decoded != message, "cut to \(count) of \(valid.count) bytes, seed \(seed)")
    }

    // Fields that this version does not know are ignored.
    let unknown = ProtobufBytes.message { message in
        message.number(1000, 7)
        message.bytes(1001, [1, 2, 3])
    }
    #expect(try Message.decode(valid + unknown, using: arena) == message, "seed \(seed)")

    var chance = Chance(seed: seed)
    for _ in 0..<rounds {
        _ = try? Message.decode(chance.bytes(0...64), using: arena)
        var damaged = valid
        for _ in 0..<Int.random(in: 1...4, using: &chance) where !damaged.isEmpty {
            damaged[Int.random(in: 0..<damaged.count, using: &chance)] =
                UInt8.random(in: .min ... .max, using: &chance)
        }
        _ = try? Message.decode(damaged, using: arena)
        // The same bytes twice: submessages are merged, an odd corner of protobuf.
        _ = try? Message.decode(valid + damaged, using: arena)
    }
    #expect(try Message.decode(valid, using: arena) == message, "seed \(seed)")
}

/// The code of the error that decoding ends with.
package func refusal<Message: WireMessage>(
    _ type: Message.Type,
    _ bytes: [UInt8]
) -> WireError.Code? {
    do throws(WireError) {
        _ = try Message.decode(bytes)
        return nil
    } catch {
        return error.code
    }
}

internal import Glibc

#if FUZZING

/// What libFuzzer calls with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func takeOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    unsafe chosenTarget.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

/// The target that the environment names.
private let chosenTarget: FuzzTarget = {
    guard let text = unsafe getenv("BANDERA_FUZZ_TARGET"),
        let target = unsafe FuzzTarget.named(String(cString: text))
    else { fatalError("set BANDERA_FUZZ_TARGET to one of \(FuzzTarget.all.map(\.name))") }
    return target
}()

#else

/// Tries the inputs that are kept; without a fuzzer, which `cluster/fuzz` builds.
@main
enum BanderaFuzz {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        switch (arguments.first, arguments.count) {
        case ("replay", 1): self.replay("Tests/FuzzTests/Corpus")
        case ("replay", 2): self.replay(arguments.last ?? "")
        case ("targets", 1):
            for target in FuzzTarget.all { print(target.name, target.bytesMax) }
        case ("samples", 2): self.writeSamples(arguments.last ?? "")
        default:
            print("usage: bandera-fuzz replay [FOLDER] | targets | samples FOLDER")
            exit(64)
        }
    }

    private static func replay(_ folder: String) {
        var all = 0
        let replayed = Corpus.replay(folder) { input in
            print(input)
            fflush(nil)
        }
        for (target, inputs) in replayed {
            print("\(target): \(inputs) inputs")
            all += inputs
        }
        print("\(all) inputs replayed")
        if all == 0 { exit(1) }
    }

    private static func writeSamples(_ folder: String) {
        do {
            for (number, sample) in try Corpus.samples().enumerated() {
                let target = "\(folder)/\(sample.target)"
                unsafe mkdir(target, 0o755)
                guard writeFile(sample.bytes, to: "\(target)/sample-\(number)") else {
                    print("cannot write to \(target)")
                    exit(1)
                }
            }
        } catch {
            print("\(error)")
            exit(1)
        }
    }
}

#endif

import Testing
import bandera_fuzz

@Suite("The fuzzers' corpus")
struct CorpusTests {
    @Test("Every input that was kept is taken without a trap, and every target has some")
    func replay() {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let replayed = Corpus.replay("/\(folder)/Corpus")
        for (target, inputs) in replayed { #expect(inputs > 0, "\(target)") }
        #expect(replayed.count == FuzzTarget.all.count)
    }
}

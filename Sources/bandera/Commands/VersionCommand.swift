internal import ArgumentParser
internal import Flags

/// The command `bandera version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Prints the program's version."
    )

    @OptionGroup var output: OutputOptions

    func run() throws {
        StandardStreams.output(ProgramVersion.document.rendered(try self.output.format()))
    }
}

/// The version of the program.
enum ProgramVersion {
    static let text = "0.1.0"

    /// The version and the protocols that it speaks.
    static var document: Document {
        Document(text: "bandera \(Self.text)") { json in
            json.beginObject()
            json.member("program", "bandera")
            json.member("version", Self.text)
            json.endObject()
        }
    }
}

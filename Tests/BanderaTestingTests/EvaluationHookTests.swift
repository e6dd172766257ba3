import BanderaClient
import BanderaTesting
import Flags
import Synchronization
import Testing

/// Notes which stages ran, in which order.
private final class Journal: Sendable {
    private let state = Mutex([String]())

    var lines: [String] { self.state.withLock { $0 } }

    func note(_ line: String) { self.state.withLock { $0.append(line) } }
}

private struct TestHook: EvaluationHook {
    struct Refusal: Error {}

    let name: String
    let journal: Journal
    var company: String?
    var throwsBefore = false
    var throwsAfter = false

    func before(_ call: HookContext) throws -> EvaluationContext? {
        self.journal.note("\(self.name).before")
        if self.throwsBefore { throw Refusal() }
        guard let company = self.company else { return nil }
        var context = call.context
        context.company = company
        return context
    }

    func after(_ call: HookContext, _ details: EvaluationDetails<Value>) throws {
        self.journal.note("\(self.name).after \(call.context.company) \(details.variant ?? "-")")
        if self.throwsAfter { throw Refusal() }
    }

    func error(_ call: HookContext, _ error: any Error) {
        self.journal.note("\(self.name).error \(error)")
    }

    func finally(_ call: HookContext, _ details: EvaluationDetails<Value>) {
        self.journal.note("\(self.name).finally \(details.reason.rawValue)")
    }
}

@Suite struct EvaluationHookTests {
    private let journal = Journal()
    private let ana = EvaluationContext(targetingKey: "ana")
    private let key = FlagKey("colour")

    private func hook(_ name: String) -> TestHook { TestHook(name: name, journal: self.journal) }

    private func flags(_ hooks: [any EvaluationHook]) throws -> InMemoryFlags {
        let flags = InMemoryFlags(hooks: hooks)
        try flags.define(
            FlagDefinition(
                key: self.key,
                enabled: true,
                status: .active,
                rollout: .all,
                audience: Audience(companies: ["globex"]),
                variations: [
                    Variation(name: "warm", value: .string("red")),
                    Variation(name: "cold", value: .string("blue")),
                ]
            )
        )
        return flags
    }

    @Test func stagesNestAndAChangedContextCounts() throws {
        var outer = self.hook("client")
        outer.company = "globex"
        let details = try self.flags([outer]).stringDetails(
            self.key,
            default: "none",
            context: self.ana,
            hooks: [self.hook("call")]
        )
        #expect(details.value == "red")
        #expect(
            self.journal.lines == [
                "client.before", "call.before", "call.after globex warm",
                "client.after globex warm", "call.finally STATIC", "client.finally STATIC",
            ]
        )
    }

    @Test func aFailedEvaluationIsAnError() throws {
        let flags = try self.flags([self.hook("client")])
        #expect(flags.stringValue(FlagKey("gone"), default: "none", context: self.ana) == "none")
        #expect(
            self.journal.lines == [
                "client.before", "client.error FLAG_NOT_FOUND: flag gone", "client.finally ERROR",
            ]
        )
    }

    @Test func aHookThatThrowsBeforeKeepsTheFlagFromBeingEvaluated() throws {
        var hook = self.hook("client")
        hook.throwsBefore = true
        let flags = try self.flags([hook])
        let details = flags.stringDetails(self.key, default: "none", context: self.ana)
        #expect(details.value == "none" && details.errorCode == .general)
        #expect(flags.evaluations.isEmpty)
        #expect(
            self.journal.lines == [
                "client.before", "client.error Refusal()", "client.finally ERROR",
            ]
        )
    }

    @Test func aHookThatThrowsAfterwardsTakesTheValueAway() throws {
        var hook = self.hook("call")
        hook.throwsAfter = true
        let flags = try self.flags([])
        let details = flags.stringDetails(
            self.key,
            default: "none",
            context: self.ana,
            hooks: [hook]
        )
        #expect(details.value == "none" && details.errorCode == .general)
        #expect(self.journal.lines.last == "call.finally ERROR")
    }

    @Test func everyTypedEvaluationRunsTheClientsHooks() throws {
        let flags = try self.flags([self.hook("client")])
        _ = flags.isEnabled(self.key, context: self.ana)
        _ = flags.stringValue(self.key, default: "", context: self.ana)
        _ = flags.numberValue(self.key, default: 0, context: self.ana)
        _ = flags.objectValue(self.key, default: .null, context: self.ana)
        _ = flags.value(.colour, context: self.ana)
        #expect(self.journal.lines.filter { $0 == "client.before" }.count == 5)
    }
}

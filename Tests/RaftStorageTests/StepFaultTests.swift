import Raft
import RaftStorage
import Simulation
import Testing

/// Every call that the script makes of the disk fails once.
///
/// What moves the base is part of the script.
@Suite struct StepFaultTests {
    private typealias Operation = SimulatedFileSystem.Operation
    private typealias Fault = SimulatedFileSystem.Fault

    /// What a run with one fault in it saw.
    private struct Run {
        var model = LogModel()
        var errors: [StorageError] = []
        var restarts = 0
    }

    /// Runs the script to its end, as a node would that is restarted when its log stops.
    private func run(
        on files: SimulatedFileSystem,
        _ context: @autoclosure () -> String
    ) throws -> Run {
        var run = Run()
        var log: SimulatedLog?
        var number = 0
        while number < LogStep.script.count {
            guard run.errors.count < 4 else { throw run.errors[3] }
            guard let current = log else {
                do throws(StorageError) {
                    log = try openLog(files)
                } catch {
                    run.errors.append(error)
                    files.crash()
                }
                continue
            }
            let step = LogStep.script[number]
            var possible = run.model
            step.run(on: &possible)
            do throws(StorageError) {
                try step.run(on: current)
                run.model = possible
                number += 1
                continue
            } catch {
                run.errors.append(error)
            }
            if current.isPoisoned {
                let call = { try current.append(hardState: hardState(9), entries: []) }
                #expect(storageError(call)?.code == .poisoned, "\(context())")
                #expect(storageError { try step.run(on: current) }?.code == .poisoned)
                files.crash()
                run.restarts += 1
                log = try openLog(files)
            }
            let found = try model(of: log ?? current)
            let isOld = found == run.model
            #expect(isOld || current.isPoisoned && found == possible, "\(context())")
            run.model = found
            if !isOld { number += 1 }
        }
        files.crash()
        #expect(try model(of: openLog(files)) == run.model, "\(context())")
        return run
    }

    /// Repeats the script with a fault at the first, second, … call of each kind, until there is
    /// none left that it could hit.
    private func forEveryCall(
        _ fault: Fault,
        _ check: (Operation, Run) -> Void
    ) throws -> Int {
        let clean = try self.run(on: SimulatedFileSystem(seed: 0), "")
        var faults = 0
        for operation in Operation.allCases {
            for skipping in 0..<200 {
                let files = SimulatedFileSystem(seed: UInt64(skipping))
                files.fail(operation, with: fault, skipping: skipping)
                let context = "\(fault) at \(operation) \(skipping)"
                let run: Run
                do {
                    run = try self.run(on: files, context)
                } catch {
                    Issue.record("\(context): \(error)")
                    continue
                }
                if run.errors.isEmpty, files.isWithoutPlannedFaults { continue }
                guard !run.errors.isEmpty else { break }
                faults += 1
                #expect(run.model == clean.model, "\(context)")
                check(operation, run)
            }
        }
        return faults
    }

    @Test("item 42: EIO at any call stops the log, loses nothing, and a restart continues")
    func anInputOutputErrorAtEveryCall() throws {
        var restarts = 0
        let faults = try self.forEveryCall(.inputOutput) { operation, run in
            #expect(run.errors.map(\.code) == [.inputOutput], "\(operation)")
            if operation == .write || operation == .synchronize { restarts += run.restarts }
        }
        #expect(faults > 100)
        #expect(restarts > 40)
    }

    @Test("item 45: a full disk at any call harms nothing, and the same step succeeds later")
    func aFullDiskAtEveryCall() throws {
        let faults = try self.forEveryCall(.diskFull) { operation, run in
            // A sync that finds no space has lost data: terminal, like any failed sync.
            let isTerminal = operation == .synchronize || operation == .synchronizeDirectory
            #expect(isTerminal || run.restarts == 0, "\(operation)")
        }
        #expect(faults > 60)
    }

    @Test("item 45: a full disk refuses appends but not the compaction that makes space")
    func aFullDiskCanBeCompacted() throws {
        for isInstalled in [false, true] {
            let files = SimulatedFileSystem(seed: 1, capacityBytes: 5 * 4_096)
            let log = try openLog(files)
            var next = UInt64(1)
            var error: StorageError?
            while error == nil {
                error = storageError {
                    try log.append(hardState: nil, entries: [entry(next)])
                    next += 1
                }
            }
            #expect(error?.code == .diskFull)
            for _ in 0..<3 {
                let again = { try log.append(hardState: nil, entries: [entry(next)]) }
                #expect(storageError(again)?.code == .diskFull)
            }
            #expect(!log.isPoisoned && next > 80)
            if isInstalled {
                try log.install(base: position(2, 500), membership: membership(500))
                next = 501
            } else {
                try log.compact(to: position(1, next - 10), membership: membership(1))
            }
            try log.append(hardState: hardState(2), entries: entries(next...next + 20))
            #expect(!log.isPoisoned)
            files.crash()
            let found = try openLog(files)
            #expect(found.last.index == LogIndex(next + 20))
            #expect(found.base.index == LogIndex(isInstalled ? 500 : next - 10))
        }
    }
}

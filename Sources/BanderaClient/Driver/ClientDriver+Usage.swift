internal import ClientProtocol
internal import Flags
internal import NIOCore
internal import Transport
internal import Wire

/// Reports what was counted, over the connection that carries the watch.
extension ClientDriver {
    /// Looks what was counted after about an interval, again and again.
    func reportUsageLater() {
        guard self.outputs.recorder != nil, self.stopping == nil,
            case .on(let interval) = self.configuration.usage
        else { return }
        let whole = interval.wholeMilliseconds
        // Up to a fifth sooner or later: clients that started together drift apart.
        let delay = whole + Int64.random(in: -whole / 5...whole / 5, using: &self.generator)
        self.timers.usage = self.schedule(at: .now + delay) { driver in
            driver.collectUsage()
            driver.reportUsage()
            driver.reportUsageLater()
        }
    }

    /// Reports what is left, and waits a moment for the node to take it in.
    func reportLastUsage() -> EventLoopFuture<Void> {
        self.timers.usage?.cancel()
        self.collectUsage()
        guard self.watch != nil, self.outbox.isReporting || self.reportUsage() else {
            return self.eventLoop.makeSucceededVoidFuture()
        }
        let promise = self.eventLoop.makePromise(of: Void.self)
        self.usageReported = promise
        let timeout = ClientLimits.usageLastReportTimeout.wholeMilliseconds
        self.timers.usage = self.schedule(at: .now + timeout) { $0.usageIsReported() }
        return promise.futureResult
    }

    private func collectUsage() {
        self.outputs.recorder?.drain { self.outbox.add($0) }
        self.outputs.recorder?.statistics = self.outbox.statistics
    }

    /// Nobody will be told of what is left.
    func abandonUsage() {
        self.outputs.recorder?.drain { self.outbox.add($0) }
        self.outbox.abandon()
        self.outputs.recorder?.statistics = self.outbox.statistics
    }

    /// Sends the next report, and those after it until nothing is left; whether there was any.
    @discardableResult
    private func reportUsage() -> Bool {
        guard !self.isStopped, let watch = self.watch,
            let report = self.outbox.next(now: WallClock.now)
        else { return false }
        let timeout = self.configuration.timing.callTimeout.wholeMilliseconds
        watch.connection.unary(
            ClientMethod.reportUsage.rawValue,
            body: report.encode(),
            timeout: .milliseconds(timeout)
        ) { result in
            if case .success(let bytes) = result, let receipt = Self.receipt(bytes) {
                self.isRefusalTold = false
                self.outbox.delivered(receipt)
                self.outputs.recorder?.statistics = self.outbox.statistics
                if !self.reportUsage() { self.usageIsReported() }
            } else {
                if case .failure(let status) = result, Self.isFinal(status) {
                    self.outbox.refused()
                    self.tell(ofRefusal: status)
                } else {
                    self.outbox.failed()
                }
                self.outputs.recorder?.statistics = self.outbox.statistics
                self.usageIsReported()
            }
        }
        return true
    }

    /// Whether the same report would be refused again.
    private static func isFinal(_ status: Status) -> Bool {
        switch status.code {
        case .permissionDenied, .invalidArgument, .unimplemented: true
        default: false
        }
    }

    /// Says that what was counted is dropped; once until a node takes something in again.
    private func tell(ofRefusal status: Status) {
        guard !self.isRefusalTold else { return }
        self.isRefusalTold = true
        let error = BanderaError(
            CallPlan.code(of: status),
            "usage is not taken in, and is dropped: \(status.message)"
        )
        self.outputs.broadcast.send(.failed(error))
    }

    private func usageIsReported() {
        self.usageReported?.succeed(())
        self.usageReported = nil
    }

    private static func receipt(_ bytes: [UInt8]) -> UsageReceipt? {
        do throws(WireError) { return try UsageReceipt.decode(bytes) } catch { return nil }
    }
}

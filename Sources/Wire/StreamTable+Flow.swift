/// What both sides do alike with DATA and CREDIT.
extension StreamTable {
    mutating func receiveData(_ stream: StreamID, endStream: Bool) -> DataAction {
        guard stream <= self.last else { return .failConnection(.unknownStream(stream)) }
        let action = self.update(stream) { entry -> DataAction in
            guard !entry.isRemoteClosed else {
                return .failStream(
                    Status(code: .invalidArgument, message: "a message after the last one")
                )
            }
            guard entry.receiveCredit > 0 else {
                return .failStream(
                    Status(code: .resourceExhausted, message: "a message without credit")
                )
            }
            entry.receiveCredit -= 1
            entry.isRemoteClosed = endStream
            return .deliver(isLast: endStream)
        }
        if case .failStream = action {
            self.remove(stream)
        }
        return action ?? .ignore
    }

    mutating func receiveCredit(_ stream: StreamID, messages: UInt32) -> CreditAction {
        guard stream <= self.last else { return .failConnection(.unknownStream(stream)) }
        guard messages > 0 else {
            return self.remove(stream)
                ? .failStream(Status(code: .invalidArgument, message: "credit of 0")) : .ignore
        }
        return self.update(stream) { entry in
            let wasBlocked = entry.sendCredit == 0
            entry.addSendCredit(messages)
            return wasBlocked ? .resume : .none
        } ?? .ignore
    }

    mutating func sendData(_ stream: StreamID, endStream: Bool) -> SendAction {
        self.update(stream) { entry in
            guard !entry.isLocalClosed else { return .closed }
            guard entry.sendCredit > 0 else { return .blocked }
            entry.sendCredit -= 1
            entry.isLocalClosed = endStream
            return .send
        } ?? .closed
    }

    mutating func grant(_ stream: StreamID, messages: UInt32) -> UInt32 {
        self.update(stream) { entry in
            entry.isRemoteClosed ? 0 : entry.addReceiveCredit(messages)
        } ?? 0
    }
}

extension WireError {
    static func unknownStream(_ stream: StreamID) -> WireError {
        WireError(code: .violation, message: "stream \(stream) was never opened")
    }
}

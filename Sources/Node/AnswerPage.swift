internal import Transport
package import Wire

/// As much of a list as one answer holds: at least one element, and no more bytes than the caller
/// takes.
///
/// The caller asks for what comes after the last one until there is no more.
package struct AnswerPage<Element> {
    /// From the first on.
    package let elements: [Element]
    /// Whether there are more after the last.
    package let hasMore: Bool

    /// - Parameter message: an answer with one element, by which its bytes are measured.
    init(
        _ all: some Sequence<Element>,
        for call: ServerCall,
        measuredAs message: (Element) -> some WireMessage
    ) {
        self.init(
            all,
            bytesMax: min(call.answerBytesMax, NodeLimits.pageBytesMax),
            measuredAs: message
        )
    }

    /// - Parameters:
    ///   - bytesMax: how many bytes the elements may have together.
    ///   - message: an answer with one element, by which its bytes are measured.
    package init(
        _ all: some Sequence<Element>,
        bytesMax: Int,
        measuredAs message: (Element) -> some WireMessage
    ) {
        var elements: [Element] = []
        var bytes = 0
        for element in all {
            bytes += message(element).encode().count
            guard elements.isEmpty || bytes <= bytesMax else {
                self.elements = elements
                self.hasMore = true
                return
            }
            elements.append(element)
        }
        self.elements = elements
        self.hasMore = false
    }
}

extension ServerCall {
    /// The most bytes of an answer that the caller takes.
    var answerBytesMax: Int {
        Int(self.connection.settings.frameBytesMax) - NodeLimits.answerOverheadBytesMax
    }
}

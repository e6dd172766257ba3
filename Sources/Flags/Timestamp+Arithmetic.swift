extension Timestamp {
    /// The moment so many milliseconds later; the first or last of all where there is no such moment.
    package func advanced(by milliseconds: Int64) -> Timestamp {
        let (sum, isOver) = self.milliseconds.addingReportingOverflow(milliseconds)
        guard isOver else { return Timestamp(milliseconds: sum) }
        return Timestamp(milliseconds: milliseconds < 0 ? .min : .max)
    }

    /// The milliseconds from `earlier` to this moment; the greatest number when they do not fit.
    package func milliseconds(since earlier: Timestamp) -> Int64 {
        let (elapsed, isOver) = self.milliseconds.subtractingReportingOverflow(
            earlier.milliseconds
        )
        guard isOver else { return elapsed }
        return self > earlier ? .max : .min
    }
}

internal import CMessages
internal import Flags
internal import Wire

typealias RawRule = Bandera__Flags__V1__Rule
typealias RawClause = Bandera__Flags__V1__Clause

extension Arena {
    /// Builds rules.
    func rules(_ rules: [Rule]) -> UnsafeMutablePointer<UnsafeMutablePointer<RawRule>?>? {
        self.messages(rules, bandera__flags__v1__rule__init) { $0.fill(&$1, in: self) }
    }

    /// Builds clauses.
    func clauses(_ clauses: [Clause]) -> UnsafeMutablePointer<UnsafeMutablePointer<RawClause>?>? {
        self.messages(clauses, bandera__flags__v1__clause__init) { clause, message in
            message.attribute = self.bytes(clause.attribute)
            message.comparison = self.bytes(clause.comparison.rawValue)
            message.n_values = clause.values.count
            message.values = self.values(clause.values)
            message.is_negated = clause.isNegated ? 1 : 0
            message.ignores_case = clause.ignoresCase ? 1 : 0
        }
    }
}

/// Reads rules.
func readRules(
    _ count: Int,
    _ array: UnsafeMutablePointer<UnsafeMutablePointer<RawRule>?>?
) throws(WireError) -> [Rule] {
    try readMessages(count, array, max: ClientProtocolLimits.rulesMax, "rules") {
        (message) throws(WireError) -> Rule in try Rule(message)
    }
}

/// Reads clauses; an operator that is not known here is kept as it is.
func readClauses(
    _ count: Int,
    _ array: UnsafeMutablePointer<UnsafeMutablePointer<RawClause>?>?
) throws(WireError) -> [Clause] {
    try readMessages(count, array, max: ClientProtocolLimits.clausesMax, "clauses") {
        (message) throws(WireError) -> Clause in
        let raw = message.pointee
        return Clause(
            attribute: try raw.attribute.identifier("attribute"),
            ClauseOperator(try raw.comparison.identifier("operator")),
            try readValues(
                raw.n_values,
                raw.values,
                max: ClientProtocolLimits.clauseValuesMax,
                "values"
            ),
            isNegated: raw.is_negated != 0,
            ignoresCase: raw.ignores_case != 0
        )
    }
}

extension Rule {
    fileprivate func fill(_ message: inout RawRule, in arena: Arena) {
        message.id = arena.bytes(self.id)
        message.description = arena.bytes(self.description)
        message.n_clauses = self.clauses.count
        message.clauses = arena.clauses(self.clauses)
        switch self.serve {
        case .variation(let variation):
            message.serve_case = BANDERA__FLAGS__V1__RULE__SERVE_VARIATION
            message.variation = arena.bytes(variation)
        case .split(let split):
            message.serve_case = BANDERA__FLAGS__V1__RULE__SERVE_SPLIT
            message.split = arena.message(bandera__flags__v1__split__init) {
                $0.n_weights = split.weights.count
                $0.weights = arena.weights(split.weights)
                $0.bucket_by = arena.bytes(split.bucketBy)
            }
        }
    }

    fileprivate init(_ message: UnsafePointer<RawRule>) throws(WireError) {
        let raw = message.pointee
        self.init(
            id: try raw.id.identifier("rule"),
            description: try raw.description.text("description"),
            clauses: try readClauses(raw.n_clauses, raw.clauses),
            serve: try Serve(raw)
        )
    }
}

extension Serve {
    fileprivate init(_ rule: RawRule) throws(WireError) {
        switch rule.serve_case {
        case BANDERA__FLAGS__V1__RULE__SERVE_VARIATION:
            self = .variation(try rule.variation.identifier("variation"))
        case BANDERA__FLAGS__V1__RULE__SERVE_SPLIT:
            let split = try require(rule.split, "split").pointee
            self = .split(
                Split(
                    weights: try readWeights(split.n_weights, split.weights),
                    bucketBy: try split.bucket_by.identifier("bucket by")
                )
            )
        default:
            throw WireError(code: .missing, message: "a rule that serves nothing known")
        }
    }
}

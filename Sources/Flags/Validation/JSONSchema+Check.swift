extension JSONSchema {
    /// Requires that `value` conforms; the error names the place by its path, such as `/limits/0`.
    public func check(_ value: Value) throws(FlagsError) {
        var steps = 0
        try self.check(value, &steps)
    }

    /// The same within what is left of `FlagsLimits.schemaStepsMax` after `steps`, which it adds to.
    func check(_ value: Value, _ steps: inout Int) throws(FlagsError) {
        try self.check(value, "", &steps)
    }

    private func check(
        _ value: Value,
        _ path: String,
        _ steps: inout Int
    ) throws(FlagsError) {
        try Self.step(&steps, 1 + (self.allowed?.count ?? 0))
        guard self.kinds.isEmpty || self.kinds.contains(where: { $0.has(value) }) else {
            throw Self.failure(
                path,
                "is \(value.kindInWords), not "
                    + self.kinds.map(\.rawValue).joined(separator: " or ")
            )
        }
        if let allowed = self.allowed, !allowed.contains(value) {
            throw Self.failure(path, "is not one of the values that enum or const allow")
        }
        switch value {
        case .null, .bool: break
        case .number(let number):
            try self.number.check(number, path, "the number")
        case .string(let text):
            guard self.length.min != nil || self.length.max != nil else { break }
            try self.length.check(Double(text.unicodeScalars.count), path, "the length")
        case .array(let elements): try self.check(elements, path, &steps)
        case .object(let fields): try self.check(fields, path, &steps)
        }
    }

    private func check(
        _ elements: [Value],
        _ path: String,
        _ steps: inout Int
    ) throws(FlagsError) {
        try self.count.check(Double(elements.count), path, "the number of elements")
        switch self.items {
        case .anything: break
        case .nothing:
            guard elements.isEmpty else { throw Self.failure(path, "may have no elements") }
        case .schema(let schema):
            for index in elements.indices {
                try schema.check(elements[index], "\(path)/\(index)", &steps)
            }
        }
    }

    private func check(
        _ fields: [Value.Field],
        _ path: String,
        _ steps: inout Int
    ) throws(FlagsError) {
        try Self.step(&steps, self.required.count)
        for name in self.required where Self.find(name, fields.count, { fields[$0].name }) == nil {
            throw Self.failure(path, "must have a member named \(TextRules.quoted(name))")
        }
        for field in fields {
            let place = "\(path)/\(field.name)"
            if let index = Self.find(
                field.name,
                self.properties.count,
                { self.properties[$0].name }
            ) {
                try self.properties[index].schema.check(field.value, place, &steps)
                continue
            }
            switch self.additional {
            case .anything: break
            case .nothing:
                throw Self.failure(
                    path,
                    "may not have a member named \(TextRules.quoted(field.name))"
                )
            case .schema(let schema): try schema.check(field.value, place, &steps)
            }
        }
    }

    /// Where `name` is among `count` sorted names.
    private static func find(_ name: String, _ count: Int, _ names: (Int) -> String) -> Int? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            let candidate = names(middle)
            if candidate == name { return middle }
            if candidate < name { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    private static func step(_ steps: inout Int, _ count: Int) throws(FlagsError) {
        steps += count
        guard steps <= FlagsLimits.schemaStepsMax else {
            throw FlagsError(
                .limitExceeded,
                "checking the value takes more than \(FlagsLimits.schemaStepsMax) steps; make "
                    + "the schema or the value smaller"
            )
        }
    }

    fileprivate static func failure(_ path: String, _ message: String) -> FlagsError {
        FlagsError(.invalidSchema, "\(path.isEmpty ? "the value" : path) \(message)")
    }
}

extension JSONSchema.Kind {
    fileprivate func has(_ value: Value) -> Bool {
        switch (self, value) {
        case (.object, .object), (.array, .array), (.string, .string), (.number, .number),
            (.boolean, .bool), (.null, .null):
            true
        case (.integer, .number(let number)):
            Value.isWhole(number)
        default:
            false
        }
    }
}

extension JSONSchema.Bounds {
    fileprivate func check(
        _ number: Double,
        _ path: String,
        _ what: String
    ) throws(FlagsError) {
        if let min = self.min, number < min {
            throw JSONSchema.failure(path, "is too small: \(what) is \(number), less than \(min)")
        }
        if let max = self.max, number > max {
            throw JSONSchema.failure(path, "is too great: \(what) is \(number), more than \(max)")
        }
    }
}

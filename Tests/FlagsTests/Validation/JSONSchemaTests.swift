import Flags
import Testing

@Suite struct JSONSchemaTests {
    @Test func valuesThatConformAreAccepted() throws {
        let schema = try Self.schema(
            """
            {"$schema":"https://json-schema.org/draft/2020-12/schema","title":"Limits",
            "type":"object","required":["kind","limits"],"additionalProperties":false,
            "properties":{"kind":{"enum":["a","b"]},"version":{"const":2},
            "limits":{"type":"array","items":{"type":"integer","minimum":0,"maximum":10},
            "minItems":1,"maxItems":3},
            "note":{"type":["string","null"],"minLength":1,"maxLength":3}}}
            """
        )
        for text in [
            #"{"kind":"a","limits":[0,10]}"#,
            #"{"kind":"b","limits":[1,2,3],"version":2,"note":null}"#,
            #"{"kind":"b","limits":[1e1],"note":"é😀a"}"#,
        ] {
            try schema.check(try JSONReader.value(text))
        }
        let refused: [(String, String)] = [
            ("1", "the value is a number, not object"),
            ("{}", "the value must have a member named \"kind\""),
            (
                #"{"kind":"c","limits":[1]}"#,
                "/kind is not one of the values that enum or const allow"
            ),
            (
                #"{"kind":"a","limits":[]}"#,
                "/limits is too small: the number of elements is 0.0, less than 1.0"
            ),
            (
                #"{"kind":"a","limits":[1,2,3,4]}"#,
                "/limits is too great: the number of elements is 4.0, more than 3.0"
            ),
            (#"{"kind":"a","limits":[1,0.5]}"#, "/limits/1 is a number, not integer"),
            (
                #"{"kind":"a","limits":[-1]}"#,
                "/limits/0 is too small: the number is -1.0, less than 0.0"
            ),
            (
                #"{"kind":"a","limits":[11]}"#,
                "/limits/0 is too great: the number is 11.0, more than 10.0"
            ),
            (
                #"{"kind":"a","limits":[1],"note":"abcd"}"#,
                "/note is too great: the length is 4.0, more than 3.0"
            ),
            (#"{"kind":"a","limits":[1],"note":1}"#, "/note is a number, not string or null"),
            (
                #"{"kind":"a","limits":[1],"more":1}"#,
                "the value may not have a member named \"more\""
            ),
        ]
        for (text, message) in refused {
            let value = try JSONReader.value(text)
            Refused.expect(.invalidSchema, message) { () throws(FlagsError) in
                try schema.check(value)
            }
        }
    }

    @Test func restsMayBeSchemasOrNothing() throws {
        let schema = try Self.schema(
            #"{"additionalProperties":{"type":"number"},"properties":{"none":{"items":false}}}"#
        )
        try schema.check(try JSONReader.value(#"{"a":1,"none":[]}"#))
        Refused.expect(.invalidSchema, "/a is a text, not number") { () throws(FlagsError) in
            try schema.check(.object([.init(name: "a", value: .string("x"))]))
        }
        Refused.expect(.invalidSchema, "/none may have no elements") { () throws(FlagsError) in
            try schema.check(.object([.init(name: "none", value: .array([.null]))]))
        }
    }

    @Test func aSchemaThatPromisesMoreThanIsCheckedIsRefused() throws {
        let supported =
            " is not supported; supported are type, properties, required, additionalProperties, "
            + "items, enum, const, minimum, maximum, minLength, maxLength, minItems, maxItems"
        let cases: [(String, String)] = [
            (#"{"pattern":"^a"}"#, "schema /pattern" + supported),
            (
                #"{"properties":{"a":{"oneOf":[]}}}"#,
                "schema /properties/a/oneOf" + supported
            ),
            ("true", "the schema must be an object, not true or false"),
            (
                #"{"type":"float"}"#,
                "schema /type \"float\" is not one of object, array, string, number, integer, "
                    + "boolean, null"
            ),
            (#"{"type":[]}"#, "schema /type must name 1 to 7 types"),
            (#"{"enum":[]}"#, "schema /enum must be an array with at least one value"),
            (#"{"minimum":"1"}"#, "schema /minimum must be a number"),
            (
                #"{"minLength":-1}"#,
                "schema /minLength must be a whole number that is not negative"
            ),
            (#"{"required":"a"}"#, "schema /required must be an array of texts"),
            (#"{"properties":[]}"#, "schema /properties must be an object"),
            (#"{"items":[]}"#, "schema /items must be an object, not an array"),
        ]
        for (text, message) in cases {
            let value = try JSONReader.value(text)
            Refused.expect(.invalidSchema, message) { () throws(FlagsError) in
                _ = try JSONSchema(value)
            }
        }
    }

    @Test func checkingTakesABoundedNumberOfSteps() throws {
        let choices = (0..<3_000).map { Value.number(Double($0)) }
        let schema = try JSONSchema(
            .object([
                .init(name: "items", value: .object([.init(name: "enum", value: .array(choices))]))
            ])
        )
        let value = Value.array(Array(repeating: .number(2_999), count: 3_000))
        #expect(throws: FlagsError(.limitExceeded, "")) { try schema.check(value) }
        #expect(throws: FlagsError(.limitExceeded, "")) {
            _ = try JSONSchema(.object([.init(name: "title", value: .string(Self.long))]))
        }
    }

    @Test func theStepsOfAllVariationsCountTogether() throws {
        let choices = (0..<1_000).map { Value.number(Double($0)) }
        let schema = Value.makeObject([
            .init(
                name: "properties",
                value: .object([
                    .init(
                        name: "a",
                        value: .object([
                            .init(
                                name: "items",
                                value: .object([.init(name: "enum", value: .array(choices))])
                            )
                        ])
                    )
                ])
            )
        ])
        let value = Value.object([
            .init(name: "a", value: .array(Array(repeating: .number(999), count: 120)))
        ])
        var definition = Samples.definition
        definition.labels.schema = try #require(schema)
        definition.targeting = Targeting()
        definition.onVariation = "on"
        definition.offVariation = "off"
        let on = Variation(name: "on", value: value)
        definition.variations = [on, Variation(name: "off", value: .object([]))]
        _ = try definition.validated()
        definition.variations = [on, Variation(name: "off", value: value)]
        #expect(throws: FlagsError(.limitExceeded, "")) { _ = try definition.validated() }
    }

    @Test func aFlagWhoseValuesDoNotConformIsRefused() throws {
        var definition = Samples.definition
        definition.labels.schema = try JSONReader.value(
            #"{"type":"object","properties":{"a":{"type":"string"}}}"#
        )
        Refused.expect(
            .invalidSchema,
            "variation \"on\" does not conform to the schema: /a is a number, not string"
        ) { () throws(FlagsError) in _ = try definition.validated() }
        var patch = FlagPatch()
        patch.schema = definition.labels.schema
        Refused.expect(
            .invalidSchema,
            "only a flag whose values are objects may have a schema"
        ) { () throws(FlagsError) in _ = try patch.applied(to: Fixture.flag()) }
        patch.schema = .null
        #expect(try patch.applied(to: Samples.flag).labels.schema == .null)
    }

    @Test func anySchemaIsCompiledOrRefusedWithoutATrap() {
        var generator = SeededGenerator(seed: 99)
        let keywords = [
            "type", "properties", "required", "additionalProperties", "items", "enum", "const",
            "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
        ]
        var compiled = 0
        for _ in 0..<5_000 {
            var fields: [Value.Field] = []
            for keyword in keywords where Int.random(in: 0..<8, using: &generator) == 0 {
                fields.append(.init(name: keyword, value: RandomValues.value(depth: 2, &generator)))
            }
            guard let schema = Value.makeObject(fields), let made = try? JSONSchema(schema) else {
                continue
            }
            compiled += 1
            _ = try? made.check(RandomValues.value(depth: 3, &generator))
        }
        #expect(compiled > 0)
    }

    private static let long = String(repeating: "x", count: 70_000)

    private static func schema(_ text: String) throws -> JSONSchema {
        try JSONSchema(try JSONReader.value(text))
    }
}

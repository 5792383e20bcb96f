extension ValueType {
    /// The specification's `Role`.
    static let role = ValueType.object([
        Field("id", .name, isRequired: true, documentation: "The identifier, the same as in the path."),
        Field("name", localizedText, isRequired: true, documentation: "The name that people read."),
        Field("description", localizedText, isRequired: true, documentation: "What the role is for."),
        Field(
            "privileges", .array(of: .name, minimumCount: 0),
            documentation: "The privileges it grants: these and no others; left out, none."),
        .links,
    ])

    /// A text, or in newer consoles a reference to a text in several languages.
    private static let localizedText = ValueType.oneOf([
        .string(minimumLength: 0),
        .object([
            Field("key", .name, documentation: "The name of the text in the console's resources."),
            Field("defaultValue", .string(minimumLength: 0), documentation: "The text if there is no translation."),
            Field("arguments", .any, documentation: "What is filled into the text."),
        ]),
    ])
}

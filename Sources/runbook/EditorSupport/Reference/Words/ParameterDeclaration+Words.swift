import RunbookHost

extension ParameterDeclaration.ValueType {
    /// What the script gets, in a few words.
    var meaning: String {
        switch self {
        case .string: "a string"
        case .integer: "an integer"
        case .number: "a number"
        case .boolean: "true or false"
        case .array: "a list"
        case .secret: "a secret, which prints as ‹secret› and is shown nowhere"
        case .file:
            "a table { name = \"people.csv\", text = \"…\" } of a text file in UTF-8 of at most \(ParameterFile.maximumSize.readableBytes)"
        case .files: "a list of such tables"
        }
    }

    /// How whoever runs the runbook writes a value behind `--param NAME=`.
    var way: String {
        switch self {
        case .string: "as it is: --param role=user"
        case .integer: "a whole number: --param days=90"
        case .number: "a number: --param factor=0.5"
        case .boolean: "--param force=true or --param force=false"
        case .array: "with commas between its elements, or as a list in JSON: --param roles=user,site-admin"
        case .secret: "where it is kept, never the secret itself: \(SecretInput.ways)"
        case .file: "a path: --param people=people.csv"
        case .files: "paths with commas between them: --param lists=a.csv,b.csv"
        }
    }
}

/// Why a text cannot be read as YAML. Nothing of the text is quoted but names of settings: secrets may stand in it.
enum YAMLError: Error, Equatable {
    /// Lines and columns count from 1.
    case syntax(line: Int, column: Int, problem: String)
    /// The text has characters that YAML does not allow.
    case characters(problem: String)
    /// A mapping has keys more than once; `line` is where the first of them stands.
    case duplicates(keys: [String], line: Int)
    /// libyaml found no memory.
    case memory
}

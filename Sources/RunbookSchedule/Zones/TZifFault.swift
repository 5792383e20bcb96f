/// Why a file of a time zone cannot be used.
struct TZifFault: Error {
    /// What is wrong with the file, to be put after its name and a colon.
    let problem: String

    init(_ problem: String) {
        self.problem = problem
    }
}

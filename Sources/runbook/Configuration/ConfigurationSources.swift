import Glibc

/// The outside world as the configuration sees it.
struct ConfigurationSources: Sendable {
    /// The environment variables.
    var environment: [String: String]
    var files: any FileAccess
    /// An absolute path.
    var workingDirectory: String
    /// The folder of the program itself, an absolute path.
    var programDirectory: String
    /// The user that runs the program.
    var user: UInt32
    /// Runs a program and gives what it prints.
    var runCommand: @Sendable (_ arguments: [String]) throws(CredentialCommand.Failure) -> [UInt8]

    /// The machine's own.
    init(environment: [String: String]) {
        self.environment = environment
        files = LocalFiles()
        workingDirectory = Self.currentDirectory
        programDirectory = Self.ownDirectory
        user = geteuid()
        runCommand = { arguments throws(CredentialCommand.Failure) in
            try CredentialCommand(arguments, environment: environment).run()
        }
    }

    init(
        environment: [String: String], files: any FileAccess, workingDirectory: String, programDirectory: String,
        user: UInt32,
        runCommand: @escaping @Sendable ([String]) throws(CredentialCommand.Failure) -> [UInt8]
    ) {
        self.environment = environment
        self.files = files
        self.workingDirectory = workingDirectory
        self.programDirectory = programDirectory
        self.user = user
        self.runCommand = runCommand
    }

    /// A variable's value. An empty one counts as not set.
    func variable(_ variable: EnvironmentVariable) -> String? { self.variable(variable.name) }

    /// The value of a variable of any name, such as one that a configuration file says.
    func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// The user's home directory, from `HOME`.
    var home: String? { variable(.home).flatMap { $0.hasPrefix("/") ? Path.normalized($0) : nil } }

    /// A folder of the XDG base directory specification, which says that relative paths in these variables do not count.
    func baseDirectory(_ variable: EnvironmentVariable, _ standard: String) -> String? {
        if let value = self.variable(variable), value.hasPrefix("/") { return Path.normalized(value) }
        return home.map { Path.joined($0, standard) }
    }

    /// An absolute path, from what a person wrote: `~/` is the home directory, all else starts from `directory`.
    func absolute(_ path: String, from directory: String) -> String {
        if let home, path == "~" { return home }
        if let home, path.hasPrefix("~/") { return Path.joined(home, String(path.dropFirst(2))) }
        return Path.joined(directory, path)
    }

    /// The variables that this process was started with.
    static var processEnvironment: [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            next += 1
        }
        return variables
    }

    private static var currentDirectory: String {
        guard let path = getcwd(nil, 0) else { return "/" }
        defer { free(path) }
        return String(cString: path)
    }

    /// The folder of the program that runs.
    static var ownDirectory: String {
        guard let path = realpath("/proc/self/exe", nil) else { return "/" }
        defer { free(path) }
        return Path.parent(String(cString: path))
    }
}

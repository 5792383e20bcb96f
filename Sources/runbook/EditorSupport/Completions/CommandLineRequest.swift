import ArgumentParser
import CommandSupport
import Operations

/// A command line that is being written, as a shell's completion script passes it on.
struct CommandLineRequest: Sendable {
    /// All words, the program's first, as they were typed.
    let words: [String]
    /// Which of them is to be completed, from 0.
    let index: Int
    /// What of that word stands before the cursor.
    let prefix: String
    /// The environment variables.
    let environment: [String: String]

    /// Default: the process's environment.
    init(
        words: [String], index: Int, prefix: String,
        environment: [String: String] = ConfigurationSources.processEnvironment
    ) {
        self.words = words
        self.index = index
        self.prefix = Self.unquoted(prefix)
        self.environment = environment
    }

    /// The configuration that the command line so far speaks of. `nil` if there is none that could be used; nobody is
    /// told why, and no credential is read.
    var configuration: Configuration? {
        let flags = ["--state", "--config"].flatMap { flag in value(of: flag).map { [flag, $0] } ?? [] }
        guard let options = try? GlobalOptions.parse(flags) else { return nil }
        return try? Configuration.load(options, environment: environment)
    }

    /// What is given with a flag, elsewhere on the command line.
    func value(of flag: String) -> String? {
        for (place, word) in words.enumerated().reversed() where place != index {
            if word == flag, place + 1 < words.count, place + 1 != index {
                // bash makes a word of its own of a sign of equality.
                let value = words[place + 1] == "=" && place + 2 < words.count ? words[place + 2] : words[place + 1]
                return Self.unquoted(value)
            }
            if word.hasPrefix(flag + "=") { return Self.unquoted(String(word.dropFirst(flag.count + 1))) }
        }
        return nil
    }

    /// The words that are neither flags nor the program's name, the one that is being written left out.
    var plainWords: [String] {
        words.enumerated().dropFirst().filter { $0.offset != index && !$0.element.hasPrefix("-") && $0.element != "=" }
            .map { Self.unquoted($0.element) }
    }

    /// A word without the shell's quotes and backslashes.
    static func unquoted(_ word: String) -> String {
        var text = ""
        var quote: Character?
        var isEscaped = false
        for character in word {
            if isEscaped {
                text.append(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if character == quote {
                quote = nil
            } else if quote == nil, character == "'" || character == "\"" {
                quote = character
            } else {
                text.append(character)
            }
        }
        return text
    }
}

import Glibc
import RunbookHost

/// Reads the files that are given as parameters.
enum FileInput {
    /// The file at a path.
    ///
    /// - Parameters:
    ///   - name: the parameter, for errors.
    ///   - path: from the working directory, from the home folder (`~/`), or absolute; `-` for what is piped in.
    ///   - environment: knows the home folder.
    /// - Throws: ``ParameterFault`` if it is not there, cannot be read, is too large, or holds no text.
    static func read(
        _ name: String, _ path: String, environment: [String: String] = ConfigurationSources.processEnvironment
    ) throws(ParameterFault) -> ParameterFile {
        func fault(_ reason: String) -> ParameterFault {
            ParameterFault(parameter: name, reason: "is to be the file \(path.shown), which \(reason)")
        }
        guard !path.isEmpty else {
            throw ParameterFault(parameter: name, reason: "is a file: give its path, such as \(name)=people.csv")
        }
        let sources = ConfigurationSources(environment: environment)
        let place = path == "-" ? "/dev/stdin" : sources.absolute(path, from: sources.workingDirectory)
        let content: [UInt8]?
        do throws(FileFailure) { content = try LocalFiles().read(place, limit: ParameterFile.maximumSize) } catch {
            throw fault("cannot be read: \(error.reason)")
        }
        guard let content else { throw fault("is not there: give the path of a file that is") }
        if content.isEmpty, LocalFiles().status(place)?.kind == S_IFIFO, path != "-", !place.hasPrefix("/dev/") {
            throw fault("is a pipe that nobody has written to: start first what writes to it")
        }
        if content.starts(with: [0xff, 0xfe]) || content.starts(with: [0xfe, 0xff]) {
            throw fault("is written in UTF-16: save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\")")
        }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw fault("is no UTF-8 text: save it as such (in a spreadsheet: \"CSV UTF-8\")")
        }
        return ParameterFile(name: place.split(separator: "/").last.map(String.init) ?? path, text: text)
    }
}

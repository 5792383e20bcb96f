import CommandSupport
import Glibc

/// A folder of files that a command makes and makes again: what it did not write itself it leaves alone.
struct GeneratedFolder {
    /// What became of a file.
    enum Fate: String, Sendable {
        /// It is new, or says something else now.
        case written
        /// It said the same already.
        case unchanged
    }

    /// The folder, as a person named it.
    let path: String
    /// The first line, or the last, of every file that the command has written.
    let mark: String

    private static let maximumSize = 16 << 20

    /// Writes files of these names, all or none: first it is seen whether each may be written.
    ///
    /// - Throws: ``CommandError`` that names the file or folder and what to do.
    func write(_ files: [(name: String, text: String)]) throws(CommandError) -> [(path: String, fate: Fate)] {
        guard !path.isEmpty else { throw CommandError("the folder's name is empty: give it one, such as ./stubs") }
        if let status = LocalFiles().status(path), !status.isDirectory {
            throw CommandError("\(path) cannot be used as a folder: it is a file. Name another")
        }
        var known: [String?] = []
        for file in files { known.append(try content(of: file.name)) }
        try makeFolder()
        var fates: [(String, Fate)] = []
        for (file, old) in zip(files, known) {
            let place = self.place(file.name)
            if old == file.text {
                fates.append((place, .unchanged))
            } else {
                do throws(FileFailure) { try PublicFile.write(Array(file.text.utf8), to: place) } catch {
                    throw CommandError("\(place) cannot be written: \(error.reason)")
                }
                fates.append((place, .written))
            }
        }
        return fates
    }

    /// The path of a file in the folder.
    func place(_ name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

    /// What a file says now, or `nil` if there is none.
    private func content(of name: String) throws(CommandError) -> String? {
        let place = place(name)
        let bytes: [UInt8]?
        do throws(FileFailure) { bytes = try LocalFiles().read(place, limit: Self.maximumSize) } catch {
            throw CommandError("\(place) cannot be written: \(error.reason)")
        }
        guard let bytes else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\n")
        guard lines.first.map(String.init) == mark || lines.last.map(String.init) == mark else {
            throw CommandError(
                "\(place) is there already and was not written by this command, so it is left alone, and nothing was "
                    + "written: move it away, or name another folder")
        }
        return text
    }

    private func makeFolder() throws(CommandError) {
        do throws(FileFailure) { try PublicFile.makeDirectory(path) } catch {
            throw CommandError("the folder \(path) cannot be used: \(error.reason). Name one that you may write to")
        }
    }
}

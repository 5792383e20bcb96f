import CommandSupport
import RunbookHost

/// The files beside runbooks that hold their signatures.
enum SignatureFile {
    /// Where a runbook's signature is.
    static func path(beside runbook: String) -> String { runbook + RunbookSignature.suffix }

    /// What is there; `nil` if there is no such file. One that cannot be read is an empty one, which is no signature. Of what
    /// is longer than a signature may be so much is read that this is seen.
    static func read(beside runbook: String) -> [UInt8]? {
        do throws(FileFailure) {
            return try LocalFiles().readBeginning(path(beside: runbook), RunbookSignature.maximumSize + 1)
        } catch { return [] }
    }

    /// Puts a signature beside its runbook; one that is there is replaced.
    static func write(_ signature: RunbookSignature, beside runbook: String) throws(CommandError) {
        let path = path(beside: runbook)
        do throws(FileFailure) { try WholeFile.write(signature.text, to: path, mode: 0o644) } catch {
            throw CommandError("\(path.shown) cannot be written: \(error.reason)", code: .failed)
        }
    }
}

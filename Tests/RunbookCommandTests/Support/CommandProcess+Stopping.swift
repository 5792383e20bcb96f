import Dispatch
import Glibc

extension CommandProcess {
    /// Waits until the program stands still, or has ended.
    ///
    /// - Returns: whether it stands still.
    func waitUntilStopped() async -> Bool {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "stop").async { [identifier] in
                var information = siginfo_t()
                var code: Int32
                repeat {
                    code = waitid(P_PID, id_t(identifier), &information, WSTOPPED | WEXITED | WNOWAIT)
                } while code != 0 && errno == EINTR
                continuation.resume(returning: code == 0 && information.si_code == Int32(CLD_STOPPED))
            }
        }
    }
}

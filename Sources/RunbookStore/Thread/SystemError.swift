internal import Glibc

/// A function of the system failed.
struct SystemError: Error, Hashable {
    /// The system's error number, such as `EACCES`.
    let number: Int32

    /// An error number.
    init(number: Int32) { self.number = number }

    /// The system's words for it.
    var text: String { String(cString: strerror(number)) }
}

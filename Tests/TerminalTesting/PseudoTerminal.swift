package import Glibc
internal import Synchronization

internal import LineEditor

/// A terminal of the kernel's with a person's end: what is shown there, and keys pressed there.
package final class PseudoTerminal: Sendable {
    /// `TIOCSPTLCK` and `TIOCGPTPEER` of Linux.
    private static let setLock: UInt = 0x4004_5431
    private static let openOther: UInt = 0x5441

    package let slave: Int32
    private let master: Int32
    private let emulator: Mutex<Emulator>
    private let count = Mutex(0)

    package init(columns: Int = 40, rows: Int = 10) throws {
        // What glibc's posix_openpt, unlockpt and ptsname do, which Swift does not see.
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var locked: Int32 = 0
        guard master >= 0, ioctl(master, Self.setLock, &locked) == 0 else { throw Failure() }
        slave = ioctl(master, Self.openOther, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard slave >= 0 else { throw Failure() }
        emulator = Mutex(Emulator(columns: columns, rows: rows))
        setSize(columns: columns, rows: rows)
        WorkerThread.start { [self] in watch() }
    }

    package struct Failure: Error {}

    package var rows: [String] { emulator.withLock { $0.everything } }
    /// How many bytes were shown so far: as long as that stays the same, so does everything else.
    package var received: Int { count.withLock(\.self) }
    package var unknown: [String] { emulator.withLock { $0.unknown } }

    /// Whether anything on the screen is drawn in another style than plain.
    package var hasStyles: Bool {
        emulator.withLock { $0.grid.contains { $0.contains { !$0.style.isEmpty } } }
    }

    package var settings: termios {
        var settings = termios()
        tcgetattr(slave, &settings)
        return settings
    }

    package func send(_ text: String) { send(Array(text.utf8)) }

    package func send(_ bytes: [UInt8]) {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(master, $0.baseAddress.map { $0 + offset }, bytes.count - offset)
            }
            guard count > 0 else { return }
            offset += count
        }
    }

    package func resize(columns: Int, rows: Int) {
        emulator.withLock { $0.resize(columns: columns, rows: rows) }
        setSize(columns: columns, rows: rows)
    }

    package func shows(_ isWanted: ([String]) -> Bool) async -> Bool { await eventually { isWanted(rows) } }

    /// Takes the program's end away, and with it the thread that watches.
    package func hangUp() { close(slave) }

    private func setSize(columns: Int, rows: Int) {
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    private func watch() {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        var rest: [UInt8] = []
        while true {
            let count = read(master, &bytes, bytes.count)
            guard count > 0 else { break }
            rest += bytes[..<count]
            // Characters may come in two portions; a sequence's end is ASCII.
            let whole = rest.lastIndex { $0 < 0x80 }.map { $0 + 1 } ?? 0
            emulator.withLock { $0.feed(String(decoding: rest[..<whole], as: UTF8.self)) }
            rest.removeFirst(whole)
            self.count.withLock { $0 += whole }
        }
        close(master)
    }
}

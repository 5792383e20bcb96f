/// A colour of the terminal's palette.
public enum Colour: Hashable, Sendable {
    /// One of the eight colours that a person's theme decides.
    case black, red, green, yellow, blue, magenta, cyan, white
    /// The bright form of one of the eight: 0 is black, 7 is white.
    case bright(UInt8)
    /// One of 256: xterm's palette.
    case indexed(UInt8)

    /// The parameters of "select graphic rendition", with 30 for the foreground and 40 for the background.
    func parameters(base: Int) -> String {
        switch self {
        case .black: "\(base)"
        case .red: "\(base + 1)"
        case .green: "\(base + 2)"
        case .yellow: "\(base + 3)"
        case .blue: "\(base + 4)"
        case .magenta: "\(base + 5)"
        case .cyan: "\(base + 6)"
        case .white: "\(base + 7)"
        case .bright(let number): "\(base + 60 + Int(number & 7))"
        case .indexed(let number): "\(base + 8);5;\(number)"
        }
    }
}

/// One instruction: an opcode and its operands, in the layout of Lua 5.4's `lopcodes.h`.
///
/// From the lowest bit: 7 bits of opcode, then 8 of A, 1 of k, 8 of B and 8 of C; or A and 17 bits of Bx; or 25 bits.
struct Instruction: Hashable {
    let opcode: Opcode
    private let word: UInt32

    /// The instruction that a word holds; nil for a number that Lua 5.4 does not know.
    init?(_ word: UInt32) {
        guard let opcode = Opcode(rawValue: UInt8(word & 0x7f)) else { return nil }
        self.opcode = opcode
        self.word = word
    }

    var a: Int { Int(word >> 7 & 0xff) }
    var k: Bool { word >> 15 & 1 == 1 }
    var b: Int { Int(word >> 16 & 0xff) }
    var c: Int { Int(word >> 24 & 0xff) }
    var bx: Int { Int(word >> 15) }
    /// The operand of `extraArgument`.
    var extra: Int { Int(word >> 7) }
    /// The operand of `jump`, which may be negative.
    var jump: Int { Int(word >> 7) - 0xff_ffff }

    /// A number that no register has: the highest is 255, and some instructions use a few from A on.
    private static let beyond = 512

    /// The registers whose content this instruction replaces. From a call on, everything above it is spent.
    var written: Range<Int> {
        switch opcode {
        case .setUpvalue, .setTableUpvalue, .setTable, .setInteger, .setField, .metaBinary, .metaBinaryInteger,
            .metaBinaryConstant, .close, .toBeClosed, .jump, .equal, .less, .lessOrEqual, .equalConstant,
            .equalInteger, .lessInteger, .lessOrEqualInteger, .greaterInteger, .greaterOrEqualInteger, .test, .return,
            .returnNone, .returnOne, .genericForPrepare, .setList, .variadicPrepare, .extraArgument:
            0..<0
        case .loadNil: a..<(a + b + 1)
        case .selfCall: a..<(a + 2)
        case .call, .tailCall, .variadic: a..<Self.beyond
        case .forLoop, .forPrepare: a..<(a + 4)
        case .genericForCall: (a + 4)..<Self.beyond
        case .genericForLoop: (a + 2)..<(a + 3)
        default: a..<(a + 1)
        }
    }

    /// Where control goes from this instruction at `position`.
    func successors(of position: Int) -> [Int] {
        switch opcode {
        case .jump: [position + 1 + jump]
        case .loadFalseSkip: [position + 2]
        case .equal, .less, .lessOrEqual, .equalConstant, .equalInteger, .lessInteger, .lessOrEqualInteger,
            .greaterInteger, .greaterOrEqualInteger, .test, .testSet:
            [position + 1, position + 2]
        case .forLoop, .genericForLoop: [position + 1, position + 1 - bx]
        case .forPrepare: [position + 1, position + 2 + bx]
        case .genericForPrepare: [position + 1 + bx]
        case .return, .returnNone, .returnOne: []
        default: [position + 1]
        }
    }
}

/// What a key does.
enum EditorCommand: Sendable {
    case enter, newline, interrupt, deleteOrEnd, complete, completeBackward, clearScreen, suspend, cancel, quotedInsert
    case lineStart, lineEnd, left, right, wordLeft, wordRight, up, down, pageUp, pageDown, textStart, textEnd
    case backspace, delete, killToLineEnd, killToLineStart, killBlankWord, killWordLeft, killWordRight
    case yank, yankPop, transpose, undo, redo, upcaseWord, downcaseWord, capitaliseWord
    case historyPrevious, historyNext, historyFirst, historyLast, searchBackward, searchForward

    /// The command of a key: Emacs' keys, as most shells have them.
    static func bound(to code: KeyCode, _ modifiers: KeyModifiers) -> EditorCommand? {
        switch modifiers {
        case .control: return control(code)
        case .alt: return alt(code)
        case .shift: return code == .tab ? .completeBackward : code == .enter ? .newline : plain(code)
        case []: return plain(code)
        case [.control, .alt]:
            // Undo's key with Alt takes it back, as does the key of Control-Alt.
            return code == .character("_") ? .redo : nil
        default: return nil
        }
    }

    private static func plain(_ code: KeyCode) -> EditorCommand? {
        switch code {
        case .enter: .enter
        case .tab: .complete
        case .backspace: .backspace
        case .delete: .delete
        case .escape: .cancel
        case .up: .up
        case .down: .down
        case .left: .left
        case .right: .right
        case .home: .lineStart
        case .end: .lineEnd
        case .pageUp: .pageUp
        case .pageDown: .pageDown
        case .insert, .function, .character: nil
        }
    }

    private static func control(_ code: KeyCode) -> EditorCommand? {
        switch code {
        case .left: .wordLeft
        case .right: .wordRight
        case .home: .textStart
        case .end: .textEnd
        case .backspace: .killWordLeft
        case .delete: .killWordRight
        case .enter: .newline
        case .up: .historyPrevious
        case .down: .historyNext
        case .character(let character): controls[character]
        default: nil
        }
    }

    private static func alt(_ code: KeyCode) -> EditorCommand? {
        switch code {
        case .left: .wordLeft
        case .right: .wordRight
        case .up: .historyPrevious
        case .down: .historyNext
        case .enter: .newline
        case .backspace: .killWordLeft
        case .delete: .killWordRight
        case .character(let character): alts[character]
        default: nil
        }
    }

    private static let controls: [Character: EditorCommand] = [
        "a": .lineStart, "b": .left, "c": .interrupt, "d": .deleteOrEnd, "e": .lineEnd, "f": .right, "g": .cancel,
        "h": .backspace, "j": .enter, "k": .killToLineEnd, "l": .clearScreen, "m": .enter, "n": .historyNext,
        "i": .complete, "p": .historyPrevious, "q": .quotedInsert, "r": .searchBackward, "s": .searchForward,
        "t": .transpose, "u": .killToLineStart, "v": .quotedInsert, "w": .killBlankWord, "y": .yank, "z": .suspend,
        "_": .undo, "/": .undo,
    ]

    private static let alts: [Character: EditorCommand] = [
        "b": .wordLeft, "f": .wordRight, "d": .killWordRight, "y": .yankPop, "<": .historyFirst, ">": .historyLast,
        "u": .upcaseWord, "l": .downcaseWord, "c": .capitaliseWord, "_": .redo, "/": .redo,
    ]
}

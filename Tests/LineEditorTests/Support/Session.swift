import TerminalTesting
import Testing

@testable import LineEditor

/// An editor, its screen and a terminal to look at.
struct Session {
    var editor: Editor
    var screen: Screen
    var terminal: Emulator
    var prompt: Prompt
    var effects: [EditorEffect] = []

    init(
        columns: Int = 40, rows: Int = 10, prompt: Prompt = Prompt("> "), history: [String] = [], text: String = "",
        colour: Bool = true, _ settings: EditorSettings = EditorSettings()
    ) {
        editor = Editor(settings: settings)
        editor.begin(history: history, text: text)
        screen = Screen(size: TerminalSize(columns: columns, rows: rows), usesColour: colour)
        terminal = Emulator(columns: columns, rows: rows)
        self.prompt = prompt
        draw()
    }

    mutating func draw() { terminal.feed(screen.draw(editor.view(prompt: prompt))) }

    /// Presses keys and draws after each.
    mutating func press(_ keys: Key...) { press(keys) }

    mutating func press(_ keys: [Key]) {
        for key in keys {
            effects += editor.handle(key)
            draw()
        }
    }

    mutating func type(_ text: String) { press(.text(text)) }

    /// The text with a bar at the cursor.
    var marked: String {
        let text = editor.text
        return String(text.slice(0..<editor.cursor)) + "|" + String(text.slice(editor.cursor..<text.utf8.count))
    }
}

/// Text that is complete when it ends in a semicolon.
func untilSemicolon() -> EditorSettings {
    var settings = EditorSettings()
    settings.isComplete = { $0.hasSuffix(";") }
    return settings
}

import Testing

/// What a page must not say.
@Suite("A page with a fault") struct FaultyPageTests {
    @Test(
        "Is found, and said with its line",
        arguments: [
            ("```sh\nfalse\n```", "false (exit code 1)"),
            ("```sh\nfalse    # exit code 2\n```", #"[ "$1" = "$2" ] (exit code 1)"#),
            ("```sh\nfalse | sort\n```", "sort (exit code 1)"),
            ("```sh\nsudo reboot\n```", "no page should say: sudo reboot"),
            ("```sh\necho one\n```\n\n```text\ntwo\n```", "the page shows something else"),
            ("```sh\necho one\n```\n\n```text\none\nand more\n```", "the page shows something else"),
            ("```sh\necho one\necho two\n```\n\n```text\none\n```", "the page shows something else"),
            ("```text\nnothing was typed\n```", "no command stands before"),
            ("```lua\nrunbook {}\nusers.unlok(7)\n```", "There is no `users.unlok`"),
            ("```lua\nthis is no Lua\n```", "syntax error near 'is'"),
            ("```yaml\npolcy: {}\n```", "polcy is not a setting"),
            ("```json\n{ \"half\":\n```", "not JSON"),
            ("```csv\na,b\n```", "has no name"),
            ("```ini\nno unit\n```", "verify-unit"),
            ("```swift\nlet it = 5 as String\n```", "nothing compiles it"),
            ("```cobol\nSTOP RUN.\n```", "'cobol'"),
            ("```sh\necho open", "'not closed'"),
            ("> ```sh\n> false", "'not at the beginning'"),
            ("As in\n\n    false\n", "'not in a fence'"),
            ("~~~sh\nfalse\n~~~", "false (exit code 1)"),
        ]) func isFound(text: String, fault: String) async throws
    {
        let faults = try await PageRunner.faults(of: Page(path: "Faulty.md", text: text))
        #expect(faults.count == 1)
        #expect(faults.first?.contains(fault) == true, "\(faults)")
        #expect(faults.first?.contains(/Faulty\.md:[1-9]|in line [1-9]/) == true, "\(faults)")
    }

    @Test("Is not seen where there is none") func isNotSeen() async throws {
        let text = """
            Save this as `one.lua`:

            ```lua
            runbook { title = "One" }
            return 1
            ```

            ```sh
            runbook run one.lua
            read -p "Is it well? [y/N] " answer
            echo "$answer"
            ```

            ```text
            1
            ✓ one.lua succeeded: …
            Is it well? [y/N] y
            y
            ```
            """
        #expect(try await PageRunner.faults(of: Page(path: "Well.md", text: text)) == [])
    }
}

import Testing

/// What a page must not say.
@Suite("A page with a fault") struct FaultyPageTests {
    @Test(
        "Is found",
        arguments: [
            "```sh\nfalse\n```", "```sh\nfalse    # exit code 2\n```", "```sh\nsudo reboot\n```",
            "```sh\necho one\n```\n\n```text\ntwo\n```", "```sh\necho one\n```\n\n```text\none\nand more\n```",
            "```sh\necho one\necho two\n```\n\n```text\none\n```", "```text\nnothing was typed\n```",
            "```lua\nrunbook {}\nusers.unlok(7)\n```", "```lua\nthis is no Lua\n```", "```yaml\npolcy: {}\n```",
            "```json\n{ \"half\":\n```", "```csv\na,b\n```", "```ini\nno unit\n```",
            "```swift\nlet it = 5 as String\n```",
            "```cobol\nSTOP RUN.\n```", "```sh\necho open", "> ```sh\n> false\n> ```", "~~~sh\nfalse\n~~~",
        ]) func isFound(text: String) async
    {
        await withKnownIssue { try await PageRunner.run(Page(path: "Faulty.md", text: text)) }
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
        try await PageRunner.run(Page(path: "Well.md", text: text))
    }
}

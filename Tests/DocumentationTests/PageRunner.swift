import Foundation

/// Reads a page as the script that it is: what is to be typed is typed, what is shown is compared, every file is checked.
actor PageRunner {
    private let page: Page
    private let world: PageWorld
    private let shell: PageShell
    /// Terminals whose program goes on while the page does.
    private var others: [PageShell] = []
    private var scripts = 0
    private var faults: [String] = []

    /// Each page has its simulators and shells; with all of them at once each block would take too long.
    private static let seats = Seats(6)

    /// What is wrong with a page, each with its place.
    static func faults(of page: Page) async throws -> [String] {
        try await seats.take {
            try await PageWorld.with(page) { world in try await PageRunner(page, world).read() }
        }
    }

    private func read() async -> [String] {
        do {
            try await prepare()
            try await run()
        } catch { faults.append("\(page.path): \(error)") }
        await end()
        return faults
    }

    private init(_ page: Page, _ world: PageWorld) throws {
        self.page = page
        self.world = world
        shell = try PageShell(environment: world.environment, folder: world.folder)
    }

    private func end() async {
        for other in others { await other.end() }
        await shell.end()
    }

    /// Does what the page takes for granted.
    private func prepare() async throws {
        guard page.blocks.contains(where: { ["sh", "lua", "yaml"].contains($0.language) }) else { return }
        let folder = "\(Page.repository)/Tests/DocumentationTests/Preparations"
        let script =
            try (try? String(contentsOfFile: "\(folder)/\(page.name).sh", encoding: .utf8))
            ?? String(contentsOfFile: "\(folder)/default.sh", encoding: .utf8)
        let outcome = try await carryOut(world.here(script), nil)
        if let failure = outcome.failure {
            throw PageShell.Fault(
                description: "its preparation failed: \(failure)\n\(outcome.lines.joined(separator: "\n"))")
        }
    }

    private func run() async throws {
        var index = 0
        while index < page.blocks.count {
            let block = page.blocks[index]
            index += 1
            if block.language == "sh" {
                var transcript: Transcript?
                if index < page.blocks.count, page.blocks[index].isTranscript {
                    transcript = Transcript(page.blocks[index].lines)
                    index += 1
                }
                try await type(block, transcript)
            } else {
                do { try await check(block) } catch let fault as PageShell.Fault { record(block, fault.description) }
            }
        }
    }

    private func record(_ block: Block, _ what: String) {
        faults.append("\(page.path):\(block.number): \(what)")
    }

    // MARK: Commands

    private func type(_ block: Block, _ transcript: Transcript?) async throws {
        let outcome: PageShell.Outcome
        do {
            outcome = try await carryOut(
                world.here(block.text), transcript, staysOpen: block.lines.contains { $0.hasSuffix("# stays open") })
        } catch let fault as PageShell.Fault {
            // What comes next would be typed into what still runs.
            throw PageShell.Fault(description: "block in line \(block.number): \(fault.description)")
        }
        let shown = outcome.lines.joined(separator: "\n")
        if let failure = outcome.failure { record(block, "\(failure)\n\(shown)") }
        if let transcript, !transcript.matches(outcome.lines) {
            record(block, "the page shows something else; the terminal shows:\n\(shown)")
        }
    }

    private func carryOut(
        _ script: String, _ transcript: Transcript?, staysOpen: Bool = false
    ) async throws -> PageShell.Outcome {
        scripts += 1
        let path = "\(world.root)/block\(scripts).sh"
        try Self.withExitCodes(script).write(toFile: path, atomically: true, encoding: .utf8)
        var shell = shell
        if staysOpen {
            // A new terminal is in the same folder, and knows nothing of the other's variables.
            shell = try PageShell(environment: world.environment, folder: folder())
            others.append(shell)
        }
        let world = world
        return try await shell.run(
            path, transcript: transcript, password: world.password, staysOpen: staysOpen,
            shown: { $0.map(world.asThePageHasIt) })
    }

    /// A command with the comment `# exit code 4` has to end so.
    private static func withExitCodes(_ script: String) -> String {
        script.components(separatedBy: "\n").map { line in
            guard let match = line.wholeMatch(of: /(.*\S)\s+# exit code (\d+)/) else { return line }
            return "{ \(match.1); } && _code=0 || _code=$?; _ended_with \(match.2) $_code"
        }.joined(separator: "\n")
    }

    /// Where the page's shell is.
    private func folder() throws -> String {
        let text = try? String(contentsOfFile: world.root + "/folder", encoding: .utf8)
        return text.map { String($0.dropLast()) } ?? world.folder
    }

    // MARK: Files

    private func check(_ block: Block) async throws {
        switch block.language {
        case "lua": try await checkLua(block)
        case "yaml":
            let path = try save(block, or: "block.yaml")
            try await succeeds(block, "runbook config --config \(path)")
        case "json":
            _ = try save(block, or: "block.json")
            if (try? JSONSerialization.jsonObject(with: Data(block.text.utf8), options: .fragmentsAllowed)) == nil {
                record(block, "not JSON")
            }
        case "csv":
            guard block.file != nil else { return record(block, "a table whose file has no name") }
            _ = try save(block, or: "")
        case "ini": try await checkUnit(block)
        case "swift":
            if !Snippets.contain(block) { record(block, "no source of the tests has this, so nothing compiles it") }
        case "diagram": break  // Nothing is typed or saved.
        case "text", "console", "": record(block, "no command stands before what is shown")
        default: record(block, "nobody can tell whether '\(block.language)' is right")
        }
    }

    /// Saves a block under its name, or as what has none.
    private func save(_ block: Block, or name: String) throws -> String {
        var path = world.here(block.file ?? name)
        if path.hasPrefix("~/") { path = world.root + "/home/ada" + path.dropFirst() }
        if !path.hasPrefix("/") { path = (block.file == nil ? world.root : try folder()) + "/" + path }
        let parent = path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        try world.here(block.text).write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func checkLua(_ block: Block) async throws {
        if block.file?.hasSuffix("_test.lua") == true {
            try await succeeds(block, "runbook test \(try save(block, or: ""))")
        } else if block.text.contains(/(?m)^runbook\s*\{/) {
            // A manifest alone uses nothing of what it asks for.
            let isManifest = block.lines.last == "}" && !block.lines.dropLast().contains { $0.hasPrefix("}") }
            try await succeeds(
                block, "runbook check \(try save(block, or: "block\(block.number).lua"))", mayWarn: isManifest)
        } else {
            // A part of a runbook, in a session as in one: nothing is sent that changes something.
            let path = try save(block, or: "block\(block.number).lua")
            try await succeeds(block, "runbook repl --mode plan -e \"$(cat \(path))\"")
        }
    }

    private func checkUnit(_ block: Block) async throws {
        let path = try save(block, or: "block.service")
        try await succeeds(block, "verify-unit \(path)")
    }

    private func succeeds(_ block: Block, _ command: String, mayWarn: Bool = false) async throws {
        let outcome = try await carryOut(command + "\n", nil)
        let complaints = mayWarn ? [] : outcome.lines.filter { $0.contains("warning") }
        if outcome.failure != nil || !complaints.isEmpty {
            record(block, "\(outcome.failure ?? "it complains")\n\(outcome.lines.joined(separator: "\n"))")
        }
    }
}

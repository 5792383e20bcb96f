import Operations

/// The definition files for lua-language-server, made from the catalogue and the prelude: one for each table of
/// operations, `runbook.lua` for everything else, and `test.lua` for what only test files have.
struct Stubs {
    /// The operations to describe.
    let catalogue: Catalogue
    /// The prelude's functions and values to describe.
    let prelude: [PreludeFunction]

    /// The files of a catalogue. Default: everything that a runbook finds.
    init(catalogue: Catalogue = .standard, prelude: [PreludeFunction] = PreludeFunctions.all) {
        self.catalogue = catalogue
        self.prelude = prelude
    }

    /// The files, with what they define and the refinements of ``StubKnowledge`` that were of use.
    func make() -> (files: [StubFile], refined: Set<String>) {
        var types = StubTypes()
        var files: [StubFile] = []
        let tables = catalogue.operations.map(\.table).uniqued
        for table in tables {
            var functions = catalogue.operations.filter { $0.table == table }.map { function($0, &types) }
            functions += prelude.filter { $0.table == table }.map { function($0, &types) }
            let items = types.takeFresh() + [library(table)] + functions.map { .function($0) }
            files.append(StubFile(name: table + ".lua", items: items))
        }
        files.append(StubFile(name: "runbook.lua", items: runbook(without: Set(tables), &types)))
        files.append(StubFile(name: "test.lua", items: StubTest.items))
        return (files, types.refined)
    }

    /// What belongs to no table of operations.
    private func runbook(without tables: Set<String>, _ types: inout StubTypes) -> [StubItem] {
        var items: [StubItem] = []
        var seen: Set<String> = []
        let rest = prelude.filter { $0.table.map { !tables.contains($0) } ?? true }
        for entry in rest {
            var functions: [StubItem] = []
            switch entry.kind {
            case .function: functions.append(.function(function(entry, &types)))
            case .value: functions.append(value(entry, &types))
            }
            items += types.takeFresh()
            if let table = entry.table, seen.insert(table).inserted { items.append(library(table)) }
            items += functions
        }
        return StubRunbook.items(capabilities: capabilities) + types.takeFresh() + items + StubRunbook.clock
    }

    /// All that a manifest can ask for.
    private var capabilities: [String] {
        Set(catalogue.operations.map(\.capability) + prelude.flatMap(\.capabilities)).sorted().map(\.rawValue)
    }

    private func library(_ table: String) -> StubItem {
        .library(
            name: table, className: table + "lib",
            documentation: StubRunbook.tables[table] ?? "The operations of \(table).")
    }

    // MARK: Operations

    private func function(_ operation: Operation, _ types: inout StubTypes) -> StubFunction {
        let replies = StubReplies(catalogue: catalogue)
        var parameters: [StubField] = []
        switch operation.convention {
        case .positional:
            parameters = operation.parameters.map { argument($0, of: operation, replies, &types) }
        case .named where !operation.parameters.isEmpty:
            parameters = [namedArguments(of: operation, replies, &types)]
        case .named: break
        }
        let options = StubRunbook.callOptions(&types)
        parameters.append(
            StubField(
                name: "options", type: options, isOptional: true, documentation: "What goes for this call alone."))
        var paragraphs = operation.documentation.isEmpty ? [] : [operation.documentation]
        if operation.convention == .named { paragraphs.append("Written as `\(operation.signature)`.") }
        paragraphs.append(facts(of: operation))
        return StubFunction(
            name: operation.name, summary: operation.summary + ".", paragraphs: paragraphs, parameters: parameters,
            results: replies.results(of: operation, &types))
    }

    private func argument(
        _ parameter: Parameter, of operation: Operation, _ replies: StubReplies, _ types: inout StubTypes
    ) -> StubField {
        let subject = parameter.name.camelCased
        var type: String
        if let identifier = types.identifier(parameter, of: operation) {
            type = identifier
        } else {
            let className = subject + operation.function.camelCased
            type = types.name(
                of: parameter.type, className: className, base: subject, documentation: parameter.documentation)
            if let model = replies.readable(as: parameter, className: type, &types) { type += "|" + model }
        }
        return StubField(
            name: parameter.name, type: types.refine(operation.name, parameter.name, type),
            isOptional: !parameter.isRequired, documentation: parameter.documentation)
    }

    private func namedArguments(
        of operation: Operation, _ replies: StubReplies, _ types: inout StubTypes
    ) -> StubField {
        let owner = operation.table.camelCased + operation.function.camelCased + "Arguments"
        let fields = operation.parameters.map { parameter in
            var field = argument(parameter, of: operation, replies, &types)
            field.type = types.refine(owner, field.name, field.type)
            return field
        }
        let name = types.define(
            owner, .table(name: owner, fields: fields, documentation: "The arguments of \(operation.name)."))
        return StubField(
            name: "arguments", type: name, isOptional: operation.parameters.allSatisfy { !$0.isRequired },
            documentation: "In one table, by name.")
    }

    /// Effect, capability and request of an operation.
    private func facts(of operation: Operation) -> String {
        var facts = "Effect: \(operation.effect.rawValue). Capability: `\(operation.capability)`."
        if let endpoint = operation.endpoint {
            facts +=
                " Request: `\(endpoint.method.rawValue) \(endpoint.path)` (\(endpoint.service), \(operation.apiName))."
        }
        return facts
    }

    // MARK: The prelude

    private func function(_ entry: PreludeFunction, _ types: inout StubTypes) -> StubFunction {
        let parameters = entry.parameters.map { parameter in
            StubField(
                name: parameter.name,
                type: types.name(
                    of: parameter, owner: entry.name,
                    className: entry.name.split(separator: ".").map { String($0).capitalized }.joined()
                        + parameter.name.camelCased),
                isOptional: parameter.isOptional, documentation: parameter.documentation)
        }
        let results = entry.returns.map { result in
            StubField(
                name: "", type: types.refine(entry.name, "return", result.type), documentation: result.documentation)
        }
        for type in results.map(\.type) where type.words.contains("Secret") { _ = types.secret }
        return StubFunction(
            name: entry.name, summary: entry.summary + ".", paragraphs: paragraphs(of: entry), example: entry.example,
            generics: StubKnowledge.generics[entry.name] ?? [], parameters: parameters, results: results)
    }

    private func value(_ entry: PreludeFunction, _ types: inout StubTypes) -> StubItem {
        .value(
            name: entry.name, type: types.refine(entry.name, "value", entry.returns.first?.type ?? "any"),
            documentation: ([entry.summary + "."] + paragraphs(of: entry)).joined(separator: "\n\n"))
    }

    private func paragraphs(of entry: PreludeFunction) -> [String] {
        var paragraphs = entry.documentation.isEmpty ? [] : [entry.documentation]
        let capabilities = entry.capabilities.map { "`\($0)`" }.joined(separator: ", ")
        if !capabilities.isEmpty {
            paragraphs.append("\(entry.capabilities.count == 1 ? "Capability" : "Capabilities"): \(capabilities).")
        }
        return paragraphs
    }
}

extension Sequence<String> {
    /// Each once, where it comes first.
    fileprivate var uniqued: [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}

/// Makes scripts of what could differ from one run to the next: each piece tells the host in a call what it saw.
struct ScriptGenerator {
    private enum Piece: CaseIterable {
        case pairs, next, holes, random, clock, sleep, objects, format, faults, sort, notes, json, reply, depth,
            patterns
        // With pieces in them.
        case parallel, coroutine, closing, loop, handler

        static let plain = allCases.prefix { $0 != .parallel }
    }

    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// A script.
    mutating func script() -> String {
        var source = Self.opening
        for _ in 0..<number(4...12) { source += "try(function()\n\(piece())end)\n" }
        return source + "return { seen = seen, drawn = math.random(1000) }\n"
    }

    private static let opening = """
        local seen = 0
        local function tell(...)
          seen = seen + 1
          local texts = table.pack(...)
          for i = 1, texts.n do texts[i] = tostring(texts[i]) end
          return users.get(table.concat(texts, "|"), seen)
        end
        local function keys(t)
          local list = {}
          for key, value in pairs(t) do list[#list + 1] = tostring(key) .. "=" .. tostring(value) end
          return table.concat(list, " ")
        end
        local function try(work)
          local ok, problem = pcall(work)
          log.info("tried", { ok = ok, problem = tostring(problem) })
        end

        """

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func pick(_ texts: String...) -> String { texts.randomElement(using: &random) ?? "" }

    private mutating func pieces(_ count: Int, below depth: Int) -> String {
        (0..<count).map { _ in piece(at: depth + 1) }.joined()
    }

    private mutating func piece(at depth: Int = 0) -> String {
        let among = depth > 2 ? Piece.plain : Piece.allCases[...]
        return "do\n\(source(of: among.randomElement(using: &random) ?? .pairs, at: depth))\nend\n"
    }

    private mutating func source(of piece: Piece, at depth: Int) -> String {
        switch piece {
        case .pairs: return table("t") + "tell('pairs', keys(t), next(t))"
        case .next: return table("t") + next()
        case .holes: return holes()
        case .random: return "tell('random', math.random(\(number(1...1000))), math.random())"
        case .clock: return "tell('time', os.time(), os.clock(), os.date('%Y-%m-%d %H:%M:%S'))"
        case .sleep: return "sleep(\(number(0...9)) / 4)"
        case .objects:
            return "tell('object', {}, function() end, coroutine.create(print), print, null, \(key()))"
        case .format: return "tell('format', pcall(string.format, '%\(pick("p", "s", "10s", "q", "d"))', \(key())))"
        case .faults: return "tell('fault', pcall(function() \(fault()) end))"
        case .sort: return sort()
        case .notes:
            return "log.\(pick("info", "warn"))('line', { n = \(number(0...9)), t = tostring({}), list = { 1 } })"
        case .json:
            return table("t") + "tell('json', pcall(json.encode, t), json.encode({ b = 1, a = { 2 }, c = 'x' }))"
        case .reply: return reply()
        case .depth: return deep()
        case .patterns: return patterns()
        case .parallel: return parallel(at: depth)
        case .coroutine: return coroutine(at: depth)
        case .closing: return closing(at: depth)
        case .loop:
            let busy = pick("", "local sum = 0 for j = 1, 60000 do sum = sum + j end\n")
            return "for i = 1, \(number(1...3)) do\n\(pieces(1, below: depth))\(busy)end"
        case .handler:
            return """
                tell('handler', xpcall(function()
                  \(pieces(1, below: depth))
                  error({ kind = 'own' })
                end, function(problem) return type(problem) == 'table' and keys(problem) or problem end))
                """
        }
    }

    // MARK: Tables

    /// A key of any type that a table takes.
    private mutating func key() -> String {
        switch number(0...9) {
        case 0...2: "\(number(-3...40))"
        case 3...5: "\"\(pick("a", "bb", "name", "login", "x y", "ü"))\(number(0...30))\""
        case 6: "\(number(-50...50)) / 8"
        case 7: pick("true", "false", "null", "print", "string.rep", "users.get", "coroutine.running()")
        case 8: pick("{}", "function() end", "coroutine.create(print)", "json.array {}")
        default: "(\"k\"):rep(\(number(1...60)))"
        }
    }

    /// A key that may be there already: one that is not made anew each time.
    private mutating func removable() -> String {
        number(0...1) == 0 ? "\(number(-3...40))" : "\"\(pick("a", "bb", "name", "login"))\(number(0...30))\""
    }

    private mutating func table(_ name: String) -> String {
        var source = "local \(name) = {}\n"
        for _ in 0..<number(1...40) {
            let isRemoved = number(0...3) == 0
            source += isRemoved ? "\(name)[\(removable())] = nil\n" : "\(name)[\(key())] = \(number(0...99))\n"
        }
        return source
    }

    private mutating func next() -> String {
        """
        local order, key = {}, nil
        repeat
          key = next(t, key)
          order[#order + 1] = tostring(key)
          if key ~= nil and \(pick("true", "#order % 3 == 0")) then t[key] = nil end
        until key == nil
        tell('next', table.concat(order, ' '))
        """
    }

    /// Where a table ends that has holes depends on when it grew, and that on where its keys were put.
    private mutating func holes() -> String {
        """
        local t, lengths = {}, {}
        for i = 1, \(number(20...300)) do
          local key = math.random(40)
          if math.random(10) <= \(number(0...10)) then key = 'key' .. key end
          if math.random(3) > 1 then t[key] = i else t[key] = nil end
          lengths[i] = #t
        end
        tell('holes', table.concat(lengths, ' '), keys(t))
        """
    }

    private mutating func sort() -> String {
        """
        local list, compared = {}, {}
        for i = 1, \(number(2...120)) do list[i] = math.random(\(number(2...50))) end
        table.sort(list, function(a, b)
          compared[#compared + 1] = a
          return a \(pick("<", ">")) b
        end)
        tell('sort', #compared, table.concat(compared, ' '), table.concat(list, ' '))
        """
    }

    // MARK: Errors

    private mutating func fault() -> String {
        pick(
            "error({})", "error('plain', \(number(0...3)))", "error()",
            "error(setmetatable({}, { __tostring = function() return 'own' end }))", "local x = nil + 1",
            "local x = {} .. 'a'", "local x = {} < {}", "(nil)()", "undefined.field = 1", "string.rep()", "('x'):bad()",
            "setmetatable(1, {})", "load('x = = 1')()", "users.get(function() end)", "users.get({ 1, nil, 3 })",
            "json.decode('{\"a\":')", "table.concat({ {} })", "coroutine.resume(1)", "for i = 1, 10, 0 do end",
            "return setmetatable({}, { __index = error }).x")
    }

    private mutating func deep() -> String {
        """
        local depth = 0
        local function descend()
          depth = depth + 1
          return \(pick("pcall(descend)", "('x'):gsub('x', descend)"))
        end
        local ok = pcall(descend)
        tell('deep', ok, depth)
        """
    }

    // MARK: Texts and answers

    private mutating func patterns() -> String {
        """
        local function shout(text) return text:upper() .. #tostring(text) end
        tell('gsub', ('abc'):rep(\(number(1...50))):gsub('\(pick("a", "[bc]", "%w"))', shout))
        """
    }

    private mutating func reply() -> String {
        """
        local value = tell('reply')
        if type(value) == 'table' and value.password then
          local t = {}
          for _, name in ipairs { 'same', 'other', 'password' } do t[value[name]] = name end
          tell('secrets', keys(t))
        elseif type(value) == 'table' then
          tell('fields', keys(value), json.encode(value))
        else
          tell('value', value)
        end
        """
    }

    // MARK: What calls are made in

    private mutating func parallel(at depth: Int) -> String {
        let items = (1...number(1...9)).map(String.init).joined(separator: ", ")
        return """
            tell('parallel', pcall(function()
              return json.encode(parallel({ \(items) }, \(number(1...4)), function(item)
                \(pieces(2, below: depth))
                return tell('item', item) and item
              end))
            end))
            """
    }

    private mutating func coroutine(at depth: Int) -> String {
        """
        local co = coroutine.\(pick("wrap", "create"))(function(...)
          local given = ...
          for i = 1, \(number(1...4)) do
            \(pieces(1, below: depth))
            given = coroutine.yield(i, tell('inside', given), coroutine.isyieldable())
          end
          return 'end'
        end)
        for i = 1, \(number(1...6)) do
          if type(co) == 'thread' then
            tell('thread', coroutine.status(co), coroutine.resume(co, i))
          else
            tell('wrapped', pcall(co, i))
          end
        end
        """
    }

    private mutating func closing(at depth: Int) -> String {
        """
        local function close(_, problem) log.info('closed', { problem = tostring(problem) }) end
        local function loop(n)
          local closed <close> = setmetatable({}, { __close = close })
          for i = 1, n do
            \(pieces(1, below: depth))
          end
        end
        tell('closing', pcall(loop, \(number(1...3))))
        """
    }
}

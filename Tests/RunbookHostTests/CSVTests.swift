import Operations
import RunbookHost
import Testing

@Suite struct CSVTests {
    private func run(_ source: String) async throws -> RunOutcome {
        try await HostHarness().run("runbook {}\n" + source)
    }

    private func result(_ source: String) async throws -> JSONValue {
        let outcome = try await run(source)
        return outcome.error.map { .string($0.message) } ?? outcome.result
    }

    @Test func recordsHaveTheNamesOfTheHeader() async throws {
        let result = try await result(
            #"return { csv.decode("\xef\xbb\xbf login ,name\r\nada,\"Ada, Countess\nof \"\"Lovelace\"\"\"\r\n\r\nbob,\n") }"#
        )
        #expect(
            result == [
                [["login": "ada", "name": "Ada, Countess\nof \"Lovelace\""], ["login": "bob", "name": ""]], [2, 5],
            ])
    }

    @Test func withoutAHeaderThereAreLists() async throws {
        let result = try await result(
            #"return { csv.decode("a;b\n\"\"\n1;", { header = false, separator = ";" }) }"#)
        #expect(result == [[["a", "b"], [""], ["1", ""]], [1, 2, 3]])
    }

    @Test func nothingIsAnEmptyList() async throws {
        let result = try await result(#"return { (csv.decode("")), (csv.decode("\n\n")), (csv.decode("a,b\n")) }"#)
        #expect(result == [[], [], []])
    }

    @Test(
        arguments: [
            (#"a,b\n1"#, "line 2 has 1 cell, and the header has 2"),
            (#"a\n1,2"#, "line 2 has 2 cells, and the header has 1"),
            (#"a\n1\n\"x\ny"#, "line 3: the quote that begins a cell here is never closed"),
            (#"a\nx\"y"#, "line 2: there is a quote within a cell"),
            (#"a\n\"x\"y"#, "line 2: after the quote that closes a cell there is more of it"),
            (#"a,a\n"#, "line 1: the header names the column 'a' twice"),
            (#"a,\n"#, "line 1: the header's cell 2 is empty"),
            (#"b,c\n"#, "line 1: the column is missing: a; there are: b, c"),
            ("", "there is no header line: it must name the columns a"),
        ])
    func aMistakeIsFoundOnItsLine(text: String, message: String) async throws {
        let outcome = try await run("csv.decode(\"\(text)\", { columns = { \"a\" } })")
        #expect(outcome.status == .failed)
        #expect(outcome.error?.message.contains(message) == true, "\(outcome.error?.message ?? "")")
    }

    @Test(
        arguments: [
            (#"csv.decode(7)"#, "the text must be a string, got a number"),
            (
                #"csv.decode("", { seperator = "," })"#,
                "there is no option 'seperator'; there are: columns, header, separator"
            ),
            (#"csv.decode("", { separator = "ab" })"#, "the separator must be one sign"),
            (#"csv.decode("", { separator = "x" })"#, "the separator must be one sign"),
            (#"csv.encode({ 7 })"#, "row 1 must be a table, got a number"),
            (#"csv.encode({ { a = print } })"#, "row 1, column a: a function cannot be written into a cell"),
            (
                #"csv.encode({ { a = secrets.generate(8) } })"#,
                "row 1, column a: a secret cannot be written into a cell"
            ),
            (#"csv.encode({ { a = { b = 1 } } })"#, "row 1, column a: a table cannot be written into a cell"),
            (#"csv.encode({ { a = { {} } } })"#, "row 1, column a: the list holds a table"),
            (#"csv.encode({ { 1 } })"#, "row 1 is a list: name the columns, or write header = false"),
            (#"csv.encode({ { 1, 2 } }, { columns = { "a" } })"#, "row 1 has 2 cells, and there are 1 columns"),
            (
                #"csv.decode("", { columns = { a = true } })"#,
                "the option columns must be a list, and this table has names"
            ),
            (#"csv.decode("", { columns = { {} } })"#, "column 1 must be a string, got a table"),
            (#"csv.decode("1", { columns = { "a" }, header = false })"#, "header = false says that there is none"),
            (#"csv.encode({ a = 1 })"#, "the rows must be a list, and this table has names"),
            (#"csv.encode({ { a = 1 } }, { header = false })"#, "row 1 must be a list, and this table has names"),
            (#"csv.encode({ { a = 1 } }, { columns = { a = true } })"#, "the option columns must be a list"),
            (#"csv.encode({ { a = 0/0 } })"#, "row 1, column a: NaN is no number that can be written"),
            (#"csv.encode({ { a = -1/0 } })"#, "row 1, column a: -inf is no number that can be written"),
            (#"csv.encod({})"#, "there is no csv.encod; there are: decode, encode"),
        ])
    func whatCannotBeDoneSaysWhy(call: String, message: String) async throws {
        let outcome = try await run(call)
        #expect(outcome.error?.message.contains(message) == true, "\(outcome.error?.message ?? "")")
    }

    @Test func recordsAreWrittenInTheOrderOfTheColumns() async throws {
        let result = try await result(
            """
            return csv.encode({
              { login = "ada", sites = { 1, 2 }, enabled = true, ratio = 0.5 },
              { login = 'b"o, b', sites = json.array {}, enabled = null },
            }, { columns = { "login", "enabled", "sites", "ratio" } })
            """)
        #expect(result == "login,enabled,sites,ratio\nada,true,1;2,0.5\n\"b\"\"o, b\",,,\n")
    }

    @Test func withoutColumnsAllNamesAreWrittenSorted() async throws {
        #expect(try await result("return csv.encode { { b = 1 }, { a = 2 } }") == "a,b\n,1\n2,\n")
        #expect(try await result("return csv.encode({ { 1, 2 }, { 3 } }, { header = false })") == "1,2\n3\n")
        #expect(try await result("return csv.encode({}, { columns = { 'a' } })") == "a\n")
    }

    @Test func numbersKeepTheirDigits() async throws {
        let result = try await result(
            "return csv.encode({ { 1795320000123456.0, 0.1, 2 ^ 53, { 0.25 } } }, { header = false })")
        let cells = result.stringValue?.dropLast().split(separator: ",").compactMap { Double($0) }
        #expect(cells == [1_795_320_000_123_456, 0.1, 9_007_199_254_740_992, 0.25], "\(result)")
    }

    @Test func aHeaderOfSpacesIsReadInTime() async throws {
        let result = try await result(
            #"return #(csv.decode("a" .. (" "):rep(1000000) .. "b,c" .. (" "):rep(1000000) .. "\n1,2\n"))"#)
        #expect(result == 1)
    }

    @Test func aSpreadsheetIsGivenNoFormulas() async throws {
        let result = try await result(
            """
            local rows = {}
            for index, value in ipairs { "=1+1", "+x", "-x", "@x", "\\tx", -5, "-5.5", "x=1" } do rows[index] = { value } end
            return csv.encode(rows, { header = false, spreadsheet = true })
            """)
        #expect(result == "'=1+1\n'+x\n'-x\n'@x\n'\tx\n-5\n-5.5\nx=1\n")
    }

    @Test(arguments: MachineKind.allCases) func whatIsWrittenIsReadAgain(kind: MachineKind) async throws {
        let outcome = try await HostHarness(kind).run(
            """
            runbook {}
            local signs = { ",", ";", '"', "\\n", "\\r\\n", " ", "a", "é", "=", "", "x y" }
            for _ = 1, 300 do
              local rows = json.array {}
              for row = 1, math.random(4) do
                rows[row] = {}
                for column = 1, 3 do
                  local cell = {}
                  for index = 1, math.random(0, 5) do cell[index] = signs[math.random(#signs)] end
                  rows[row]["c" .. column] = table.concat(cell)
                end
              end
              local separator = math.random(2) == 1 and "," or ";"
              local text = csv.encode(rows, { separator = separator })
              local again = csv.decode(text, { separator = separator })
              if json.encode(again) ~= json.encode(rows) then error(json.encode(rows) .. " was read as " .. json.encode(again)) end
            end
            """)
        #expect(outcome.status == .succeeded, "\(outcome.error?.message ?? "")")
    }
}

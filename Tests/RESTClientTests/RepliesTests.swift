import Operations
import RESTClient
import Testing

@Suite("What a server answers")
struct RepliesTests {
    private func error(_ answer: Answer, _ call: OperationCall = .readThing) async throws -> APIError {
        try #require(try await RESTClientTests.answer([answer], to: call).result.error)
    }

    @Test(
        "a success is handed on byte for byte",
        arguments: [
            #"{"id":7,"nested":[1,2,{"a":null}]}"#, "[]", #""text""#, "42", "-1.5", "true", "null", " {\n} \r\n",
        ])
    func success(body: String) async throws {
        for status in [200, 201] {
            let (result, _) = try await answer([.json(body, status: status)], to: .readThing)
            let reply = try result.get()
            #expect(reply.text == body)
            #expect(reply.status == status)
            #expect(reply.attempts == 1)
        }
    }

    @Test("a chunked success, and one that ends with the connection, are put together")
    func framing() async throws {
        for raw in [
            Answer.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"id\r\n5\r\n\": 7}\r\n0\r\n\r\n"),
            .rawAndClose("HTTP/1.0 200 OK\r\n\r\n{\"id\": 7}"),
            .raw("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"id\": 7}"),
        ] {
            #expect(try await answer([raw], to: .readThing).result.get().text == #"{"id": 7}"#)
        }
    }

    @Test("a large page arrives whole")
    func large() async throws {
        let body = "[" + String(repeating: #"{"login":"somebody"},"#, count: 50_000) + "{}]"
        #expect(try await answer([.json(body)], to: .readThing).result.get().body.count == body.utf8.count)
    }

    @Test("an empty success is one only where nothing is expected")
    func empty() async throws {
        for answer in [Answer.reply(200), .reply(200, body: " \r\n"), .raw("HTTP/1.1 204 No Content\r\n\r\n")] {
            #expect(try await RESTClientTests.answer([answer], to: .deleteThing).result.error == nil)
            let error = try await error(answer)
            #expect(error.kind == .network)
            #expect(error.message.contains("empty body"))
        }
    }

    @Test(
        "a success that is not JSON is none",
        arguments: [
            ("<html><body>Sign in</body></html>", "a web page"), ("\n <!DOCTYPE html>", "a web page"),
            ("OK", "instead of JSON"),
            ("\u{1}\u{2}", "instead of JSON"), (#"{"id":7"#, "cut off"), ("[1,2", "cut off"), (#""half"#, "cut off"),
        ])
    func notJSON(body: String, says: String) async throws {
        let error = try await error(.reply(200, body: body))
        #expect(error.kind == .network)
        #expect(error.status == 200)
        #expect(error.message.contains(says), "\(error.message)")
        #expect(!error.message.contains("Sign in"))
    }

    @Test("a compressed body that nobody asked for is refused")
    func compressed() async throws {
        let error = try await error(.reply(200, headers: [("Content-Encoding", "gzip")], body: "xxxx"))
        #expect(error.message.contains("compressed"))
    }

    @Test(
        "statuses have their kinds",
        arguments: [
            (400, APIError.Kind.badRequest), (401, .unauthorized), (402, .license), (403, .forbidden), (404, .notFound),
            (405, .badRequest), (407, .network), (408, .timeout), (409, .conflict), (410, .badRequest),
            (415, .badRequest),
            (422, .badRequest), (429, .rateLimited), (500, .unavailable), (501, .unavailable), (502, .unavailable),
            (503, .unavailable), (504, .unavailable), (599, .unavailable), (302, .network), (304, .network),
            (600, .network),
        ])
    func kinds(status: Int, kind: APIError.Kind) async throws {
        for body in [
            "", #"{"status":"\#(status)","message":"because","links":[]}"#, "plain words", "<html>", "{broken",
        ] {
            let error = try await error(.reply(status, body: body))
            if status != 404 || body != "<html>" { #expect(error.kind == kind, "\(body)") }
            #expect(error.status == status)
            #expect(!error.message.isEmpty)
            #expect(error.operation == "things.get")
        }
    }

    @Test(
        "what the server says is in the message, in every form it says it",
        arguments: [
            (#"{"status":404,"message":"no user 7","links":[]}"#, "no user 7"),
            (#"{"status":"404","message":"no user 7"}"#, "no user 7"),
            (#"{"message":{"key":"user.missing","defaultValue":"no user 7"}}"#, "no user 7"),
            (#"{"reply":{"err_code":404,"err_msg":"no user 7","err_extra":null}}"#, "no user 7"),
            (#"{"reply":{"err_code":"404","err_msg":"refused","err_extra":"no user 7"}}"#, "refused; no user 7"),
            (#"{"reply":{"err_code":404,"err_msg":"refused","err_extra":{"why":["no user 7"]}}}"#, "why: no user 7"),
            (
                #"{"code":422,"status":"Invalid","errors":{"json":{"role_name":["no user 7"]}}}"#,
                "json: role_name: no user 7"
            ),
            (#"{"errors":[{"field":"login","message":"no user 7"}]}"#, "no user 7"),
            (#"{"reply":"no user 7"}"#, "no user 7"), ("no user 7", "no user 7"), (#""no user 7""#, "no user 7"),
            ("<html><p>no user 7</p></html>", ""), (#"{"message":null,"errors":null}"#, ""), ("[]", ""), ("\u{ff}", ""),
        ])
    func messages(body: String, says: String) async throws {
        let console = try await error(.reply(422, body: body))
        let xpanse = try await error(.reply(422, body: body), .readXpanse)
        for error in [console, xpanse] {
            #expect(error.kind == .badRequest)
            #expect(error.message.contains(says), "\(error.message)")
            if says.isEmpty { #expect(!error.message.contains("no user 7")) }
        }
    }

    @Test("a server's words are cut short, on one line, without control characters")
    func cleaned() async throws {
        let long = try await error(.json("{\"message\":\"\(String(repeating: "x", count: 5000))\"}", status: 400))
        #expect(long.message.count < 600)
        let hostile = try await error(
            .json(#"{"message":"a\u001b[31mred\u0007\r\nb\u0000\u202ec\u2028d\u009b"}"#, status: 400))
        #expect(hostile.message.hasSuffix("a [31mred b c d"), "\(hostile.message)")
        let header = try await error(.reply(302, headers: [("Location", "https://x.example/\u{1b}[2J")]))
        #expect(!header.message.contains("\u{1b}"))
    }

    @Test("details hold the body without links")
    func details() async throws {
        let error = try await error(
            .json(#"{"status":400,"message":"no","links":[{"href":"x"}],"errors":[{"a":1,"links":[]}]}"#, status: 400))
        #expect(error.details == ["status": 400, "message": "no", "errors": [["a": 1]]])
        #expect(try await self.error(.reply(400, body: "<html>")).details == .null)
        #expect(try await self.error(.reply(400)).details == .null)
    }

    @Test("an error whose body is endless JSON or very large is still only an error")
    func hugeError() async throws {
        let deep = String(repeating: "[", count: 100_000)
        #expect(try await error(.reply(400, body: deep)).kind == .badRequest)
        let wide = #"{"message":"\#(String(repeating: "y", count: 1_000_000))"}"#
        let error = try await error(.reply(400, body: wide))
        #expect(error.kind == .badRequest)
        #expect(error.message.count < 600)
    }

    @Test("a 401 names the settings, and says what else it may mean")
    func unauthorized() async throws {
        let console = try await error(.reply(401))
        for word in [
            "nadia", "RUNBOOK_CONSOLE_USER", "RUNBOOK_CONSOLE_PASSWORD", "RUNBOOK_CONSOLE_TOKEN", "permission",
            "'test'",
        ] {
            #expect(console.message.contains(word), "\(word)")
        }
        let xpanse = try await error(.reply(401), .readXpanse)
        for word in [
            "standard key", "id 12", "RUNBOOK_XPANSE_KEY_ID", "RUNBOOK_XPANSE_KEY", "RUNBOOK_XPANSE_KEY_TYPE",
            "advanced",
        ] {
            #expect(xpanse.message.contains(word), "\(word)")
        }
    }

    @Test("a 401 after a success of the same user is a missing permission")
    func missingPermission() async throws {
        try await HostileServer.with([.json("{}"), .reply(401)]) { server in
            try await withTransport(to: server.url) { transport in
                _ = try await transport.send(.readThing)
                let error = await transport.failure(of: .deleteThing)
                #expect(error?.kind == .unauthorized)
                #expect(error?.message.contains("lacks the permission for things.delete") == true)
            }
        }
    }

    @Test("a redirect is not followed, and nothing is sent where it points")
    func redirect() async throws {
        try await HostileServer.with([.json("{}")]) { elsewhere in
            let location = elsewhere.url + "/api/3/things/7"
            for status in [301, 302, 303, 307, 308] {
                let error = try await error(.reply(status, headers: [("Location", location)]))
                #expect(error.kind == .network)
                #expect(error.message.contains(location))
                #expect(error.message.contains("RUNBOOK_CONSOLE_URL"))
            }
            #expect(elsewhere.connections == 0)
        }
    }

    @Test(
        "what is not HTTP is told as such",
        arguments: [
            "SSH-2.0-OpenSSH_9.2\r\n", "\u{15}\u{3}\u{3}\u{0}\u{2}\u{2}F", "HTTP/9.9 200 OK\r\n\r\n",
            "HTTP/1.1 abc OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
        ])
    func garbage(text: String) async throws {
        let error = try await error(.raw(text))
        #expect(error.kind == .network)
        #expect(error.message.contains("not HTTP"), "\(error.message)")
    }

    @Test("a second reply to one request never answers the next one")
    func smuggled() async throws {
        let own = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"id\":1}"
        let smuggled = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"id\":2}"
        try await HostileServer.with([.raw(own + smuggled), .json(#"{"id":3}"#)]) { server in
            try await withTransport(to: server.url) { transport in
                let first = try await transport.send(.readThing)
                let second = try await transport.send(.readThing)
                #expect(first.text == #"{"id":1}"#)
                #expect(second.text == #"{"id":3}"#)
            }
        }
    }

    @Test("endless headers and bodies beyond the limit are cut off")
    func tooLarge() async throws {
        let header = try await error(.raw("HTTP/1.1 200 OK\r\nX: \(String(repeating: "x", count: 200_000))"))
        #expect(header.kind == .network)
        let announced = try await error(.raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{"))
        #expect(announced.message.contains("64 MB"), "\(announced.message)")
        let chunk = "1000000\r\n" + String(repeating: " ", count: 0x1000000) + "\r\n"
        let endless = String(repeating: chunk, count: 5)
        let unannounced = try await error(.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + endless))
        #expect(unannounced.message.contains("64 MB"), "\(unannounced.message)")
    }

    @Test("a 404 that is a web page is no missing thing")
    func wrongServer() async throws {
        let error = try await error(.reply(404, body: "<!doctype html><title>404</title>"))
        #expect(error.kind == .network)
        #expect(error.message.contains("RUNBOOK_CONSOLE_URL"))
    }
}

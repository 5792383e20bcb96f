import Operations
import Testing

@Suite("From reply to result")
struct ResultShapeTests {
    static let links: JSONValue = [["rel": "self", "href": "https://c:3780/api/3"]]

    @Test("links alone are nothing, unless asked for")
    func nothing() {
        let body: JSONValue = ["links": Self.links]
        #expect(ResultShape.nothing.apply(to: body).value == .null)
        #expect(ResultShape.nothing.apply(to: body, keepingLinks: true).value == body)
        #expect(ResultShape.nothing.apply(to: .null).value == .null)
    }

    @Test("links are dropped at every level, unless asked for")
    func droppingLinks() {
        let body: JSONValue = [
            "id": 7, "links": Self.links, "role": ["id": "user", "links": Self.links],
            "list": [["links": Self.links, "a": 1], "links"],
        ]
        #expect(
            ResultShape.object.apply(to: body).value == ["id": 7, "role": ["id": "user"], "list": [["a": 1], "links"]])
        #expect(ResultShape.object.apply(to: body, keepingLinks: true).value == body)
    }

    @Test(
        "a list is a list even if the server sends null or leaves it out",
        arguments: [["resources": nil], [:], .null, [], ["resources": "x"]] as [JSONValue])
    func missingResources(body: JSONValue) {
        #expect(ResultShape.resources.apply(to: body).value == [])
        let page = ResultShape.page.apply(to: body)
        #expect(page.value == [])
        #expect(page.page == [:])
    }

    @Test("a page is its resources and itself")
    func page() {
        let body: JSONValue = [
            "resources": [["id": 1, "links": Self.links]], "links": Self.links,
            "page": ["number": 0, "size": 10, "totalPages": 1, "totalResources": 1],
        ]
        let (value, page) = ResultShape.page.apply(to: body)
        #expect(value == [["id": 1]])
        #expect(page == ["number": 0, "size": 10, "totalPages": 1, "totalResources": 1])
        #expect(ResultShape.page.apply(to: ["resources": [], "page": nil]).page == [:])
        #expect(ResultShape.resources.apply(to: body).page == nil)
    }

    @Test("a member is itself, or null")
    func member() {
        #expect(ResultShape.member("id").apply(to: ["id": 7, "links": Self.links]).value == 7)
        #expect(ResultShape.member("id").apply(to: [:]).value == .null)
        #expect(ResultShape.member("id").apply(to: .null).value == .null)
    }

    @Test("a key is sealed; none configured is null")
    func secretMember() {
        let shape = ResultShape.secretMember("key")
        #expect(shape.apply(to: ["key": "JBSW"]).value == .secret(SecretValue("JBSW")))
        #expect(shape.apply(to: ["key": 123_456]).value == .secret(SecretValue("123456")))
        for body: JSONValue in [["key": nil], ["key": ""], [:], .null] { #expect(shape.apply(to: body).value == .null) }
    }

    @Test(
        "a count is an integer, also if it comes as text",
        arguments: [
            (["reply": ["update_count": 2]], 2), (["reply": ["update_count": "2"]], 2),
            (["reply": ["update_count": 2.0]], 2), (["reply": ["update_count": 0]], 0),
            (["reply": ["update_count": "many"]], .null), (["reply": [:]], .null), (["reply": nil], .null),
            ([:], .null),
        ] as [(JSONValue, JSONValue)])
    func replyCount(body: JSONValue, count: JSONValue) {
        #expect(ResultShape.replyCount("update_count").apply(to: body).value == count)
    }

    @Test(
        "a reply's list is flat, also if it comes as lists of lists",
        arguments: [
            (["reply": [["a": 1], ["a": 2]]], [["a": 1], ["a": 2]]),
            (["reply": [[["a": 1]], [["a": 2], ["a": 3]], []]], [["a": 1], ["a": 2], ["a": 3]]),
            (["reply": []], []), (["reply": nil], []), (["reply": [:]], []), ([:], []), (.null, []),
        ] as [(JSONValue, JSONValue)])
    func replyList(body: JSONValue, list: JSONValue) {
        #expect(ResultShape.replyList.apply(to: body).value == list)
    }

    @Test("an own operation's body stays as it is")
    func value() {
        let body: JSONValue = ["links": Self.links, "a": nil]
        #expect(ResultShape.value.apply(to: body).value == body)
    }
}

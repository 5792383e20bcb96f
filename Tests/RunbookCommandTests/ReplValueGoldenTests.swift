import RunbookHost
import Testing

@testable import runbook

/// How values look, in each form and at several widths.
@Suite("Values as they are shown")
struct ReplValueGoldenTests {
    private static func style(_ width: Int?, hasColor: Bool = false) -> ScreenStyle {
        var style = ScreenStyle()
        style.width = width
        style.hasColor = hasColor
        return style
    }

    private static func page(_ form: ValueForm, _ style: ScreenStyle) -> String {
        ReplValueSamples.all.map { statement, values in
            "> \(statement)\n" + ValuePrinter(style: style).text(of: values, as: form)
        }.joined(separator: "\n")
    }

    @Test("in every form, as wide as the screen", arguments: ValueForm.allCases, [nil, 40, 80, 120])
    func looks(form: ValueForm, width: Int?) throws {
        // JSON is for programs too, and knows of no width.
        let name = form == .json ? "json.txt" : width.map { "\(form)-\($0).txt" } ?? "\(form).txt"
        try Golden.check(Self.page(form, Self.style(width)), "repl-values/\(name)")
    }

    @Test("with colours, which move nothing", arguments: ValueForm.allCases)
    func colored(form: ValueForm) throws {
        let colored = Self.page(form, Self.style(80, hasColor: true))
        if form == .natural {
            try Golden.check(colored.replacingPlaces(of: "\u{1b}", with: "\\e"), "repl-values/colours.txt")
        }
        let plain = ["0", "2", "33", "36"].reduce(colored) { $0.replacingPlaces(of: "\u{1b}[\($1)m", with: "") }
        #expect(plain == Self.page(form, Self.style(80)))
    }

    @Test("no line is wider than the screen", arguments: [40, 64, 80, 99, 120, 200])
    func fits(width: Int) {
        let printer = ValuePrinter(style: Self.style(width))
        // A text by itself is shown as it is, and broken by the terminal.
        for sample in ReplValueSamples.all where !sample.values.contains(where: \.isScalar) {
            for form in [ValueForm.natural, .table, .expanded] {
                for line in printer.text(of: sample.values, as: form).split(separator: "\n") {
                    #expect(String(line).columns <= width, "\(form) at \(width): \(line)")
                }
            }
        }
    }

    @Test("no row is wider than a screen that is too narrow for anything", arguments: [1, 2, 5, 12, 20, 33])
    func narrow(width: Int) {
        let printer = ValuePrinter(style: Self.style(width))
        for number in [0, 3, 4, 9, 10] {
            for line in printer.text(of: ReplValueSamples.all[number].values, as: .table).split(separator: "\n") {
                #expect(String(line).columns <= width, "\(number) at \(width): \(line)")
            }
        }
    }
}

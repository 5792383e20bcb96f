import Operations

/// The page of environment variables.
enum EnvironmentReference {
    static var page: ReferencePage {
        ReferencePage(
            "Environment-variables-reference", title: "Environment variables",
            abstract: "The variables that `runbook` reads, and those that it gives to programs."
        ) { page in
            page.paragraph(
                "Flags go before variables, and variables before configuration files: `runbook config` shows each value "
                    + "with its origin. A variable that is empty counts as not set.")
            page.heading("The same as a flag")
            table(EnvironmentVariable.ofFlags, &page)
            page.heading("Runbooks")
            table([.path], &page)
            page.heading("The target called environment")
            page.paragraph(
                "With a URL there is a target of the name `environment`, which is used unless another is named. It is a target "
                    + "of its own: credentials from here are never sent to the address of another one.")
            for service in [Service.console, .xpanse] {
                page.heading(service == .console ? "The console" : "Cortex Xpanse", level: 3)
                table(EnvironmentVariable.variables(of: service), &page)
            }
            page.heading("Given to programs that a schedule's hook starts")
            page.paragraph(
                "Besides \(HookProgram.passedOn.sorted().map(Markdown.code).joined(separator: ", ")) and those that begin with "
                    + "`LC_`, if they are set; all else of the daemon's environment is kept from them."
            )
            table(EnvironmentVariable.ofPrograms, &page)
            page.heading("Of the system")
            table(EnvironmentVariable.ofSystem, &page)
        }
    }

    private static func table(_ variables: [EnvironmentVariable], _ page: inout Markdown) {
        page.table(
            ["Variable", "Meaning"], variables.map { [Markdown.code($0.name), Prose.standard.markup($0.text)] })
    }
}

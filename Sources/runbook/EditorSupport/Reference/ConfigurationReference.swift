/// The page of what stands in configuration files.
enum ConfigurationReference {
    static var page: ReferencePage {
        ReferencePage(
            "Configuration-reference", title: "Configuration",
            abstract: "The keys of configuration files, in YAML."
        ) { page in
            page.paragraph(
                """
                Flags go before environment variables, those before a project's file, that before your own file, and all \
                before the defaults: `runbook config` shows each value with its origin. A key that is not here is refused \
                with its line. A project's file comes with a checkout, so it can only narrow what your own file allows, and \
                may not have the keys that are marked *own file only*.
                """)
            page.table(
                ["File", "What it is"],
                ManualNotes.files.map { [Markdown.code($0.path), Prose.standard.markup($0.text)] })
            for section in ConfigurationSection.allCases {
                switch section {
                case .file: page.heading("The file")
                case .secret:
                    page.heading("Secrets")
                    page.paragraph(
                        "A secret stands in no configuration file. Its value is a mapping that says in one way where it is kept."
                    )
                default: page.heading(section.path)
                }
                page.table(
                    ["Key", "Value", "Default", "Meaning"],
                    section.keys.map { key in
                        [
                            Markdown.code(key.name), Prose.standard.markup(key.value),
                            Prose.standard.markup(key.standard),
                            Prose.standard.markup(key.text) + (key.isOwn ? " *Own file only.*" : ""),
                        ]
                    })
            }
            page.heading("An example")
            page.code(example, language: "yaml")
        }
    }

    /// A file that has most of it.
    static let example = """
        default_target: prod
        targets:
          prod:
            console:
              url: https://console.example.com:3780
              user: automation
              password: { file: ~/.config/runbook/console-password }
              fingerprint: "AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89"
            xpanse:
              url: https://api-example.xdr.us.paloaltonetworks.com
              key_id: "7"
              key: { env: XPANSE_KEY }
        policy:
          capabilities: [users:read, users:unlock, roles:read, xpanse:read]
        limits: { time: 30m, changes: 500 }
        audit:
          checkpoint: { file: /mnt/append-only/runbook.checkpoints }
        """
}

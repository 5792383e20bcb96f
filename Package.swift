// swift-tools-version: 6.2
import PackageDescription

/// The strict settings every Swift target of this package is built with.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A release of the command carries the Swift runtime in itself: it starts quicker and runs where no Swift is installed.
/// What FoundationEssentials is made of is named because it is not found by itself.
///
/// Nobody loads the command as a library: without its symbols for such, what it does not use itself can be left out. And
/// its relocations are packed, which the C library unpacks since glibc 2.36 (Debian 12). Each saves 2 MB of memory.
let staticRuntime: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-static-stdlib", "-Xlinker", "--start-group", "-lFoundationEssentials", "-l_FoundationCollections",
            "-l_FoundationCShims", "-Xlinker", "--end-group", "-use-ld=lld", "-Xlinker", "--no-export-dynamic",
            "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs",
        ], .when(platforms: [.linux], configuration: .release))
]

/// The worker is C alone: without the Swift runtime, which every executable is linked with otherwise, it starts in two
/// thirds of the time and takes 2 MB less.
let withoutRuntime: [LinkerSetting] = [
    .unsafeFlags(["-nostartfiles", "-static-stdlib"], .when(platforms: [.linux]))
]

let package = Package(
    name: "runbook",
    products: [
        .library(name: "RunbookHost", targets: ["RunbookHost", "LuaMachine", "Operations"]),
        .library(name: "RESTClient", targets: ["RESTClient"]),
        .library(name: "RunbookSchedule", targets: ["RunbookSchedule"]),
        .library(name: "RunbookStore", targets: ["RunbookStore"]),
        .library(name: "SharedLoop", targets: ["SharedLoop"]),
        .library(name: "ConsoleSimulator", targets: ["ConsoleSimulator"]),
        .library(name: "RunbookTesting", targets: ["RunbookTesting"]),
        .executable(name: "runbook", targets: ["runbook"]),
        .executable(name: "runbook-vm", targets: ["runbook-vm"]),
        .executable(name: "runbook-simulator", targets: ["runbook-simulator"]),
    ],
    dependencies: [
        // The command line: subcommands, flags, help, completions.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // Structured logging that an embedding program can route.
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        // SHA-256 of runbook sources and of Xpanse's advanced keys.
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        // HTTP to the console and to Xpanse, and event loops below the simulator.
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        // TLS to the console and to Xpanse, and the simulator's.
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        // The simulator's HTTP server; no traits: full Foundation stays out.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        // The simulator's requests and replies.
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        // The simulator's self-signed certificate.
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        // The daemon's services: started in order, stopped in order, told of SIGTERM.
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        // The names in certificates.
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
    ],
    targets: [
        // The configuration file.
        .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
        // Lua 5.4 and simdjson, which parses replies; `scripts/setup` installs liblua5.4-dev and libsimdjson-dev. Lua is
        // linked statically: calls into a shared library cost a script up to a tenth of its time.
        .target(
            name: "CRunbookVM",
            linkerSettings: [.linkedLibrary(":liblua5.4.a"), .linkedLibrary("simdjson"), .linkedLibrary("m")]),
        .target(name: "CRunbookConfine"),
        .executableTarget(
            name: "runbook-vm", dependencies: ["CRunbookVM", "CRunbookConfine"], linkerSettings: withoutRuntime),
        .target(name: "LuaMachine", dependencies: ["CRunbookVM"], swiftSettings: strict),
        .target(name: "Operations", swiftSettings: strict),
        .target(
            name: "RunbookHost",
            dependencies: [
                "LuaMachine", "Operations",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            resources: [
                .embedInCode("Prelude/prelude.lua"), .embedInCode("Prelude/session.lua"),
                .embedInCode("Prelude/csv.lua"),
            ],
            swiftSettings: strict),
        .target(
            name: "RunbookSchedule",
            dependencies: [
                "RunbookHost", "LuaMachine", "Operations", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        // Runs, journals, plans and the audit log in one file; linked statically, as Lua is.
        .systemLibrary(name: "CSQLite", providers: [.apt(["libsqlite3-dev"])]),
        .target(
            name: "RunbookStore", dependencies: ["RunbookHost", "RunbookSchedule", "Operations", "CSQLite"],
            swiftSettings: strict),
        .target(
            name: "RESTClient",
            dependencies: [
                "Operations",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .target(
            name: "SharedLoop",
            dependencies: [
                "LuaMachine",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: strict),
        // What both servers know and answer, without a network.
        .target(
            name: "ConsoleModel",
            dependencies: ["Operations", .product(name: "Crypto", package: "swift-crypto")], swiftSettings: strict),
        // Runs the tests that stand beside runbooks.
        .target(
            name: "RunbookTesting",
            dependencies: [
                "ConsoleModel", "RunbookHost", "LuaMachine", "Operations",
                .product(name: "Logging", package: "swift-log"),
            ],
            resources: [.embedInCode("Prelude/testing.lua")],
            swiftSettings: strict),
        .target(
            name: "ConsoleSimulator",
            dependencies: [
                "ConsoleModel", "Operations",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        // Edits lines at a terminal.
        .target(name: "LineEditor", swiftSettings: strict),
        // What the programs for people have in common.
        .target(
            name: "CommandSupport",
            dependencies: [.product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: strict),
        .executableTarget(
            name: "runbook",
            dependencies: [
                "RunbookHost", "RunbookSchedule", "RunbookStore", "LuaMachine", "Operations", "RESTClient",
                "RunbookTesting", "SharedLoop", "CommandSupport", "LineEditor", "CYAML",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: strict,
            linkerSettings: staticRuntime),
        .executableTarget(
            name: "runbook-simulator",
            dependencies: [
                "ConsoleSimulator", "CommandSupport", "RunbookHost",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict,
            linkerSettings: staticRuntime),
        // Measures what a call costs the host.
        .executableTarget(
            name: "bench-calls", dependencies: ["RunbookHost", "LuaMachine", "Operations"],
            path: "scripts/benchmarks/calls", swiftSettings: strict),
        // Starts many runs at once.
        .executableTarget(
            name: "bench-runs",
            dependencies: [
                "RunbookHost", "LuaMachine", "Operations", "RESTClient", "SharedLoop",
                .product(name: "Logging", package: "swift-log"),
            ], path: "scripts/benchmarks/runs", swiftSettings: strict),
        // Measures what a journal costs.
        .executableTarget(
            name: "bench-journal",
            dependencies: [
                "RunbookHost", "RunbookStore", "LuaMachine", "Operations", "SharedLoop", "runbook-vm",
                .product(name: "Logging", package: "swift-log"),
            ], path: "scripts/benchmarks/journal", swiftSettings: strict),
        // Fills a state folder with schedules, and measures their next firings and how late they are started.
        .executableTarget(
            name: "bench-schedules",
            dependencies: ["RunbookHost", "RunbookSchedule", "RunbookStore", "Operations"],
            path: "scripts/benchmarks/schedules", swiftSettings: strict),
        // What scripts/counts counts the host's work by.
        .executableTarget(
            name: "count-calls",
            dependencies: [
                "RunbookHost", "LuaMachine", "Operations", "RESTClient", "SharedLoop", "runbook-vm",
                .product(name: "Logging", package: "swift-log"),
            ], path: "scripts/benchmarks/counts/calls", swiftSettings: strict),
        .testTarget(
            name: "OperationsTests", dependencies: ["Operations"], resources: [.copy("Fixtures")], swiftSettings: strict
        ),
        .testTarget(name: "CRunbookVMTests", dependencies: ["CRunbookVM"], swiftSettings: strict),
        // Says to the host what no worker says.
        .executableTarget(name: "lying-worker", path: "Tests/LyingWorker"),
        .testTarget(
            name: "LuaMachineTests",
            dependencies: ["LuaMachine", "SharedLoop", "Operations", "runbook-vm", "lying-worker"],
            swiftSettings: strict),
        // Tries from native code what a worker must not be able to do.
        .executableTarget(
            name: "confinement-probe", dependencies: ["CRunbookConfine"], path: "Tests/ConfinementProbe"),
        .testTarget(name: "ConfinementTests", dependencies: ["confinement-probe"], swiftSettings: strict),
        .testTarget(
            name: "RunbookHostTests",
            dependencies: [
                "RunbookHost", "LuaMachine", "Operations", "runbook-vm",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "RunbookScheduleTests",
            dependencies: [
                "RunbookSchedule", "RunbookHost", "LuaMachine", "Operations",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "RunbookStoreTests", dependencies: ["RunbookStore", "RunbookHost", "RunbookSchedule", "Operations"],
            swiftSettings: strict),
        // What a person sees of a program at a terminal.
        .target(
            name: "TerminalTesting", dependencies: ["LineEditor"], path: "Tests/TerminalTesting", swiftSettings: strict),
        .testTarget(
            name: "LineEditorTests", dependencies: ["LineEditor", "TerminalTesting"], swiftSettings: strict),
        .testTarget(
            name: "RESTClientTests",
            dependencies: [
                "RESTClient", "Operations",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "RunbookTestingTests",
            dependencies: ["RunbookTesting", "ConsoleModel", "RunbookHost", "Operations"], swiftSettings: strict),
        .testTarget(
            name: "ConsoleSimulatorTests",
            dependencies: [
                "ConsoleSimulator", "ConsoleModel", "Operations",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: strict),
        // Is loaded into the command and ends it at a moment of the test's choice: a library, as an executable with no start.
        .executableTarget(
            name: "kill-probe", path: "Tests/KillProbe",
            linkerSettings: withoutRuntime + [.unsafeFlags(["-Xclang-linker", "-shared"], .when(platforms: [.linux]))]),
        .testTarget(
            name: "RunbookCommandTests",
            dependencies: [
                "runbook", "runbook-vm", "runbook-simulator", "kill-probe", "CommandSupport", "ConsoleSimulator",
                "RESTClient", "RunbookStore", "RunbookSchedule", "LineEditor", "TerminalTesting",
                "RunbookHost", "LuaMachine", "Operations",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            exclude: ["Golden"],
            swiftSettings: strict),
        // Runs every code block of the README and of the articles.
        .testTarget(
            name: "DocumentationTests",
            dependencies: [
                "runbook", "runbook-vm", "runbook-simulator", "TerminalTesting", "ConsoleSimulator", "RunbookHost",
                "RunbookSchedule", "RunbookStore", "RESTClient", "SharedLoop", "LuaMachine", "Operations",
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Preparations", "StandIns", "page.bash"],
            swiftSettings: strict),
    ],
    cLanguageStandard: .gnu11,
    cxxLanguageStandard: .cxx17
)

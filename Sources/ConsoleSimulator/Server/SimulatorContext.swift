internal import Hummingbird
internal import NIOCore

/// What the responder knows of a request besides the request: its connection, to break it.
struct SimulatorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}

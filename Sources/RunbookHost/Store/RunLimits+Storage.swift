internal import Operations

extension RunLimits {
    /// Every limit by its name, exactly: ``time`` as `{"seconds"}`, and `attoseconds` if there are any.
    var stored: JSONValue {
        var time: [String: JSONValue] = ["seconds": .integer(self.time.components.seconds)]
        let attoseconds = self.time.components.attoseconds
        if attoseconds != 0 { time["attoseconds"] = .integer(attoseconds) }
        return [
            "time": .object(time), "memory": .integer(Int64(memory)), "calls": .integer(Int64(calls)),
            "changes": .integer(Int64(changes)), "log": .integer(Int64(log)), "result": .integer(Int64(result)),
            "tasks": .integer(Int64(tasks)), "source": .integer(Int64(source)),
        ]
    }

    /// Reads ``stored``.
    init?(stored json: JSONValue) {
        guard let seconds = json["time"]?["seconds"]?.integerValue, let memory = json["memory"]?.integerValue,
            let calls = json["calls"]?.integerValue, let changes = json["changes"]?.integerValue,
            let log = json["log"]?.integerValue, let result = json["result"]?.integerValue,
            let tasks = json["tasks"]?.integerValue, let source = json["source"]?.integerValue
        else { return nil }
        self.init(
            time: Duration(
                secondsComponent: seconds, attosecondsComponent: json["time"]?["attoseconds"]?.integerValue ?? 0),
            memory: Int(memory), calls: Int(calls), changes: Int(changes), log: Int(log), result: Int(result),
            tasks: Int(tasks), source: Int(source))
    }
}

import RunbookHost

extension Finding.Code {
    /// What was found, in a sentence.
    var meaning: String {
        switch self {
        case .sourceLimit: "The source is longer than a runbook may be; nothing else was looked at."
        case .syntax: "The source is not Lua."
        case .manifest: "runbook { … } is missing, comes too late, or says something that it cannot."
        case .unknownGlobal: "A global is read that is not there."
        case .newGlobal: "A new global is made."
        case .replacedGlobal: "A global that the host provides is replaced."
        case .unknownOperation: "An operation, or another function of its table, is named that is not there."
        case .unknownMember: "A member of a library is named that is not there."
        case .methodCall: "A colon stands where a dot is due."
        case .undeclaredCapability: "An operation is used whose capability the manifest does not declare."
        case .unusedCapability: "A capability is declared that nothing uses."
        case .unknownCapability: "A capability is declared that nothing needs, in no runbook."
        case .computedName: "Which operation is meant is known only when it is run."
        case .signature: "The signature does not count, or is missing where all runbooks must have one."
        case .replacedEnvironment: "Another table is put in the place of the globals."
        }
    }

    /// What to do about it, in a sentence.
    var advice: String {
        switch self {
        case .sourceLimit: "Split it, or pass its data as a parameter."
        case .syntax: "Mend the line; the message is Lua's own."
        case .manifest: "Begin the file with runbook { … }; the message names the key."
        case .unknownGlobal: "Mend the name; the message has the nearest one that is there."
        case .newGlobal: "Write local before it."
        case .replacedGlobal: "Give the variable another name."
        case .unknownOperation, .unknownMember: "Mend the name; the message has the nearest one that is there."
        case .methodCall: "Write a dot: users.get(7), not users:get(7)."
        case .undeclaredCapability: "Add it to needs."
        case .unusedCapability: "Take it out of needs."
        case .unknownCapability: "Mend the name, or take it out of needs."
        case .computedName: "Write the name of the operation out, so that the capabilities can be checked."
        case .signature: "Look at what the runbook does, and sign it anew: runbook sign FILE."
        case .replacedEnvironment: "Leave _ENV alone."
        }
    }
}

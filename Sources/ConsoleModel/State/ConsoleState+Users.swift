extension ConsoleState {
    /// Creates a user, and answers its id.
    mutating func create(_ edit: UserEdit) throws(ConsoleError) -> Int32 {
        guard let password = edit.password else { throw .badRequest("The field password is required.") }
        guard user(login: edit.login) == nil else {
            throw .badRequest("The user name \(edit.login) is already in use.")
        }
        var user = User(
            id: nextID, flags: [], source: try source(for: edit), role: edit.role.id, login: edit.login,
            name: edit.name)
        try apply(edit, to: &user)
        user.password = password
        add(user)
        return user.id
    }

    /// Replaces everything that can be edited of a user: an absent email is cleared, an absent `enabled` is true,
    /// access to single sites and asset groups is lost. An absent password stays; a lock stays too.
    mutating func update(_ id: Int32, _ edit: UserEdit) throws(ConsoleError) {
        let old = try existing(id)
        if let other = user(login: edit.login), other.id != id {
            throw .badRequest("The user name \(edit.login) is already in use.")
        }
        var new = old
        new.source = try source(for: edit)
        new.sites = []
        new.assetGroups = []
        try apply(edit, to: &new)
        // The data set's passwords follow from the login, so a renamed account must keep its own.
        new.password = edit.password ?? old.password ?? DataSet.password(login: old.login)
        new.generation &+= 1
        replace(old, with: new)
    }

    /// Deletes a user; nobody can delete the own account.
    mutating func delete(_ id: Int32, by caller: Int32) throws(ConsoleError) {
        let user = try existing(id)
        guard id != caller else { throw .badRequest("The account that is logged in cannot be deleted.") }
        remove(user)
    }

    /// Unlocks a user; one that is not locked stays as it is.
    mutating func unlock(_ id: Int32) throws(ConsoleError) {
        let old = try existing(id)
        guard old.isEnabled else { throw .badRequest("The account is disabled: disabled accounts cannot be unlocked.") }
        var new = old
        new.flags.remove(.locked)
        replace(old, with: new)
    }

    /// Changes the caller's own password; an administrator changes those of others by updating the user.
    mutating func changePassword(_ id: Int32, _ password: String, by caller: Int32) throws(ConsoleError) {
        let old = try existing(id)
        guard id == caller else { throw ConsoleError(401, "Users may only change their own password.") }
        guard !password.isEmpty else { throw .badRequest("The password must not be empty.") }
        var new = old
        new.password = password
        new.flags.remove(.passwordResetOnLogin)
        new.generation &+= 1
        replace(old, with: new)
    }

    /// Sets the seed of the second factor.
    mutating func setSeed(_ id: Int32, _ seed: String) throws(ConsoleError) {
        let old = try existing(id)
        guard Base32.decode(seed) != nil else { throw .badRequest("The token must be a base32 key.") }
        var new = old
        new.seed = seed
        new.generation &+= 1
        replace(old, with: new)
    }

    private func apply(_ edit: UserEdit, to user: inout User) throws(ConsoleError) {
        guard let role = roles[edit.role.id] else { throw .badRequest("The role \(edit.role.id) does not exist.") }
        if role.needsSuperuser, !edit.role.superuser {
            throw .badRequest("The role \(role.id) requires superuser to be true.")
        }
        if role.needsAllSites, !edit.role.allSites {
            throw .badRequest("The privileges of the role \(role.id) require allSites to be true.")
        }
        if role.needsAllAssetGroups, !edit.role.allAssetGroups {
            throw .badRequest("The privileges of the role \(role.id) require allAssetGroups to be true.")
        }
        user.role = role.id
        user.login = edit.login
        user.name = edit.name
        user.email = edit.email
        user.locale = edit.locale ?? .standard
        user.flags.formIntersection(.locked)
        if edit.enabled { user.flags.insert(.enabled) }
        if edit.passwordResetOnLogin { user.flags.insert(.passwordResetOnLogin) }
        if edit.role.allSites { user.flags.insert(.allSites) }
        if edit.role.allAssetGroups { user.flags.insert(.allAssetGroups) }
        if edit.role.superuser { user.flags.insert(.superuser) }
    }

    private func source(for edit: UserEdit) throws(ConsoleError) -> Int32 {
        guard let wanted = edit.authentication else {
            let isAdministrator = edit.role.id == Role.globalAdministrator
            return isAdministrator ? AuthenticationSource.administrators : AuthenticationSource.normal
        }
        let ofType = sources.filter { $0.type == wanted.type }
        guard let first = ofType.first else {
            throw .badRequest("There is no authentication source of the type \(wanted.type).")
        }
        guard let id = wanted.id else { return first.id }
        guard ofType.contains(where: { $0.id == id }) else {
            throw .badRequest("The authentication source \(id) does not exist or is not of the type \(wanted.type).")
        }
        return id
    }
}

extension ConsoleState {
    /// The role with this id.
    func existingRole(_ id: String) throws(ConsoleError) -> Role {
        guard let role = roles[id] else { throw .notFound }
        return role
    }

    /// Changes a role that an administrator made, or makes one.
    mutating func updateRole(_ id: String, _ edit: RoleEdit) throws(ConsoleError) {
        guard edit.id == id else {
            throw .badRequest("The identifier in the body (\(edit.id)) is not the one in the path (\(id)).")
        }
        if let old = roles[id], old.isBuiltIn { throw .badRequest("The role \(id) is built-in and cannot be changed.") }
        put(Role(id, edit.name, edit.summary, edit.privileges))
    }

    /// Deletes a role that an administrator made and nobody has.
    mutating func deleteRole(_ id: String) throws(ConsoleError) {
        let role = try existingRole(id)
        guard !role.isBuiltIn else { throw .badRequest("The role \(id) is built-in and cannot be deleted.") }
        let users = userIDs(role: id).count
        guard users == 0 else {
            throw .badRequest("The role \(id) is assigned to \(users) users and cannot be deleted.")
        }
        removeRole(id)
    }
}

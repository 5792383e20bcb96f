import Testing

@testable import RunbookStore

@Test func theLibraryIsNewEnoughForWhatTheStoreUses() {
    #expect(SQLiteVersion.text >= "3.40")
}

/// Words that are stored as numbers, as there are millions of them: each as its place in a list. What is stored stays
/// readable as long as new words go to the end.
struct StoredWords<Word: Hashable & Sendable>: Sendable {
    private let words: [Word]

    /// Words in the order of their numbers.
    init(_ words: [Word]) { self.words = words }

    /// The number of a word; -1 if it has none.
    func number(of word: Word) -> Int64 { Int64(words.firstIndex(of: word) ?? -1) }

    /// The word of a number; `nil` if there is none.
    func word(_ number: Int64) -> Word? {
        let place = Int(clamping: number)
        return words.indices.contains(place) ? words[place] : nil
    }
}

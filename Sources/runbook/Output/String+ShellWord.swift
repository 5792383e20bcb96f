extension String {
    /// As one word of a shell's command line: as it is if that is plain, else in quotation marks.
    var shellWord: String {
        let isPlain = unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || "-_./:@+,0123456789".unicodeScalars.contains($0)
        }
        guard isEmpty || !isPlain else { return self }
        // Scalar by scalar: a mark that a reader sees with an accent ends a shell's word all the same.
        let escaped = unicodeScalars.map { $0 == "'" ? "'\\''" : String($0) }
        return "'\(escaped.joined())'"
    }
}

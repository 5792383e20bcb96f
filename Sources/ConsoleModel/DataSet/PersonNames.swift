/// Names to make people of; some are not ASCII, as in real directories.
enum PersonNames {
    /// A name as people write it and as it stands in a login.
    struct Part: Sendable {
        let text: String
        let login: String

        init(_ text: String, _ login: String? = nil) {
            self.text = text
            self.login = login ?? text.lowercased()
        }
    }

    static let first: [Part] =
        [
            "Ada", "Adam", "Aisha", "Alice", "Amir", "Ana", "Andrea", "Anna", "Ben", "Bruno", "Carla", "Carlos",
            "Chen", "Clara", "Dana", "David", "Diego", "Elena", "Emma", "Erik", "Eva", "Fatima", "Felix", "Fiona",
            "Grace", "Hana", "Hassan", "Hugo", "Ines", "Ingrid", "Ivan", "Jack", "Jana", "Jonas", "Julia", "Karim",
            "Kate", "Kenji", "Lara", "Leo", "Lena", "Lucas", "Maria", "Mark", "Mei", "Mila", "Nadia", "Noah", "Nora",
            "Olga", "Omar", "Oscar", "Paula", "Peter", "Priya", "Ravi", "Rosa", "Samir", "Sara", "Tom", "Vera", "Yuki",
        ].map { Part($0) } + [Part("Zoë", "zoe"), Part("Søren", "soren"), Part("José", "jose"), Part("Łucja", "lucja")]

    static let last: [Part] =
        [
            "Abbott", "Ahmed", "Almeida", "Andersen", "Bauer", "Becker", "Bell", "Berg", "Blanc", "Bose", "Brown",
            "Castro", "Chan", "Clark", "Costa", "Cruz", "Dahl", "Diaz", "Dubois", "Evans", "Faber", "Fischer",
            "Fontaine", "Fox", "Garcia", "Gomez", "Gray", "Haas", "Hall", "Hansen", "Hoffmann", "Ito", "Jansen",
            "Kaur", "Keller", "Khan", "Kim", "Klein", "Koch", "Kowalski", "Lang", "Larsen", "Lee", "Lopez", "Martin",
            "Mehta", "Meyer", "Moreau", "Morgan", "Murphy", "Nakamura", "Nguyen", "Nielsen", "Novak", "Olsen", "Ortiz",
            "Park", "Patel", "Petrov", "Popov", "Quinn", "Ramos", "Reed", "Ricci", "Rivera", "Rossi", "Roy", "Santos",
            "Sato", "Schmidt", "Silva", "Singh", "Smith", "Stone", "Suzuki", "Tan", "Taylor", "Torres", "Vargas",
            "Vogel", "Wagner", "Walsh", "Weber", "Wilson", "Wolf", "Wong", "Yilmaz", "Young", "Zhang", "Ziegler",
        ].map { Part($0) } + [Part("Müller", "mueller"), Part("Nováková", "novakova"), Part("O'Neil", "oneil")]
}

//! Who buys in the demo data, beside John and Jane.

/// Name, and what they pay with: `ABT` from a balance that they filled up, `CC` by card.
pub(super) const PEOPLE: &[(&str, &str)] = &[
    ("Ada Whitlock", "CC"),
    ("Bram de Wit", "ABT"),
    ("Chidi Eze", "CC"),
    ("Dana Kowalski", "CC"),
    ("Edgar Solheim", "ABT"),
    ("Farah Haddad", "CC"),
    ("Greta Lindholm", "CC"),
    ("Hugo Marchetti", "ABT"),
    ("Imani Brooks", "CC"),
    ("Jonas Weber", "CC"),
    ("Kaya Demir", "ABT"),
    ("Lena Fischer", "CC"),
    ("Mateo Rojas", "CC"),
    ("Nora Sandvik", "ABT"),
    ("Oskar Nyman", "CC"),
    ("Priya Raman", "CC"),
    ("Quentin Moreau", "ABT"),
    ("Rosa Almeida", "CC"),
    ("Sami Virtanen", "CC"),
    ("Tess Hargreave", "ABT"),
    ("Umar Siddiqui", "CC"),
    ("Vera Novak", "CC"),
    ("Wesley Tran", "ABT"),
    ("Xenia Papas", "CC"),
    ("Yannick Roth", "CC"),
    ("Zoe Castellan", "ABT"),
    ("Anton Berg", "CC"),
    ("Bella Forsyth", "CC"),
    ("Cyrus Navabi", "ABT"),
    ("Delia Stone", "CC"),
];

/// `ada.whitlock@example.com`.
pub(super) fn address_of(name: &str) -> String {
    format!("{}@example.com", name.to_lowercase().replace(' ', "."))
}

//! What transactions are called. A transaction's number says it: eight times the number of what it belongs to, and what
//! it is to that.

/// What a transaction is called. The books have each name once, and so refuse the same transaction a second time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    role: u8,
    /// Where what it belongs to is numbered: by this id in this table, which has a column `id` and a column `number`.
    table: &'static str,
    id: String,
}

/// What a transaction can be to what it belongs to: so many things, and in the books each has a number. Statements have it
/// in their text.
pub(crate) const ROLES: u8 = 8;
/// Of those that belong to nothing outside of the books, and are called by words.
const IN_WORDS: u8 = 0;
const WORDS: &str = "ledger_names";

impl Name {
    /// By words that no other transaction has.
    pub fn words(words: impl Into<String>) -> Self {
        Self { role: IN_WORDS, table: WORDS, id: words.into() }
    }

    /// By what it is, from 1 to 7, to the row with this id of a table outside of the books.
    pub fn of(role: u8, table: &'static str, id: impl Into<String>) -> Self {
        debug_assert!((IN_WORDS + 1..ROLES).contains(&role), "{role} is no role");
        Self { role, table, id: id.into() }
    }

    /// Of what it belongs to, or its words.
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn is_in_words(&self) -> bool {
        self.role == IN_WORDS
    }
}

impl From<&str> for Name {
    fn from(words: &str) -> Self {
        Self::words(words)
    }
}

impl From<String> for Name {
    fn from(words: String) -> Self {
        Self::words(words)
    }
}

/// Rows for `VALUES`, each with the number of a transaction and so many values behind it. What is bound for a row begins
/// with the name's id; where nothing has it there is no number, and no table takes the row.
pub(crate) fn numbered_rows<'n>(names: impl IntoIterator<Item = &'n Name>, values: usize) -> String {
    let rows = names.into_iter().enumerate().map(|(row, name)| {
        let first = row * (values + 1) + 1;
        let values: Vec<String> = (first + 1..=first + values).map(|value| format!("${value}")).collect();
        let Name { role, table, .. } = name;
        let number =
            format!("(SELECT {ROLES} * of.number + {role} FROM {{{table}}} of WHERE of.id = ${first})");
        format!("({number}, {})", values.join(", "))
    });
    rows.collect::<Vec<_>>().join(", ")
}

/// What a transaction in the books belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nothing outside of them: it is called by these words.
    Words(String),
    /// What has this number outside, and what it is to that.
    Numbered { number: i64, role: u8 },
}

impl Origin {
    pub(crate) fn of(transaction_number: i64, words: Option<String>) -> Self {
        let roles = i64::from(ROLES);
        words.map_or_else(
            || Self::Numbered {
                number: transaction_number.div_euclid(roles),
                role: u8::try_from(transaction_number.rem_euclid(roles)).unwrap_or_default(),
            },
            Self::Words,
        )
    }
}

/// Joins `ledger_names named`, of a transaction's number in the column.
macro_rules! join_names {
    ($column:literal) => {
        concat!("LEFT JOIN ledger_names named ON ", $column, " % 8 = 0 AND named.number = ", $column, " / 8 ")
    };
}
pub(crate) use join_names;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_the_number_of_its_transaction() {
        let names = [Name::of(2, "sales", "S1"), Name::words("gift")];
        assert_eq!(
            numbered_rows(&names, 2),
            "((SELECT 8 * of.number + 2 FROM {sales} of WHERE of.id = $1), $2, $3), \
             ((SELECT 8 * of.number + 0 FROM {ledger_names} of WHERE of.id = $4), $5, $6)"
        );
    }

    #[test]
    fn a_number_says_what_it_belongs_to() {
        assert_eq!(Origin::of(8 * 5 + 2, None), Origin::Numbered { number: 5, role: 2 });
        assert_eq!(Origin::of(8, Some("gift".to_owned())), Origin::Words("gift".to_owned()));
    }
}

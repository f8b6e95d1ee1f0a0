//! The placeholders of SQL statements with as many values as there are. Made of numbers only.

/// `$2, $3, $4`: a list of `count` values, the first of them number `first`.
pub fn placeholders(first: usize, count: usize) -> String {
    let numbered: Vec<_> = (first..first + count).map(|number| format!("${number}")).collect();
    numbered.join(", ")
}

/// `($1, $2), ($3, $4)`: rows of values. One text per number of rows, so that prepared statements are used again.
pub fn rows_of_placeholders(rows: usize, columns: usize) -> String {
    let rows: Vec<_> =
        (0..rows).map(|row| format!("({})", placeholders(row * columns + 1, columns))).collect();
    rows.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_numbered_through_all_rows() {
        assert_eq!(placeholders(2, 3), "$2, $3, $4");
        assert_eq!(rows_of_placeholders(2, 2), "($1, $2), ($3, $4)");
        assert_eq!((placeholders(1, 0), rows_of_placeholders(0, 2)), (String::new(), String::new()));
    }
}

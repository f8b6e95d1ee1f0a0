//! Tables for spreadsheets, written as CSV a piece at a time.

pub use csv::Terminator;

/// The lines of these records, each with `ends` behind it.
pub fn lines<R>(ends: Terminator, records: impl IntoIterator<Item = R>) -> Result<Vec<u8>, csv::Error>
where
    R: IntoIterator<Item: AsRef<[u8]>>,
{
    let mut csv = csv::WriterBuilder::new().terminator(ends).from_writer(Vec::new());
    for record in records {
        csv.write_record(record)?;
    }
    csv.into_inner().map_err(|error| error.into_error().into())
}

/// Words of others: a spreadsheet must not take them for a formula.
pub fn text(words: &str) -> String {
    let is_formula = words.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if is_formula { format!("'{words}") } else { words.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_finds_no_formula() {
        for evil in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(text(evil), format!("'{evil}"));
        }
        assert_eq!(text("Now and Forever = 1"), "Now and Forever = 1");
    }

    #[test]
    fn what_would_end_a_field_is_quoted() {
        let records = [["a,b", "say \"no\""], ["two\nlines", ""]];
        let written = lines(Terminator::CRLF, records).unwrap();
        assert_eq!(written, b"\"a,b\",\"say \"\"no\"\"\"\r\n\"two\nlines\",\r\n");
        assert_eq!(lines(Terminator::Any(b'\n'), [["a", "b"]]).unwrap(), b"a,b\n");
    }
}

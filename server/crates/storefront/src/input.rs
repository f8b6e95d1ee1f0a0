//! What people type, checked: the words of the refusals stand here once.

/// One line of text: not empty, not too long, nothing invisible. Returns it without the space around it.
pub fn single_line(text: &str, what: &str, longest: usize) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(format!("Enter {what}."));
    }
    if text.chars().count() > longest {
        return Err(format!("This is too long: use at most {longest} characters."));
    }
    if text.chars().any(char::is_control) {
        return Err("This has characters that cannot be shown. Type it again.".to_owned());
    }
    Ok(text.to_owned())
}

/// Several lines of text; line ends become `\n`.
pub fn paragraphs(text: &str, what: &str, longest: usize) -> Result<String, String> {
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() {
        return Err(format!("Enter {what}."));
    }
    if text.chars().count() > longest {
        return Err(format!("This is too long: use at most {longest} characters."));
    }
    if text.chars().any(|letter| letter.is_control() && letter != '\n' && letter != '\t') {
        return Err("This has characters that cannot be shown. Type it again.".to_owned());
    }
    Ok(text)
}

/// An e-mail address in lower case. Whether it exists only a letter would tell; this finds slips.
pub fn email(text: &str) -> Result<String, String> {
    let text = single_line(text, "your e-mail address", 254)?.to_lowercase();
    let looks_right = text.split_once('@').is_some_and(|(name, host)| {
        let host_ok = host.split('.').all(|label| !label.is_empty()) && host.contains('.');
        !name.is_empty() && host_ok && !host.contains('@')
    });
    if looks_right && !text.contains(char::is_whitespace) {
        Ok(text)
    } else {
        Err("Enter an e-mail address like name@example.com.".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_kept_in_lower_case_and_slips_are_found() {
        assert_eq!(email(" John@Example.COM "), Ok("john@example.com".to_owned()));
        for slip in
            ["", "john", "@example.com", "john@", "john@example", "john@example..com", "a@b@c.de", "a b@c.de"]
        {
            assert!(email(slip).is_err(), "{slip:?}");
        }
    }

    #[test]
    fn a_line_has_no_control_characters_and_an_end() {
        assert_eq!(single_line("  Ünder  ", "a title", 5), Ok("Ünder".to_owned()));
        assert!(single_line("Ünders", "a title", 5).is_err());
        assert!(single_line("a\u{7}b", "a title", 5).is_err());
        assert!(single_line("a\nb", "a title", 5).is_err());
        assert_eq!(paragraphs("a\r\nb", "a text", 5), Ok("a\nb".to_owned()));
    }
}

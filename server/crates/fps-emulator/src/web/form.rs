//! What the forms of both parts of the site have in common.

use app::form::FormState;
use identity::PublicName;
use platform::web::FormFields;

/// Limit of FPS (fps.md §10), in characters.
pub const LONGEST_NAME: usize = 128;
/// Never shown again, as a password never is: what is typed into these fields is a card's or bank account's
/// number.
const SECRET_FIELDS: [&str; 3] = ["card_number", "routing_number", "account_number"];

/// What was typed, to be shown again with what is wrong with it.
pub fn typed(fields: &FormFields) -> FormState {
    let mut form = FormState::typed(fields.clone().into_map());
    form.values.retain(|name, _| !SECRET_FIELDS.contains(&name.as_str()));
    form
}

/// A person's or business's name, which others are shown: callers and sellers, buyers. What is wrong goes into `form`. A
/// name that is `present` may stay what it is.
pub fn read_name(form: &mut FormState, field: &str, typed: &str, present: Option<&str>) -> String {
    if present == Some(typed.trim()) {
        return typed.trim().to_owned();
    }
    match PublicName::parse(typed, LONGEST_NAME) {
        Ok(name) => name.into_string(),
        Err(problem) => {
            form.refuse(field, problem.to_string());
            String::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_others_may_be_shown_or_what_it_was() {
        let read = |typed: &str, present: Option<&str>| {
            let mut form = FormState::default();
            let name = read_name(&mut form, "name", typed, present);
            form.is_valid().then_some(name)
        };
        assert_eq!(read("  Nadia  Brandt ", None).as_deref(), Some("Nadia Brandt"));
        for refused in
            ["", " ", "a\u{202e}b", "Digital Download", "Amazon Payments Support", &"x".repeat(129)]
        {
            assert_eq!(read(refused, Some("Nadia")), None, "{refused:?}");
            assert_eq!(read(refused, None), None, "{refused:?}");
        }
        assert_eq!(read("DigitalDownload ", Some("DigitalDownload")).as_deref(), Some("DigitalDownload"));
    }
}

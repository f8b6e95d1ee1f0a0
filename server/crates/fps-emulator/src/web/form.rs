//! What the forms of both parts of the site have in common.

use app::form::FormState;
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

/// A person's or business's name, on one line; what is wrong goes into `form` as `message`.
pub fn read_name(form: &mut FormState, field: &str, message: &str) -> String {
    let name = form.value(field).trim().to_owned();
    if name.is_empty() || !fits_name(&name) {
        form.refuse(field, message);
    }
    name
}

/// Whether FPS takes the text as a name, or as none.
pub fn fits_name(text: &str) -> bool {
    text.chars().count() <= LONGEST_NAME && !text.chars().any(char::is_control)
}

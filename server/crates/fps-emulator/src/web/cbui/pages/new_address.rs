//! Reads the form of a new address.

use crate::domain::addresses::Label;
use app::form::FormState;
use fps_protocol::cbui::ShippingAddress;
use platform::web::FormFields;

/// What a label has room for; names may be longer (fps.md §10).
const LONGEST_LINE: usize = 100;
const LONGEST_CODE: usize = 20;

/// What is wrong goes into `form`.
pub fn read(fields: &FormFields, form: &mut FormState) -> Option<Label> {
    let mut text = |name: &str, longest: usize| -> Option<String> {
        let text = fields.get(name).unwrap_or_default().trim();
        if text.chars().count() > longest || text.chars().any(char::is_control) {
            form.refuse(name, format!("At most {longest} characters fit here."));
        }
        (!text.is_empty()).then(|| text.to_owned())
    };
    let read = ShippingAddress {
        name: text("full_name", LONGEST_LINE),
        line1: text("line1", LONGEST_LINE),
        line2: text("line2", LONGEST_LINE),
        city: text("city", LONGEST_LINE),
        state: text("state", LONGEST_LINE),
        zip: text("zip", LONGEST_CODE),
        country: text("country", LONGEST_LINE),
        phone_number: text("phone", LONGEST_CODE),
    };
    let required = [
        ("full_name", &read.name, "Give the name of who receives it."),
        ("line1", &read.line1, "Give the street and the number."),
        ("city", &read.city, "Give the city."),
        ("zip", &read.zip, "Give the ZIP or postal code."),
        ("country", &read.country, "Give the country."),
    ];
    for (name, value, message) in required {
        if value.is_none() {
            form.refuse(name, message);
        }
    }
    if form.is_valid() && !read.is_complete() {
        form.refuse("state", "Give the state: an address in the United States has one.");
    }
    if !form.is_valid() {
        return None;
    }
    Some(Label {
        full_name: read.name?,
        line1: read.line1?,
        line2: read.line2,
        city: read.city?,
        state: read.state,
        zip: read.zip?,
        country: read.country?,
        phone: read.phone_number,
    })
}

//! Form fields: label, hint, what was typed, and what was wrong with it.
//!
//! Every field has the id `field-<name>`, so that the summary on top can lead to it. Forms that use these
//! fields are `novalidate`: the server says what is wrong, in one place and in one voice.

use crate::form::FormState;
use leptos::prelude::*;

/// The id of a field's control (of the first option, for radio buttons).
pub fn field_id(name: &str) -> String {
    format!("field-{name}")
}

/// What is wrong with the form, on top of it, with a link to each field. Nothing if nothing is.
pub fn error_summary(form: &FormState) -> Option<AnyView> {
    if form.is_valid() {
        return None;
    }
    let errors: Vec<_> = form
        .errors
        .iter()
        .map(|error| {
            let message = error.message.clone();
            if error.field.is_empty() {
                view! { <li>{message}</li> }.into_any()
            } else {
                let target = format!("#{}", field_id(&error.field));
                view! { <li><a href=target>{message}</a></li> }.into_any()
            }
        })
        .collect();
    let heading = if errors.len() == 1 { "One thing to put right" } else { "Some things to put right" };
    let view = view! {
        <div class="error-summary" role="alert" tabindex="-1">
            <p class="error-summary-title"><strong>{heading}</strong></p>
            <ul>{errors}</ul>
        </div>
    };
    Some(view.into_any())
}

/// A field of one line. `TextField { kind: "email", ..TextField::new("email", "E-mail") }`.
#[derive(Debug, Clone, Copy)]
pub struct TextField {
    pub name: &'static str,
    pub label: &'static str,
    /// The input's type.
    pub kind: &'static str,
    pub hint: Option<&'static str>,
    /// What the browser may fill in, by its standard token.
    pub autocomplete: Option<&'static str>,
    /// The id of a `datalist` with what is often typed here.
    pub list: Option<&'static str>,
    /// Which keys a phone offers.
    pub input_mode: Option<&'static str>,
    pub optional: bool,
    /// A class that says how wide the answer is: `short`, `medium`.
    pub width: Option<&'static str>,
}

impl TextField {
    pub const fn new(name: &'static str, label: &'static str) -> Self {
        Self {
            name,
            label,
            kind: "text",
            hint: None,
            autocomplete: None,
            list: None,
            input_mode: None,
            optional: false,
            width: None,
        }
    }
}

/// A password is asked for again; anything else that was typed is there still.
pub fn text_field(form: &FormState, field: TextField) -> AnyView {
    let notes = Notes::new(form, field.name, field.hint);
    let value = (field.kind != "password").then(|| form.value(field.name).to_owned());
    let input = view! {
        <input
            class=field.width
            id=field_id(field.name)
            name=field.name
            type=field.kind
            value=value
            autocomplete=field.autocomplete
            list=field.list
            inputmode=field.input_mode
            required=!field.optional
            aria-describedby=notes.described_by()
            aria-invalid=notes.invalid()
        />
    };
    wrap(field.name, field.label, field.optional, &notes, input.into_any())
}

/// A field of several lines.
pub fn text_area(
    form: &FormState,
    name: &'static str,
    label: &'static str,
    rows: u8,
    hint: Option<&'static str>,
) -> AnyView {
    area(form, (name, label), rows, hint, false)
}

/// A field of several lines that may stay empty.
pub fn optional_text_area(
    form: &FormState,
    name: &'static str,
    label: &'static str,
    rows: u8,
    hint: Option<&'static str>,
) -> AnyView {
    area(form, (name, label), rows, hint, true)
}

fn area(
    form: &FormState,
    (name, label): (&'static str, &'static str),
    rows: u8,
    hint: Option<&'static str>,
    optional: bool,
) -> AnyView {
    let notes = Notes::new(form, name, hint);
    // The line break after the tag is the one that browsers drop, so that a typed one is kept. The text is
    // set as HTML because an empty text node would come out as a space.
    let content = format!("\n{}", escape_text(form.value(name)));
    let area = view! {
        <textarea
            id=field_id(name)
            name=name
            rows=rows.to_string()
            required=!optional
            aria-describedby=notes.described_by()
            aria-invalid=notes.invalid()
            inner_html=content
        ></textarea>
    };
    wrap(name, label, optional, &notes, area.into_any())
}

/// A choice from a list; options are (value, label). With nothing chosen yet the list says so, and `optional` that nothing
/// need be.
pub fn select_field(
    form: &FormState,
    name: &'static str,
    label: &'static str,
    optional: bool,
    options: &[(String, String)],
) -> AnyView {
    let notes = Notes::new(form, name, None);
    let chosen = form.value(name);
    let options: Vec<_> = options
        .iter()
        .map(|(value, label)| {
            view! { <option value=value.clone() selected=chosen == value>{label.clone()}</option> }
        })
        .collect();
    let select = view! {
        <select
            id=field_id(name)
            name=name
            required=!optional
            aria-describedby=notes.described_by()
            aria-invalid=notes.invalid()
        >
            <option value="" selected=chosen.is_empty()>"Choose one"</option>
            {options}
        </select>
    };
    wrap(name, label, optional, &notes, select.into_any())
}

/// One of a few: shown with what each means.
#[derive(Debug, Clone)]
pub struct RadioOption {
    pub value: &'static str,
    pub label: &'static str,
    pub hint: Option<String>,
}

impl RadioOption {
    pub fn new(value: &'static str, label: &'static str, hint: impl Into<String>) -> Self {
        Self { value, label, hint: Some(hint.into()) }
    }
}

/// `default` is chosen when the form has no value yet.
pub fn radio_group(
    form: &FormState,
    name: &'static str,
    legend: &'static str,
    default: Option<&'static str>,
    options: &[RadioOption],
) -> AnyView {
    let notes = Notes::new(form, name, None);
    let typed = form.value(name);
    let chosen = if typed.is_empty() { default.unwrap_or("") } else { typed };
    let options: Vec<_> = options
        .iter()
        .enumerate()
        .map(|(index, option)| radio(name, index, option, chosen == option.value))
        .collect();
    view! {
        <fieldset class="field choices" aria-describedby=notes.described_by()>
            <legend>{legend}</legend>
            {notes.view()}
            {options}
        </fieldset>
    }
    .into_any()
}

fn radio(name: &'static str, index: usize, option: &RadioOption, checked: bool) -> AnyView {
    let id = if index == 0 { field_id(name) } else { format!("{}-{index}", field_id(name)) };
    let hint_id = format!("{id}-hint");
    let described_by = option.hint.as_ref().map(|_| hint_id.clone());
    let hint = option.hint.clone().map(|hint| view! { <p class="hint" id=hint_id>{hint}</p> });
    view! {
        <div class="choice">
            <input
                type="radio"
                id=id.clone()
                name=name
                value=option.value
                checked=checked
                aria-describedby=described_by
            />
            <label for=id>{option.label}</label>
            {hint}
        </div>
    }
    .into_any()
}

/// Something to agree to; ticked, it is sent as `yes`.
pub fn tick_field(form: &FormState, name: &'static str, label: &'static str) -> AnyView {
    let notes = Notes::new(form, name, None);
    let class = if notes.error.is_some() { "field field-invalid" } else { "field" };
    view! {
        <div class=class>
            {notes.view()}
            <div class="choice">
                <input
                    type="checkbox"
                    id=field_id(name)
                    name=name
                    value="yes"
                    checked=form.value(name) == "yes"
                    aria-describedby=notes.described_by()
                    aria-invalid=notes.invalid()
                />
                <label for=field_id(name)>{label}</label>
            </div>
        </div>
    }
    .into_any()
}

/// A file to send along, or several. Browsers forget a chosen file when the page comes again: whoever takes the form
/// keeps it, and says so beside this.
pub fn file_field(
    form: &FormState,
    name: &'static str,
    label: &'static str,
    accept: Option<&'static str>,
    hint: &'static str,
    several: bool,
) -> AnyView {
    let notes = Notes::new(form, name, Some(hint));
    let input = view! {
        <input
            id=field_id(name)
            name=name
            type="file"
            accept=accept
            multiple=several
            aria-describedby=notes.described_by()
            aria-invalid=notes.invalid()
        />
    };
    wrap(name, label, false, &notes, input.into_any())
}

/// A field's hint and error, and the ids by which the control names them.
struct Notes {
    name: &'static str,
    hint: Option<&'static str>,
    error: Option<String>,
}

impl Notes {
    fn new(form: &FormState, name: &'static str, hint: Option<&'static str>) -> Self {
        Self { name, hint, error: form.error(name).map(str::to_owned) }
    }

    fn described_by(&self) -> Option<String> {
        let hint = self.hint.map(|_| self.id("hint"));
        let error = self.error.as_ref().map(|_| self.id("error"));
        let ids: Vec<_> = hint.into_iter().chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn invalid(&self) -> Option<&'static str> {
        self.error.as_ref().map(|_| "true")
    }

    fn id(&self, note: &str) -> String {
        format!("{}-{note}", field_id(self.name))
    }

    fn view(&self) -> AnyView {
        let hint = self.hint.map(|hint| view! { <p class="hint" id=self.id("hint")>{hint}</p> });
        let error = self.error.clone().map(|error| {
            view! { <p class="field-error" id=self.id("error")>{error}</p> }
        });
        view! { {hint} {error} }.into_any()
    }
}

fn wrap(name: &str, label: &'static str, optional: bool, notes: &Notes, control: AnyView) -> AnyView {
    let class = if notes.error.is_some() { "field field-invalid" } else { "field" };
    let label = if optional { format!("{label} (optional)") } else { label.to_owned() };
    view! {
        <div class=class>
            <label for=field_id(name)>{label}</label>
            {notes.view()}
            {control}
        </div>
    }
    .into_any()
}

/// Text for the inside of an element, where a view cannot be used: in a title or a text area the renderer's
/// markers between texts would be shown.
pub fn escape_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::fragment;

    fn typed(name: &str, value: &str) -> FormState {
        let mut form = FormState::default();
        form.set(name, value);
        form
    }

    #[test]
    fn what_was_typed_stays_and_is_escaped() {
        let form = typed("title", "\"><script>alert(1)</script>");
        let html = text_field(&form, TextField::new("title", "Title")).to_html();
        assert!(
            html.contains(r#"value="&quot;&gt;&lt;script&gt;"#) || html.contains("value=\"&quot;><script>")
        );
        let form = typed("text", "\nfirst line is empty </textarea>");
        let html = text_area(&form, "text", "Text", 3, None).to_html();
        assert!(html.contains(">\n\nfirst line is empty &lt;/textarea&gt;</textarea>"), "{html}");
    }

    #[test]
    fn a_password_is_not_sent_back() {
        let form = typed("password", "a secret");
        let field = TextField { kind: "password", ..TextField::new("password", "Password") };
        assert!(!text_field(&form, field).to_html().contains("a secret"));
    }

    #[test]
    fn an_error_is_in_the_summary_at_the_field_and_named_by_the_control() {
        let mut form = typed("email", "john@");
        form.refuse("email", "Write the whole address.");
        form.refuse("", "Nothing was saved.");
        let summary = fragment(|| error_summary(&form).unwrap());
        assert!(summary.contains(r#"role="alert""#));
        assert!(summary.contains(r##"<a href="#field-email">Write the whole address.</a>"##));
        assert!(summary.contains("<li>Nothing was saved.</li>"));
        let field = TextField { hint: Some("As in a letter."), ..TextField::new("email", "E-mail") };
        let html = text_field(&form, field).to_html();
        assert!(html.contains(r#"aria-invalid="true""#));
        assert!(html.contains(r#"aria-describedby="field-email-hint field-email-error""#));
        assert!(html.contains(r#"id="field-email-error""#));
    }

    #[test]
    fn a_form_without_errors_has_no_summary() {
        assert!(error_summary(&FormState::default()).is_none());
    }

    #[test]
    fn what_is_ticked_stays_ticked_and_the_error_is_named_by_it() {
        let ticked = tick_field(&typed("agree", "yes"), "agree", "I agree").to_html();
        assert!(
            ticked.contains("checked") && ticked.contains(r#"<label for="field-agree">I agree"#),
            "{ticked}"
        );
        let mut form = FormState::default();
        form.refuse("agree", "Say so.");
        let refused = tick_field(&form, "agree", "I agree").to_html();
        assert!(!refused.contains("checked") && refused.contains(r#"aria-describedby="field-agree-error""#));
    }

    #[test]
    fn the_chosen_option_stays_chosen() {
        let options =
            [RadioOption::new("standard", "Standard", ""), RadioOption::new("express", "Express", "")];
        let html =
            radio_group(&typed("speed", "express"), "speed", "Speed", Some("standard"), &options).to_html();
        assert_eq!(html.matches("checked").count(), 1);
        assert!(html.contains(r#"value="express" checked"#), "{html}");
        let html = radio_group(&FormState::default(), "speed", "Speed", Some("standard"), &options).to_html();
        assert!(html.contains(r#"value="standard" checked"#));
    }
}

//! What a deed is told, from JSON, a query, a form or a command line: read by the deed's table, once for all of them.

use super::{Deed, Field, Kind};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, SpanRelativeTo, Timestamp};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Values by the names of their fields.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Arguments(Map<String, Value>);

/// Why something is no argument of a deed: a sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Misfit(pub String);

impl Arguments {
    /// Adds what came as JSON. Whether it is of the field's kind is said here, by the field's name and in words for people;
    /// null is nothing.
    pub fn add(&mut self, deed: &Deed, name: &str, value: Value) -> Result<(), Misfit> {
        let field = known(deed, name)?;
        if !value.is_null() && !is_of(field.kind, &value) {
            let given =
                if field.kind == Kind::Secret { "something else".to_owned() } else { value.to_string() };
            return Err(misfit(field, &wanted(field.kind), &given));
        }
        if self.0.insert(field.name.to_owned(), value).is_some() {
            return Err(Misfit(format!("{name} is given twice")));
        }
        Ok(())
    }

    /// Adds what came as text.
    pub fn add_text(&mut self, deed: &Deed, name: &str, text: &str) -> Result<(), Misfit> {
        let value = read(known(deed, name)?, text)?;
        self.add(deed, name, value)
    }

    /// All that is required is there.
    pub fn check(&self, deed: &Deed) -> Result<(), Misfit> {
        match deed.fields.iter().find(|field| field.required && !self.0.contains_key(field.name)) {
            Some(missing) => Err(Misfit(format!(
                "{} is needed: {}, such as {}",
                missing.name, missing.summary, missing.example
            ))),
            None => Ok(()),
        }
    }

    /// As the type that the deed reads.
    pub fn parse<T: DeserializeOwned>(self) -> Result<T, Misfit> {
        serde_json::from_value(Value::Object(self.0)).map_err(|error| Misfit(error.to_string()))
    }

    /// A text that is there.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// As JSON, without secrets: for records.
    pub fn without_secrets(&self, deed: &Deed) -> Value {
        let shown = self.0.iter().map(|(name, value)| {
            let secret = deed.field(name).is_some_and(|field| field.kind == Kind::Secret);
            (name.clone(), if secret { Value::from("…") } else { value.clone() })
        });
        Value::Object(shown.collect())
    }

    pub fn into_json(self) -> Map<String, Value> {
        self.0
    }
}

fn known(deed: &Deed, name: &str) -> Result<&'static Field, Misfit> {
    deed.field(name).ok_or_else(|| {
        let names: Vec<&str> = deed.fields.iter().map(|field| field.name).collect();
        Misfit(if names.is_empty() {
            format!("there is no field {name:?} here, nor any other")
        } else {
            format!("there is no field {name:?} here; the fields are {}", names.join(", "))
        })
    })
}

/// Whether a value of JSON is what the field takes.
fn is_of(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::Text | Kind::Secret | Kind::Time => value.is_string(),
        Kind::Integer | Kind::Seconds => value.is_i64() || value.is_u64(),
        Kind::Flag => value.is_boolean(),
        Kind::OneOf(words) => value.as_str().is_some_and(|word| words.contains(&word)),
        Kind::Texts => value.as_array().is_some_and(|texts| texts.iter().all(Value::is_string)),
        Kind::Object => value.is_object(),
    }
}

/// What a value of JSON has to be.
fn wanted(kind: Kind) -> String {
    match kind {
        Kind::Text | Kind::Secret => "a text".to_owned(),
        Kind::Integer => "a whole number".to_owned(),
        Kind::Seconds => "a whole number of seconds".to_owned(),
        Kind::Time => "a time".to_owned(),
        Kind::Flag => "true or false".to_owned(),
        Kind::OneOf(words) => format!("one of {}", words.join(", ")),
        Kind::Texts => "a list of texts".to_owned(),
        Kind::Object => "an object".to_owned(),
    }
}

fn misfit(field: &Field, wanted: &str, given: &str) -> Misfit {
    Misfit(format!("{} must be {wanted}, such as {}; it is {given}", field.name, field.example))
}

/// A field's value from text.
fn read(field: &Field, text: &str) -> Result<Value, Misfit> {
    let wrong = |wanted: &str| misfit(field, wanted, &format!("{text:?}"));
    Ok(match field.kind {
        Kind::Text | Kind::Secret => text.into(),
        Kind::Integer => text.parse::<i64>().map_err(|_| wrong("a whole number"))?.into(),
        Kind::Seconds => seconds(text).ok_or_else(|| wrong("a length of time"))?.into(),
        Kind::Time => timestamp(text).ok_or_else(|| wrong("a time"))?.into(),
        Kind::Flag => match text {
            "true" | "on" | "yes" => true.into(),
            "false" | "off" | "no" => false.into(),
            _ => return Err(wrong("true or false")),
        },
        Kind::OneOf(words) if words.contains(&text) => text.into(),
        Kind::OneOf(_) => return Err(wrong(&wanted(field.kind))),
        Kind::Texts => {
            text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Value::from).collect()
        }
        Kind::Object => {
            serde_json::from_str::<Map<String, Value>>(text).map_err(|_| wrong("an object of JSON"))?.into()
        }
    })
}

/// `604800`, `7d`, `36h`, `1d 12h`.
fn seconds(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let span: Span = text.parse().ok()?;
    Some(span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?.as_secs())
}

/// What is no moment by itself is the midnight of a day.
fn timestamp(text: &str) -> Option<String> {
    let midnight = || Some(text.parse::<Date>().ok()?.to_zoned_datetime(TimeZone::UTC).ok()?.timestamp());
    let at: Timestamp = text.parse().ok().or_else(midnight)?;
    Some(at.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::Method;
    use super::*;
    use serde_json::json;

    const DEED: Deed = Deed {
        name: "try",
        method: Method::Post,
        path: "/try",
        summary: "Tries",
        fields: &[
            Field::body("by", Kind::Seconds, "how far", "7d").required(),
            Field::body("at", Kind::Time, "when", "2030-01-01"),
            Field::body("on", Kind::Flag, "whether", "true"),
            Field::body("word", Kind::OneOf(&["a", "b"]), "which", "a"),
            Field::body("words", Kind::Texts, "which", "a,b"),
            Field::body("more", Kind::Object, "what", "{}"),
            Field::body("password", Kind::Secret, "what nobody sees", "…"),
        ],
        answer: "nothing",
        commands: &[],
        page: "/lab",
    };

    fn of(pairs: &[(&str, &str)]) -> Result<Arguments, Misfit> {
        let mut arguments = Arguments::default();
        for (name, text) in pairs {
            arguments.add_text(&DEED, name, text)?;
        }
        arguments.check(&DEED)?;
        Ok(arguments)
    }

    #[test]
    fn text_is_read_by_the_kind_of_its_field() {
        let arguments = of(&[
            ("by", "1w 1d"),
            ("at", "2030-01-01"),
            ("on", "true"),
            ("word", "b"),
            ("words", "x, y"),
            ("more", r#"{"a":"b"}"#),
        ]);
        assert_eq!(
            Value::Object(arguments.unwrap().into_json()),
            json!({ "by": 691_200, "at": "2030-01-01T00:00:00Z", "on": true, "word": "b", "words": ["x", "y"],
                "more": { "a": "b" } })
        );
        assert_eq!(of(&[("by", "90m")]).unwrap().into_json()["by"], 5_400);
        let at = of(&[("by", "1"), ("at", "2030-01-01T12:00:00+02:00")]).unwrap();
        assert_eq!(at.text("at"), Some("2030-01-01T10:00:00Z"));
    }

    #[test]
    fn what_does_not_fit_is_named_with_what_would() {
        for (pairs, words) in [
            (&[("by", "soon")][..], "by must be a length of time, such as 7d; it is \"soon\""),
            (&[("at", "2030-01-01")], "by is needed: how far, such as 7d"),
            (&[("by", "1"), ("by", "2")], "by is given twice"),
            (&[("by", "1"), ("word", "c")], "word must be one of a, b, such as a; it is \"c\""),
            (&[("by", "1"), ("on", "perhaps")], "on must be true or false, such as true; it is \"perhaps\""),
        ] {
            assert_eq!(of(pairs).unwrap_err().0, words);
        }
        let unknown = of(&[("bye", "1")]).unwrap_err().0;
        assert!(
            unknown.starts_with("there is no field \"bye\" here; the fields are by, at, on"),
            "{unknown}"
        );
    }

    #[test]
    fn json_of_another_kind_is_named_with_what_would_fit() {
        let add = |name: &str, value: Value| Arguments::default().add(&DEED, name, value);
        for (name, value, words) in [
            ("by", json!("soon"), "by must be a whole number of seconds, such as 7d; it is \"soon\""),
            ("by", json!(1.5), "by must be a whole number of seconds, such as 7d; it is 1.5"),
            ("at", json!(2030), "at must be a time, such as 2030-01-01; it is 2030"),
            ("on", json!("true"), "on must be true or false, such as true; it is \"true\""),
            ("word", json!("c"), "word must be one of a, b, such as a; it is \"c\""),
            ("words", json!(["a", 1]), "words must be a list of texts, such as a,b; it is [\"a\",1]"),
            ("more", json!([]), "more must be an object, such as {}; it is []"),
            ("password", json!(4711), "password must be a text, such as …; it is something else"),
        ] {
            assert_eq!(add(name, value).unwrap_err().0, words);
        }
        for (name, value) in
            [("by", json!(7)), ("on", json!(false)), ("word", Value::Null), ("words", json!(["a"]))]
        {
            add(name, value).unwrap();
        }
    }

    #[test]
    fn secrets_stay_out_of_records() {
        let arguments = of(&[("by", "1"), ("password", "hush")]).unwrap();
        assert_eq!(arguments.without_secrets(&DEED), json!({ "by": 1, "password": "…" }));
    }
}

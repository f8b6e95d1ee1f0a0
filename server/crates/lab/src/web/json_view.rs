//! A deed's answer as people read it.

use super::query::at_most;
use jiff::Timestamp;
use lab_pages::model::Answer;
use serde_json::{Map, Value};

/// Characters of a value in a table.
const LONGEST: usize = 400;

pub fn answer(value: &Value) -> Answer {
    match value {
        Value::Array(rows) if rows.iter().all(Value::is_object) => table(rows),
        Value::Object(facts) if facts.values().all(is_short) => {
            Answer::Facts(facts.iter().map(|(name, value)| (name.clone(), text(value))).collect())
        }
        Value::String(text) => Answer::Text(text.clone()),
        other => Answer::Text(serde_json::to_string_pretty(other).unwrap_or_default()),
    }
}

fn table(rows: &[Value]) -> Answer {
    let objects: Vec<&Map<String, Value>> = rows.iter().filter_map(Value::as_object).collect();
    let mut headings: Vec<String> = Vec::new();
    for (name, value) in objects.iter().copied().flatten() {
        if !headings.contains(name) && !value.is_object() {
            headings.push(name.clone());
        }
    }
    let cell = |object: &Map<String, Value>, name: &String| object.get(name).map(text).unwrap_or_default();
    let rows =
        objects.iter().map(|object| headings.iter().map(|name| cell(object, name)).collect()).collect();
    Answer::Table { headings, rows }
}

fn is_short(value: &Value) -> bool {
    !value.is_object() && value.as_array().is_none_or(|all| all.iter().all(|one| !one.is_object()))
}

fn text(value: &Value) -> String {
    let whole = match value {
        Value::Null => String::new(),
        Value::String(text) => match text.parse::<Timestamp>() {
            Ok(at) => at.strftime("%-d %b %Y, %H:%M:%S UTC").to_string(),
            Err(_) => text.clone(),
        },
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(all) if all.iter().all(|one| !one.is_object()) => {
            all.iter().map(text).collect::<Vec<_>>().join(", ")
        }
        Value::Array(all) => all.len().to_string(),
        other => other.to_string(),
    };
    at_most(&whole, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_are_tables_and_objects_are_facts() {
        let Answer::Table { headings, rows } = answer(&json!([{ "a": 1, "b": ["x", "y"] }, { "c": null }]))
        else {
            panic!("no table");
        };
        assert_eq!(headings, ["a", "b", "c"]);
        assert_eq!(rows, [["1", "x, y", ""], ["", "", ""]]);
        assert!(matches!(answer(&json!({ "a": true })), Answer::Facts(facts) if facts[0].1 == "yes"));
        assert!(matches!(answer(&json!({ "a": {} })), Answer::Text(_)));
    }
}

//! The control API as `OpenAPI` 3.1, made of the table of deeds.

use crate::control::EVENTS;
use platform::deeds::{Deed, Field, Kind, Place};
use serde_json::{Map, Value, json};

/// The whole document.
pub fn document(deeds: &[&'static Deed]) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for deed in deeds.iter().copied().chain([&EVENTS]) {
        let path = paths.entry(format!("/_control{}", deed.path)).or_insert_with(|| json!({}));
        if let Value::Object(methods) = path {
            methods.insert(deed.method.as_str().to_ascii_lowercase(), operation(deed));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "The lab's control API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Sees everything, moves time, breaks things. Errors are {\"error\": \"what is wrong and what to do\"}.",
        },
        "paths": paths,
        "components": { "schemas": { "Error": {
            "type": "object", "required": ["error"], "properties": { "error": { "type": "string" } },
        } } },
    })
}

fn operation(deed: &Deed) -> Value {
    let parameters: Vec<Value> =
        deed.fields.iter().filter(|field| field.place != Place::Body).map(parameter).collect();
    let body: Vec<&Field> = deed.fields.iter().filter(|field| field.place == Place::Body).collect();
    let error = json!({ "description": "It is not done; the words say why and what to do.",
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } } });
    let example: Value = serde_json::from_str(deed.answer).unwrap_or_else(|_| deed.answer.into());
    let mut operation = json!({
        "operationId": deed.name,
        "summary": deed.summary,
        "parameters": parameters,
        "responses": {
            "200": { "description": "It is done.", "content": { "application/json": { "example": example } } },
            "4XX": error,
        },
    });
    if !body.is_empty()
        && let Value::Object(operation) = &mut operation
    {
        operation.insert("requestBody".to_owned(), request_body(&body));
    }
    operation
}

fn parameter(field: &Field) -> Value {
    json!({
        "name": field.name,
        "in": if field.place == Place::Path { "path" } else { "query" },
        "required": field.required,
        "description": field.summary,
        "schema": schema(field.kind),
        "example": field.example,
    })
}

fn request_body(fields: &[&Field]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| {
            let mut schema = schema(field.kind);
            if let Value::Object(schema) = &mut schema {
                schema.insert("description".to_owned(), field.summary.into());
            }
            (field.name.to_owned(), schema)
        })
        .collect();
    let required: Vec<&str> = fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    json!({ "required": !required.is_empty(), "content": { "application/json": { "schema": {
        "type": "object", "properties": properties, "required": required, "additionalProperties": false,
    } } } })
}

fn schema(kind: Kind) -> Value {
    match kind {
        Kind::Text | Kind::Secret => json!({ "type": "string" }),
        Kind::Integer | Kind::Seconds => json!({ "type": "integer" }),
        Kind::Time => json!({ "type": "string", "format": "date-time" }),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::OneOf(words) => json!({ "type": "string", "enum": words }),
        Kind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Kind::Object => json!({ "type": "object" }),
    }
}

//! Snapshots as deeds.

use super::SnapshotTrouble;
use crate::control::json_of;
use crate::state::Lab;
use platform::db::snapshots::{SnapshotError, SnapshotName, SnapshotSide};
use platform::deeds::{Arguments, Command, Deed, DeedRefused, Field, Kind, Method};
use serde::Deserialize;
use serde_json::{Value, json};

pub const PAGE: &str = "/lab/snapshots";
/// Rows of each table that a comparison shows.
const USUAL_ROWS: usize = 20;
const MOST_ROWS: i64 = 1_000;

const NAME: Field = Field::path("name", "of the snapshot", "before");

pub const SAVE: Deed = Deed {
    name: "snapshot-save",
    method: Method::Post,
    path: "/snapshots",
    summary: "Keeps all that the sites know, with files and clock, under a name",
    fields: &[Field::body(
        "name",
        Kind::Text,
        "a name for it: lower-case letters, digits, - and _",
        "before",
    )
    .required()],
    answer: r#"{"name":"before","of":["payments","shop"],"saved_at":"2030-01-01T00:00:00Z","clock":{"now":"2030-01-01T00:00:00Z","frozen":false,"speed":1},"newest_event":120,"bytes":7000000,"files":12}"#,
    commands: &[Command {
        words: &["snapshot", "save"],
        summary: "Keeps all that the sites know under a name",
        positional: &["name"],
        flags: &[],
        fixed: &[],
    }],
    page: PAGE,
};

pub const LIST: Deed = Deed {
    name: "snapshots",
    method: Method::Get,
    path: "/snapshots",
    summary: "The snapshots that there are, by name",
    fields: &[],
    answer: r#"[{"name":"before","of":["payments","shop"],"saved_at":"2030-01-01T00:00:00Z","clock":{"now":"2030-01-01T00:00:00Z","frozen":false,"speed":1},"newest_event":120,"bytes":7000000,"files":12}]"#,
    commands: &[Command {
        words: &["snapshot", "list"],
        summary: "The snapshots that there are",
        positional: &[],
        flags: &[],
        fixed: &[],
    }],
    page: PAGE,
};

pub const RESTORE: Deed = Deed {
    name: "snapshot-restore",
    method: Method::Post,
    path: "/snapshots/{name}/restore",
    summary: "Brings everything back to how it was then; what came afterwards is lost",
    fields: &[NAME],
    answer: r#"{"name":"before","of":["payments","shop"],"saved_at":"2030-01-01T00:00:00Z","clock":{"now":"2030-01-01T00:00:00Z","frozen":false,"speed":1},"newest_event":120,"bytes":7000000,"files":12}"#,
    commands: &[Command {
        words: &["snapshot", "restore"],
        summary: "Brings everything back to how it was then",
        positional: &["name"],
        flags: &[],
        fixed: &[],
    }],
    page: PAGE,
};

pub const DIFF: Deed = Deed {
    name: "snapshot-diff",
    method: Method::Get,
    path: "/snapshots/{a}/diff/{b}",
    summary: "What one snapshot has otherwise than another: rows and postings",
    fields: &[
        Field::path("a", "the earlier one; now is how it is at the moment", "before"),
        Field::path("b", "the later one; now is how it is at the moment", "now"),
        Field::query("rows", Kind::Integer, "rows that are shown of each table; all are counted", "20"),
    ],
    answer: r#"{"before":"before","after":"now","sites":{"payments":[{"table":"transactions","added":1,"removed":0,"changed":0,"rows":[{"key":{"number":7},"before":null,"after":{"number":7}}]}]},"postings":[{"added":true,"what":"Charge","transaction_id":"…","account":"account:…","whose":"John Doe","amount":"-10.000000"}]}"#,
    commands: &[Command {
        words: &["snapshot", "diff"],
        summary: "What one snapshot has otherwise than another: rows and postings",
        positional: &["a", "b"],
        flags: &["rows"],
        fixed: &[("b", "now")],
    }],
    page: PAGE,
};

pub const DELETE: Deed = Deed {
    name: "snapshot-delete",
    method: Method::Delete,
    path: "/snapshots/{name}",
    summary: "Deletes a snapshot",
    fields: &[NAME],
    answer: r#"{"deleted":"before"}"#,
    commands: &[Command {
        words: &["snapshot", "delete"],
        summary: "Deletes a snapshot",
        positional: &["name"],
        flags: &[],
        fixed: &[],
    }],
    page: PAGE,
};

#[derive(Debug, Deserialize)]
struct Named {
    name: SnapshotName,
}

#[derive(Debug, Deserialize)]
struct Compared {
    a: SnapshotSide,
    b: SnapshotSide,
    rows: Option<i64>,
}

pub async fn perform(lab: &Lab, deed: &str, arguments: Arguments) -> Result<Value, DeedRefused> {
    match deed {
        "snapshot-save" => json_of(lab.save_snapshot(arguments.parse::<Named>()?.name).await?),
        "snapshots" => json_of(lab.snapshots().await?),
        "snapshot-restore" => json_of(lab.restore_snapshot(arguments.parse::<Named>()?.name).await?),
        "snapshot-diff" => {
            let Compared { a, b, rows } = arguments.parse()?;
            let rows = rows.map_or(USUAL_ROWS, |rows| usize::try_from(rows.clamp(0, MOST_ROWS)).unwrap_or(0));
            json_of(lab.compare(&a, &b, rows).await?)
        }
        "snapshot-delete" => {
            let Named { name } = arguments.parse()?;
            lab.delete_snapshot(name.clone()).await?;
            Ok(json!({ "deleted": name }))
        }
        _ => Err(DeedRefused::NoSuchCall),
    }
}

impl From<SnapshotTrouble> for DeedRefused {
    fn from(trouble: SnapshotTrouble) -> Self {
        let words = trouble.to_string();
        match trouble {
            SnapshotTrouble::NotThere(_) | SnapshotTrouble::Rows(SnapshotError::NotThere(_)) => {
                Self::NotFound(words)
            }
            SnapshotTrouble::AlreadyThere(_)
            | SnapshotTrouble::OfOtherSites { .. }
            | SnapshotTrouble::NoSites
            | SnapshotTrouble::Rows(
                SnapshotError::AlreadyThere(_)
                | SnapshotError::OtherSchema(_)
                | SnapshotError::Dangling { .. },
            ) => Self::Conflict(words),
            SnapshotTrouble::Rows(SnapshotError::Database(error)) => error.into(),
            SnapshotTrouble::Following(error) if error.is_unavailable() => Self::Unavailable,
            other => Self::Internal(other.into()),
        }
    }
}

//! Back to the demo data.

use super::Control;
use super::clock::Shown;
use platform::deeds::{Command, Deed, DeedRefused, Method};

pub const RESET: Deed = Deed {
    name: "reset",
    method: Method::Post,
    path: "/reset",
    summary: "Brings the demo data back and sets the clock to now; everything else is lost",
    fields: &[],
    answer: r#"{"now":"2030-01-01T00:00:00Z","offset_seconds":0,"frozen":false,"speed":1}"#,
    commands: &[Command {
        words: &["lab-reset"],
        summary: "Brings the demo data of running sites back; everything else is lost",
        positional: &[],
        flags: &[],
        fixed: &[],
    }],
    page: "/lab/reset",
};

pub async fn reset(control: &Control) -> Result<Shown, DeedRefused> {
    Ok(control.payments.reset_all().await?.into())
}

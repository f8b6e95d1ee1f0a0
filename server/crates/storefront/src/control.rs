//! What can be asked of the shop by hand: its deeds, as the lab, the control API and the command line have them.

use crate::Shop;
use crate::orders::differences;
use async_trait::async_trait;
use platform::deeds::{Arguments, Command, Deed, DeedRefused, Deeds, Method, Offer};
use serde_json::{Value, json};
use shop_pages::model::OrderDifference;
use std::sync::Arc;

/// All of them.
pub static DEEDS: &[Deed] = &[Deed {
    name: "orders-invariants",
    method: Method::Get,
    path: "/orders/invariants",
    summary: "Whether every order of the shop agrees with its transaction, as last compared",
    fields: &[],
    answer: r#"[{"name":"Every order of the shop agrees with its transaction, as last compared","holds":true,"rows":[]}]"#,
    commands: &[Command {
        words: &["orders", "check"],
        summary: "Whether every order of the shop agrees with its transaction",
        positional: &[],
        flags: &[],
        fixed: &[],
    }],
    page: "/lab/books",
}];

#[derive(Debug)]
struct Control(Shop);

impl Shop {
    /// What can be done to it by hand.
    pub fn deeds(&self) -> Offer {
        Arc::new(Control(self.clone()))
    }
}

#[async_trait]
impl Deeds for Control {
    fn table(&self) -> &'static [Deed] {
        DEEDS
    }

    async fn perform(&self, deed: &'static Deed, _arguments: Arguments) -> Result<Value, DeedRefused> {
        match deed.name {
            "orders-invariants" => Ok(json!([invariant(&self.0).await?])),
            _ => Err(DeedRefused::NoSuchCall),
        }
    }
}

/// A rule that always holds: whether it does, and what breaks it.
async fn invariant(shop: &Shop) -> Result<Value, DeedRefused> {
    let mut rows: Vec<String> = differences::all(&shop.db).await?.iter().map(row).collect();
    let count = usize::try_from(differences::count(&shop.db).await?).unwrap_or(usize::MAX);
    let more = count.saturating_sub(rows.len());
    if more > 0 {
        rows.push(format!("and {more} more"));
    }
    let name = "Every order of the shop agrees with its transaction, as last compared";
    Ok(json!({ "name": name, "holds": rows.is_empty(), "rows": rows }))
}

fn row(difference: &OrderDifference) -> String {
    let OrderDifference { order_id, title, believed, found, .. } = difference;
    format!("{order_id} ({title}): the shop has {believed}; Amazon says {found}")
}

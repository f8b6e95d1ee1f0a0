//! An order is compared with Amazon's side now, and what Amazon knows more is taken in.

use super::by;
use crate::Shop;
use crate::audit::{self, Deed, Entry, Kind, Subject};
use crate::ids::OrderId;
use crate::orders::differences::{self, Difference};
use crate::orders::state::Phase;
use crate::orders::{self, OrderError};
use crate::purchase::comparison::{self, Compared};
use crate::users::User;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mended {
    /// Both sides say the same now.
    Agree(Phase),
    StillDiffer(Difference),
    /// Amazon did not answer; nothing was changed.
    NotKnown,
}

/// Asks Amazon about the order's payment and applies its word, as the hourly comparison does. No money is moved for it.
pub async fn mend(shop: &Shop, operator: &User, id: &OrderId) -> Result<Mended, OrderError> {
    let order = orders::find(&shop.db, id).await?;
    let before = words(differences::of_order(&shop.db, id).await?.as_ref(), &order);
    let compared = comparison::compare(shop, id).await?;
    let difference = differences::of_order(&shop.db, id).await?;
    let order = orders::find(&shop.db, id).await?;
    let after = match compared {
        Compared::NotKnown => "Amazon did not answer".to_owned(),
        Compared::AsBefore | Compared::News => words(difference.as_ref(), &order),
    };
    let subject = Subject::new(Kind::Order, id, &order.title);
    let entry = Entry::new(shop.new_id(), shop.clock.now(), by(operator), Deed::OrderCompared, subject)
        .changed(before, after);
    shop.db.transact(entry, |c, entry| Box::pin(audit::record(c, entry))).await?;
    Ok(match (compared, difference) {
        (Compared::NotKnown, _) => Mended::NotKnown,
        (_, Some(difference)) => Mended::StillDiffer(difference),
        (_, None) => Mended::Agree(order.state.phase()),
    })
}

fn words(difference: Option<&Difference>, order: &orders::Order) -> String {
    match difference {
        Some(Difference { believed, found }) => format!("the shop: {believed}; Amazon Payments: {found}"),
        None => format!("both agree: {}", order.state.phase()),
    }
}

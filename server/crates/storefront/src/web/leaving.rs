//! `/account/delete`: the end of an account.

use super::password::refused;
use super::second_factor::proof;
use super::{SignedIn, page};
use crate::Shop;
use crate::accounts::deletion::{self, DeletionError, Obstacle};
use crate::accounts::{AccountError, second_factor};
use app::form::FormState;
use axum::extract::State;
use axum::response::Response;
use platform::web::{ClientAddress, FormFields, Refusal, see_other};
use shop_pages::model::{DeleteAccountPage, InTheWay};
use shop_pages::pages;

async fn delete_page(shop: &Shop, visitor: &SignedIn, form: FormState) -> Result<DeleteAccountPage, Refusal> {
    let standing = deletion::standing(shop, &visitor.user).await?;
    let at_amazon = shop.config.payments_url.join("/account/tokens").map_err(Refusal::because)?;
    Ok(DeleteAccountPage {
        in_the_way: standing.obstacles.into_iter().map(|one| words(one, at_amazon.as_str())).collect(),
        unspent: standing.unspent,
        sells: standing.sells,
        second_factor: second_factor::is_on(shop, &visitor.user.id).await?,
        form,
    })
}

fn words(obstacle: Obstacle, at_amazon: &str) -> InTheWay {
    let one_or = |number: i64, one: &str, more: &str| match number {
        1 => one.to_owned(),
        number => format!("{number} {more}"),
    };
    let (words, href, link) = match obstacle {
        Obstacle::Orders(number) => (
            one_or(number, "One of your orders is under way.", "of your orders are under way.")
                + " Wait, or cancel what can be cancelled.",
            "/orders",
            "Your orders",
        ),
        Obstacle::Requests(number) => (
            one_or(
                number,
                "You asked for money back, and nobody has answered yet.",
                "times you asked for money back, and nobody has answered yet.",
            ),
            "/orders",
            "Your orders",
        ),
        Obstacle::Sales(number) => (
            one_or(number, "An order of your shop is under way.", "orders of your shop are under way.")
                + " Fulfil or cancel first.",
            "/sell/orders",
            "Orders of your shop",
        ),
        Obstacle::RequestsOfBuyers(number) => (
            one_or(
                number,
                "A buyer waits for your answer about money back.",
                "buyers wait for your answer about money back.",
            ),
            "/sell",
            "Your desk",
        ),
        Obstacle::OnSale(number) => (
            one_or(number, "One of your items is on sale.", "of your items are on sale.")
                + " Archive what you do not sell any more.",
            "/sell/items",
            "Your items",
        ),
        Obstacle::Registered => (
            "Your shop is registered with Amazon Payments. Take the agreement back there.".to_owned(),
            at_amazon,
            "Payment agreements at Amazon Payments",
        ),
        Obstacle::Charging => (
            "A credit of yours is being charged. Wait until that is over.".to_owned(),
            "/credit",
            "Your credit",
        ),
        Obstacle::LastOperator => (
            "You are the only one who runs this marketplace, so it would be nobody\u{2019}s.".to_owned(),
            "/operator/users",
            "Users and sellers",
        ),
    };
    InTheWay { words, href: href.to_owned(), link }
}

pub async fn delete_form(State(shop): State<Shop>, visitor: SignedIn) -> Result<Response, Refusal> {
    let data = delete_page(&shop, &visitor, FormState::default()).await?;
    Ok(page(true, pages::delete_account(&visitor.chrome, &data)))
}

/// Fields: `current_password`, `code`, `lose_credit`.
pub async fn delete(
    State(shop): State<Shop>,
    visitor: SignedIn,
    ClientAddress(from): ClientAddress,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let loses_credit = fields.get("lose_credit") == Some("yes");
    let form = match deletion::delete(&shop, &visitor.user, proof(&fields, from), loses_credit).await {
        Ok(()) => {
            visitor.end_session("Your account is deleted. Thank you for having been here.").await?;
            return Ok(see_other("/"));
        }
        Err(DeletionError::InTheWay) => {
            let mut form = FormState::default();
            form.refuse("", "Your account cannot be deleted yet: something is in the way.");
            form
        }
        Err(DeletionError::Account(AccountError::Invalid(errors))) => {
            FormState { errors: errors.errors, ..FormState::typed_only(fields.into_map(), &["lose_credit"]) }
        }
        Err(DeletionError::Account(error)) => return Err(refused(error)),
    };
    let data = delete_page(&shop, &visitor, form).await?;
    Ok(page(false, pages::delete_account(&visitor.chrome, &data)))
}

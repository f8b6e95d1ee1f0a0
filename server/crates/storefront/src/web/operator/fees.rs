//! `/operator/fees`: the rules of what the marketplace takes.

use super::Operator;
use crate::Shop;
use crate::catalogue::CategoryCount;
use crate::catalogue::store as items;
use crate::fees::{self, FeeRule, Reach};
use crate::ids::FeeRuleId;
use crate::merchants;
use crate::oversight::fee_rules::{self, FIELDS, FeeRuleError};
use crate::web::{InAddress, SignedIn, page};
use app::form::FormState;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use money::Money;
use platform::web::{FormFields, Refusal, see_other};
use shop_pages::model::{FeeRuleRow, FeesPage};
use shop_pages::pages;

const PATH: &str = "/operator/fees";

pub async fn show(State(shop): State<Shop>, Operator(visitor): Operator) -> Result<Response, Refusal> {
    shown(&shop, &visitor, FormState::default()).await
}

async fn shown(shop: &Shop, visitor: &SignedIn, form: FormState) -> Result<Response, Refusal> {
    let now = shop.clock.now();
    let categories = items::categories(&shop.db).await?;
    let book = fees::store::all_in_force(&shop.db, now).await?;
    let mut present = Vec::new();
    for rule in book.present() {
        present.push(row(shop, rule, &categories).await?);
    }
    let mut coming = Vec::new();
    for rule in fees::to_come(shop.db.readers(), now).await? {
        coming.push(row(shop, &rule, &categories).await?);
    }
    let categories =
        categories.into_iter().map(|category| (category.slug.to_string(), category.name)).collect();
    let data = FeesPage { present, coming, categories, form };
    Ok(page(data.form.is_valid(), pages::fees(&visitor.chrome, &data)))
}

async fn row(shop: &Shop, rule: &FeeRule, categories: &[CategoryCount]) -> Result<FeeRuleRow, sqlx::Error> {
    let reach = match &rule.reach {
        Reach::All => "All sellers".to_owned(),
        Reach::Category(slug) => {
            let named = categories.iter().find(|category| category.slug == *slug);
            named.map_or_else(|| slug.to_string(), |category| category.name.clone())
        }
        Reach::Seller(id) => merchants::store::by_id(shop.db.readers(), id).await?.name,
    };
    Ok(FeeRuleRow {
        id: rule.id.to_string(),
        reach,
        words: rule.fee.to_string(),
        begins_at: Some(rule.begins_at).filter(|at| *at != Timestamp::UNIX_EPOCH),
        examples: [100, 1_000, 10_000].map(|cents| rule.fee.of(Money::from_cents(cents))),
    })
}

pub async fn make(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let form = FormState::typed_only(fields.into_map(), &FIELDS);
    match fee_rules::make(&shop, &visitor.user, form).await {
        Ok(()) => {
            visitor
                .tell("The rule is made. Orders that are placed from its beginning on keep to it.")
                .await?;
            Ok(see_other(PATH))
        }
        Err(FeeRuleError::Invalid(form)) => shown(&shop, &visitor, form).await,
        Err(error @ FeeRuleError::TooLate) => Err(Refusal::because(error)),
        Err(FeeRuleError::Database(error)) => Err(error.into()),
    }
}

pub async fn withdraw(
    State(shop): State<Shop>,
    Operator(visitor): Operator,
    InAddress(id): InAddress<FeeRuleId>,
) -> Result<Response, Refusal> {
    match fee_rules::withdraw(&shop, &visitor.user, id).await {
        Ok(()) => visitor.tell("The rule is withdrawn: it never begins.").await?,
        Err(FeeRuleError::TooLate) => {
            visitor
                .tell("That rule has begun, or is withdrawn already. A newer one takes its place.")
                .await?;
        }
        Err(FeeRuleError::Database(error)) => return Err(error.into()),
        Err(error @ FeeRuleError::Invalid(_)) => return Err(Refusal::because(error)),
    }
    Ok(see_other(PATH))
}

//! Fee rules as the operator makes them.

use super::by;
use crate::audit::{self, Deed, Entry, Kind, Subject};
use crate::catalogue::store as items;
use crate::fees::{self, Fee, FeeRule, Reach};
use crate::ids::{CategorySlug, FeeRuleId};
use crate::merchants::{FeeCaps, people, store as merchants};
use crate::users::{User, store as users};
use crate::{Shop, input};
use app::form::FormState;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use money::{Money, Percent};
use platform::db::WriteError;
use sqlx::AnyConnection;

/// The form's fields, as they are kept when it is refused.
pub const FIELDS: [&str; 8] = ["reach", "category", "seller", "fixed", "variable", "least", "most", "from"];
/// More would be a slip of the finger.
const HIGHEST: Money = Money::from_cents(100_000);
/// Sellers who are named, of all who agreed to less.
const NAMED: usize = 5;

#[derive(Debug, thiserror::Error)]
pub enum FeeRuleError {
    /// The errors stand at their fields.
    #[error("the form cannot be taken as it is")]
    Invalid(FormState),
    /// It has begun, or is withdrawn already.
    #[error("the rule cannot be withdrawn any more")]
    TooLate,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl WriteError for FeeRuleError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::Invalid(_) | Self::TooLate => None,
        }
    }
}

/// Makes a rule of the form. One that takes more than sellers agreed to at Amazon Payments is refused: their sales would
/// be, there.
pub async fn make(shop: &Shop, operator: &User, mut form: FormState) -> Result<(), FeeRuleError> {
    let now = shop.clock.now();
    let reach = read_reach(shop, &mut form).await?;
    let fee = read_fee(&mut form);
    let begins_at = read_from(&mut form, now);
    let (Some((reach, title)), Some(fee), Some(begins_at), true) = (reach, fee, begins_at, form.is_valid())
    else {
        return Err(FeeRuleError::Invalid(form));
    };
    let rule = FeeRule { id: shop.new_id(), reach, fee, begins_at, made_at: now };
    let subject = Subject::new(Kind::FeeRule, &rule.id, title);
    let entry = Entry::new(shop.new_id(), now, by(operator), Deed::FeeRuleMade, subject);
    shop.db
        .transact((rule, entry, form), |c, (rule, entry, form)| Box::pin(make_in(c, rule, entry, form)))
        .await
}

async fn make_in(
    connection: &mut AnyConnection,
    rule: &FeeRule,
    entry: &Entry,
    form: &FormState,
) -> Result<(), FeeRuleError> {
    let only = if let Reach::Seller(id) = &rule.reach { Some(id) } else { None };
    let needed = rule.fee.needs();
    let (sellers, names) = merchants::capped_below(&mut *connection, needed, only, NAMED).await?;
    if sellers > 0 {
        let mut form = form.clone();
        form.refuse("", agreed_to_less(needed, sellers, &names));
        return Err(FeeRuleError::Invalid(form));
    }
    let before = present(&mut *connection, rule, entry.at).await?;
    fees::store::insert(&mut *connection, rule).await?;
    let from = rule.begins_at.to_zoned_datetime(TimeZone::UTC).date();
    let entry = entry.clone().changed(before, format!("{} from {from} on", rule.fee));
    audit::record(connection, &entry).await?;
    Ok(())
}

/// What holds for the same reach now, in words.
async fn present(
    connection: &mut AnyConnection,
    rule: &FeeRule,
    now: Timestamp,
) -> Result<String, sqlx::Error> {
    let seller = match &rule.reach {
        Reach::Seller(id) => merchants::find(&mut *connection, id).await?,
        Reach::All | Reach::Category(_) => None,
    };
    let book = fees::in_force(connection, seller.as_ref(), now).await?;
    let category = if let Reach::Category(slug) = &rule.reach { Some(slug) } else { None };
    Ok(book.rule(category).map(|rule| rule.fee.to_string()).unwrap_or_default())
}

fn agreed_to_less(needed: FeeCaps, sellers: usize, names: &[String]) -> String {
    let mut list = names.join(", ");
    let more = sellers.saturating_sub(NAMED);
    if more > 0 {
        list = format!("{list} and {more} more");
    }
    let who = if sellers == 1 { "1 seller".to_owned() } else { format!("{sellers} sellers") };
    format!(
        "This can take up to {} and {} % of a sale, and {who} agreed to less when they registered with Amazon Payments: \
         {list}. Amazon would refuse their sales, so nothing was saved. Lower the fee, or make it for a seller who \
         agreed to as much.",
        needed.fixed, needed.variable
    )
}

/// Whom it is for, and their name.
async fn read_reach(shop: &Shop, form: &mut FormState) -> Result<Option<(Reach, String)>, sqlx::Error> {
    match form.value("reach") {
        "all" => Ok(Some((Reach::All, "All sellers".to_owned()))),
        "category" => {
            let slug = CategorySlug::new(form.value("category")).ok();
            let categories = items::categories(&shop.db).await?;
            let found = categories.into_iter().find(|category| Some(&category.slug) == slug.as_ref());
            if found.is_none() {
                form.refuse("category", "Choose the category that the rule is for.");
            }
            Ok(found.map(|category| (Reach::Category(category.slug), category.name)))
        }
        "seller" => read_seller(shop, form).await,
        _ => {
            form.refuse("reach", "Choose whom the rule is for.");
            Ok(None)
        }
    }
}

async fn read_seller(shop: &Shop, form: &mut FormState) -> Result<Option<(Reach, String)>, sqlx::Error> {
    let text = form.value("seller").trim().to_lowercase();
    let ids = if text.is_empty() { Vec::new() } else { users::found_by(&shop.db, &text, 50).await? };
    let people = people::of_ids(&shop.db, &ids).await?;
    let mut shops = people.into_iter().filter_map(|person| {
        let fits = |shop: &people::Shop| person.user.email == text || shop.name.to_lowercase() == text;
        person.shop.filter(fits)
    });
    match (shops.next(), shops.next()) {
        (Some(shop), None) => Ok(Some((Reach::Seller(shop.id), shop.name))),
        (Some(_), Some(_)) => {
            form.refuse("seller", "Several sellers are called so. Enter the e-mail address of the one.");
            Ok(None)
        }
        (None, _) => {
            form.refuse(
                "seller",
                "Enter the name of a shop as it is written, or its seller's e-mail address.",
            );
            Ok(None)
        }
    }
}

fn amount(form: &mut FormState, field: &str) -> Option<Money> {
    let text = form.value(field).trim();
    let text = text.strip_prefix('$').unwrap_or(text);
    match Money::parse_dollars(text) {
        Ok(amount) if amount <= HIGHEST => Some(amount),
        Ok(_) => {
            form.refuse(field, format!("This can be at most {HIGHEST}."));
            None
        }
        Err(_) => {
            form.refuse(field, "Enter an amount like 0.05.");
            None
        }
    }
}

/// `None` where nothing was typed; the error is at its field.
fn optional_amount(form: &mut FormState, field: &str) -> Result<Option<Money>, ()> {
    if form.value(field).trim().is_empty() { Ok(None) } else { amount(form, field).map(Some).ok_or(()) }
}

fn read_fee(form: &mut FormState) -> Option<Fee> {
    let fixed = amount(form, "fixed");
    let text = form.value("variable").trim();
    let variable = Percent::parse(text.strip_suffix('%').unwrap_or(text).trim_end()).ok();
    if variable.is_none() {
        form.refuse("variable", "Enter a percentage from 0 to 100, like 10 or 2.9.");
    }
    let (least, most) = (optional_amount(form, "least"), optional_amount(form, "most"));
    let (fixed, variable, least, most) = (fixed?, variable?, least.ok()?, most.ok()?);
    if let (Some(least), Some(most)) = (least, most)
        && least > most
    {
        form.refuse("most", "The most cannot be less than the least.");
    }
    Some(Fee { fixed, variable, least, most })
}

/// The day from which on it holds, which begins at midnight UTC; today means now.
fn read_from(form: &mut FormState, now: Timestamp) -> Option<Timestamp> {
    let text = form.value("from").trim();
    let today = now.to_zoned_datetime(TimeZone::UTC).date();
    let day = if text.is_empty() { Some(today) } else { text.parse::<Date>().ok() };
    match day {
        Some(day) if day == today => Some(now),
        Some(day) if day > today && day.year() < 9000 => input::midnight(day),
        Some(day) if day < today => {
            form.refuse(
                "from",
                format!("Choose today ({today}) or a later day: what was sold keeps its fee."),
            );
            None
        }
        _ => {
            form.refuse("from", format!("Enter a day like {today}."));
            None
        }
    }
}

/// Takes a rule back that has not begun.
pub async fn withdraw(shop: &Shop, operator: &User, id: FeeRuleId) -> Result<(), FeeRuleError> {
    let now = shop.clock.now();
    let subject = Subject::new(Kind::FeeRule, &id, "");
    let entry = Entry::new(shop.new_id(), now, by(operator), Deed::FeeRuleWithdrawn, subject);
    shop.db.transact((id, entry), |c, (id, entry)| Box::pin(withdraw_in(c, id, entry))).await
}

async fn withdraw_in(
    connection: &mut AnyConnection,
    id: &FeeRuleId,
    entry: &Entry,
) -> Result<(), FeeRuleError> {
    let rule = fees::store::find(&mut *connection, id).await?.ok_or(FeeRuleError::TooLate)?;
    if !fees::store::withdraw(&mut *connection, id, entry.at).await? {
        return Err(FeeRuleError::TooLate);
    }
    let title = match &rule.reach {
        Reach::All => "All sellers".to_owned(),
        Reach::Category(slug) => slug.to_string(),
        Reach::Seller(seller) => {
            merchants::find(&mut *connection, seller).await?.map(|seller| seller.name).unwrap_or_default()
        }
    };
    let from = rule.begins_at.to_zoned_datetime(TimeZone::UTC).date();
    let mut entry = entry.clone().changed(format!("{} from {from} on", rule.fee), "");
    entry.subject.title = title;
    audit::record(connection, &entry).await?;
    Ok(())
}

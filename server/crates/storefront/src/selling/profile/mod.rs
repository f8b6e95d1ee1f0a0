//! How a seller stands before buyers: the name and its address, picture, words, the rule for refunds, rates, vacation.

mod picture;

pub use picture::{LARGEST, Portrait, too_large};

use super::listing::slug;
use super::onboarding::LONGEST_NAME;
use crate::audit::{self, Change, Deed, Kind, Stamp, Subject};
use crate::catalogue::search::index;
use crate::files::FilesError;
use crate::ids::SellerSlug;
use crate::merchants::{
    Merchant, Profile, Rate, RefundRule, Region, ShippingRates, ShippingSpeed, profile_store, store,
};
use crate::{Shop, input};
use app::form::FormState;
use identity::{NameProblem, PublicName};
use money::Money;
use platform::Database;
use platform::db::WriteError;
use shop_pages::model::RATE_FIELDS;
use sqlx::AnyConnection;
use url::Url;

const LONGEST_ABOUT: usize = 2_000;
const MOST_LINKS: usize = 5;
const LONGEST_LINK: usize = 200;
const LONGEST_VACATION: usize = 200;
const MOST_REFUND_DAYS: u16 = 365;
const HIGHEST_RATE: Money = Money::from_cents(100_000);
/// After so many namesakes the merchant's id helps.
const NAMESAKES: u32 = 20;

#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The errors stand at their fields.
    #[error("the form cannot be taken as it is")]
    Invalid(FormState),
    #[error(transparent)]
    Name(#[from] NameProblem),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl WriteError for ProfileError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

/// The form as it stands before anything is typed.
pub fn form_of(merchant: &Merchant, rates: &ShippingRates) -> FormState {
    let mut form = FormState::default();
    form.set("name", &merchant.name);
    form.set("about", &merchant.profile.about);
    form.set("links", merchant.profile.links.join("\n"));
    let (refund, days, unless) = match merchant.refund_rule {
        RefundRule::AtOnce { days, unless_downloaded } => ("at-once", days, unless_downloaded),
        RefundRule::OnRequest => ("on-request", 30, false),
    };
    form.set("refund", refund);
    form.set("refund_days", days.to_string());
    form.set("refund_downloads", if unless { "unless" } else { "always" });
    form.set("vacation", if merchant.vacation.is_some() { "away" } else { "open" });
    form.set("vacation_words", merchant.vacation.as_deref().unwrap_or_default());
    for rate in rates.all() {
        let price = rate.price.map(Money::to_two_decimals);
        form.set(rate_field(rate.region, rate.speed), price.unwrap_or_default());
    }
    form
}

fn rate_field(region: Region, speed: ShippingSpeed) -> &'static str {
    let fields = RATE_FIELDS.iter().find(|fields| fields.region == region.as_str());
    fields.map_or("", |fields| match speed {
        ShippingSpeed::Standard => fields.standard,
        ShippingSpeed::Express => fields.express,
    })
}

/// Takes what the form says. Another's name is refused, however fast two are: each look of a name is in the database
/// once.
pub async fn save(shop: &Shop, merchant: &Merchant, form: FormState) -> Result<(), ProfileError> {
    let (wanted, rates) = read(merchant, form.clone()).map_err(ProfileError::Invalid)?;
    let input = (wanted, rates, super::stamp(shop, merchant));
    let saved: Result<(), ProfileError> =
        shop.db.transact(input, |c, (wanted, rates, stamp)| Box::pin(save_in(c, wanted, rates, stamp))).await;
    shop.shared_pages.forget();
    match saved {
        Err(ProfileError::Name(problem)) => {
            let mut form = form;
            form.refuse("name", problem.to_string());
            Err(ProfileError::Invalid(form))
        }
        other => other,
    }
}

async fn save_in(
    connection: &mut AnyConnection,
    wanted: &Merchant,
    rates: &ShippingRates,
    stamp: &Stamp,
) -> Result<(), ProfileError> {
    let before = store::by_id(&mut *connection, &wanted.id).await?;
    let old_rates = profile_store::rates_of(&mut *connection, &wanted.id).await?;
    if wanted.name != before.name {
        if !store::change_name(&mut *connection, wanted).await? {
            return Err(NameProblem::Taken.into());
        }
        claim_address(&mut *connection, wanted).await?;
        index::rename_seller(&mut *connection, &wanted.id, &wanted.name).await?;
    }
    profile_store::save(&mut *connection, wanted).await?;
    profile_store::save_rates(&mut *connection, &wanted.id, rates).await?;
    let subject = Subject::new(Kind::Seller, &wanted.id, &wanted.name);
    let changes = changes((&before, &old_rates), (wanted, rates));
    Ok(audit::record_changes(connection, stamp, &subject, changes).await?)
}

type Standing<'a> = (&'a Merchant, &'a ShippingRates);

fn changes((before, old_rates): Standing<'_>, (after, new_rates): Standing<'_>) -> [Change; 4] {
    let vacation = |merchant: &Merchant| match merchant.vacation.as_deref() {
        None => "open".to_owned(),
        Some("") => "away".to_owned(),
        Some(words) => format!("away: {words}"),
    };
    [
        Change::new(Deed::ShopRenamed, &before.name, &after.name),
        Change::new(Deed::RefundRuleChanged, before.refund_rule.to_string(), after.refund_rule.to_string()),
        Change::new(Deed::RatesChanged, old_rates.to_string(), new_rates.to_string()),
        Change::new(Deed::VacationChanged, vacation(before), vacation(after)),
    ]
}

/// Reads the form, or puts the errors at their fields.
fn read(merchant: &Merchant, mut form: FormState) -> Result<(Merchant, ShippingRates), FormState> {
    let name = PublicName::parse(form.value("name"), LONGEST_NAME).map_err(|problem| problem.to_string());
    let about = optional(form.value("about"), |text| input::paragraphs(text, "a text", LONGEST_ABOUT));
    let links = read_links(form.value("links"));
    let refund_rule = read_refund_rule(&form);
    let vacation = read_vacation(&form);
    let rates = read_rates(&form);
    let mut problems = rates.as_ref().err().cloned().unwrap_or_default();
    problems.extend(
        [
            ("name", name.as_ref().err().cloned()),
            ("about", about.as_ref().err().cloned()),
            ("links", links.as_ref().err().cloned()),
        ]
        .into_iter()
        .filter_map(|(field, problem)| Some((field, problem?))),
    );
    problems.extend(refund_rule.as_ref().err().cloned());
    problems.extend(vacation.as_ref().err().cloned());
    for (field, problem) in problems {
        form.refuse(field, problem);
    }
    match (name, about, links, refund_rule, vacation, rates) {
        (Ok(name), Ok(about), Ok(links), Ok(refund_rule), Ok(vacation), Ok(rates)) => {
            let profile = Profile { about, links, ..merchant.profile.clone() };
            let name = name.into_string();
            Ok((Merchant { name, refund_rule, profile, vacation, ..merchant.clone() }, rates))
        }
        _ => Err(form),
    }
}

/// A field, and what is wrong with it.
type Problem = (&'static str, String);

fn optional(text: &str, read: impl Fn(&str) -> Result<String, String>) -> Result<String, String> {
    if text.trim().is_empty() { Ok(String::new()) } else { read(text) }
}

fn read_links(text: &str) -> Result<Vec<String>, String> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > MOST_LINKS {
        return Err(format!("These are too many: name at most {MOST_LINKS} addresses."));
    }
    lines.into_iter().map(read_link).collect()
}

fn read_link(line: &str) -> Result<String, String> {
    let shown: String = line.chars().take(40).collect();
    if line.chars().count() > LONGEST_LINK {
        return Err(format!("\u{201c}{shown}…\u{201d} is too long: use at most {LONGEST_LINK} characters."));
    }
    let url = Url::parse(line).ok().filter(|url| {
        let nobody = url.username().is_empty() && url.password().is_none();
        url.scheme() == "https" && url.host_str().is_some_and(|host| host.contains('.')) && nobody
    });
    let url = url.ok_or_else(|| {
        format!("\u{201c}{shown}\u{201d} is no address that begins with https://. Write one like https://example.com/me.")
    })?;
    Ok(url.to_string())
}

fn read_refund_rule(form: &FormState) -> Result<RefundRule, Problem> {
    match form.value("refund") {
        "on-request" => Ok(RefundRule::OnRequest),
        "at-once" => {
            let days = form.value("refund_days").trim().parse().ok();
            let days = days.filter(|days| (1..=MOST_REFUND_DAYS).contains(days));
            let days = days.ok_or(("refund_days", "Enter a number of days from 1 to 365.".to_owned()))?;
            let unless_downloaded = match form.value("refund_downloads") {
                "always" => false,
                "unless" => true,
                _ => return Err(("refund_downloads", "Choose one of these.".to_owned())),
            };
            Ok(RefundRule::AtOnce { days, unless_downloaded })
        }
        _ => Err(("refund", "Choose one of these.".to_owned())),
    }
}

/// What is written for buyers is forgotten with the end of the vacation.
fn read_vacation(form: &FormState) -> Result<Option<String>, Problem> {
    match form.value("vacation") {
        "open" => Ok(None),
        "away" => {
            let words = form.value("vacation_words");
            optional(words, |words| input::single_line(words, "a line", LONGEST_VACATION))
                .map(Some)
                .map_err(|problem| ("vacation_words", problem))
        }
        _ => Err(("vacation", "Choose one of these.".to_owned())),
    }
}

fn read_rates(form: &FormState) -> Result<ShippingRates, Vec<Problem>> {
    let (mut rates, mut problems) = (Vec::new(), Vec::new());
    for Rate { region, speed, .. } in ShippingRates::default().all() {
        let field = rate_field(region, speed);
        match read_rate(form.value(field)) {
            Ok(price) => rates.push(Rate { region, speed, price }),
            Err(problem) => problems.push((field, problem)),
        }
    }
    if problems.is_empty() { Ok(ShippingRates::new(rates)) } else { Err(problems) }
}

fn read_rate(text: &str) -> Result<Option<Money>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let price = Money::parse_dollars(text.strip_prefix('$').unwrap_or(text));
    let price = price.ok().filter(|price| *price >= Money::ZERO);
    match price {
        Some(price) if price > HIGHEST_RATE => Err(format!("A rate can be at most {HIGHEST_RATE}.")),
        Some(price) => Ok(Some(price)),
        None => Err("Enter an amount like 4.50, or nothing where you do not send.".to_owned()),
    }
}

/// Gives the merchant an address made of the name, with a number where there are namesakes.
pub(super) async fn claim_address(
    connection: &mut AnyConnection,
    merchant: &Merchant,
) -> Result<(), sqlx::Error> {
    let wanted = address_of(&merchant.name);
    let numbered = (2..=NAMESAKES).map(|number| format!("{wanted}-{number}"));
    let last = format!("{wanted}-{}", merchant.id.as_str().to_lowercase());
    for slug in std::iter::once(wanted.clone()).chain(numbered).chain([last]) {
        let slug = SellerSlug::new(slug).map_err(|error| sqlx::Error::Encode(error.into()))?;
        if profile_store::claim_slug(&mut *connection, &merchant.id, &slug).await? {
            return Ok(());
        }
    }
    Err(sqlx::Error::RowNotFound)
}

/// As of an item's title; a name of which no letter can stand in an address is a shop.
fn address_of(name: &str) -> String {
    let slug = slug::from_title(name);
    let nothing = slug == slug::from_title("") && !name.to_lowercase().contains(slug.as_str());
    if nothing { "shop".to_owned() } else { slug.to_string() }
}

/// Gives those an address who have none yet: the demo data's sellers, and those from before there were addresses.
pub async fn claim_missing_addresses(db: &Database) -> Result<(), sqlx::Error> {
    let missing = store::without_slug(db).await?;
    db.transact(missing, |c, missing| {
        Box::pin(async move {
            for merchant in missing {
                claim_address(&mut *c, merchant).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Shows another picture, or none. The one before is deleted.
pub async fn change_picture(
    shop: &Shop,
    merchant: &Merchant,
    picture: Option<Portrait>,
) -> Result<(), PictureError> {
    let key = match picture {
        Some(picture) => Some(picture.keep(shop).await?),
        None => None,
    };
    let input = (merchant.id.clone(), key.clone());
    let saved: Result<(), sqlx::Error> = shop
        .db
        .transact(input, |c, (id, key)| Box::pin(profile_store::save_picture(c, id, key.as_deref())))
        .await;
    let unused = if saved.is_ok() { merchant.profile.picture_key.as_ref() } else { key.as_ref() };
    if let Some(unused) = unused {
        shop.files.delete(unused).await?;
    }
    Ok(saved?)
}

#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

#[cfg(test)]
mod tests;

//! Coupons as sellers and the operator make and withdraw them.

use super::listing::price;
use crate::audit::{self, Deed, Entry, Kind, Subject, Who};
use crate::catalogue::store as items;
use crate::coupons::{Code, Coupon, Reach, Value, store};
use crate::ids::{CouponId, ItemSlug};
use crate::merchants::Merchant;
use crate::users::User;
use crate::{Shop, input};
use app::form::FormState;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use money::{Money, Percent};
use platform::db::WriteError;
use sqlx::AnyConnection;

/// The form's fields, as they are kept when it is refused.
pub const FIELDS: [&str; 8] = ["code", "kind", "off", "item", "from", "until", "uses", "each"];
/// Beyond a year like this nobody means a day.
const LAST_YEAR: i16 = 9000;
/// As many uses can be counted.
const MOST_USES: u32 = 1_000_000;

/// Who makes a coupon and bears what it takes off.
#[derive(Debug, Clone, Copy)]
pub enum Maker<'a> {
    Seller(&'a Merchant),
    Market(&'a User),
}

#[derive(Debug, thiserror::Error)]
pub enum CouponFormError {
    /// The errors stand at their fields.
    #[error("the form cannot be taken as it is")]
    Invalid(FormState),
    /// Also for somebody else's.
    #[error("there is no such coupon that takes anything off")]
    NotFound,
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

impl WriteError for CouponFormError {
    fn database_error(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Database(error) => Some(error),
            Self::Invalid(_) | Self::NotFound => None,
        }
    }
}

impl Maker<'_> {
    fn who(self) -> Who {
        let (id, name) = match self {
            Self::Seller(merchant) => (&merchant.user_id, &merchant.name),
            Self::Market(operator) => (&operator.id, &operator.name),
        };
        Who::Person { id: id.clone(), name: name.clone() }
    }

    fn owns(self, coupon: &Coupon) -> bool {
        match self {
            Self::Seller(merchant) => coupon.reach.merchant() == Some(&merchant.id),
            Self::Market(_) => coupon.reach == Reach::Market,
        }
    }
}

/// Makes a coupon of the form.
pub async fn make(shop: &Shop, maker: Maker<'_>, mut form: FormState) -> Result<(), CouponFormError> {
    let now = shop.clock.now();
    let code = form.value("code").parse::<Code>();
    if code.is_err() {
        form.refuse("code", "Enter 3 to 32 letters, digits and hyphens.");
    }
    let value = read_value(&mut form);
    let reach = read_reach(shop, maker, &mut form).await?;
    let begins_at = read_from(&mut form, now);
    let ends_at = read_until(&mut form, begins_at.unwrap_or(now));
    let (most_uses, most_each) = (read_count(&mut form, "uses"), read_count(&mut form, "each"));
    let (Ok(code), Some(value), Some(reach), Some(begins_at), true) =
        (code, value, reach, begins_at, form.is_valid())
    else {
        return Err(CouponFormError::Invalid(form));
    };
    let id = shop.new_id();
    let coupon = Coupon {
        id,
        code,
        reach,
        value,
        begins_at,
        ends_at,
        most_uses,
        most_each,
        made_at: now,
        withdrawn_at: None,
    };
    let entry = entry(shop, maker, Deed::CouponMade, &coupon).changed("", words(&coupon));
    shop.db
        .transact((coupon, entry, form), |c, (coupon, entry, form)| Box::pin(make_in(c, coupon, entry, form)))
        .await
}

async fn make_in(
    connection: &mut AnyConnection,
    coupon: &Coupon,
    entry: &Entry,
    form: &FormState,
) -> Result<(), CouponFormError> {
    if !store::insert(&mut *connection, coupon).await? {
        let mut form = form.clone();
        form.refuse("code", "There is a coupon with this code already. Withdraw it, or choose another code.");
        return Err(CouponFormError::Invalid(form));
    }
    Ok(audit::record(connection, entry).await?)
}

/// From now on it takes nothing off what is ordered.
pub async fn withdraw(shop: &Shop, maker: Maker<'_>, id: &CouponId) -> Result<(), CouponFormError> {
    let coupon = store::find(shop.db.readers(), id).await?.filter(|coupon| maker.owns(coupon));
    let coupon = coupon.ok_or(CouponFormError::NotFound)?;
    let entry = entry(shop, maker, Deed::CouponWithdrawn, &coupon).changed(words(&coupon), "");
    shop.db.transact((coupon.id, entry), |c, (id, entry)| Box::pin(withdraw_in(c, id, entry))).await
}

async fn withdraw_in(
    connection: &mut AnyConnection,
    id: &CouponId,
    entry: &Entry,
) -> Result<(), CouponFormError> {
    if !store::withdraw(&mut *connection, id, entry.at).await? {
        return Err(CouponFormError::NotFound);
    }
    Ok(audit::record(connection, entry).await?)
}

fn entry(shop: &Shop, maker: Maker<'_>, deed: Deed, coupon: &Coupon) -> Entry {
    let subject = Subject::new(Kind::Coupon, &coupon.id, coupon.code.as_str());
    Entry::new(shop.new_id(), shop.clock.now(), maker.who(), deed, subject)
}

fn words(coupon: &Coupon) -> String {
    let of = match coupon.reach {
        Reach::Market => "everything",
        Reach::Seller(_) => "all the seller sells",
        Reach::Item(..) => "one item",
    };
    format!("{} off {of}", coupon.value)
}

/// A percentage leaves something of every price: FPS makes no payment of nothing.
fn read_value(form: &mut FormState) -> Option<Value> {
    let text = form.value("off").trim().to_owned();
    match form.value("kind") {
        "percent" => {
            let percent = Percent::parse(text.strip_suffix('%').unwrap_or(&text).trim_end());
            let (least, most) =
                (Percent::from_ten_thousandths(10_000), Percent::from_ten_thousandths(990_000));
            match percent {
                Ok(percent) if (least..=most).contains(&percent) => Some(Value::Percent(percent)),
                _ => {
                    form.refuse(
                        "off",
                        "Enter a percentage from 1 to 99. Nothing can be given away: no payment of $0.00 can be made.",
                    );
                    None
                }
            }
        }
        "amount" => match price::parse(&text) {
            Ok(amount) if amount.is_positive() => Some(Value::Amount(amount)),
            Ok(_) => {
                form.refuse("off", format!("Enter at least {}.", Money::from_cents(1)));
                None
            }
            Err(problem) => {
                form.refuse("off", problem);
                None
            }
        },
        _ => {
            form.refuse("kind", "Choose what it takes off.");
            None
        }
    }
}

async fn read_reach(
    shop: &Shop,
    maker: Maker<'_>,
    form: &mut FormState,
) -> Result<Option<Reach>, sqlx::Error> {
    let Maker::Seller(merchant) = maker else { return Ok(Some(Reach::Market)) };
    let slug = form.value("item").trim();
    if slug.is_empty() {
        return Ok(Some(Reach::Seller(merchant.id.clone())));
    }
    let item = match slug.parse::<ItemSlug>() {
        Ok(slug) => items::by_slug(shop.db.readers(), &slug).await?,
        Err(_) => None,
    };
    let own = item.filter(|item| item.merchant_id == merchant.id);
    if own.is_none() {
        form.refuse("item", "Choose one of your items, or none for all of them.");
    }
    Ok(own.map(|item| Reach::Item(merchant.id.clone(), item.id)))
}

/// The day from which on it is good; today and nothing mean now.
fn read_from(form: &mut FormState, now: Timestamp) -> Option<Timestamp> {
    let text = form.value("from").trim();
    let today = now.to_zoned_datetime(TimeZone::UTC).date();
    let day = if text.is_empty() { Some(today) } else { text.parse::<Date>().ok() };
    let at = match day {
        Some(day) if day <= today && day.year() > 0 => Some(now),
        Some(day) if day.year() < LAST_YEAR => input::midnight(day),
        _ => None,
    };
    if at.is_none() {
        form.refuse("from", format!("Enter a day like {today}, or nothing."));
    }
    at
}

/// The end of the last day on which it is good; `None` where nothing was typed, or nothing that can be.
fn read_until(form: &mut FormState, begins_at: Timestamp) -> Option<Timestamp> {
    let text = form.value("until").trim();
    if text.is_empty() {
        return None;
    }
    let first = begins_at.to_zoned_datetime(TimeZone::UTC).date();
    let day = text.parse::<Date>().ok().filter(|day| day.year() < LAST_YEAR);
    let end = day.and_then(|day| input::midnight(day.checked_add(1.day()).ok()?));
    match end {
        Some(end) if end > begins_at => Some(end),
        Some(_) => {
            form.refuse("until", format!("Choose {first} or a later day: it begins then."));
            None
        }
        None => {
            form.refuse("until", format!("Enter a day like {first}, or nothing."));
            None
        }
    }
}

fn read_count(form: &mut FormState, field: &str) -> Option<u32> {
    let text = form.value(field).trim();
    if text.is_empty() {
        return None;
    }
    let count = text.parse::<u32>().ok().filter(|count| (1..=MOST_USES).contains(count));
    if count.is_none() {
        form.refuse(field, format!("Enter a whole number from 1 to {MOST_USES}, or nothing."));
    }
    count
}

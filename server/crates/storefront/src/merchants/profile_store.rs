//! What sellers set of their page: the columns of `merchants` that no payment needs, `merchant_slugs` and
//! `shipping_rates`.

use super::{Merchant, Rate, ShippingRates};
use crate::ids::{MerchantId, SellerSlug};
use platform::db::Columns;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AnyExecutor, FromRow};

/// Makes it the merchant's address and answers `true`, or `false` when it is, or was, another's.
pub async fn claim_slug(
    connection: &mut AnyConnection,
    id: &MerchantId,
    slug: &SellerSlug,
) -> Result<bool, sqlx::Error> {
    // One that the merchant had before is its own still.
    let claimed = sqlx::query(
        "INSERT INTO merchant_slugs (slug, merchant_id) VALUES ($1, $2) \
         ON CONFLICT (slug) DO UPDATE SET merchant_id = excluded.merchant_id \
         WHERE merchant_slugs.merchant_id = excluded.merchant_id",
    )
    .bind(slug.as_str())
    .bind(id.as_str())
    .execute(&mut *connection)
    .await?;
    if claimed.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query("UPDATE merchants SET slug = $1 WHERE id = $2")
        .bind(slug.as_str())
        .bind(id.as_str())
        .execute(connection)
        .await?;
    Ok(true)
}

/// Writes what the merchant's page and its rule for refunds say; not the name, the address and the picture.
pub async fn save(connection: &mut AnyConnection, merchant: &Merchant) -> Result<(), sqlx::Error> {
    let (refund_days, unless_downloaded) = merchant.refund_rule.columns();
    sqlx::query(
        "UPDATE merchants SET about = $1, links = $2, vacation = $3, refund_days = $4, \
         refund_unless_downloaded = $5 WHERE id = $6",
    )
    .bind(&merchant.profile.about)
    .bind(merchant.profile.links.join("\n"))
    .bind(merchant.vacation.as_deref())
    .bind(refund_days)
    .bind(unless_downloaded)
    .bind(merchant.id.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

/// Names another picture, or none.
pub async fn save_picture(
    connection: &mut AnyConnection,
    id: &MerchantId,
    key: Option<&str>,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE merchants SET picture_key = $1 WHERE id = $2")
        .bind(key)
        .bind(id.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

impl FromRow<'_, AnyRow> for Rate {
    fn from_row(row: &AnyRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            region: row.parsed("region")?,
            speed: row.parsed("speed")?,
            price: row.optional("price", Columns::money)?,
        })
    }
}

pub async fn rates_of(executor: impl AnyExecutor<'_>, id: &MerchantId) -> Result<ShippingRates, sqlx::Error> {
    let rates = sqlx::query_as("SELECT region, speed, price FROM shipping_rates WHERE merchant_id = $1");
    Ok(ShippingRates::new(rates.bind(id.as_str()).fetch_all(executor).await?))
}

/// Every region and speed is written, also those that are not offered.
pub async fn save_rates(
    connection: &mut AnyConnection,
    id: &MerchantId,
    rates: &ShippingRates,
) -> Result<(), sqlx::Error> {
    for rate in rates.all() {
        sqlx::query(
            "INSERT INTO shipping_rates (merchant_id, region, speed, price) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (merchant_id, region, speed) DO UPDATE SET price = excluded.price",
        )
        .bind(id.as_str())
        .bind(rate.region.as_str())
        .bind(rate.speed.as_str())
        .bind(rate.price.map(money::Money::micros))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

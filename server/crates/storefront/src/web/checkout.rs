//! `/checkout/{slug}`: where it goes, how it is paid, and on to Amazon Payments.

use super::catalogue::find;
use super::checkout_form::{
    self, Addresses, COUPON, FIELDS, NOT_SENT_THERE, changed, read_country, read_coupon, read_payment,
    read_shipping,
};
use super::errors::CONFIRMED_BEFORE;
use super::{AtCheckout, InAddress, Shopper, catalogue_pages, gifts, page};
use crate::Shop;
use crate::baskets::BasketId;
use crate::catalogue::{Delivery, Item};
use crate::ids::{ItemSlug, OrderId};
use crate::merchants::{self, Merchant, ShippingSpeed, countries, profile_store};
use crate::orders::{self, view};
use crate::purchase::basket::{self, PaidWith, Wanted};
use crate::purchase::place::{self, Asked, PlaceError};
use crate::purchase::recovery;
use app::form::FormState;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::Method;
use money::Money;
use platform::web::{FormFields, Refusal, see_other};
use shop_pages::model::{Availability, CheckoutPage, Quote, RateRow, ShippingOffer};
use shop_pages::pages;
use shop_pages::pages::{BOUGHT, GUEST};

/// What the page is about, looked up once.
struct Checkout<'a> {
    shop: &'a Shop,
    shopper: &'a Shopper,
    item: Item,
    seller: Merchant,
    availability: Availability,
    /// The order by which the visitor has it already.
    bought: Option<OrderId>,
}

pub async fn form(
    State(shop): State<Shop>,
    visitor: AtCheckout,
    method: Method,
    InAddress(slug): InAddress<ItemSlug>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let as_guest = visitor.asks_as_guest();
    let shopper = match visitor.shopper(as_guest).await {
        Ok(shopper) => shopper,
        Err(answer) => return Ok(*answer),
    };
    let checkout = Checkout::of(&shop, &shopper, &slug).await?;
    if checkout.is_own() || checkout.availability != Availability::ForSale {
        // The item's page says that it is their own, or why it cannot be bought at present.
        return Ok(see_other(&format!("/items/{slug}")));
    }
    if method == Method::GET
        && let Some(buyer) = shopper.id()
    {
        recovery::confirmed_before(&shop, buyer, &checkout.item.id).await?;
    }
    let addresses = checkout.addresses().await?;
    let mut form = FormState::default();
    if checkout.item.physical {
        addresses.fill(&mut form, shopper.name(), query.as_deref());
    }
    shopper.fill(&mut form);
    checkout_form::prefer(&mut form, query.as_deref());
    checkout.show(form, &addresses).await
}

/// Places the order. What is sold, for how much and by whom is looked up, never taken from the form: that only says what
/// the buyer was shown, and nothing is placed at another price.
pub async fn place(
    State(shop): State<Shop>,
    visitor: AtCheckout,
    InAddress(slug): InAddress<ItemSlug>,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let shopper = match visitor.shopper(fields.get(GUEST).is_some()).await {
        Ok(shopper) => shopper,
        Err(answer) => return Ok(*answer),
    };
    let checkout = Checkout::of(&shop, &shopper, &slug).await?;
    if let Some(answer) = checkout.not_for_sale() {
        return answer;
    }
    let mut form = FormState::typed_only(fields.clone().into_map(), &FIELDS);
    if let Some(button) = fields.get("update") {
        if checkout.item.physical && button != COUPON {
            read_country(&mut form);
        }
        return checkout.again(form).await;
    }
    let email = shopper.read(&mut form);
    let with = read_payment(&mut form, &shopper);
    let shipping = if checkout.item.physical { read_shipping(&mut form) } else { None };
    let coupon = read_coupon(&mut form);
    let gift = if checkout.item.physical { None } else { gifts::read(&mut form) };
    // A page from before the purchase, as the Back button shows it, does not mean a second one.
    if let Some(order) = checkout.bought.as_ref().filter(|_| gift.is_none())
        && fields.get(BOUGHT) != Some(order.as_str())
    {
        form.refuse("", "You have bought this already. Press the button again to buy it once more.");
    }
    if !form.is_valid() {
        return checkout.again(form).await;
    }
    let buyer = shopper.buyer(&shop, email, shipping.as_ref()).await?;
    if let Some(order) = recovery::confirmed_before(&shop, &buyer, &checkout.item.id).await? {
        shopper.tell(CONFIRMED_BEFORE).await?;
        return Ok(see_other(&format!("/orders/{order}/thank-you")));
    }
    let shown = checkout_form::shown(&fields, shipping.as_ref());
    if with == PaidWith::Credit {
        let id = checkout_form::attempt(&shop, &fields);
        let wanted = Wanted { id, buyer, items: vec![slug], shipping, coupon, gift, shown, with };
        return checkout.pay_with_credit(wanted, form).await;
    }
    let asked = Asked { item: slug, shipping, coupon, gift, shown };
    match place::place(&shop, &buyer, asked).await {
        Ok(placed) => {
            tracing::info!(order = %placed.order, "an order was placed");
            Ok(see_other(placed.authorize_at.as_str()))
        }
        Err(PlaceError::NotAsShown(now)) => {
            form.refuse("", changed(shown, now));
            checkout.again(form).await
        }
        Err(PlaceError::Coupon(problem)) => {
            form.refuse(COUPON, problem.to_string());
            checkout.again(form).await
        }
        Err(PlaceError::NotSentThere) => {
            form.refuse("ship_country", NOT_SENT_THERE);
            checkout.again(form).await
        }
        Err(error) => Err(error.into()),
    }
}

impl<'a> Checkout<'a> {
    async fn of(shop: &'a Shop, shopper: &'a Shopper, slug: &ItemSlug) -> Result<Self, Refusal> {
        let item = find(shop, slug).await?;
        let seller = merchants::store::by_id(shop.db.readers(), &item.merchant_id).await?;
        let (availability, _) = catalogue_pages::availability(&shop.db, &item, &seller).await?;
        let bought = match shopper.id() {
            Some(buyer) => orders::purchase_of(&shop.db, buyer, &item.id).await?,
            None => None,
        };
        Ok(Self { shop, shopper, item, seller, availability, bought })
    }

    fn is_own(&self) -> bool {
        self.shopper.id() == Some(&self.seller.user_id)
    }

    /// Credit is an order's like a basket's, of one.
    async fn pay_with_credit(&self, wanted: Wanted, mut form: FormState) -> Result<Response, Refusal> {
        let shown = wanted.shown;
        match basket::place(self.shop, wanted).await {
            Ok(placed) => {
                let order = placed.orders.first().ok_or_else(Refusal::not_found)?;
                Ok(see_other(&format!("/orders/{order}/thank-you")))
            }
            Err(error) => {
                checkout_form::refuse(&mut form, shown, error)?;
                self.again(form).await
            }
        }
    }

    /// What somebody gets who sends the form of what cannot be bought any more: the item's page where that says why, else
    /// the reason that placing it would have.
    fn not_for_sale(&self) -> Option<Result<Response, Refusal>> {
        match self.availability.clone() {
            Availability::ForSale => None,
            Availability::Held | Availability::SellerHeld | Availability::SellerNotRegistered => {
                Some(Ok(see_other(&format!("/items/{}", self.item.slug))))
            }
            availability => {
                Some(Err(PlaceError::NotForSale { seller: self.seller.name.clone(), availability }.into()))
            }
        }
    }

    /// None where nothing is sent.
    async fn addresses(&self) -> Result<Addresses, sqlx::Error> {
        if self.item.physical {
            Addresses::of(self.shop, self.shopper.id()).await
        } else {
            Ok(Addresses::default())
        }
    }

    /// The page again, with what was typed and what is wrong with it.
    async fn again(&self, form: FormState) -> Result<Response, Refusal> {
        self.show(form, &self.addresses().await?).await
    }

    async fn show(&self, mut form: FormState, addresses: &Addresses) -> Result<Response, Refusal> {
        let Self { shop, shopper, item, seller, .. } = self;
        let discounts = checkout_form::discounts(shop, shopper, &mut form, &[(item, seller)]).await?;
        let discount = discounts.into_iter().next().flatten();
        let shipping = if item.physical {
            let known = addresses.ways(&format!("/checkout/{}", item.slug));
            Some(ShippingOffer { known, ..offer(shop, seller, form.value("ship_country")).await? })
        } else {
            None
        };
        let rates = shipping.as_ref().and_then(|offer| offer.rates);
        let sending = rates.and_then(|rates| rates.standard.or(rates.express)).unwrap_or(Money::ZERO);
        let before = Quote { price: item.price, shipping: sending }.total();
        let data = CheckoutPage {
            card: item.card(),
            instant: item.delivery == Delivery::Instant,
            seller: seller.seller(),
            shipping,
            splits: catalogue_pages::splits(shop, item, seller, (before, discount.as_ref())).await?,
            discount: discount.as_ref().map(view::discount),
            owned_order: self.bought.as_ref().map(ToString::to_string),
            credit: checkout_form::credit_offer(shop, shopper).await?,
            guest: shopper.is_guest(),
            attempt: shop.new_id::<BasketId>().to_string(),
            form,
        };
        Ok(page(data.form.is_valid(), pages::checkout(shopper.chrome(), &data)))
    }
}

/// What sending costs to the country that was typed.
async fn offer(shop: &Shop, merchant: &Merchant, country: &str) -> Result<ShippingOffer, Refusal> {
    let rates = profile_store::rates_of(shop.db.readers(), &merchant.id).await?;
    let rates = countries::named(country).map(|country| RateRow {
        region: country.region.words(),
        standard: rates.price(country.region, ShippingSpeed::Standard),
        express: rates.price(country.region, ShippingSpeed::Express),
    });
    Ok(ShippingOffer { countries: countries::names().collect(), rates, known: Vec::new() })
}

//! `/cart…`: several items in one purchase.

use super::checkout::{self, FIELDS, read_shipping};
use super::errors::CONFIRMED_BEFORE;
use super::payments::refuse_return;
use super::{InAddress, SignedIn, Visitor, catalogue_pages, page};
use crate::Shop;
use crate::baskets::BasketId;
use crate::cart::{self, CartOwner};
use crate::catalogue::Item;
use crate::ids::{ItemSlug, UserId};
use crate::merchants::countries;
use crate::merchants::{self, ShippingRates, ShippingSpeed, profile_store};
use crate::orders;
use crate::orders::view::{self, Role};
use crate::purchase;
use crate::purchase::basket::{self, Wanted};
use app::form::FormState;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use money::Money;
use platform::web::{FormFields, Refusal, keep_for_the_moment, see_other};
use shop_pages::model::{BasketPage, CartCheckoutPage, CartPage, CartPart, RateRow, ShippingOffer};
use shop_pages::pages::{self, Live};

const PATH: &str = "/cart";
const FULL: &str = "Your cart is full. Buy what is in it, or take something out.";

pub async fn show(State(shop): State<Shop>, visitor: Visitor) -> Result<Response, Refusal> {
    let parts = match visitor.cart().await? {
        Some(owner) => parts(&shop, visitor.user.as_ref().map(|user| &user.id), &owner).await?,
        None => Vec::new(),
    };
    let total = price(parts.iter().filter(|part| part.can_be_bought()))?;
    let page = page(true, pages::cart(&visitor.chrome, &CartPage { parts, total }));
    Ok(keep_for_the_moment(page))
}

/// Fields: `add` or `remove`, the slug of an item.
pub async fn change(
    State(shop): State<Shop>,
    visitor: Visitor,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let (slug, add) = match (fields.get("add"), fields.get("remove")) {
        (Some(slug), None) => (slug, true),
        (None, Some(slug)) => (slug, false),
        _ => {
            return Err(Refusal::bad_request(
                "The form says neither what to put into the cart nor what to remove.",
            ));
        }
    };
    let slug: ItemSlug = slug.parse().map_err(|_| Refusal::not_found())?;
    let item = super::catalogue::find(&shop, &slug).await?;
    let owner = visitor.cart_to_fill(&shop).await?;
    if !add {
        purchase::cart::take_out(&shop, owner, vec![item.id]).await?;
    } else if !purchase::cart::put(&shop, owner, item.id).await? {
        visitor.tell(FULL).await?;
    }
    Ok(see_other(PATH))
}

/// What is in a cart, as it can be bought now.
async fn parts(shop: &Shop, viewer: Option<&UserId>, owner: &CartOwner) -> Result<Vec<CartPart>, Refusal> {
    let mut parts = Vec::new();
    for item in cart::items(&shop.db, owner).await? {
        parts.push(part(shop, viewer, &item).await?);
    }
    Ok(parts)
}

async fn part(shop: &Shop, viewer: Option<&UserId>, item: &Item) -> Result<CartPart, Refusal> {
    let seller = merchants::store::by_id(shop.db.readers(), &item.merchant_id).await?;
    let owned = match viewer {
        Some(user) => orders::purchase_of(&shop.db, user, &item.id).await?,
        None => None,
    };
    Ok(CartPart {
        card: item.card(),
        availability: catalogue_pages::availability(&shop.db, item, &seller).await?.0,
        own_item: viewer == Some(&seller.user_id),
        seller: seller.seller(),
        owned_order: owned.map(String::from),
    })
}

fn price<'a>(parts: impl Iterator<Item = &'a CartPart>) -> Result<Money, Refusal> {
    Money::sum(parts.map(|part| part.card.price)).map_err(Refusal::because)
}

pub async fn checkout(
    State(shop): State<Shop>,
    visitor: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    if let Some(basket) = basket::confirmed_before(&shop, &visitor.user.id).await.map_err(refuse_return)? {
        visitor.tell(CONFIRMED_BEFORE).await?;
        return Ok(see_other(&format!("{PATH}/{basket}")));
    }
    let mut form = FormState::default();
    checkout::fill_address(&shop, &visitor, &mut form, query.as_deref()).await?;
    checkout::prefer(&mut form, query.as_deref());
    show_checkout(&shop, &visitor, form).await
}

/// Places an order for each item that can be bought. What is sold and for how much is looked up, never taken from the form.
pub async fn place(
    State(shop): State<Shop>,
    visitor: SignedIn,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let mut form = FormState::typed_only(fields.clone().into_map(), &FIELDS);
    let to_buy = to_buy(&shop, &visitor).await?;
    let physical = to_buy.iter().any(|part| part.card.physical);
    if fields.get("update").is_some() {
        if physical {
            checkout::read_country(&mut form);
        }
        return show_checkout(&shop, &visitor, form).await;
    }
    let with = checkout::read_payment(&mut form);
    let shipping = if physical { read_shipping(&mut form) } else { None };
    if !form.is_valid() {
        return show_checkout(&shop, &visitor, form).await;
    }
    let items: Result<Vec<ItemSlug>, _> = to_buy.iter().map(|part| part.card.slug.parse()).collect();
    let items = items.map_err(|_| Refusal::not_found())?;
    let shown = checkout::shown(&fields, shipping.as_ref());
    let id = checkout::attempt(&shop, &fields);
    let wanted = Wanted { id, buyer: visitor.user.id.clone(), items, shipping, shown, with };
    match basket::place(&shop, wanted).await {
        Ok(placed) => {
            tracing::info!(basket = %placed.basket, orders = placed.orders.len(), "a cart was ordered");
            Ok(match placed.authorize_at {
                Some(url) => see_other(url.as_str()),
                None => see_other(&format!("{PATH}/{}", placed.basket)),
            })
        }
        Err(error) => {
            checkout::refuse(&mut form, shown, error)?;
            show_checkout(&shop, &visitor, form).await
        }
    }
}

async fn to_buy(shop: &Shop, visitor: &SignedIn) -> Result<Vec<CartPart>, Refusal> {
    let user = &visitor.user.id;
    let mut parts = parts(shop, Some(user), &CartOwner::user(user)).await?;
    parts.retain(CartPart::can_be_bought);
    Ok(parts)
}

async fn show_checkout(shop: &Shop, visitor: &SignedIn, form: FormState) -> Result<Response, Refusal> {
    let parts = to_buy(shop, visitor).await?;
    if parts.is_empty() {
        // The cart says why.
        return Ok(see_other(PATH));
    }
    let data = CartCheckoutPage {
        price: price(parts.iter())?,
        shipping: offer(shop, visitor, &parts, form.value("ship_country")).await?,
        credit: checkout::credit_offer(shop, visitor).await?,
        attempt: shop.new_id::<BasketId>().to_string(),
        parts,
        form,
    };
    Ok(page(data.form.is_valid(), pages::cart_checkout(&visitor.chrome, &data)))
}

/// What sending all of it costs to the country that was typed, at the speeds that each seller offers; `None` where nothing
/// is sent.
async fn offer(
    shop: &Shop,
    visitor: &SignedIn,
    parts: &[CartPart],
    country: &str,
) -> Result<Option<ShippingOffer>, Refusal> {
    let mut rates: Vec<ShippingRates> = Vec::new();
    for part in parts.iter().filter(|part| part.card.physical) {
        let slug: ItemSlug = part.card.slug.parse().map_err(|_| Refusal::not_found())?;
        let item = super::catalogue::find(shop, &slug).await?;
        rates.push(profile_store::rates_of(shop.db.readers(), &item.merchant_id).await?);
    }
    if rates.is_empty() {
        return Ok(None);
    }
    let rates = countries::named(country).map(|country| {
        let all = |speed| {
            let prices: Option<Vec<Money>> =
                rates.iter().map(|rates| rates.price(country.region, speed)).collect();
            prices.and_then(|prices| Money::sum(prices).ok())
        };
        RateRow {
            region: country.region.words(),
            standard: all(ShippingSpeed::Standard),
            express: all(ShippingSpeed::Express),
        }
    });
    let known = checkout::known_addresses(shop, visitor, "/cart/checkout").await?;
    Ok(Some(ShippingOffer { countries: countries::names().collect(), rates, known }))
}

/// The buyer is back. The address is signed by Amazon: it needs no session.
pub async fn come_back(State(shop): State<Shop>, RawQuery(query): RawQuery) -> Result<Response, Refusal> {
    let basket = basket::accept_return(&shop, &query.unwrap_or_default()).await.map_err(refuse_return)?;
    Ok(see_other(&format!("{PATH}/{basket}")))
}

/// What became of a cart that was ordered.
pub async fn ordered(
    State(shop): State<Shop>,
    visitor: SignedIn,
    InAddress(id): InAddress<BasketId>,
) -> Result<Response, Refusal> {
    let data = basket_page(&shop, &visitor.user.id, &id).await?;
    Ok(page(true, pages::basket(&visitor.chrome, &data)))
}

/// What the page shows now to whoever has it open.
pub(super) async fn live(shop: &Shop, buyer: &UserId, id: &BasketId) -> Result<Live, Refusal> {
    Ok(Live::of_basket(&basket_page(shop, buyer, id).await?))
}

async fn basket_page(shop: &Shop, buyer: &UserId, id: &BasketId) -> Result<BasketPage, Refusal> {
    let (basket, orders) = basket::find(shop, buyer, id).await?;
    Ok(BasketPage {
        id: id.to_string(),
        orders: orders.iter().map(|order| view::summary(order, Role::Buyer)).collect(),
        with_credit: basket.caller_reference.is_none(),
        confirmed: basket.sender_token.is_some(),
        given_back: basket.closed_at.is_some(),
    })
}

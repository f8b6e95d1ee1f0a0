//! `/cart…`: several items in one purchase; and `/wishlist`, which is kept alike.

use super::checkout_form::{self, Addresses, COUPON, FIELDS, read_shipping};
use super::errors::CONFIRMED_BEFORE;
use super::payments::refuse_return;
use super::{AtCheckout, Customer, InAddress, Shopper, Visitor, catalogue_pages, page};
use crate::Shop;
use crate::baskets::BasketId;
use crate::cart::{self, CartOwner, List};
use crate::catalogue::Item;
use crate::ids::{ItemSlug, UserId};
use crate::merchants::countries;
use crate::merchants::{self, Merchant, ShippingRates, ShippingSpeed, profile_store};
use crate::orders;
use crate::orders::view::{self, Role};
use crate::purchase;
use crate::purchase::basket::{self, Wanted};
use app::form::FormState;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use money::Money;
use platform::web::{FormFields, Refusal, keep_for_the_moment, see_other};
use shop_pages::model::{
    BasketPage, CartCheckoutPage, CartPage, CartPart, RateRow, ShippingOffer, WishListPage,
};
use shop_pages::pages::{self, GUEST, Live};

const PATH: &str = "/cart";
const WISHES: &str = "/wishlist";
const FULL: &str = "Your cart is full. Buy what is in it, or take something out.";
const FULL_OF_WISHES: &str = "Your wish list is full. Take something off it first.";

pub async fn show(State(shop): State<Shop>, visitor: Visitor) -> Result<Response, Refusal> {
    let parts = of_visitor(&shop, &visitor, List::Cart).await?;
    let total = price(parts.iter().filter(|part| part.view.can_be_bought()))?;
    let parts = parts.into_iter().map(|part| part.view).collect();
    let page = page(true, pages::cart(&visitor.chrome, &CartPage { parts, total }));
    Ok(keep_for_the_moment(page))
}

pub async fn show_wishes(State(shop): State<Shop>, visitor: Visitor) -> Result<Response, Refusal> {
    let parts = of_visitor(&shop, &visitor, List::Wishes).await?;
    // What was wished for last stands first.
    let parts = parts.into_iter().rev().map(|part| part.view).collect();
    Ok(keep_for_the_moment(page(true, pages::wish_list(&visitor.chrome, &WishListPage { parts }))))
}

async fn of_visitor(shop: &Shop, visitor: &Visitor, list: List) -> Result<Vec<Part>, Refusal> {
    match visitor.cart().await? {
        Some(owner) => parts(shop, visitor.user.as_ref().map(|user| &user.id), list, &owner).await,
        None => Ok(Vec::new()),
    }
}

pub async fn change(
    State(shop): State<Shop>,
    visitor: Visitor,
    fields: FormFields,
) -> Result<Response, Refusal> {
    change_list(&shop, &visitor, &fields, List::Cart).await
}

pub async fn change_wishes(
    State(shop): State<Shop>,
    visitor: Visitor,
    fields: FormFields,
) -> Result<Response, Refusal> {
    change_list(&shop, &visitor, &fields, List::Wishes).await
}

/// Fields: `add` or `remove`, the slug of an item.
async fn change_list(
    shop: &Shop,
    visitor: &Visitor,
    fields: &FormFields,
    list: List,
) -> Result<Response, Refusal> {
    let (path, full) = match list {
        List::Cart => (PATH, FULL),
        List::Wishes => (WISHES, FULL_OF_WISHES),
    };
    let (slug, add) = match (fields.get("add"), fields.get("remove")) {
        (Some(slug), None) => (slug, true),
        (None, Some(slug)) => (slug, false),
        _ => {
            return Err(Refusal::bad_request("The form says neither what to add nor what to remove."));
        }
    };
    let slug: ItemSlug = slug.parse().map_err(|_| Refusal::not_found())?;
    let item = if add {
        super::catalogue::find_on_show(shop, &slug).await?
    } else {
        super::catalogue::find(shop, &slug).await?
    };
    let owner = visitor.cart_to_fill(shop).await?;
    if !add {
        purchase::cart::take_out(shop, list, owner, vec![item.id]).await?;
    } else if !purchase::cart::put(shop, list, owner, item.id).await? {
        visitor.tell(full).await?;
    }
    Ok(see_other(path))
}

/// One of the things that were put aside, and what the page says of it.
struct Part {
    item: Item,
    seller: Merchant,
    view: CartPart,
}

/// What is on a list, as it can be bought now.
async fn parts(
    shop: &Shop,
    viewer: Option<&UserId>,
    list: List,
    owner: &CartOwner,
) -> Result<Vec<Part>, Refusal> {
    let mut parts = Vec::new();
    for item in cart::items(&shop.db, list, owner).await? {
        let seller = merchants::store::by_id(shop.db.readers(), &item.merchant_id).await?;
        let view = view_of(shop, viewer, &item, &seller).await?;
        parts.push(Part { item, seller, view });
    }
    Ok(parts)
}

async fn view_of(
    shop: &Shop,
    viewer: Option<&UserId>,
    item: &Item,
    seller: &Merchant,
) -> Result<CartPart, Refusal> {
    let owned = match viewer {
        Some(user) => orders::purchase_of(&shop.db, user, &item.id).await?,
        None => None,
    };
    Ok(CartPart {
        card: item.card(),
        availability: catalogue_pages::availability(&shop.db, item, seller).await?.0,
        own_item: viewer == Some(&seller.user_id),
        seller: seller.seller(),
        owned_order: owned.map(String::from),
        discount: None,
    })
}

fn price<'a>(parts: impl Iterator<Item = &'a Part>) -> Result<Money, Refusal> {
    Money::sum(parts.map(|part| part.item.price)).map_err(Refusal::because)
}

pub async fn checkout(
    State(shop): State<Shop>,
    visitor: AtCheckout,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let as_guest = visitor.asks_as_guest();
    let shopper = match visitor.shopper(as_guest).await {
        Ok(shopper) => shopper,
        Err(answer) => return Ok(*answer),
    };
    if let Some(buyer) = shopper.id()
        && let Some(basket) = basket::confirmed_before(&shop, buyer).await.map_err(refuse_return)?
    {
        shopper.tell(CONFIRMED_BEFORE).await?;
        return Ok(see_other(&format!("{PATH}/{basket}")));
    }
    let addresses = Addresses::of(&shop, shopper.id()).await?;
    let mut form = FormState::default();
    addresses.fill(&mut form, shopper.name(), query.as_deref());
    shopper.fill(&mut form);
    checkout_form::prefer(&mut form, query.as_deref());
    let parts = to_buy(&shop, &shopper).await?;
    show_checkout(&shop, &shopper, parts, form, &addresses).await
}

/// Places an order for each item that can be bought. What is sold and for how much is looked up, never taken from the form.
pub async fn place(
    State(shop): State<Shop>,
    visitor: AtCheckout,
    fields: FormFields,
) -> Result<Response, Refusal> {
    let shopper = match visitor.shopper(fields.get(GUEST).is_some()).await {
        Ok(shopper) => shopper,
        Err(answer) => return Ok(*answer),
    };
    let mut form = FormState::typed_only(fields.clone().into_map(), &FIELDS);
    let parts = to_buy(&shop, &shopper).await?;
    let physical = parts.iter().any(|part| part.item.physical);
    if let Some(button) = fields.get("update") {
        if physical && button != COUPON {
            checkout_form::read_country(&mut form);
        }
        return checkout_again(&shop, &shopper, parts, form).await;
    }
    let email = shopper.read(&mut form);
    let with = checkout_form::read_payment(&mut form, &shopper);
    let shipping = if physical { read_shipping(&mut form) } else { None };
    let coupon = checkout_form::read_coupon(&mut form);
    if !form.is_valid() {
        return checkout_again(&shop, &shopper, parts, form).await;
    }
    let buyer = shopper.buyer(&shop, email, shipping.as_ref()).await?;
    let items = parts.into_iter().map(|part| part.item.slug).collect();
    let shown = checkout_form::shown(&fields, shipping.as_ref());
    let id = checkout_form::attempt(&shop, &fields);
    let wanted = Wanted { id, buyer: buyer.clone(), items, shipping, coupon, gift: None, shown, with };
    match basket::place(&shop, wanted).await {
        Ok(placed) => {
            tracing::info!(basket = %placed.basket, orders = placed.orders.len(), "a cart was ordered");
            Ok(match placed.authorize_at {
                Some(url) => see_other(url.as_str()),
                None => see_other(&format!("{PATH}/{}", placed.basket)),
            })
        }
        Err(error) => {
            checkout_form::refuse(&mut form, shown, error)?;
            // What was refused may be because of what has changed meanwhile.
            let parts = for_sale(&shop, Some(&buyer), &CartOwner::user(&buyer)).await?;
            checkout_again(&shop, &shopper, parts, form).await
        }
    }
}

async fn to_buy(shop: &Shop, shopper: &Shopper) -> Result<Vec<Part>, Refusal> {
    match shopper.cart().await? {
        Some(owner) => for_sale(shop, shopper.id(), &owner).await,
        None => Ok(Vec::new()),
    }
}

/// What of a cart can be bought now.
async fn for_sale(shop: &Shop, viewer: Option<&UserId>, owner: &CartOwner) -> Result<Vec<Part>, Refusal> {
    let mut parts = parts(shop, viewer, List::Cart, owner).await?;
    parts.retain(|part| part.view.can_be_bought());
    Ok(parts)
}

/// The page again, with what was typed and what is wrong with it.
async fn checkout_again(
    shop: &Shop,
    shopper: &Shopper,
    parts: Vec<Part>,
    form: FormState,
) -> Result<Response, Refusal> {
    let addresses = Addresses::of(shop, shopper.id()).await?;
    show_checkout(shop, shopper, parts, form, &addresses).await
}

async fn show_checkout(
    shop: &Shop,
    shopper: &Shopper,
    mut parts: Vec<Part>,
    mut form: FormState,
    addresses: &Addresses,
) -> Result<Response, Refusal> {
    if parts.is_empty() {
        // The cart says why.
        return Ok(see_other(PATH));
    }
    let wanted: Vec<_> = parts.iter().map(|part| (&part.item, &part.seller)).collect();
    let discounts = checkout_form::discounts(shop, shopper, &mut form, &wanted).await?;
    for (part, discount) in parts.iter_mut().zip(&discounts) {
        part.view.discount = discount.as_ref().map(view::discount);
    }
    let off = Money::sum(discounts.iter().flatten().map(|discount| discount.amount));
    let off = off.map_err(Refusal::because)?;
    let data = CartCheckoutPage {
        price: price(parts.iter())?.sub(off).map_err(Refusal::because)?,
        shipping: offer(shop, &parts, form.value("ship_country"), addresses).await?,
        credit: checkout_form::credit_offer(shop, shopper).await?,
        guest: shopper.is_guest(),
        attempt: shop.new_id::<BasketId>().to_string(),
        parts: parts.into_iter().map(|part| part.view).collect(),
        form,
    };
    Ok(page(data.form.is_valid(), pages::cart_checkout(shopper.chrome(), &data)))
}

/// What sending all of it costs to the country that was typed, at the speeds that each seller offers; `None` where nothing
/// is sent.
async fn offer(
    shop: &Shop,
    parts: &[Part],
    country: &str,
    addresses: &Addresses,
) -> Result<Option<ShippingOffer>, Refusal> {
    let mut rates: Vec<ShippingRates> = Vec::new();
    for part in parts.iter().filter(|part| part.item.physical) {
        rates.push(profile_store::rates_of(shop.db.readers(), &part.item.merchant_id).await?);
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
    let known = addresses.ways("/cart/checkout");
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
    Customer(visitor): Customer,
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

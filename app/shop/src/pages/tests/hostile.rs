//! Every page, filled with words that try to be markup: none become it, and all keep the rules of pages.

use super::samples::{
    RATES, RATING, amazon_page, card, customer_of, edited, editor, figures_page, hostile_form, item_page,
    listing, merchant, not_ready_page, offer, order_page, profile_page, review, review_row, sales_figures,
    sell_page, seller_of_it, seller_page, summary,
};
use super::*;
use app::form::FormState;
use money::Money;

/// What a search found, with all that can be chosen.
fn found_page() -> HomePage {
    let way = Way {
        label: HOSTILE.to_owned(),
        count: Some("1+".to_owned()),
        href: "/?tag=a%22%3E".to_owned(),
        current: true,
    };
    let filters = Filters {
        chosen: vec![way.clone()],
        tags: vec![way.clone()],
        least: HOSTILE.to_owned(),
        price_error: Some("Write prices as 12."),
        kept: vec![("q", HOSTILE.to_owned())],
        ..Filters::default()
    };
    HomePage {
        categories: vec![way.clone()],
        category: Some(HOSTILE.to_owned()),
        query: HOSTILE.to_owned(),
        reading: Reading::As(HOSTILE.to_owned()),
        filters: Some(filters),
        items: vec![card(HOSTILE)],
        total: 1,
        page: 1,
        pages: 2,
        ..HomePage::default()
    }
}

/// Every page, filled with words that try to be markup.
fn hostile_pages() -> Vec<(&'static str, String)> {
    let chrome = signed_in();
    let category = Category { slug: "music".to_owned(), name: HOSTILE.to_owned(), items: 1 };
    let found = found_page();
    let order = order_page(HOSTILE, OrderStatus::Failed, OrderActions::default());
    let entries = vec![LibraryEntry {
        order_id: "order-1".to_owned(),

        is_gift: false,
        card: card(HOSTILE),
        downloads: Vec::new(),
        granted_at: "2026-11-23T22:55:00Z".parse().unwrap(),
        revoked_at: None,
    }];
    let library_page = LibraryPage { entries, paging: Paging::default() };
    let sign = SignPage { form: hostile_form(), next: HOSTILE.to_owned(), show_demo: true };
    let checkout_page = CheckoutPage {
        credit: crate::model::CreditOffer::default(),
        attempt: String::new(),
        guest: false,
        discount: None,
        owned_order: None,
        splits: Vec::new(),
        seller: seller_of_it(),
        shipping: Some(offer(Some(RATES))),
        card: ItemCard { physical: true, ..card(HOSTILE) },
        instant: false,
        form: hostile_form(),
    };
    let new_page = editor(vec![category], hostile_form());
    let edit_page = ItemEditorPage { item: Some(edited(HOSTILE)), ..new_page.clone() };
    let listings_page = ListingsPage {
        name: HOSTILE.to_owned(),
        state: None,
        listings: vec![listing(HOSTILE)],
        paging: Paging::default(),
        registered: true,
    };
    let operator_page = OperatorPage {
        orders: vec![order.order.clone()],
        fees_earned: Money::ZERO,
        orders_total: 1,
        credit: None,
        to_decide: 2,
        refund_requests: Vec::new(),
        differences: vec![OrderDifference {
            order_id: "order-1".to_owned(),
            title: HOSTILE.to_owned(),
            believed: HOSTILE.to_owned(),
            found: HOSTILE.to_owned(),
            since: "2026-11-23T22:55:00Z".parse().unwrap(),
        }],
        differences_total: 1,
        notifications: vec![ReceivedNotification {
            at: "2026-11-23T22:55:00Z".parse().unwrap(),
            transaction_id: HOSTILE.to_owned(),
            order_id: None,
            summary: HOSTILE.to_owned(),
            outcome: HOSTILE.to_owned(),
        }],
        by_status: vec![(OrderStatus::Paid, 1)],
    };
    let refused = ErrorPage {
        status: 404,
        title: HOSTILE.to_owned(),
        detail: HOSTILE.to_owned(),
        request_id: HOSTILE.to_owned(),
        suggestions: vec![card(HOSTILE)],
    };
    let mut pages = super::operator::tests::hostile_pages(&chrome, HOSTILE, &card(HOSTILE), &order.order);
    pages.extend([
        ("home", home(&chrome, &found)),
        ("item", item(&chrome, &item_page(HOSTILE))),
        ("checkout", checkout(&chrome, &checkout_page)),
        ("thank_you", thank_you(&chrome, &order)),
        ("orders", orders(&chrome, std::slice::from_ref(&order.order), &Paging::default())),
        ("order", super::order(&chrome, &order)),
        ("library", library(&chrome, &library_page)),
        ("sell", sell(&chrome, &sell_page(Some(merchant(HOSTILE))))),
        ("new_item", item_editor(&chrome, &new_page)),
        ("edit_item", item_editor(&chrome, &edit_page)),
        ("listings", listings(&chrome, &listings_page)),
        ("operator", operator(&chrome, &operator_page)),
        ("seller", seller(&chrome, &seller_page(HOSTILE))),
        ("profile", profile(&chrome, &profile_page())),
        ("not_ready", not_ready(&chrome, &not_ready_page())),
        ("sign_in", sign_in(&chrome, &sign)),
        ("sign_up", sign_up(&chrome, &sign)),
        ("error", error(&chrome, &refused)),
    ]);
    pages.extend(hostile_desk(&chrome));
    pages.extend(hostile_buying(&chrome));
    pages.extend(hostile_dispute(&chrome, order));
    pages.extend(hostile_reviews(&chrome));
    pages.extend(hostile_carts(&chrome));
    pages
}

/// Several items in one purchase, what was paid ahead, and what was paid in the end.
fn hostile_carts(chrome: &Chrome) -> [(&'static str, String); 6] {
    let at = "2026-11-23T22:55:00Z".parse().unwrap();
    let (price, credit) = (Money::from_cents(99), CreditOffer { total: Money::ZERO, largest: Money::ZERO });
    let discount = DiscountView { code: HOSTILE.to_owned(), amount: price, bearer: Bearer::Seller };
    let part = CartPart {
        card: card(HOSTILE),
        seller: seller_of_it(),
        availability: Availability::ForSale,
        own_item: false,
        owned_order: Some("order-1".to_owned()),
        discount: Some(discount.clone()),
    };
    let shopping = CartPage { parts: vec![part.clone()], total: price };
    let buying = CartCheckoutPage {
        parts: vec![part],
        price,
        shipping: Some(offer(Some(RATES))),
        credit,
        attempt: HOSTILE.to_owned(),
        guest: true,
        form: hostile_form(),
    };
    let bought = BasketPage {
        id: HOSTILE.to_owned(),
        orders: vec![summary(HOSTILE, OrderStatus::Paid, OrderActions::default())],
        with_credit: false,
        confirmed: true,
        given_back: false,
    };
    let failed = CreditRow {
        at,
        amount: price,
        left: price,
        status: CreditStatus::Failed { why: HOSTILE.to_owned() },
    };
    let ahead = CreditPage { offer: credit, credits: vec![failed], form: hostile_form() };
    let paid = Receipt {
        order_id: HOSTILE.to_owned(),
        title: HOSTILE.to_owned(),
        seller: HOSTILE.to_owned(),
        buyer: HOSTILE.to_owned(),
        address: vec![HOSTILE.to_owned()],
        ordered_at: at,
        paid_at: at,
        price,
        discount: Some(discount),
        shipping: Some(price),
        not_charged: None,
        charged: price,
        refunded: Some(price),
        paid_with: Some("Card"),
        split: None,
        transaction_id: Some(HOSTILE.to_owned()),
    };
    let link = DownloadLink {
        url: "/downloads/link?a=%22%3E".to_owned(),
        name: HOSTILE.to_owned(),
        expires_at: at,
        uses_left: 5,
    };
    let order = order_page(HOSTILE, OrderStatus::Paid, OrderActions::default());
    let keyed = OrderPage { licence_key: Some(HOSTILE.to_owned()), links: vec![link], ..order };
    [
        ("cart", cart(chrome, &shopping)),
        ("cart_checkout", cart_checkout(chrome, &buying)),
        ("basket", basket(chrome, &bought)),
        ("credit", super::credit(chrome, &ahead)),
        ("receipt", receipt(chrome, &paid)),
        ("order_with_links", super::order(chrome, &keyed)),
    ]
}

/// What buyers say, sellers answer, and the operator hides.
fn hostile_reviews(chrome: &Chrome) -> [(&'static str, String); 7] {
    let form = || {
        let mut form = hostile_form();
        for field in ["stars", "words", "answer", "reason"] {
            form.set(field, HOSTILE);
            form.refuse(field, HOSTILE);
        }
        form
    };
    let held = Some(HoldView { at: review(HOSTILE).at, reason: HOSTILE.to_owned() });
    let rows = || vec![review_row(HOSTILE)];
    let all = ReviewsPage {
        card: card(HOSTILE),
        reviews: vec![review(HOSTILE)],
        paging: Paging::default(),
        own: true,
    };
    let written = ReviewFormPage {
        card: card(HOSTILE),
        author: HOSTILE.to_owned(),
        written: Some(review(HOSTILE)),
        held: held.clone(),
        may_write: true,
        form: form(),
    };
    let of_seller = SellerReviewsPage { rating: RATING, reviews: rows(), paging: Paging::default() };
    let of_all = AllReviewsPage { reviews: rows(), held_only: true, paging: Paging::default() };
    let author = (HOSTILE.to_owned(), "/operator/users/u".to_owned());
    let one = ReviewOversight { row: review_row(HOSTILE), author, held, form: form() };
    let words =
        TypeTesterPage { card: card(HOSTILE), words: HOSTILE.to_owned(), fonts: vec![HOSTILE.to_owned()] };
    [
        ("type_tester", type_tester(chrome, &words)),
        ("reviews", reviews(chrome, &all)),
        ("review_form", review_form(chrome, &written)),
        ("seller_reviews", seller_reviews(chrome, &of_seller)),
        (
            "answer_review",
            answer_review(chrome, &AnswerReviewPage { row: review_row(HOSTILE), form: form() }),
        ),
        ("all_reviews", all_reviews(chrome, &of_all)),
        ("review_oversight", review_oversight(chrome, &one)),
    ]
}

/// What buyers say to sellers, and to the marketplace.
fn hostile_dispute(chrome: &Chrome, order: OrderPage) -> [(&'static str, String); 2] {
    let said = SaidView { at: order.order.placed_at, words: HOSTILE.to_owned() };
    let asked = RefundRequestView {
        id: "q".to_owned(),
        amount: Money::from_cents(99),
        reason: HOSTILE.to_owned(),
        at: order.order.placed_at,
        at_amazon: false,
        answer: RefundAnswer::Escalated { declined_at: None, said },
        step: RequestStep::Escalate,
    };
    let escalation = EscalatePage { order: order.order.clone(), asked: asked.clone(), form: hostile_form() };
    let disputed = OrderPage { refund_request: Some(asked), ..order };
    [("order_disputed", super::order(chrome, &disputed)), ("escalate", escalate(chrome, &escalation))]
}

/// Coupons, and buying without an account.
fn hostile_buying(chrome: &Chrome) -> Vec<(&'static str, String)> {
    let at = "2026-11-23T22:55:00Z".parse().unwrap();
    let coupon = CouponRow {
        id: "c1".to_owned(),
        code: HOSTILE.to_owned(),
        value: HOSTILE.to_owned(),
        item: Some(HOSTILE.to_owned()),
        begins_at: at,
        ends_at: Some(at),
        most_uses: Some(1),
        most_each: Some(1),
        used: 1,
        off: Money::ZERO,
        standing: CouponStanding::Good,
    };
    let coupons_page = CouponsPage {
        owner: Bearer::Seller,
        coupons: vec![coupon],
        items: vec![(HOSTILE.to_owned(), HOSTILE.to_owned())],
        paging: Paging::default(),
        form: hostile_form(),
    };
    let guest = GuestOrderPage {
        order: Some(("order-1".to_owned(), HOSTILE.to_owned())),
        until: 1,
        key: HOSTILE.to_owned(),
        account: Some(HOSTILE.to_owned()),
    };
    let to_claim = ClaimPage { titles: vec![HOSTILE.to_owned()], next: "/orders".to_owned() };
    let link = GuestLinkPage { form: hostile_form(), written_to: None, lab: true };
    let written = GuestLinkPage { written_to: Some(HOSTILE.to_owned()), ..link.clone() };
    vec![
        ("coupons", coupons(chrome, &coupons_page)),
        ("guest_order", guest_order(chrome, &guest)),
        ("claim", claim(chrome, &to_claim)),
        ("guest_link", guest_link(chrome, &link)),
        ("guest_link, written", guest_link(chrome, &written)),
    ]
}

/// Those of the desk, and of figures.
fn hostile_desk(chrome: &Chrome) -> Vec<(&'static str, String)> {
    let at = "2026-11-23T22:55:00Z".parse().unwrap();
    let paging = Paging::default;
    let told = NoticesPage { notices: merchant(HOSTILE).notices, paging: paging() };
    let one = customer_of(HOSTILE);
    let all = CustomersPage { customers: vec![one.clone()], paging: paging() };
    let orders = vec![summary(HOSTILE, OrderStatus::Paid, OrderActions::default())];
    let thread = ThreadRow {
        order_id: "order-1".to_owned(),
        title: HOSTILE.to_owned(),
        buyer: HOSTILE.to_owned(),
        last_at: at,
        last_author: HOSTILE.to_owned(),
        last_text: HOSTILE.to_owned(),
        unread: true,
    };
    let market = MarketFiguresPage {
        form: figures_page(HOSTILE).form,
        figures: Some(sales_figures(HOSTILE)),
        coupons: figures_page(HOSTILE).coupons,
    };
    vec![
        ("figures", figures(chrome, &figures_page(HOSTILE))),
        ("market_figures", market_figures(chrome, &market)),
        ("amazon_figures", amazon_figures(chrome, &amazon_page(HOSTILE))),
        ("notices", notices(chrome, &told)),
        ("customers", customers(chrome, &all)),
        ("customer", customer(chrome, &CustomerPage { customer: one, orders, paging: paging() })),
        ("messages", messages(chrome, &MessagesPage { threads: vec![thread], paging: paging() })),
    ]
}

#[test]
fn words_never_become_markup() {
    for (name, html) in hostile_pages() {
        assert!(!html.contains("<script>"), "{name}: an element got through");
        assert!(!html.contains("<img src=x"), "{name}: an element got through");
        let titles = html.matches("<title").count();
        assert_eq!(html.matches("</title>").count(), titles, "{name}: a title ended early");
        let ends = html.matches("</script>").count();
        assert_eq!(ends, html.matches("<script ").count(), "{name}: a script ended early");
        assert!(!html.contains("\"' onerror") && !html.contains(" onerror=alert(1)>\"'&\""), "{name}");
    }
}

#[test]
fn every_page_has_one_first_heading_the_landmarks_and_nothing_inline() {
    for (name, html) in hostile_pages() {
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        for landmark in
            ["<main ", "<header ", "<footer ", "<nav ", r##"href="#main""##, r#"<html lang="en">"#]
        {
            assert!(html.contains(landmark), "{name} lacks {landmark}");
        }
        assert!(
            !html.contains(" style=") && !html.contains("<style"),
            "{name}: the policy forbids inline styles"
        );
        assert!(!html.contains(" onclick="), "{name}");
    }
}

#[test]
fn a_refused_form_keeps_what_was_typed_and_leads_to_each_field() {
    let mut form = FormState::default();
    form.set("ship_name", "Jane Doe");
    form.set("ship_speed", "express");
    form.refuse("ship_city", "Write the city.");
    let page = CheckoutPage {
        seller: seller_of_it(),
        shipping: Some(offer(Some(RATES))),
        card: ItemCard { physical: true, ..card("A Record") },
        instant: false,
        credit: crate::model::CreditOffer::default(),
        attempt: String::new(),
        guest: false,
        discount: None,
        splits: Vec::new(),
        owned_order: None,
        form,
    };
    let html = checkout(&chrome(), &page);
    assert!(html.contains(r#"role="alert""#));
    assert!(html.contains(r##"<a href="#field-ship_city">Write the city.</a>"##));
    assert!(html.contains(r#"id="field-ship_city""#));
    assert!(html.contains(r#"value="Jane Doe""#));
    assert!(html.contains(r#"value="express" checked"#));
    assert!(html.contains("<title>Please check: Checkout"));
}

#[test]
fn every_summary_link_of_every_form_has_its_field() {
    for (name, html) in hostile_pages() {
        for link in html.split("href=\"#field-").skip(1) {
            let field = link.split('"').next().unwrap();
            // Each form has some of the fields that were refused; those it shows must be reachable.
            let shown = html.contains(&format!(" name=\"{field}\""));
            assert!(!shown || html.contains(&format!("id=\"field-{field}\"")), "{name}: {field}");
        }
    }
}

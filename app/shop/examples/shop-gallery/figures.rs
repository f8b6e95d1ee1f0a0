//! What was sold: a seller's and the market's.

use super::buying::order;
use super::goods::{ENTRIES, at, boss, martha};
use app::form::FormState;
use money::Money;
use shop_pages::model::{
    AmazonComparison, AmazonFiguresPage, AmazonSays, CouponSums, FiguresPage, MarketFiguresPage,
    OperatorPage, OrderActions, OrderDifference, OrderStatus, Paid, PaymentDifference, ReceivedNotification,
    RefundedSale, SalesFigures, Span, Sums, TopItem, Unit,
};
use shop_pages::pages;

pub fn figure_pages() -> Vec<(&'static str, String)> {
    vec![
        (
            "figures-amazon",
            pages::amazon_figures(&martha("/sell/figures/amazon"), &amazon_figures(Some(amazon_says()))),
        ),
        (
            "figures-amazon-away",
            pages::amazon_figures(&martha("/sell/figures/amazon"), &amazon_figures(None)),
        ),
        ("figures", pages::figures(&martha("/sell/figures"), &figures_page(true))),
        ("figures-none", pages::figures(&martha("/sell/figures"), &figures_page(false))),
        ("figures-refused", pages::figures(&martha("/sell/figures"), &refused_figures())),
        ("operator-figures", pages::market_figures(&boss("/operator/figures"), &market_figures())),
        ("operator", pages::operator(&boss("/operator"), &operator())),
    ]
}

/// Thirty days, on most of which something was sold.
fn sales_figures(some: bool) -> SalesFigures {
    let from = "2026-11-01".parse().expect("a day");
    let day = |number: i64| {
        let sold = if some { [3, 0, 1, 5, 2, 4, 7][usize::try_from(number % 7).unwrap_or(0)] } else { 0 };
        let gross = Money::from_cents(sold * 349 + i32::try_from(number).unwrap_or(0) * sold);
        let part = |of: i64| Money::from_micros(gross.micros() / of);
        let date: jiff::civil::Date = from;
        let date = date.saturating_add(jiff::Span::new().days(number));
        let sums = Sums {
            sold: u32::try_from(sold).unwrap_or(0),
            gross,
            refunds: u32::from(sold == 5),
            refunded: if sold == 5 { Money::from_cents(349) } else { Money::ZERO },
            marketplace_fees: part(10),
            amazon_fees: part(30),
            fees_unknown: 0,
        };
        Span { from: date, to: date, sums }
    };
    let spans: Vec<_> = (0..30).map(day).collect();
    let sum =
        |of: fn(&Sums) -> Money| Money::sum(spans.iter().map(|span| of(&span.sums))).unwrap_or_default();
    let total = Sums {
        sold: spans.iter().map(|span| span.sums.sold).sum(),
        gross: sum(|sums| sums.gross),
        refunds: spans.iter().map(|span| span.sums.refunds).sum(),
        refunded: sum(|sums| sums.refunded),
        marketplace_fees: sum(|sums| sums.marketplace_fees),
        amazon_fees: sum(|sums| sums.amazon_fees),
        fees_unknown: u32::from(some),
    };
    let top = |number: usize, sold: u16| TopItem {
        slug: ENTRIES[number].0.to_owned(),
        title: ENTRIES[number].1.to_owned(),
        sold: u32::from(sold),
        gross: Money::from_cents(ENTRIES[number].5 * i32::from(sold)),
        refunded: Money::ZERO,
    };
    let top_items = if some { vec![top(27, 7), top(34, 12), top(3, 31), top(0, 28)] } else { Vec::new() };
    let to = spans.last().map_or(from, |span| span.to);
    SalesFigures { from, to, unit: Unit::Day, spans, total, top_items }
}

fn figures_page(some: bool) -> FiguresPage {
    let mut form = FormState::default();
    form.set("from", "2026-11-01");
    form.set("to", "2026-11-30");
    let refund = RefundedSale {
        order_id: "1".to_owned(),
        title: "The Long Way Down to the Water".to_owned(),
        buyer: "John Doe".to_owned(),
        placed_at: at(0),
        price: Money::from_cents(129),
        refunded: Money::from_cents(129),
    };
    let refunds = if some { vec![refund] } else { Vec::new() };
    let coupons =
        CouponSums { orders: 3, by_sellers: Money::from_cents(60), by_market: Money::from_cents(5) };
    FiguresPage { form, figures: Some(sales_figures(some)), refunds, coupons }
}

fn amazon_says() -> AmazonSays {
    let difference =
        |order: Option<&str>, title: &str, status, believed: &str, found: &str| PaymentDifference {
            order_id: order.map(str::to_owned),
            title: title.to_owned(),
            status,
            believed: believed.to_owned(),
            found: found.to_owned(),
        };
    AmazonSays {
        paid: Paid {
            payments: 90,
            charged: Money::from_cents(32_986),
            refunded: Money::from_cents(1_396),
            amazon_fees: Money::from_cents(1_100),
        },
        differences: vec![
            difference(
                Some("3"),
                "The Long Way Down to the Water",
                Some(OrderStatus::Paid),
                "Success, $1.29",
                "Cancelled, $1.29",
            ),
            difference(None, "15S4VG2GZ7RQ4V5QBU4KRR2OVDSCQB1Q3KS", None, "No order", "Success, $1.00"),
        ],
        read_until: None,
        too_many_orders: false,
        not_compared: 0,
        read: 412,
    }
}

fn amazon_figures(amazon: Option<AmazonSays>) -> AmazonFiguresPage {
    let FiguresPage { form, figures, .. } = figures_page(true);
    let figures = figures.unwrap_or_else(|| sales_figures(true));
    let shop = Paid {
        payments: figures.total.sold,
        charged: figures.total.gross,
        refunded: figures.total.refunded,
        amazon_fees: figures.total.amazon_fees,
    };
    AmazonFiguresPage {
        form,
        compared: Some(AmazonComparison { from: figures.from, to: figures.to, shop, amazon }),
        account_url: "http://127.0.0.1:3001/account".to_owned(),
    }
}

fn market_figures() -> MarketFiguresPage {
    let FiguresPage { form, figures, coupons, .. } = figures_page(true);
    MarketFiguresPage { form, figures, coupons }
}

fn refused_figures() -> FiguresPage {
    let mut page = FiguresPage { figures: None, ..figures_page(false) };
    page.form.set("from", "last week");
    page.form.refuse("from", "Write the day as year, month and day, such as 2026-11-23.");
    page
}

fn operator() -> OperatorPage {
    let none = OrderActions::default();
    let said = |summary: &str, outcome: &str| ReceivedNotification {
        at: at(3),
        transaction_id: "15S4VG2GZ7RQ4V5QBU4KRR2OVDSCQB1Q3KS".to_owned(),
        order_id: Some("1".to_owned()),
        summary: summary.to_owned(),
        outcome: outcome.to_owned(),
    };
    OperatorPage {
        orders: vec![
            order(34, OrderStatus::Reserved, none),
            order(0, OrderStatus::Paid, none),
            order(3, OrderStatus::Refunded, none),
        ],
        fees_earned: Money::from_cents(1_184),
        orders_total: 131,
        credit: None,
        to_decide: 1,
        refund_requests: Vec::new(),
        differences: vec![OrderDifference {
            order_id: "3".to_owned(),
            title: "The Long Way Down to the Water".to_owned(),
            believed: "Success, $1.29".to_owned(),
            found: "Cancelled, $1.29".to_owned(),
            since: at(2),
        }],
        differences_total: 1,
        notifications: vec![
            said("PAY SUCCESS", "Changed nothing: known already"),
            said("RESERVE RESERVED", "Order is Reserved"),
        ],
        by_status: vec![
            (OrderStatus::Paid, 112),
            (OrderStatus::Reserved, 9),
            (OrderStatus::Refunded, 6),
            (OrderStatus::Failed, 4),
        ],
    }
}

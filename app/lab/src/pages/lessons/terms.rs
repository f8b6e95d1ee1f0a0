//! Lessons of who pays what, and when.

use super::{Lesson, With, lab, shop, step};

pub const PAY_OR_RESERVE: Lesson = Lesson {
    slug: "pay-or-reserve",
    title: "Pay or Reserve",
    about: &[
        "What can be delivered at once is paid at once: Pay moves the money. What takes time to make or to send is reserved: \
         the money is held and stays the buyer's until the seller delivers, which is when Settle charges it.",
        "If the seller does not deliver, Cancel lets the money go, and after a week it goes by itself. Nobody has to give \
         anything back, because nothing was taken.",
    ],
    steps: &[
        step(
            "Buy a download, which is paid at once:",
            With::Link(shop("/items/now-and-forever", "Now and Forever")),
        ),
        step(
            "Buy what its seller makes to order, which is reserved:",
            With::Link(shop("/items/session-masters", "Harbour Lights: Session Masters")),
        ),
        step(
            "As its seller, merchant@example.com, press Fulfil on the order; or cancel it as the buyer:",
            With::Link(shop("/sell", "The seller's desk")),
        ),
    ],
    look: &[
        lab("/lab/books", "What is held, and by whom"),
        lab("/lab?kind=written&action=Reserve", "A hold, and no posting"),
        lab("/lab?kind=written&action=Settle", "The hold charged"),
    ],
};

pub const FEES: Lesson = Lesson {
    slug: "fees",
    title: "Who pays which fee",
    about: &[
        "Amazon takes its fee of what the buyer pays, and the seller bears it: the buyer pays the price and no more. A card \
         costs more than a balance, because somebody has to be paid for it.",
        "The marketplace takes a fee of its own, which the token between shop and seller agrees on beforehand: a fixed \
         part and a percentage. It is a movement by itself, from the seller to the marketplace.",
    ],
    steps: &[
        step(
            "Buy something and pay it from the account balance:",
            With::Link(shop("/items/now-and-forever", "Now and Forever")),
        ),
        step("Buy it once more and pay by card.", With::Nothing),
    ],
    look: &[
        lab("/lab/books/accounts/amazon%3Afees", "Amazon's fees, one by one"),
        lab("/lab/follow", "Each purchase with its postings"),
    ],
};

pub const REFUNDS: Lesson = Lesson {
    slug: "refunds",
    title: "Refunds and policies",
    about: &[
        "A refund is a transaction of its own, which moves the money back: what happened is never taken out of the books. \
         The seller pays it, and Amazon gives back its fee in proportion.",
        "Who gives back the marketplace's fee is said by the MarketplaceRefundPolicy of the call: MasterTxnOnly leaves it \
         with the marketplace, so the seller bears it; MasterAndMarketplaceTxn has the marketplace give back its part.",
    ],
    steps: &[
        step(
            "Buy something that can be refunded:",
            With::Link(shop("/items/now-and-forever", "Now and Forever")),
        ),
        step("On the order's page ask for a refund.", With::Nothing),
        step(
            "If its seller has to agree, do so as merchant@example.com:",
            With::Link(shop("/sell", "The seller's desk")),
        ),
    ],
    look: &[
        lab("/lab/requests?action=Refund", "The call, with its policy"),
        lab("/lab?kind=written&action=Refund", "The money on its way back"),
        lab("/lab/follow", "The purchase and its refund, drawn"),
    ],
};

//! Lessons of what keeps a payment right whatever is lost or changed on the way.

use super::{Lesson, With, lab, shop, step};

const BUY: With = With::Link(shop("/items/now-and-forever", "Now and Forever"));
const LOSE_ANSWER: With =
    With::Fault("Lose the answer of the next Pay", &[("action", "Pay"), ("drop", "answer"), ("times", "1")]);
const LOSE_NOTIFICATION: With =
    With::Fault("Lose the next notification", &[("notifications", "drop"), ("times", "1")]);

pub const WHY_REDIRECT: Lesson = Lesson {
    slug: "why-redirect",
    title: "Why redirect",
    about: &[
        "To pay, the buyer leaves the shop for a page of Amazon Payments and comes back. It looks like a detour, and it \
         is what keeps the shop away from the buyer's password and card.",
        "The shop signs the address that it sends the browser to: what is bought, for how much, and where to come back to. \
         The buyer signs in at Amazon, confirms, and the browser returns with a token: the right to take this amount once. \
         The token is all that the shop gets.",
    ],
    steps: &[
        step("Open an item in the shop and press Buy Now:", BUY),
        step(
            "Sign in at Amazon Payments as john@example.com and confirm. Watch the address bar change twice.",
            With::Nothing,
        ),
    ],
    look: &[
        lab("/lab?kind=sent_to_pay", "Where the shop sent the browser"),
        lab("/lab?kind=authorization_ended", "Where Amazon sent it back to"),
        lab("/lab/follow", "The two redirects, drawn"),
    ],
};

pub const SIGN_THE_RETURN: Lesson = Lesson {
    slug: "sign-the-return",
    title: "Why sign the return",
    about: &[
        "The browser carries Amazon's answer back to the shop, and whoever sits at the browser can change what it carries. \
         So Amazon signs the return, and the shop believes nothing that the signature does not cover.",
        "Amazon signs with a key of its own. The shop checks with Amazon's certificate, so it needs no secret for that, and \
         it knows its own address instead of reading it from the request.",
    ],
    steps: &[
        step("Buy something, so that there is a return:", BUY),
        step(
            "Open the same return once more, with one letter of the token changed. Reload this page to get it:",
            With::ChangedReturn,
        ),
        step("Read what the shop says, and find that nothing was bought.", With::Nothing),
    ],
    look: &[
        lab("/lab?kind=returned", "Returns that the shop took, and those that it did not"),
        lab("/lab/signature", "A return address, checked step by step: paste the changed one"),
    ],
};

pub const IDEMPOTENCY: Lesson = Lesson {
    slug: "idempotency",
    title: "What idempotency saves you from",
    about: &[
        "A request can arrive twice: a client that heard nothing asks again, a proxy repeats, somebody presses twice. \
         Every Pay has a CallerReference, which its caller makes up once for each payment. Amazon keeps the answer under it, \
         and gives the same answer to the same request however often it comes.",
        "The same reference with another content is refused. So asking again is always safe.",
    ],
    steps: &[
        step("Fire 64 identical Pay at once:", With::Link(lab("/lab/attack", "Attack it"))),
        step("Count the movements.", With::Nothing),
    ],
    look: &[
        lab("/lab/requests?action=Pay", "All those requests"),
        lab("/lab?kind=written&action=Pay", "The one that changed something"),
        lab("/lab/books", "The books"),
    ],
};

pub const LOST_ANSWER: Lesson = Lesson {
    slug: "lost-answer",
    title: "What to do when the answer is lost",
    about: &[
        "The shop sends Pay, and the connection breaks. Was the buyer charged? The shop cannot know. To call it failed could \
         take money for nothing; to call it paid could give goods for nothing.",
        "What is unknown stays unknown until somebody says. The shop keeps the order open and asks again with the same \
         CallerReference, which charges nobody twice. Or the notification tells it first.",
    ],
    steps: &[
        step("Let the answer be lost after the work was done:", LOSE_ANSWER),
        step("Let nobody tell the shop otherwise:", LOSE_NOTIFICATION),
        step("Buy something, and see the order wait:", BUY),
        step(
            "Wait some seconds until the shop asks again, or move the clock by an hour:",
            With::Link(lab("/lab/clock", "Clock")),
        ),
    ],
    look: &[
        lab("/lab?kind=fault", "What was made to go wrong"),
        lab("/lab?kind=request&action=Pay", "Two Pay with one CallerReference"),
        lab("/lab/follow", "The purchase, drawn"),
    ],
};

pub const NOTIFICATION_FIRST: Lesson = Lesson {
    slug: "notification-first",
    title: "The notification before the return",
    about: &[
        "Amazon tells the shop the same thing on two ways: in the answer to its call, while the buyer is on the way back, and \
         by a notification that it posts to the shop. Nothing says which one arrives first, and either may be lost or come \
         twice.",
        "So the shop must take both as facts about the payment and not as steps: the first one moves the order, the second \
         finds it moved and changes nothing.",
    ],
    steps: &[
        step("Let the answer be lost, so that the notification is first for certain:", LOSE_ANSWER),
        step("Buy something:", BUY),
        step(
            "Send the notification once more, and see that nothing changes:",
            With::Link(lab("/lab/notifications", "Notifications")),
        ),
    ],
    look: &[
        lab("/lab?kind=received", "Notifications that the shop took"),
        lab("/lab?kind=order", "What they made of orders"),
    ],
};

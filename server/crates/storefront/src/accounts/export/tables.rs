//! What is a person's of each table. A test holds it against the schema: each table and each column is in the file, or is
//! named here as what is not.

/// How a column is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    Flag,
    /// Microseconds since the epoch; in the file a time as RFC 3339 has it.
    Time,
    /// Millionths of a dollar; in the file dollars.
    Money,
    /// Ten-thousandths of a per cent; in the file per cent.
    Percent,
    /// A session's data, of which the browser and its address are in the file.
    Device,
}

/// A column, or an SQL expression under a name of its own.
#[derive(Debug)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    pub expression: Option<&'static str>,
}

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, expression: None }
}

const fn text(name: &'static str) -> Column {
    column(name, Kind::Text)
}

const fn number(name: &'static str) -> Column {
    column(name, Kind::Number)
}

const fn flag(name: &'static str) -> Column {
    column(name, Kind::Flag)
}

const fn time(name: &'static str) -> Column {
    column(name, Kind::Time)
}

const fn money(name: &'static str) -> Column {
    column(name, Kind::Money)
}

const fn percent(name: &'static str) -> Column {
    column(name, Kind::Percent)
}

const fn as_text(name: &'static str, expression: &'static str) -> Column {
    Column { name, kind: Kind::Text, expression: Some(expression) }
}

/// Rows of a table that belong to one of a [`Section`]'s: an order's events.
#[derive(Debug)]
pub struct Part {
    pub name: &'static str,
    pub table: &'static str,
    /// The column that has the section's key.
    pub link: &'static str,
    /// In which order they are.
    pub order: &'static str,
    pub columns: &'static [Column],
    /// Not in the file.
    #[cfg_attr(not(test), expect(dead_code, reason = "a test holds it against the schema"))]
    pub without: &'static [&'static str],
}

/// A list of the file: the rows of a table that are a person's.
#[derive(Debug)]
pub struct Section {
    pub name: &'static str,
    pub table: &'static str,
    /// A column of texts in whose order pieces of the list are read.
    pub key: &'static str,
    /// `$1` is the person's id.
    pub whose: &'static str,
    pub columns: &'static [Column],
    /// Not in the file: secrets, what the shop keeps for its own work, ids of others.
    #[cfg_attr(not(test), expect(dead_code, reason = "a test holds it against the schema"))]
    pub without: &'static [&'static str],
    pub parts: &'static [Part],
}

impl Section {
    const fn new(name: &'static str, table: &'static str, key: &'static str, whose: &'static str) -> Self {
        Self { name, table, key, whose, columns: &[], without: &[], parts: &[] }
    }
}

const ITEM: Column = as_text("item", "(SELECT i.slug FROM items i WHERE i.id = item_id)");
const SELLER: Column = as_text("seller", "(SELECT m.name FROM merchants m WHERE m.id = merchant_id)");
/// Of a table with a column `merchant_id`.
const OF_THEIR_SHOP: &str = "merchant_id = (SELECT m.id FROM merchants m WHERE m.user_id = $1)";

const MESSAGES: Part = Part {
    name: "messages",
    table: "messages",
    link: "order_id",
    order: "at, id",
    columns: &[text("author"), text("text"), time("at")],
    without: &["id"],
};

const REFUND_REQUESTS: Part = Part {
    name: "refund_requests",
    table: "refund_requests",
    link: "order_id",
    order: "at, id",
    columns: &[
        money("amount"),
        text("reason"),
        text("origin"),
        text("state"),
        time("at"),
        time("declined_at"),
        time("escalated_at"),
        text("escalation"),
        time("ruled_at"),
        text("ruling"),
    ],
    without: &["id", "merchant_id", "requester"],
};

const REFUNDS: Part = Part {
    name: "refunds",
    table: "order_refunds",
    link: "order_id",
    order: "at, refund_id",
    columns: &[text("refund_id"), money("amount"), time("at")],
    without: &[],
};

const EVENTS: Part = Part {
    name: "events",
    table: "order_events",
    link: "order_id",
    order: "sequence",
    columns: &[text("kind"), text("detail"), time("at")],
    without: &["sequence"],
};

const ATTEMPTS: Part = Part {
    name: "attempts",
    table: "order_attempts",
    link: "order_id",
    order: "caller_reference",
    columns: &[text("caller_reference")],
    without: &[],
};

const GIFT: Part = Part {
    name: "given_to",
    table: "gifts",
    link: "order_id",
    order: "order_id",
    columns: &[text("email"), text("name"), text("message"), time("sent_at"), time("accepted_at")],
    without: &["recipient_id"],
};

const LINKS: Part = Part {
    name: "download_links",
    table: "download_links",
    link: "order_id",
    order: "made_at, id",
    columns: &[
        number("file"),
        time("made_at"),
        time("expires_at"),
        number("uses"),
        time("begun_at"),
        number("gone_on"),
    ],
    without: &["id"],
};

const ORDERS: Section = Section {
    columns: &[
        text("id"),
        ITEM,
        SELLER,
        text("title"),
        money("price"),
        money("shipping_price"),
        money("discount"),
        text("coupon_code"),
        text("coupon_bearer"),
        money("charged"),
        money("refunded"),
        money("fixed_fee"),
        percent("variable_fee"),
        money("marketplace_fee"),
        money("amazon_fee"),
        text("delivery"),
        flag("physical"),
        text("ship_name"),
        text("ship_line1"),
        text("ship_line2"),
        text("ship_city"),
        text("ship_state"),
        text("ship_zip"),
        text("ship_country"),
        text("ship_speed"),
        text("state"),
        text("failure"),
        text("payment_method"),
        text("transaction_id"),
        text("caller_reference"),
        text("authorization_reference"),
        text("basket_id"),
        text("refund_transaction_id"),
        money("refund_amount"),
        text("refund_policy"),
        number("refund_days"),
        flag("refund_unless_downloaded"),
        number("item_version"),
        number("handling_days"),
        flag("gift"),
        text("tracking"),
        text("seller_message"),
        time("created_at"),
        time("paid_at"),
        time("shipped_at"),
        time("updated_at"),
    ],
    without: &[
        "buyer_id",
        "item_id",
        "merchant_id",
        "coupon_id",
        "fee_rule",
        // Let the shop pay and be paid.
        "recipient_token_id",
        "refund_token_id",
        "sender_token_id",
        "refund_attempt",
        "check_at",
        "checks",
        "settle_accepted",
        "compare_at",
        "took_stock",
    ],
    parts: &[GIFT, EVENTS, ATTEMPTS, REFUNDS, REFUND_REQUESTS, MESSAGES, LINKS],
    ..Section::new("orders", "orders", "id", "buyer_id = $1")
};

/// The person's own account.
const ACCOUNT: &[Section] = &[
    Section {
        columns: &[text("id"), text("email"), text("name"), flag("operator"), time("created_at")],
        // Whoever is held or has left asks for nothing.
        without: &["password_hash", "held_at", "held_reason", "deleted_at"],
        ..Section::new("account", "users", "id", "id = $1")
    },
    Section {
        columns: &[text("guest_email"), time("created_at"), time("claimed_at")],
        without: &["id", "claimed_by"],
        ..Section::new("without_account", "users", "id", "claimed_by = $1")
    },
    Section {
        columns: &[text("email"), time("expires_at")],
        without: &["id", "user_id", "digest"],
        ..Section::new("email_changes", "email_changes", "id", "user_id = $1")
    },
    Section {
        columns: &[time("expires_at")],
        without: &["id", "user_id", "digest"],
        ..Section::new("password_resets", "password_resets", "id", "user_id = $1")
    },
    Section {
        columns: &[time("begun_at"), time("enabled_at"), number("wrong")],
        without: &["user_id", "id", "last_step"],
        ..Section::new("second_factor", "second_factors", "user_id", "user_id = $1")
    },
    Section {
        columns: &[column("data", Kind::Device), time("begun_at"), time("used_at"), time("expires_at")],
        without: &["id", "owner"],
        ..Section::new("sessions", "sessions", "id", "owner = $1")
    },
    Section {
        columns: &[
            text("kind"),
            text("address"),
            as_text("order", "(SELECT o.id FROM orders o WHERE o.id = reference)"),
            text("detail"),
            time("at"),
            time("read_at"),
            time("due_at"),
        ],
        without: &["id", "user_id", "reference", "sending", "attempts", "send_at", "failure"],
        ..Section::new("mails", "mails", "id", "user_id = $1")
    },
    Section {
        columns: &[
            time("at"),
            text("deed"),
            text("kind"),
            text("subject"),
            text("old_value"),
            text("new_value"),
            text("reason"),
        ],
        without: &["id", "actor_id", "actor", "subject_id", "subject_look"],
        ..Section::new("deeds", "audit_log", "id", "actor_id = $1")
    },
];

/// What they bought, or mean to.
const BUYING: &[Section] = &[
    Section {
        columns: &[ITEM, time("at")],
        without: &["owner", "item_id"],
        ..Section::new("cart", "cart_items", "item_id", "owner = $1")
    },
    Section {
        columns: &[ITEM, time("at")],
        without: &["owner", "item_id"],
        ..Section::new("wishes", "wishes", "item_id", "owner = $1")
    },
    ORDERS,
    Section {
        columns: &[text("id"), text("caller_reference"), time("created_at"), time("closed_at")],
        without: &["buyer_id", "sender_token_id", "close_at"],
        ..Section::new("baskets", "baskets", "id", "buyer_id = $1")
    },
    Section {
        columns: &[
            text("id"),
            money("amount"),
            money("balance"),
            time("balance_at"),
            text("state"),
            text("failure"),
            text("transaction_id"),
            text("sender_reference"),
            text("funding_reference"),
            time("created_at"),
        ],
        without: &["user_id", "instrument_id", "sender_token_id", "funding_token_id", "check_at", "checks"],
        ..Section::new("credits", "credits", "id", "user_id = $1")
    },
    Section {
        columns: &[text("order_id"), ITEM, time("granted_at"), time("revoked_at"), time("fetched_at")],
        without: &["buyer_id", "item_id"],
        ..Section::new("library", "download_grants", "order_id", "buyer_id = $1")
    },
    Section {
        columns: &[text("order_id"), text("email"), text("name"), text("message"), time("accepted_at")],
        ..Section::new("gifts", "gifts", "order_id", "recipient_id = $1")
    },
    Section {
        columns: &[
            ITEM,
            text("order_id"),
            number("stars"),
            text("words"),
            time("at"),
            time("changed_at"),
            time("withdrawn_at"),
            time("refunded_at"),
            text("answer"),
            time("answered_at"),
            time("held_at"),
        ],
        without: &["id", "item_id", "merchant_id", "buyer_id", "held_reason"],
        ..Section::new("reviews", "reviews", "id", "buyer_id = $1")
    },
];

/// What they sell. Who bought it is in `/sell/sales.csv`, and nobody's data but the buyers'.
const SELLING: &[Section] = &[
    Section {
        columns: &[
            text("name"),
            text("slug"),
            text("about"),
            text("links"),
            text("vacation"),
            number("refund_days"),
            flag("refund_unless_downloaded"),
            money("max_fixed_fee"),
            percent("max_variable_fee"),
            text("registration_reference"),
            time("registered_at"),
            time("cancelled_at"),
            time("created_at"),
            time("held_at"),
            text("held_reason"),
        ],
        without: &["id", "user_id", "recipient_token_id", "refund_token_id", "picture_key"],
        parts: &[
            Part {
                name: "addresses",
                table: "merchant_slugs",
                link: "merchant_id",
                order: "slug",
                columns: &[text("slug")],
                without: &[],
            },
            Part {
                name: "shipping_rates",
                table: "shipping_rates",
                link: "merchant_id",
                order: "region, speed",
                columns: &[text("region"), text("speed"), money("price")],
                without: &[],
            },
            Part {
                name: "fee_rules",
                table: "fee_rules",
                link: "merchant_id",
                order: "begins_at, id",
                columns: &[
                    money("fixed"),
                    percent("variable"),
                    money("least"),
                    money("most"),
                    time("begins_at"),
                    time("made_at"),
                    time("withdrawn_at"),
                ],
                without: &["id", "category"],
            },
        ],
        ..Section::new("shop", "merchants", "id", "user_id = $1")
    },
    ITEMS,
    Section {
        columns: &[
            text("name"),
            text("media_type"),
            number("bytes"),
            text("sha256"),
            text("state"),
            time("at"),
        ],
        without: &["key", "merchant_id"],
        ..Section::new("files", "stored_files", "key", OF_THEIR_SHOP)
    },
    Section {
        columns: &[
            text("code"),
            ITEM,
            percent("percent"),
            money("amount"),
            number("most_uses"),
            number("most_each"),
            time("begins_at"),
            time("ends_at"),
            time("made_at"),
            time("withdrawn_at"),
        ],
        without: &["id", "merchant_id", "item_id"],
        ..Section::new("coupons", "coupons", "id", OF_THEIR_SHOP)
    },
    Section {
        columns: &[text("order_id"), text("kind"), time("at"), time("read_at")],
        without: &["id", "merchant_id"],
        ..Section::new("notices", "merchant_notices", "id", OF_THEIR_SHOP)
    },
];

const ITEMS: Section = Section {
    columns: &[
        text("slug"),
        text("category"),
        text("title"),
        text("creator"),
        text("description"),
        money("price"),
        text("delivery"),
        flag("physical"),
        text("licence"),
        text("state"),
        number("stock"),
        number("handling_days"),
        number("version"),
        time("created_at"),
        time("published_at"),
        time("updated_at"),
        time("held_at"),
        text("held_reason"),
    ],
    without: &["id", "merchant_id", "cover_key", "preview_key", "featured_rank"],
    parts: &[
        Part {
            name: "tags",
            table: "item_tags",
            link: "item_id",
            order: "tag",
            columns: &[text("tag")],
            without: &[],
        },
        Part {
            name: "versions",
            table: "item_versions",
            link: "item_id",
            order: "number",
            columns: &[number("number"), text("notes"), flag("for_earlier_buyers"), time("at")],
            without: &[],
        },
        Part {
            name: "samples",
            table: "item_samples",
            link: "item_id",
            order: "position",
            columns: &[text("kind")],
            without: &["position", "key"],
        },
    ],
    ..Section::new("items", "items", "id", OF_THEIR_SHOP)
};

/// The file's lists, in their order.
pub const SECTIONS: [&[Section]; 3] = [ACCOUNT, BUYING, SELLING];

/// Tables of which nothing is in the file, and why.
#[cfg(test)]
pub const LEFT_OUT: &[(&[&str], &str)] = &[
    (&["recovery_codes"], "secrets"),
    (&["sign_ups"], "of people without an account"),
    (&["coupon_uses"], "stands in the orders that a coupon lowered"),
    (&["user_words", "merchant_names", "message_threads"], "made from what is in the file"),
    (
        &[
            "order_totals",
            "merchant_totals",
            "merchant_storage",
            "item_totals",
            "item_days",
            "sales_days",
            "item_sales_days",
            "customers",
            "item_ratings",
            "merchant_ratings",
        ],
        "counted by triggers from what is in the file, or in the files of buyers",
    ),
    (
        &["order_calls", "order_differences", "received_notifications", "fulfil_reminders"],
        "how the shop does its work; what it comes to stands in an order's events",
    ),
    (
        &[
            "categories",
            "catalogue_generation",
            "listed_items",
            "item_words",
            "item_facets",
            "word_trigrams",
            "item_files",
            "sounds",
        ],
        "the catalogue as all see it, and which files are where",
    ),
];

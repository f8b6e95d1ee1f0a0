//! Money as the model reckons it: millionths of a dollar in books, and the fees of fps.md §4.

use std::collections::BTreeMap;

/// Millionths of a dollar.
pub type Micros = i64;

pub const CENT: Micros = 10_000;
pub const DOLLAR: Micros = 1_000_000;

/// Dollars with two decimals, as requests have them; amounts here are whole cents.
pub fn dollars(amount: Micros) -> String {
    format!("{}.{:02}", amount / DOLLAR, amount % DOLLAR / CENT)
}

/// An amount with any number of decimals up to six, as answers have them.
pub fn micros(text: &str) -> Micros {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    sign * (whole.parse::<Micros>().unwrap() * DOLLAR + format!("{part:0<6}").parse::<Micros>().unwrap())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    Abt,
    Ach,
    Cc,
    Prepaid,
    Debt,
}

impl Method {
    pub fn word(self) -> &'static str {
        match self {
            Self::Abt => "ABT",
            Self::Ach => "ACH",
            Self::Cc => "CC",
            Self::Prepaid => "Prepaid",
            Self::Debt => "Debt",
        }
    }

    /// The processor behind FPS has to answer.
    pub fn takes_time(self) -> bool {
        matches!(self, Self::Ach | Self::Cc)
    }

    pub fn is_stored_value(self) -> bool {
        matches!(self, Self::Prepaid | Self::Debt)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payer {
    Recipient,
    Caller,
}

/// `amount · numerator / denominator`, rounded half up.
pub fn share(amount: Micros, numerator: Micros, denominator: Micros) -> Micros {
    let product = i128::from(amount) * i128::from(numerator);
    let denominator = i128::from(denominator);
    i64::try_from((2 * product + denominator) / (2 * denominator)).unwrap()
}

/// A percentage in hundredths of a percent.
pub fn percent(amount: Micros, hundredths: i64) -> Micros {
    share(amount, hundredths, 10_000)
}

/// The table of fps.md §4.
pub fn fps_fee(method: Method, amount: Micros) -> Micros {
    match method {
        Method::Cc if amount < 10 * DOLLAR => percent(amount, 500) + 5 * CENT,
        Method::Cc => percent(amount, 290) + 30 * CENT,
        Method::Ach => percent(amount, 200) + 5 * CENT,
        Method::Abt if amount < 5 * CENT => percent(amount, 2000).max(CENT / 4),
        Method::Abt => percent(amount, 150) + CENT,
        Method::Prepaid | Method::Debt => 0,
    }
}

/// Where money, or a promise of it, can be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Book {
    /// An account's own balance, by the account's place in the model.
    Balance(usize),
    /// What is in a prepaid instrument, by its id.
    Prepaid(String),
    /// What can still be bought with a credit instrument.
    Credit(String),
    /// What is owed on it.
    Debt(String),
    Fees,
    /// Amazon's, on the way to cards.
    InTransit,
    /// Cards and bank accounts: as much as it takes.
    World,
}

impl Book {
    /// Nothing can be taken that is not there.
    fn is_guarded(&self) -> bool {
        !matches!(self, Self::Fees | Self::InTransit | Self::World)
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amount {
    pub total: Micros,
    pub held: Micros,
}

impl Amount {
    pub fn available(self) -> Micros {
        self.total - self.held
    }
}

/// What changes together.
pub type Changes = Vec<(Book, Micros)>;

#[derive(Debug, Default)]
pub struct Books(BTreeMap<Book, Amount>);

impl Books {
    pub fn get(&self, book: &Book) -> Amount {
        self.0.get(book).copied().unwrap_or_default()
    }

    pub fn open(&mut self, book: Book, total: Micros) {
        self.0.insert(book, Amount { total, held: 0 });
    }

    pub fn hold(&mut self, book: &Book, amount: Micros) {
        self.0.entry(book.clone()).or_default().held += amount;
    }

    pub fn post(&mut self, changes: &Changes) {
        for (book, change) in changes {
            self.0.entry(book.clone()).or_default().total += change;
        }
    }

    /// Whether the changes can be made, all together, once `freed` is no longer held where they take from.
    pub fn can_post(&self, changes: &Changes, freed: Option<(&Book, Micros)>) -> bool {
        let mut net: BTreeMap<&Book, Micros> = BTreeMap::new();
        for (book, change) in changes {
            *net.entry(book).or_default() += change;
        }
        if let Some((book, amount)) = freed {
            *net.entry(book).or_default() += amount;
        }
        net.into_iter().all(|(book, change)| {
            !book.is_guarded() || change >= 0 || self.get(book).available() + change >= 0
        })
    }
}

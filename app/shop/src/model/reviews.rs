//! What buyers say of what they bought, as pages show it.

use super::{HoldView, ItemCard, Paging, SaidView};
use app::form::FormState;
use jiff::Timestamp;

/// How many reviews there are of one star, two, up to five.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rating(pub [u32; 5]);

impl Rating {
    pub fn reviews(self) -> u32 {
        self.0.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// In tenths of a star, rounded half up; `None` while nobody has said anything.
    pub fn tenths(self) -> Option<u64> {
        let reviews: u64 = self.0.iter().map(|count| u64::from(*count)).sum();
        let stars: u64 = (1..).zip(self.0).map(|(stars, count): (u64, u32)| stars * u64::from(count)).sum();
        (reviews > 0).then(|| (20 * stars + reviews) / (2 * reviews))
    }

    /// "4.6".
    pub fn average(self) -> Option<String> {
        self.tenths().map(|tenths| format!("{}.{}", tenths / 10, tenths % 10))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewView {
    pub id: String,
    /// "Jane D."
    pub author: String,
    /// 1 to 5.
    pub stars: u8,
    /// Can be empty.
    pub words: String,
    pub at: Timestamp,
    pub changed_at: Option<Timestamp>,
    /// All that was paid went back later.
    pub refunded: bool,
    /// The seller's.
    pub answer: Option<SaidView>,
}

/// `/items/{slug}/reviews`: all of them, the newest first.
#[derive(Debug, Clone)]
pub struct ReviewsPage {
    pub card: ItemCard,
    pub reviews: Vec<ReviewView>,
    pub paging: Paging,
    /// The viewer sells it.
    pub own: bool,
}

/// `/items/{slug}/review`, for who has bought it. Fields: `stars` (1 to 5), `words`; posted to the same address, and to
/// `…/review/withdraw` to take it back.
#[derive(Debug, Clone)]
pub struct ReviewFormPage {
    pub card: ItemCard,
    /// Under which name others see it.
    pub author: String,
    pub written: Option<ReviewView>,
    /// The operator hides it.
    pub held: Option<HoldView>,
    /// Where what was paid went back, it can be withdrawn and no more.
    pub may_write: bool,
    pub form: FormState,
}

/// A review in a list of several items'.
#[derive(Debug, Clone)]
pub struct ReviewRow {
    pub review: ReviewView,
    pub title: String,
    pub item_slug: String,
    pub held: bool,
}

/// `/sell/reviews`: of all that the seller sells.
#[derive(Debug, Clone)]
pub struct SellerReviewsPage {
    pub rating: Rating,
    pub reviews: Vec<ReviewRow>,
    pub paging: Paging,
}

/// `/sell/reviews/{id}`, posted to the same address. Field: `answer`; empty takes the answer back.
#[derive(Debug, Clone)]
pub struct AnswerReviewPage {
    pub row: ReviewRow,
    pub form: FormState,
}

/// `/operator/reviews`. Query: `show` (`all`, `held`).
#[derive(Debug, Clone)]
pub struct AllReviewsPage {
    pub reviews: Vec<ReviewRow>,
    pub held_only: bool,
    pub paging: Paging,
}

/// `/operator/reviews/{id}`: hiding posts `reason` to `…/hide`, showing again to `…/show`.
#[derive(Debug, Clone)]
pub struct ReviewOversight {
    pub row: ReviewRow,
    /// The author's page here, and whole name.
    pub author: (String, String),
    pub held: Option<HoldView>,
    pub form: FormState,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_is_of_all_reviews_and_rounded_half_up() {
        assert_eq!(Rating::default().average(), None);
        let average = |counts| Rating(counts).average().unwrap();
        assert_eq!(average([0, 0, 0, 0, 3]), "5.0");
        assert_eq!(average([1, 0, 0, 0, 1]), "3.0");
        assert_eq!(average([0, 0, 1, 1, 1]), "4.0");
        assert_eq!(average([0, 0, 0, 1, 2]), "4.7", "4.666…");
        assert_eq!(average([0, 0, 0, 19, 1]), "4.1", "4.05");
        assert_eq!(average([u32::MAX; 5]), "3.0");
        assert_eq!(Rating([u32::MAX; 5]).reviews(), u32::MAX);
    }
}

//! What the marketplace charges: rules that begin at a moment and never change. Of those that have begun the newest one
//! counts, the seller's own before the category's, and that before the general one.

pub mod store;
mod terms;

pub use store::{in_force, to_come};
pub use terms::{Fee, FeeTerms};

use crate::ids::{CategorySlug, FeeRuleId, MerchantId};
use crate::merchants::{FeeCaps, Merchant};
use jiff::Timestamp;
use money::Money;
use platform::Database;
use std::fmt::Write;

/// Whom a rule is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    All,
    Category(CategorySlug),
    Seller(MerchantId),
}

/// A rule as it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeRule {
    pub id: FeeRuleId,
    pub reach: Reach,
    pub fee: Fee,
    pub begins_at: Timestamp,
    pub made_at: Timestamp,
}

/// The rules of one moment that can apply to a seller, or the general ones and those of categories alone.
#[derive(Debug, Clone, Default)]
pub struct FeeBook {
    /// The latest to begin first.
    rules: Vec<FeeRule>,
    caps: Option<FeeCaps>,
}

impl FeeBook {
    pub(crate) const fn new(rules: Vec<FeeRule>, caps: Option<FeeCaps>) -> Self {
        Self { rules, caps }
    }

    fn newest(&self, fits: impl Fn(&Reach) -> bool) -> Option<&FeeRule> {
        self.rules.iter().find(|rule| fits(&rule.reach))
    }

    /// The rule for an item of this category, or of none in particular.
    pub fn rule(&self, category: Option<&CategorySlug>) -> Option<&FeeRule> {
        let own = self.newest(|reach| matches!(reach, Reach::Seller(_)));
        own.or_else(|| self.newest(|reach| matches!(reach, Reach::Category(slug) if Some(slug) == category)))
            .or_else(|| self.newest(|reach| *reach == Reach::All))
    }

    /// What is taken of an item of this category at this price, and by which rule. No seller pays more than they agreed
    /// to, whatever a rule says.
    pub fn terms(&self, category: Option<&CategorySlug>, price: Money) -> FeeTerms {
        let rule = self.rule(category);
        let (fixed, variable) = rule.map_or_else(Fee::default, |rule| rule.fee).at(price);
        let caps = self.caps.unwrap_or(FeeCaps { fixed, variable });
        FeeTerms {
            rule: rule.map(|rule| rule.id.clone()),
            fixed: fixed.min(caps.fixed),
            variable: variable.min(caps.variable),
        }
    }

    /// The same terms, reckoned for a price of `before`, so that of the price `left` in its place no more is taken than
    /// `most`. The rest is said to FPS as a lower share and a lower fixed fee, within what the seller agreed to.
    pub fn terms_at_most(
        &self,
        category: Option<&CategorySlug>,
        before: Money,
        left: Money,
        most: Money,
    ) -> FeeTerms {
        let FeeTerms { rule, fixed, variable } = self.terms(category, before);
        let (lower, share) = Fee { fixed, variable, least: None, most: Some(most) }.at(left);
        let most_fixed = self.caps.map_or(fixed, |caps| caps.fixed);
        FeeTerms { rule, fixed: lower.min(most_fixed), variable: share }
    }

    /// What is taken of an item of this category, whatever its price; for those of no rule of their own ask without.
    pub fn fee(&self, category: Option<&CategorySlug>) -> Fee {
        let fee = self.rule(category).map_or_else(Fee::default, |rule| rule.fee);
        let caps = self.caps.unwrap_or(FeeCaps { fixed: fee.fixed, variable: fee.variable });
        Fee { fixed: fee.fixed.min(caps.fixed), variable: fee.variable.min(caps.variable), ..fee }
    }

    /// The categories that have rules of their own.
    pub fn categories(&self) -> impl Iterator<Item = &CategorySlug> {
        self.present().into_iter().filter_map(|rule| match &rule.reach {
            Reach::Category(slug) => Some(slug),
            Reach::All | Reach::Seller(_) => None,
        })
    }

    /// The rules in force, one for each reach: the seller's own, the general one, then those of categories.
    pub fn present(&self) -> Vec<&FeeRule> {
        let mut present: Vec<&FeeRule> = Vec::new();
        for rule in &self.rules {
            if present.iter().all(|other| other.reach != rule.reach) {
                present.push(rule);
            }
        }
        present.sort_by_key(|rule| match &rule.reach {
            Reach::All => (0, String::new()),
            Reach::Category(slug) => (1, slug.to_string()),
            Reach::Seller(id) => (2, id.to_string()),
        });
        present
    }

    /// What the marketplace keeps of each sale, in words: the seller's own rule, or the general one and how categories
    /// differ from it.
    pub fn words(&self, category_name: impl Fn(&CategorySlug) -> String) -> String {
        if let Some(own) = self.newest(|reach| matches!(reach, Reach::Seller(_))) {
            return own.fee.to_string();
        }
        let mut words = String::new();
        for rule in self.present() {
            match &rule.reach {
                Reach::Category(slug) => {
                    // Writing to a String cannot fail.
                    let _ = write!(words, "; in {} {}", category_name(slug), rule.fee);
                }
                Reach::All | Reach::Seller(_) => words.push_str(&rule.fee.to_string()),
            }
        }
        if words.is_empty() { Fee::default().to_string() } else { words }
    }
}

/// What a seller who registers now is asked to agree to: the highest that any rule takes that can apply to them, now or
/// as it is known to come, and never less than what everybody agreed to before there were rules.
pub async fn caps_for(db: &Database, seller: &Merchant, at: Timestamp) -> Result<FeeCaps, sqlx::Error> {
    let present = in_force(db.readers(), Some(seller), at).await?;
    let coming = to_come(db.readers(), at).await?;
    let can_apply = |rule: &&FeeRule| match &rule.reach {
        Reach::Seller(id) => *id == seller.id,
        Reach::All | Reach::Category(_) => true,
    };
    let rules = present.present().into_iter().chain(coming.iter().filter(can_apply));
    Ok(rules.map(|rule| rule.fee.needs()).fold(FeeCaps::default(), |most, needed| FeeCaps {
        fixed: most.fixed.max(needed.fixed),
        variable: most.variable.max(needed.variable),
    }))
}

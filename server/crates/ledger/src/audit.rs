use crate::name::join_names;
use money::Money;
use sqlx::AnyExecutor;

/// What looking through all of the books found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Of all postings; zero when the books are in order.
    pub sum: Money,
    pub findings: Vec<Finding>,
}

impl Audit {
    pub fn is_clean(&self) -> bool {
        self.sum.is_zero() && self.findings.is_empty()
    }
}

/// Something that cannot be, named by account, transaction or hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The stored balance is not the sum of the account's postings.
    BalanceDiffers { account: String },
    /// The movements of the account do not lead to its balance, or one of them does not follow from the one before.
    MovementsDiffer { account: String },
    /// What is held is not the sum of the account's active holds.
    HeldDiffers { account: String },
    /// The lines do not sum to zero, or there are fewer than two.
    Unbalanced { transaction: String },
    /// A posting or a hold without its account, a posting without its transaction, or a transaction without its words.
    Orphan { id: String },
}

/// Reads all of the books. Each question is one statement, so each sees one moment.
pub async fn audit<'c>(reader: impl AnyExecutor<'c> + Copy) -> Result<Audit, sqlx::Error> {
    let (sum,): (i64,) =
        sqlx::query_as("SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM ledger_postings")
            .fetch_one(reader)
            .await?;
    let mut findings = Vec::new();
    for (account,) in names(reader, DIFFERING_BALANCES).await? {
        findings.push(Finding::BalanceDiffers { account });
    }
    for (account,) in names(reader, DIFFERING_MOVEMENTS).await? {
        findings.push(Finding::MovementsDiffer { account });
    }
    for (account,) in names(reader, DIFFERING_HOLDS).await? {
        findings.push(Finding::HeldDiffers { account });
    }
    for (transaction,) in names(reader, UNBALANCED_TRANSACTIONS).await? {
        findings.push(Finding::Unbalanced { transaction });
    }
    for (id,) in names(reader, ORPHANS).await? {
        findings.push(Finding::Orphan { id });
    }
    Ok(Audit { sum: Money::from_micros(sum), findings })
}

async fn names<'c>(reader: impl AnyExecutor<'c>, query: &'static str) -> Result<Vec<(String,)>, sqlx::Error> {
    sqlx::query_as(query).fetch_all(reader).await
}

/// A summed account keeps no balance of its own: its row must stay at zero. All of its lines, and no others, are marked
/// as a summed account's: its balance is the sum of those.
const DIFFERING_BALANCES: &str = "SELECT a.id FROM ledger_accounts a LEFT JOIN \
         (SELECT account_number, SUM(amount) AS total, COUNT(*) AS lines, COUNT(summed) AS marked \
          FROM ledger_postings GROUP BY account_number) p ON p.account_number = a.number \
     WHERE a.balance <> CASE a.kind WHEN 'Stored' THEN COALESCE(p.total, 0) ELSE 0 END \
        OR p.marked <> CASE a.kind WHEN 'Stored' THEN 0 ELSE p.lines END ORDER BY a.id";

const DIFFERING_MOVEMENTS: &str = "SELECT a.id FROM ledger_accounts a WHERE a.kind = 'Stored' AND ( \
         a.movements <> (SELECT COUNT(*) FROM ledger_movements m WHERE m.account_number = a.number) \
         OR a.balance <> COALESCE((SELECT m.balance FROM ledger_movements m \
             WHERE m.account_number = a.number AND m.sequence = a.movements), 0)) \
     UNION SELECT a.id FROM (SELECT account_number, balance, \
             SUM(amount) OVER (PARTITION BY account_number ORDER BY sequence) AS reckoned FROM ledger_movements) m \
         JOIN ledger_accounts a ON a.number = m.account_number WHERE m.balance <> m.reckoned ORDER BY 1";

const DIFFERING_HOLDS: &str = "SELECT a.id FROM ledger_accounts a WHERE a.held <> \
     (SELECT COALESCE(SUM(h.amount), 0) FROM ledger_holds h \
      WHERE h.account_number = a.number AND h.state = 'Active') ORDER BY a.id";

/// One that has no words has its number.
const UNBALANCED_TRANSACTIONS: &str = concat!(
    "SELECT COALESCE(named.id, CAST(t.number AS TEXT)) FROM ledger_transactions t ",
    join_names!("t.number"),
    "LEFT JOIN ledger_postings p ON p.transaction_number = t.number \
     GROUP BY t.number, named.id HAVING COUNT(p.line) < 2 OR SUM(p.amount) <> 0 ORDER BY 1"
);

const ORPHANS: &str = concat!(
    "SELECT CAST(p.transaction_number AS TEXT) FROM ledger_postings p \
     LEFT JOIN ledger_transactions t ON t.number = p.transaction_number \
     LEFT JOIN ledger_accounts a ON a.number = p.account_number WHERE t.number IS NULL OR a.number IS NULL \
     UNION SELECT CAST(t.number AS TEXT) FROM ledger_transactions t ",
    join_names!("t.number"),
    "WHERE t.number % 8 = 0 AND named.number IS NULL \
     UNION SELECT h.id FROM ledger_holds h \
     WHERE NOT EXISTS (SELECT 1 FROM ledger_accounts a WHERE a.number = h.account_number)"
);

//! What an account is told of its money.

use super::{MIGRATIONS, begun, databases, held, person, posted, transfer, words, written};
use jiff::Timestamp;
use ledger::{Entry, Part, Transaction, audit, post_all};
use money::Money;

#[tokio::test]
async fn a_statement_has_the_balance_after_each_movement() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        for (id, cents) in [("t1", 300), ("t2", 50)] {
            posted(db, transfer(id, person("ann"), person("bob"), cents)).await.unwrap();
        }
        let ann = person("ann");
        let lines = async |part, limit| ledger::statement(db.readers(), &ann, part, limit).await.unwrap();
        let read = lines(Part::Newest, 10).await;
        let shown: Vec<_> =
            read.iter().map(|line| (line.origin.clone(), line.amount, line.balance)).collect();
        let cents = Money::from_cents;
        assert_eq!(
            shown,
            [
                (words("t2"), cents(-50), cents(650)),
                (words("t1"), cents(-300), cents(700)),
                (words("start"), cents(1000), cents(1000))
            ]
        );
        assert_eq!(read.iter().map(|line| line.sequence).collect::<Vec<_>>(), [3, 2, 1]);
        assert_eq!(lines(Part::OlderThan(3), 1).await, read[1..2], "a page of it is the same");
        assert_eq!(lines(Part::NewerThan(1), 1).await, read[1..2]);
        assert_eq!(lines(Part::NewerThan(0), 10).await, read);
        assert_eq!(lines(Part::OlderThan(1), 10).await, []);
        let moved = async |id, account| ledger::moved(db.readers(), id, &person(account)).await.unwrap();
        assert_eq!(moved("t1", "ann").await, Some(cents(-300)));
        assert_eq!((moved("t1", "eve").await, moved("t9", "ann").await), (None, None));
    }
}

/// Two lines of one account in one transaction are one movement, and transactions that are posted together have
/// one each; what is moved at a time that the clock had before stands where it was posted.
#[tokio::test]
async fn movements_are_numbered_as_they_are_posted() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        let second = |second| Timestamp::from_second(second).unwrap();
        let cents = Money::from_cents;
        let twice = Transaction::new(
            "twice",
            second(10),
            vec![
                Entry::new(person("ann"), cents(-500)),
                Entry::new(person("bob"), cents(490)),
                Entry::new(person("bob"), cents(10)),
            ],
        );
        let back = vec![Entry::new(person("bob"), cents(-200)), Entry::new(person("ann"), cents(200))];
        let transactions = [twice.unwrap(), Transaction::new("back", second(5), back).unwrap()];
        written(db, |batch| post_all(batch, &transactions)).await.unwrap();
        let of = async |name| ledger::statement(db.readers(), &person(name), Part::Newest, 10).await.unwrap();
        let shown = |lines: &[ledger::StatementLine]| -> Vec<_> {
            lines.iter().map(|line| (line.origin.clone(), line.amount, line.balance)).collect()
        };
        let (twice, back) = (|| words("twice"), || words("back"));
        assert_eq!(
            shown(&of("bob").await),
            [(back(), cents(-200), cents(300)), (twice(), cents(500), cents(500))]
        );
        assert_eq!(
            shown(&of("ann").await)[..2],
            [(back(), cents(200), cents(700)), (twice(), cents(-500), cents(500))]
        );
        let at = async |name| {
            let moments = [10, 4, 5, 9, 5].map(second);
            let balances = ledger::balances_at(db.readers(), &person(name), moments).await.unwrap();
            balances.into_iter().map(|(at, balance)| (at.as_second(), balance)).collect::<Vec<_>>()
        };
        assert_eq!(at("bob").await, [(4, cents(0)), (5, cents(300)), (9, cents(300)), (10, cents(500))]);
        assert!(at("nobody").await.iter().all(|(_, balance)| balance.is_zero()));
        assert!(audit(db.readers()).await.unwrap().is_clean());
    }
}

#[tokio::test]
async fn accounts_are_summed_however_many() {
    for test in databases::each(&MIGRATIONS).await {
        let db = &test.db;
        begun(db).await;
        posted(db, transfer("t1", person("ann"), person("bob"), 300)).await.unwrap();
        held(db, "h1", 200).await.unwrap();
        let mut accounts = vec![person("ann")];
        accounts.extend((0..2_500).map(|number| person(&format!("nobody {number}"))));
        accounts.push(person("bob"));
        for (accounts, total, held) in [(accounts, 1000, 200), (Vec::new(), 0, 0)] {
            let totals = db.snapshot(accounts, |moment, accounts| Box::pin(ledger::totals(moment, accounts)));
            let totals = totals.await.unwrap();
            assert_eq!((totals.total, totals.held), (Money::from_cents(total), Money::from_cents(held)));
        }
    }
}

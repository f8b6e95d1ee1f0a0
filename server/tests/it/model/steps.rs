//! What can happen in one step. A step is a number: its throws choose what is done, and with which of what there is,
//! so that it means something whatever went before it.

use super::Outcome;
use super::asks::{Ask, Payment, Refund};
use super::books::{Book, CENT, DOLLAR, Micros, Payer};
use super::dice::Dice;
use super::pipelines::Click;
use super::run::Trial;
use super::state::{DAY, HOUR, Kind, Policy, Role, Rule, State, Time, Token};
use serde_json::json;

impl Trial {
    pub async fn step(&mut self, number: u64) -> Outcome {
        let mut dice = Dice::new(number);
        let dice = &mut dice;
        let caller = usize::from(dice.one_in(4));
        match dice.below(100) {
            0..=21 => self.click_something(dice).await,
            22..=43 => self.pay(dice).await,
            44..=49 => self.settle(caller, dice).await,
            50..=52 => self.cancel(caller, dice).await,
            53..=60 => self.refund(caller, dice).await,
            61..=63 => self.cancel_token(caller, dice).await,
            64..=69 => self.transfer(dice).await,
            70 | 71 => self.write_off(caller, dice).await,
            72 | 73 => self.cancel_subscription(caller, dice).await,
            74 | 75 => self.install(caller, dice).await,
            76..=81 => self.look_at_something(caller, dice).await,
            82..=86 => self.repeat(dice).await,
            87 | 88 => self.come_as_a_stranger(caller, dice).await,
            89..=95 => self.move_the_clock(dice).await,
            96 => self.freeze_or_resume().await,
            97 => self.restart(dice).await,
            98 => {
                self.refuse_notifications();
                Ok(())
            }
            _ => self.malformed(caller, dice).await,
        }
    }

    async fn click_something(&mut self, dice: &mut Dice) -> Outcome {
        let earlier = dice.pick(&self.model.tokens).map(|token| token.reference.clone());
        let reference = match earlier.filter(|_| dice.one_in(25)) {
            Some(earlier) => earlier,
            None => self.reference(),
        };
        let click = Click::throw(&self.model, dice, reference);
        self.doing = format!("{click:?}");
        self.click(click).await
    }

    /// One of the tokens that fit; mostly one of the last, and one that can be used.
    fn token(&self, dice: &mut Dice, fits: impl Fn(&Token) -> bool) -> Option<Token> {
        let now = self.model.now;
        let fitting: Vec<&Token> = self.model.tokens.iter().filter(|token| fits(token)).collect();
        let active: Vec<&Token> = fitting.iter().copied().filter(|token| token.is_active(now)).collect();
        let from = if dice.one_in(8) || active.is_empty() { fitting } else { active };
        let last = &from[from.len().saturating_sub(6)..];
        let token = if dice.one_in(3) { dice.pick(&from) } else { dice.pick(last) };
        token.map(|token| (*token).clone())
    }

    fn amount(dice: &mut Dice, token: &Token) -> Micros {
        let odd = match dice.below(6) {
            0 => CENT * dice.between(1, 20),
            1 => DOLLAR * dice.between(1, 700),
            _ => CENT * dice.between(5, 3_000),
        };
        match token.each {
            Some((Rule::Exactly, each)) if !dice.one_in(8) => each,
            Some((Rule::AtLeast, each)) if !dice.one_in(8) => each + CENT * dice.between(0, 2_000),
            Some((Rule::AtMost, each)) if dice.one_in(2) => each,
            Some((Rule::AtMost, each)) if !dice.one_in(8) => CENT * dice.between(1, each / CENT),
            _ => odd,
        }
    }

    async fn pay(&mut self, dice: &mut Dice) -> Outcome {
        let any = dice.one_in(20);
        let is_sender = |token: &Token| token.role == Role::Sender && (any || token.serves.is_none());
        let Some(sender) = self.token(dice, is_sender) else { return Ok(()) };
        // Another caller's tokens are tried, too.
        let caller = if dice.one_in(40) { 1 - sender.caller } else { sender.caller };
        let any = self.token(dice, |token| token.role == Role::Recipient && token.caller == caller);
        let recipient = match (dice.pick(&sender.only_to), &sender.pays_from) {
            (Some(only), _) if !dice.one_in(10) => Some(only.clone()),
            (_, Some(_)) if dice.one_in(2) => None,
            _ if dice.one_in(40) => dice.pick(&self.model.tokens).map(|token| token.id.clone()),
            _ => any.map(|token| token.id).filter(|_| !dice.one_in(30)),
        };
        let token = recipient.as_deref().and_then(|id| self.model.token(id));
        let cap = |fee: Option<i64>| fee.unwrap_or(0);
        let (most_fixed, most_variable) =
            token.map_or((0, 0), |token| (cap(token.most_fixed), cap(token.most_variable)));
        let over = if dice.one_in(20) { 2 } else { 1 };
        let by_debt = sender.pays_from.is_some() && dice.one_in(2);
        let fixed =
            dice.one_in(3).then(|| CENT * dice.between(0, over * most_fixed / CENT)).filter(|_| !by_debt);
        let variable = dice.one_in(2).then(|| dice.between(0, over * most_variable)).filter(|_| !by_debt);
        let payer = match dice.below(6) {
            0 => Some(Payer::Caller),
            1 => Some(Payer::Recipient),
            _ => None,
        };
        let payment = Payment {
            reserves: dice.one_in(3),
            amount: Self::amount(dice, &sender),
            sender: if dice.one_in(60) { "NOSUCHTOKEN".to_owned() } else { sender.id },
            recipient,
            payer,
            fixed,
            variable,
            minutes: dice.one_in(6).then(|| dice.between(1, 3_000)),
            reference: self.reference(),
        };
        self.ask(caller, Ask::Pay(payment), dice).await
    }

    /// The id of a transaction; `fits` are preferred.
    fn transaction(
        &self,
        caller: usize,
        dice: &mut Dice,
        fits: impl Fn(Kind, State) -> bool,
    ) -> Option<String> {
        if dice.one_in(30) {
            // Another caller's, perhaps, or the one of a marketplace's fee.
            let any = dice.pick(&self.model.transactions)?;
            return if dice.one_in(2) { Some(any.id.clone()) } else { any.fee_id.clone() };
        }
        let own = self.model.transactions.iter().filter(|transaction| transaction.caller == caller);
        let own: Vec<_> = own.collect();
        let fitting: Vec<_> =
            own.iter().filter(|transaction| fits(transaction.kind, transaction.state)).copied().collect();
        let from = if dice.one_in(6) || fitting.is_empty() { own } else { fitting };
        dice.pick(&from).map(|transaction| transaction.id.clone())
    }

    async fn settle(&mut self, caller: usize, dice: &mut Dice) -> Outcome {
        let Some(id) = self.transaction(caller, dice, |_, state| state == State::Reserved) else {
            return Ok(());
        };
        let most = self.asked_of(&id) / CENT;
        let amount = dice.one_in(2).then(|| CENT * dice.between(1, most + most / 8 + 1));
        self.ask(caller, Ask::Settle { id, amount }, dice).await
    }

    fn asked_of(&self, id: &str) -> Micros {
        let transactions = &self.model.transactions;
        transactions
            .iter()
            .find(|transaction| transaction.id == id)
            .map_or(DOLLAR, |transaction| transaction.asked)
    }

    async fn cancel(&mut self, caller: usize, dice: &mut Dice) -> Outcome {
        let fits = |_, state| matches!(state, State::Reserved | State::Pending);
        let Some(id) = self.transaction(caller, dice, fits) else { return Ok(()) };
        self.ask(caller, Ask::Cancel { id }, dice).await
    }

    async fn refund(&mut self, caller: usize, dice: &mut Dice) -> Outcome {
        let fits = |kind, state| matches!(kind, Kind::Pay | Kind::Reserve) && state == State::Success;
        let Some(id) = self.transaction(caller, dice, fits) else { return Ok(()) };
        let policy = *dice
            .pick(&[None, None, Some(Policy::Master), Some(Policy::Both), Some(Policy::Marketplace)])
            .unwrap();
        let most = if policy == Some(Policy::Marketplace) { DOLLAR } else { self.asked_of(&id) };
        let amount = dice.one_in(2).then(|| CENT * dice.between(1, most / CENT + 1));
        let of_somebody = |token: &Token| token.gives_back_by.is_some() && token.caller == caller;
        let token =
            self.token(dice, of_somebody).and_then(|token| token.gives_back_by).filter(|_| dice.one_in(6));
        let refund = Refund { id, amount, policy, token, reference: self.reference() };
        self.ask(caller, Ask::Refund(refund), dice).await
    }

    async fn cancel_token(&mut self, caller: usize, dice: &mut Dice) -> Outcome {
        // Not the demo data's: without them there would soon be nobody to pay.
        let Some(token) = self.token(dice, |token| !token.id.starts_with("DEMO")) else { return Ok(()) };
        let caller = if dice.one_in(10) { caller } else { token.caller };
        self.ask(caller, Ask::CancelToken { id: token.id }, dice).await
    }

    async fn transfer(&mut self, dice: &mut Dice) -> Outcome {
        let wants_any = dice.one_in(15);
        let serves = |token: &Token| token.role == Role::Sender && (wants_any || token.serves.is_some());
        let Some(token) = self.token(dice, serves) else { return Ok(()) };
        let other = dice.pick(&self.model.stored).map(|stored| stored.id.clone());
        let Some(instrument) = token.serves.clone().filter(|_| !dice.one_in(15)).or(other) else {
            return Ok(());
        };
        let funds = self.model.stored(&instrument).is_some_and(|stored| stored.is_prepaid) != dice.one_in(30);
        let owed = self.model.books.get(&Book::Debt(instrument.clone())).available();
        let amount = match dice.below(4) {
            0 if !funds && owed >= CENT => owed / CENT * CENT,
            1 | 2 if !funds && owed >= CENT => CENT * dice.between(1, owed / CENT),
            _ => Self::amount(dice, &token),
        };
        let reference = self.reference();
        self.ask(token.caller, Ask::Transfer { funds, token: token.id, instrument, amount, reference }, dice)
            .await
    }

    async fn write_off(&mut self, caller: usize, dice: &mut Dice) -> Outcome {
        let owing = |id: &str| self.model.books.get(&Book::Debt(id.to_owned())).available();
        let debts: Vec<_> = self.model.stored.iter().filter(|stored| owing(&stored.id) > 0).collect();
        let from =
            if debts.is_empty() || dice.one_in(8) { self.model.stored.iter().collect() } else { debts };
        let Some(stored) = dice.pick(&from) else { return Ok(()) };
        let caller = if dice.one_in(10) { caller } else { stored.caller };
        let most = owing(&stored.id) / CENT;
        let amount = CENT * dice.between(1, most + most / 8 + 1);
        let instrument = stored.id.clone();
        let reference = self.reference();
        self.ask(caller, Ask::WriteOff { instrument, amount, reference }, dice).await
    }

    async fn cancel_subscription(&mut self, caller: usize, dice: &mut Dice) -> Outcome {
        let wants_any = dice.one_in(6);
        let Some(token) = self.token(dice, |token| wants_any || token.kind == "Recurring") else {
            return Ok(());
        };
        let caller = if dice.one_in(10) { caller } else { token.caller };
        let amount = dice.one_in(2).then(|| CENT * dice.between(1, 2_000));
        let reference = (amount.is_some() || dice.one_in(2)).then(|| self.reference());
        self.ask(caller, Ask::CancelSubscription { id: token.id, amount, reference }, dice).await
    }

    async fn install(&mut self, caller: usize, dice: &mut Dice) -> Outcome {
        let texts = ["MyRole == 'Caller';", "MyRole == 'Recipient' orSay 'no';", "TokenUsage == 'Once';"];
        let text = texts[dice.below(5) % 3];
        let kind = if dice.one_in(8) { "SingleUse" } else { "Unrestricted" };
        let reason = dice.one_in(2).then_some("a reason");
        let earlier = dice.pick(&self.model.tokens).map(|token| token.reference.clone());
        let reference = match earlier.filter(|_| dice.one_in(6)) {
            Some(earlier) => earlier,
            None => self.reference(),
        };
        self.ask(caller, Ask::Install { text, kind, reason, reference }, dice).await
    }

    /// An earlier request again, or another under its reference.
    async fn repeat(&mut self, dice: &mut Dice) -> Outcome {
        let last = self.asked.len().saturating_sub(if dice.one_in(2) { 8 } else { 200 });
        let Some((caller, ask)) = dice.pick(&self.asked[last..]).cloned() else { return Ok(()) };
        let ask = if dice.one_in(4) { ask.changed() } else { ask };
        self.ask(caller, ask, dice).await
    }

    async fn come_as_a_stranger(&mut self, caller: usize, dice: &mut Dice) -> Outcome {
        let keys = &self.model.callers[caller];
        let (stranger, code) = match dice.below(3) {
            0 => (self.world.stranger(keys.access_key, "another-secret", 0), "SignatureDoesNotMatch"),
            1 => (self.world.stranger("NOBODY", keys.secret, 0), "InvalidClientTokenId"),
            // A year before both clocks, the emulator's and the machine's.
            _ => {
                let late = (self.model.now - self.model.machine).max(0) + 365 * DAY;
                (self.world.stranger(keys.access_key, keys.secret, late), "RequestExpired")
            }
        };
        self.doing = format!("a request that is {code}");
        let answer = match dice.pick(&self.asked).map(|(_, ask)| ask) {
            Some(ask) => {
                let fields = ask.fields();
                let fields: Vec<(&str, &str)> =
                    fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                stranger.call(ask.action(), &fields).await
            }
            None => stranger.call("GetAccountBalance", &[]).await,
        };
        self.expect(answer.status == 403 && answer.element("Code") == Some(code), || format!("{answer:?}"))
    }

    /// What cannot be read uses no reference up.
    async fn malformed(&mut self, caller: usize, dice: &mut Dice) -> Outcome {
        let Some((_, ask)) = dice.pick(&self.asked).cloned() else { return Ok(()) };
        let mut fields = ask.fields();
        let code = match dice.below(3) {
            0 => {
                fields.push(("Colour", "blue".to_owned()));
                "InvalidRequest"
            }
            1 => {
                fields.remove(0);
                "InvalidParams"
            }
            _ => {
                let Some(amount) = fields.iter_mut().find(|(name, _)| name.ends_with(".Value")) else {
                    return Ok(());
                };
                let is_fee = amount.0.starts_with("Marketplace");
                amount.1 = String::from(if is_fee { "1.x" } else { "0.00" });
                if is_fee { "InvalidParams" } else { "AmountOutOfRange" }
            }
        };
        self.doing = format!("{} that is {code}: {fields:?}", ask.action());
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = self.call(caller, ask.action(), &fields).await;
        self.expect(answer.status == 400 && answer.element("Code") == Some(code), || format!("{answer:?}"))
    }

    async fn move_the_clock(&mut self, dice: &mut Dice) -> Outcome {
        let seconds: Time = match dice.below(24) {
            0..=8 => dice.between(1, 600),
            9..=15 => dice.between(1, 4) * HOUR,
            16..=19 => dice.between(1, 3) * DAY,
            20 => 7 * DAY - 1,
            21 => 7 * DAY,
            22 => 7 * DAY + 1,
            _ => dice.between(20, 100) * DAY,
        };
        self.before_a_jump(seconds).await?;
        self.doing = format!("the clock goes on by {seconds} seconds");
        self.world.advance(seconds).await;
        self.model.advance(seconds);
        self.due().await
    }

    /// What is refused for a day is given up: before that it is taken after all.
    pub async fn before_a_jump(&mut self, seconds: Time) -> Outcome {
        let since = self.refusing_since.unwrap_or(self.model.now);
        if self.model.now + seconds - since < 12 * HOUR {
            return Ok(());
        }
        if self.refusing_since.take().is_some() {
            // An attempt that was refused and ended after the jump would be made again only two hours after it.
            self.world.advance(0).await;
            self.world.receiver.lock().unwrap().refuses = false;
            // The longest wait between two attempts.
            self.world.advance(2 * HOUR).await;
            self.model.advance(2 * HOUR);
            self.due().await?;
        }
        self.look_at_notifications().await
    }

    async fn freeze_or_resume(&mut self) -> Outcome {
        self.model.frozen = !self.model.frozen;
        let change = if self.model.frozen { json!({ "freeze": true }) } else { json!({ "resume": true }) };
        self.doing = format!("{change}");
        let (status, answer) = self.world.control("clock", Some(change)).await;
        self.expect(status == 200, || answer.to_string())
    }

    async fn restart(&mut self, dice: &mut Dice) -> Outcome {
        let seconds = match dice.below(3) {
            0 => 0,
            1 => dice.between(1, 600),
            _ => DAY + HOUR,
        };
        self.before_a_jump(seconds).await?;
        self.doing = format!("a restart, {seconds} seconds later");
        self.world.restart(seconds).await;
        self.model.machine_goes_on(seconds);
        self.world.advance(0).await;
        self.due().await
    }

    /// For a while: see `before_a_jump`.
    fn refuse_notifications(&mut self) {
        self.refusing_since = self.refusing_since.or(Some(self.model.now));
        self.world.receiver.lock().unwrap().refuses = true;
    }
}

//! The command line and the environment.

use crate::data_commands::DataCommand;
use crate::deed_commands::{self, Asked, CommandError, ControlApi, Look};
use crate::options::{self, ConfigError, Options, Sites, bare};
use crate::{Running, demo, doctor, logs, private_files, running};
use clap::builder::BoolishValueParser;
use clap::{ArgAction, ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use fps_emulator::NotificationSettings;
use fps_protocol::outbound::KeyBits;
use futures_util::future::BoxFuture;
use lab::Recording;
use platform::db::Timeouts;
use platform::web::{AllowedHosts, TrustedProxies};
use platform::{Clock, DemoData, Random, Tls, TlsError};
use secrecy::SecretString;
use serde_json::json;
use std::error::Error;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use storefront::Many;
use url::Url;

/// A marketplace for digital goods, and the payment service it sells through, both to play with.
/// Without a command it serves both sites.
#[derive(Debug, Parser)]
#[command(name = "digitaldownload", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    settings: Settings,
    /// Answers as JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Both sites in one process (the default)
    Serve,
    /// The shop alone
    Shop,
    /// Amazon Payments alone
    Payments,
    /// Brings the databases' schemas up to date
    Migrate,
    /// Puts the demo data in; what is there stays
    Seed {
        /// Makes the demo data anew instead, and writes it into this folder: one file for each site
        #[arg(long, value_name = "FOLDER")]
        prepare: Option<PathBuf>,
        /// Adds so many items, made up, to the demo data: a shop of any size
        #[arg(long, value_name = "N", conflicts_with = "prepare")]
        items: Option<u32>,
        /// Of so many sellers [default: one for ten items]
        #[arg(long, value_name = "N", requires = "items", value_parser = clap::value_parser!(u32).range(1..))]
        sellers: Option<u32>,
    },
    /// Back to the demo data: everything else is lost (stop the servers first)
    Reset,
    /// A new key for outbound signatures; what earlier ones signed can still be verified (stop the servers first)
    RenewSigningKey,
    /// A script that completes this program's commands in a shell: source <(digitaldownload completions bash)
    Completions { shell: Shell },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SeedSize {
    Full,
    Small,
}

impl From<SeedSize> for DemoData {
    fn from(size: SeedSize) -> Self {
        match size {
            SeedSize::Full => Self::Full,
            SeedSize::Small => Self::Small,
        }
    }
}

#[derive(Debug, Clone, Args)]
struct Settings {
    /// Databases and the files for sale
    #[arg(long, env = "DD_DATA_DIR", default_value = "./data", global = true)]
    data_dir: PathBuf,
    /// Where the shop listens; port 0 picks a free one
    #[arg(long, env = "DD_SHOP_ADDR", default_value = "127.0.0.1:3000", global = true)]
    shop_addr: SocketAddr,
    /// Where Amazon Payments listens; port 0 picks a free one
    #[arg(long, env = "DD_PAYMENTS_ADDR", default_value = "127.0.0.1:3001", global = true)]
    payments_addr: SocketAddr,
    /// Where people reach the shop [default: localhost at the shop's port]
    #[arg(long, env = "DD_SHOP_URL", global = true)]
    shop_url: Option<Url>,
    /// Where people and callers reach Amazon Payments [default: 127.0.0.1 at its port]
    #[arg(long, env = "DD_PAYMENTS_URL", global = true)]
    payments_url: Option<Url>,
    /// Other names that the sites' pages answer to, with commas between them
    #[arg(long, env = "DD_ALLOWED_HOSTS", default_value = "", hide_default_value = true, global = true)]
    allowed_hosts: AllowedHosts,
    /// Addresses or networks of proxies whose X-Forwarded-For is believed, with commas between them
    #[arg(long, env = "DD_TRUSTED_PROXIES", default_value = "", hide_default_value = true, global = true)]
    trusted_proxies: TrustedProxies,
    /// Connections that each site takes at once [default: a quarter of the open files allowed, at most 4096]
    #[arg(long, env = "DD_MAX_CONNECTIONS", global = true)]
    max_connections: Option<usize>,
    /// The same from one address, if it is neither loopback nor a trusted proxy [default: 100, at most half of all]
    #[arg(long, env = "DD_MAX_CONNECTIONS_PER_ADDRESS", global = true)]
    max_connections_per_address: Option<usize>,
    /// sqlite://… or postgres://… [default: shop.db in the data directory]
    #[arg(long, env = "DD_SHOP_DATABASE_URL", hide_env_values = true, global = true)]
    shop_database_url: Option<String>,
    /// sqlite://… or postgres://… [default: payments.db in the data directory]
    #[arg(long, env = "DD_PAYMENTS_DATABASE_URL", hide_env_values = true, global = true)]
    payments_database_url: Option<String>,
    /// How long a request waits for the database before it is answered with 503, in milliseconds
    #[arg(
        long,
        env = "DD_DATABASE_TIMEOUT_MS",
        default_value_t = 2000,
        value_parser = clap::value_parser!(u64).range(100..=60_000),
        global = true
    )]
    database_timeout_ms: u64,
    /// Control API and demo sign-ins [default: on when addresses and URLs are loopback]
    #[arg(
        long,
        env = "DD_LAB",
        global = true,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_parser = BoolishValueParser::new(),
    )]
    lab: Option<bool>,
    /// Neither
    #[arg(long, global = true)]
    no_lab: bool,
    /// What the files of one seller may take together, in megabytes
    #[arg(long, env = "DD_SELLER_QUOTA_MB", default_value_t = 1024, global = true)]
    seller_quota_mb: u64,
    /// How long card and bank payments stay pending, in milliseconds
    #[arg(long, env = "DD_PROCESSOR_DELAY_MS", default_value_t = 1000, global = true)]
    processor_delay_ms: u64,
    /// Amounts that make payments fail, as the old sandbox had them
    #[arg(
        long,
        env = "DD_MAGIC_AMOUNTS",
        global = true,
        num_args = 0..=1,
        require_equals = true,
        default_value = "false",
        default_missing_value = "true",
        value_parser = BoolishValueParser::new(),
        action = ArgAction::Set,
    )]
    magic_amounts: bool,
    /// What an empty database gets: people, goods and ninety days of trade; or people and goods alone
    #[arg(long, env = "DD_SEED", value_enum, default_value_t = SeedSize::Full, global = true)]
    seed: SeedSize,
    /// Notifications to private networks and to this machine [default: allow on loopback, else refuse]
    #[arg(long, env = "DD_PRIVATE_RECEIVERS", global = true)]
    private_receivers: Option<Receivers>,
    /// PEM file of authorities that https:// addresses may be vouched for by, beside the system's
    #[arg(long, env = "DD_CA_FILE", global = true, value_name = "FILE", value_parser = authorities)]
    ca_file: Option<Tls>,
    /// Of a key for outbound signatures that is made, 1024, 2048, 3072 or 4096 [default: 1024 with the lab, else 2048]
    #[arg(long, env = "DD_SIGNING_KEY_BITS", global = true, value_name = "BITS")]
    signing_key_bits: Option<KeyBits>,
    /// Who the shop's mail is from, where `DD_SMTP_URL` sends it [default: no-reply at the shop's host]
    #[arg(long, env = "DD_MAIL_FROM", global = true, value_name = "ADDRESS")]
    mail_from: Option<String>,
    /// Slows down guessing of passwords; tests switch it off
    #[arg(
        long,
        env = "DD_SIGN_IN_THROTTLE",
        global = true,
        default_value = "on",
        value_parser = BoolishValueParser::new(),
        action = ArgAction::Set,
    )]
    sign_in_throttle: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Receivers {
    Allow,
    Refuse,
}

fn authorities(file: &str) -> Result<Tls, TlsError> {
    Tls::with_authorities_of(Path::new(file))
}

/// Secrets come from the environment alone: a command line can be read by everybody on the machine.
fn secret(name: &str) -> Option<SecretString> {
    std::env::var(name).ok().filter(|value| !value.is_empty()).map(Into::into)
}

impl Settings {
    fn options(&self, sites: Sites) -> Options {
        let database = |url: &Option<String>, file| match url {
            Some(url) => url.clone(),
            None => options::sqlite_in(&self.data_dir, file),
        };
        Options {
            sites,
            data_dir: self.data_dir.clone(),
            shop_addr: self.shop_addr,
            payments_addr: self.payments_addr,
            shop_url: self.shop_url.clone(),
            payments_url: self.payments_url.clone(),
            allowed_hosts: self.allowed_hosts.clone(),
            trusted_proxies: self.trusted_proxies.clone(),
            connections: options::connections(self.max_connections, self.max_connections_per_address),
            shop_database_url: database(&self.shop_database_url, "shop.db"),
            payments_database_url: database(&self.payments_database_url, "payments.db"),
            database_timeouts: Timeouts {
                answer: Duration::from_millis(self.database_timeout_ms),
                ..Timeouts::default()
            },
            lab: if self.no_lab { Some(false) } else { self.lab },
            control_token: secret("DD_CONTROL_TOKEN"),
            metrics_token: secret("DD_METRICS_TOKEN"),
            access_key: std::env::var("DD_ACCESS_KEY")
                .unwrap_or_else(|_| options::DEMO_ACCESS_KEY.to_owned()),
            secret: secret("DD_SECRET_KEY").unwrap_or_else(|| options::DEMO_SECRET.into()),
            seller_quota: self.seller_quota_mb.saturating_mul(1024 * 1024),
            demo_data: self.seed.into(),
            processor_delay: Duration::from_millis(self.processor_delay_ms),
            magic_amounts: self.magic_amounts,
            notifications: NotificationSettings::default(),
            private_receivers: self.private_receivers.map(|receivers| receivers == Receivers::Allow),
            tls: self.ca_file.clone().unwrap_or_default(),
            throttle_sign_in: self.sign_in_throttle,
            smtp_url: secret("DD_SMTP_URL"),
            mail_from: self.mail_from.clone(),
            signing_key: None,
            signing_key_bits: self.signing_key_bits,
            clock: Clock::system(),
            random: Random::from_system(),
            background: true,
            recording: Recording::On,
        }
    }
}

/// Runs the program to its end, as the command line says.
#[tokio::main]
pub async fn main() -> ExitCode {
    private_files::make_private();
    run(command().get_matches()).await
}

/// What is written here, and what the deeds' tables say.
fn command() -> clap::Command {
    deed_commands::add_to(Cli::command(), &crate::deeds())
}

// Boxed, or it is compiled once for each kind of runtime.
fn run(matches: ArgMatches) -> BoxFuture<'static, ExitCode> {
    Box::pin(async move {
        logs::init();
        let json = matches.get_flag("json");
        let done = match Asked::of(&matches, &crate::deeds()) {
            Some(asked) => ask(&asked, &matches, json).await,
            None => match Cli::from_arg_matches(&matches) {
                Ok(cli) => obey(cli).await,
                Err(error) => error.exit(),
            },
        };
        let Err(error) = done else { return ExitCode::SUCCESS };
        if json {
            eprintln!("{}", json!({ "error": error.to_string() }));
        } else {
            eprintln!("digitaldownload: {error}");
        }
        let usage = error.downcast_ref().is_some_and(CommandError::is_usage);
        // As it is for what the parser refuses.
        if usage { ExitCode::from(2) } else { ExitCode::FAILURE }
    })
}

/// Has a running payments site do something. Whoever interrupts it has had enough: of streams there is no other end.
async fn ask(asked: &Asked, matches: &ArgMatches, json: bool) -> Outcome {
    let api = control_api(matches)?;
    let look = Look { json, colours: deed_commands::colours_wanted() };
    let signal = stop_signal()?;
    let mut out = std::io::stdout();
    let done = tokio::select! {
        done = asked.run(&api, look, &mut out) => done,
        () = signal => return if asked.is_endless() { Ok(()) } else { Err("interrupted".into()) },
    };
    if asked.is("doctor") && done.as_ref().is_err_and(CommandError::is_nobody_there) {
        let findings = doctor::examine(&Settings::from_arg_matches(matches)?.options(Sites::Both)).await;
        deed_commands::write_answer(&json!(findings), look, &mut out)?;
    }
    Ok(done?)
}

/// Where the payments site is, as the settings say. Not by way of [`Settings`]: a field of a deed may have the name of
/// one of them, and is then in its place.
fn control_api(matches: &ArgMatches) -> Result<ControlApi, ConfigError> {
    let port = matches.get_one::<SocketAddr>("payments_addr").map_or(0, SocketAddr::port);
    let url = options::payments_url(matches.get_one("payments_url"), port)?;
    let tls = matches.get_one::<Tls>("ca_file").cloned().unwrap_or_default();
    Ok(ControlApi::new(url, secret("DD_CONTROL_TOKEN"), &tls))
}

async fn obey(Cli { command, settings, json }: Cli) -> Outcome {
    match command.unwrap_or(Command::Serve) {
        Command::Serve => serve(settings.options(Sites::Both), json).await,
        Command::Shop => serve(settings.options(Sites::Shop), json).await,
        Command::Payments => serve(settings.options(Sites::Payments), json).await,
        Command::Migrate => data(DataCommand::Migrate, "migrated", &settings, json).await,
        Command::Seed { prepare: Some(folder), .. } => prepare(&folder, json).await,
        Command::Seed { items: Some(items), sellers, .. } => {
            let many = Many { items, sellers: sellers.unwrap_or_else(|| items.div_ceil(10).max(1)) };
            data(DataCommand::SeedMany(many), "seeded", &settings, json).await
        }
        Command::Seed { .. } => data(DataCommand::Seed, "seeded", &settings, json).await,
        Command::Reset => data(DataCommand::Reset, "reset", &settings, json).await,
        Command::RenewSigningKey => data(DataCommand::RenewSigningKey, "renewed", &settings, json).await,
        Command::Completions { shell } => complete(shell),
    }
}

type Outcome = Result<(), Box<dyn Error>>;

async fn serve(options: Options, json: bool) -> Outcome {
    let sites = options.sites;
    let signal = stop_signal()?;
    tokio::pin!(signal);
    let running = tokio::select! {
        running = running::start(options) => running?,
        // Whatever start-up was doing is undone or taken up again by the next one.
        () = &mut signal => return Ok(()),
    };
    print(&ready_lines(&running, sites, json));
    signal.await;
    tracing::info!("stopping");
    running.stop().await;
    Ok(())
}

fn ready_lines(running: &Running, sites: Sites, json: bool) -> Vec<String> {
    let (shop, payments) = (bare(running.shop_url()), bare(running.payments_url()));
    if json {
        return vec![json!({ "shop": shop, "payments": payments, "ready": true }).to_string()];
    }
    let mut lines = Vec::new();
    lines.extend(sites.shop().then(|| format!("shop {shop}")));
    lines.extend(sites.payments().then(|| format!("payments {payments}")));
    lines.push("ready".to_owned());
    lines
}

async fn prepare(folder: &Path, json: bool) -> Outcome {
    demo::write(folder).await?;
    say_done("prepared", json);
    Ok(())
}

fn say_done(done: &str, json: bool) {
    print(&[if json { json!({ "done": done }).to_string() } else { done.to_owned() }]);
}

async fn data(command: DataCommand, done: &str, settings: &Settings, json: bool) -> Outcome {
    command.run(&settings.options(Sites::Both)).await?;
    say_done(done, json);
    Ok(())
}

fn complete(shell: Shell) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "digitaldownload", &mut script);
    print(&[String::from_utf8(script)?.trim_end().to_owned()]);
    Ok(())
}

/// Writes to standard output. That nobody reads it is no reason to stop.
fn print(lines: &[String]) {
    let mut out = std::io::stdout().lock();
    for line in lines {
        let _ = writeln!(out, "{line}");
    }
    let _ = out.flush();
}

/// Ends at the first SIGTERM or Ctrl-C.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(arguments: &[&str]) -> Options {
        let cli = Cli::try_parse_from([&["digitaldownload"], arguments].concat()).unwrap();
        cli.settings.options(Sites::Both)
    }

    #[test]
    fn the_definition_is_consistent() {
        command().debug_assert();
    }

    #[test]
    fn flags_of_the_sites_stand_before_and_after_what_is_asked_of_one() {
        for arguments in [
            &["--payments-url", "http://127.0.0.1:7", "--json", "clock", "advance", "7d"][..],
            &["clock", "advance", "7d", "--payments-addr", "127.0.0.1:7", "--json", "--data-dir", "/d"],
        ] {
            let matches = command().try_get_matches_from([&["digitaldownload"], arguments].concat()).unwrap();
            assert!(matches.get_flag("json"));
            assert!(matches!(Asked::of(&matches, &crate::deeds()), Some(Asked::Deed(..))));
            assert_eq!(control_api(&matches).unwrap().base(), "http://127.0.0.1:7");
        }
        let matches = command().try_get_matches_from(["digitaldownload", "seed", "--items", "5"]).unwrap();
        assert!(Asked::of(&matches, &crate::deeds()).is_none());
    }

    #[test]
    fn shells_are_told_of_every_command() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command(), "digitaldownload", &mut script);
            let script = String::from_utf8(script).unwrap();
            for word in ["serve", "completions", "clock", "advance", "listen", "logs", "events"] {
                assert!(script.contains(word), "{word} for {shell}");
            }
            let Ok(mut checked) = std::process::Command::new(shell.to_string())
                .arg("-n")
                .stdin(std::process::Stdio::piped())
                .spawn()
            else {
                continue;
            };
            checked.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
            assert!(checked.wait().unwrap().success(), "{shell} reads its script");
        }
    }

    #[test]
    fn flags_may_stand_before_and_after_the_command() {
        for arguments in [["--data-dir", "/d", "serve"], ["serve", "--data-dir", "/d"]] {
            let options = options(&arguments);
            assert_eq!(options.shop_database_url, "sqlite:///d/shop.db");
            assert_eq!(options.payments_database_url, "sqlite:///d/payments.db");
        }
    }

    #[test]
    fn the_lab_flags() {
        assert_eq!(options(&[]).lab, None);
        assert_eq!(options(&["--lab", "serve"]).lab, Some(true));
        assert_eq!(options(&["--no-lab"]).lab, Some(false));
        assert!(options(&["--magic-amounts"]).magic_amounts);
        assert!(!options(&["--sign-in-throttle", "off"]).throttle_sign_in);
    }

    #[test]
    fn the_flags_of_a_site_that_others_reach() {
        let usual = options(&[]);
        assert_eq!(
            (usual.connections.head, usual.connections.idle),
            (Duration::from_secs(30), Duration::from_mins(1))
        );
        assert_eq!(usual.database_timeouts.answer, Duration::from_secs(2));
        assert_eq!(usual.trusted_proxies, TrustedProxies::default());

        let given = options(&["--max-connections", "7", "--max-connections-per-address", "3"]);
        assert_eq!((given.connections.all, given.connections.per_address), (7, 3));
        let given = options(&["--trusted-proxies", "10.0.0.0/8", "--allowed-hosts", "shop.lan"]);
        assert!(given.trusted_proxies.contain([10, 1, 2, 3].into()));
        assert_eq!(given.allowed_hosts, "shop.lan".parse().unwrap());
        let given = options(&["--database-timeout-ms", "700", "--seller-quota-mb", "5"]);
        assert_eq!(given.database_timeouts.answer, Duration::from_millis(700));
        assert_eq!(given.seller_quota, 5 << 20);
        assert_eq!(options(&["--private-receivers", "refuse"]).private_receivers, Some(false));
    }

    #[test]
    fn a_signing_key_has_one_of_four_lengths() {
        assert_eq!(options(&[]).signing_key_bits, None);
        assert_eq!(options(&["--signing-key-bits", "1024"]).signing_key_bits, Some(KeyBits::AS_FPS));
        for wrong in ["512", "2000", "0", "-1", "many"] {
            let given = format!("--signing-key-bits={wrong}");
            let refused = Cli::try_parse_from(["digitaldownload", &given]).unwrap_err().to_string();
            assert!(refused.contains("1024, 2048, 3072 or 4096 bits"), "{refused}");
        }
    }

    #[test]
    fn defaults_are_the_contracts() {
        let options = options(&[]);
        assert_eq!(options.shop_addr.to_string(), "127.0.0.1:3000");
        assert_eq!(options.payments_addr.to_string(), "127.0.0.1:3001");
        assert_eq!(options.processor_delay, Duration::from_secs(1));
        assert!(!options.magic_amounts && options.throttle_sign_in);
        let urls = options.urls(3000, 3001).unwrap();
        assert_eq!(
            (bare(&urls.shop), bare(&urls.payments)),
            ("http://localhost:3000", "http://127.0.0.1:3001")
        );
    }
}

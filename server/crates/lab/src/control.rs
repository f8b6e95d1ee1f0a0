//! What can be done to the lab itself, and the record of everything that is done by hand.

use crate::faults::NewFault;
use crate::state::Lab;
use crate::{attack, doctor, openapi, requests, scenarios, snapshots};
use async_trait::async_trait;
use platform::deeds::{Arguments, Command, Deed, DeedRefused, Deeds, Field, Kind, Method, Offer};
use platform::lab::{About, Event, Recorder, Site, What};
use serde::Serialize;
use serde_json::{Value, json};

const NO_COMMANDS: &[Command] = &[];

/// The lab's own deeds.
pub static TABLE: &[Deed] = &[
    requests::LIST,
    requests::SHOW,
    doctor::EXAMINE,
    scenarios::LIST,
    scenarios::RUN,
    attack::ATTACK,
    snapshots::SAVE,
    snapshots::LIST,
    snapshots::RESTORE,
    snapshots::DIFF,
    snapshots::DELETE,
    Deed {
        name: "fault-add",
        method: Method::Post,
        path: "/faults",
        summary: "Makes something go wrong: the next requests of an action, or the next notifications",
        fields: &[
            Field::body("action", Kind::Text, "the action; any, if none is given", "Pay"),
            Field::body(
                "code",
                Kind::Text,
                "the error of FPS that is answered; nothing is done then",
                "InternalError",
            ),
            Field::body(
                "delay_ms",
                Kind::Integer,
                "how long a request waits first, or how late a notification arrives, in milliseconds",
                "2000",
            ),
            Field::body(
                "drop",
                Kind::OneOf(&["answer", "connection"]),
                "what is lost: the answer after the work was done, or the connection before",
                "answer",
            ),
            Field::body(
                "notifications",
                Kind::OneOf(&["drop", "delay", "double", "reorder", "corrupt"]),
                "what happens to notifications, instead of to requests",
                "drop",
            ),
            Field::body(
                "times",
                Kind::Integer,
                "how often, then all is well again; once, if nothing is said",
                "3",
            ),
            Field::body(
                "share",
                Kind::Integer,
                "of a hundred occasions so many are hit; all, if nothing is said",
                "30",
            ),
            Field::body("seed", Kind::Integer, "the same seed hits the same occasions", "7"),
        ],
        answer: r#"{"id":"1a2b3c4d","action":"Pay","code":"InternalError","times":1,"share":100,"seed":7}"#,
        commands: &[Command {
            words: &["fault", "add"],
            summary: "Makes something go wrong",
            positional: &[],
            flags: &["action", "code", "delay_ms", "drop", "notifications", "times", "share", "seed"],
            fixed: &[],
        }],
        page: "/lab/faults",
    },
    Deed {
        name: "faults",
        method: Method::Get,
        path: "/faults",
        summary: "What is left of what is to go wrong",
        fields: &[],
        answer: r#"[{"id":"1a2b3c4d","action":"Pay","code":"InternalError","times":1,"share":100,"seed":7}]"#,
        commands: &[Command {
            words: &["fault", "list"],
            summary: "What is left of what is to go wrong",
            positional: &[],
            flags: &[],
            fixed: &[],
        }],
        page: "/lab/faults",
    },
    Deed {
        name: "faults-clear",
        method: Method::Delete,
        path: "/faults",
        summary: "Lets everything go right again",
        fields: &[],
        answer: r#"{"cleared":1}"#,
        commands: &[Command {
            words: &["fault", "clear"],
            summary: "Lets everything go right again",
            positional: &[],
            flags: &[],
            fixed: &[],
        }],
        page: "/lab/faults",
    },
    Deed {
        name: "fault-remove",
        method: Method::Delete,
        path: "/faults/{id}",
        summary: "Takes one fault away",
        fields: &[Field::path("id", "of the fault", "1a2b3c4d")],
        answer: r#"{"cleared":1}"#,
        commands: NO_COMMANDS,
        page: "/lab/faults",
    },
    Deed {
        name: "openapi",
        method: Method::Get,
        path: "/openapi.json",
        summary: "This API as OpenAPI 3.1",
        fields: &[],
        answer: r#"{"openapi":"3.1.0"}"#,
        commands: NO_COMMANDS,
        page: "/lab",
    },
];

/// The stream of everything that happens, which is no single answer.
pub static EVENTS: Deed = Deed {
    name: "events",
    method: Method::Get,
    path: "/events",
    summary: "Everything that happens, as it happens: server-sent events with ids; Last-Event-ID goes on from there",
    fields: &[
        Field::query("format", Kind::OneOf(&["sse", "ndjson"]), "how it is written", "ndjson"),
        Field::query(
            "after",
            Kind::Integer,
            "the id after which it begins; what comes from now on, if none is given",
            "0",
        ),
        Field::query("kind", Kind::Text, "only events of this kind", "request"),
    ],
    answer: r#"{"id":1,"at":"2030-01-01T00:00:00Z","site":"payments","kind":"clock"}"#,
    commands: NO_COMMANDS,
    page: "/lab",
};

/// Does the lab's own deeds.
#[derive(Debug, Clone)]
pub struct Control {
    lab: Lab,
}

impl Control {
    pub fn new(lab: Lab) -> Self {
        Self { lab }
    }
}

#[async_trait]
impl Deeds for Control {
    fn table(&self) -> &'static [Deed] {
        TABLE
    }

    async fn perform(&self, deed: &'static Deed, arguments: Arguments) -> Result<Value, DeedRefused> {
        let lab = &self.lab;
        match deed.name {
            "requests" => json_of(requests::list(lab, &arguments.parse()?)),
            "request" => requests::show(lab, arguments.text("id").unwrap_or_default()),
            "fault-add" => json_of(lab.faults.add(arguments.parse::<NewFault>()?)?),
            "faults" => json_of(lab.faults.list()),
            "faults-clear" => Ok(json!({ "cleared": lab.faults.clear() })),
            "fault-remove" if lab.faults.remove(arguments.text("id").unwrap_or_default()) => {
                Ok(json!({ "cleared": 1 }))
            }
            "fault-remove" => {
                Err(DeedRefused::NotFound("no such fault stands; GET /_control/faults lists them".into()))
            }
            "doctor" => json_of(doctor::examine(lab).await),
            "scenarios" => Ok(scenarios::list()),
            "scenario" => json_of(scenarios::run(lab, arguments.text("name").unwrap_or_default()).await?),
            "attack" => json_of(attack::run(lab, arguments.parse()?).await?),
            name if name.starts_with("snapshot") => snapshots::perform(lab, name, arguments).await,
            "openapi" => Ok(openapi::document(&lab.deeds())),
            _ => Err(DeedRefused::NoSuchCall),
        }
    }
}

pub fn json_of(answer: impl Serialize) -> Result<Value, DeedRefused> {
    serde_json::to_value(answer).map_err(|error| DeedRefused::Internal(error.into()))
}

/// Deeds of which those that change something are recorded.
pub struct Recorded {
    lab: Lab,
    offer: Offer,
}

impl Recorded {
    pub fn new(lab: Lab, offer: Offer) -> Self {
        Self { lab, offer }
    }
}

#[async_trait]
impl Deeds for Recorded {
    fn table(&self) -> &'static [Deed] {
        self.offer.table()
    }

    async fn perform(&self, deed: &'static Deed, arguments: Arguments) -> Result<Value, DeedRefused> {
        if deed.method == Method::Get {
            return self.offer.perform(deed, arguments).await;
        }
        let told = arguments.without_secrets(deed);
        let answer = self.offer.perform(deed, arguments).await;
        if deed.name == "reset" && answer.is_ok() {
            self.lab.reset().await?;
        }
        let outcome = answer.as_ref().err().map_or_else(|| "done".to_owned(), ToString::to_string);
        self.lab.store.record(Event {
            at: self.lab.clock.now(),
            wall: self.lab.clock.wall(),
            site: Site::Lab,
            about: About::default(),
            what: What::Deed { deed: deed.name.to_owned(), arguments: told, outcome },
        });
        answer
    }
}

//! MQTT: each passage as JSON, QoS 1, acknowledged only by the PUBACK of its own packet. Decisions
//! are said at once beside that. Topics and messages are described in `docs/mqtt.md`.

mod anchors;
mod decisions;
mod link;
mod live;
mod message;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use ledger::SinkCounters;
use passage::{OutboxItem, PhotoKind};
use serde_json::{Value, json};
use words::Key;

use crate::Secret;
use crate::failure::{Failure, FailureKind};
use crate::settings::{BadSetting, Pace};
use crate::worker::{Answer, Beat, Delivery, Sink};
use anchors::Anchors;
use decisions::Announcer;
pub use decisions::JustDecided;
use link::{Link, Voice};
pub use live::{LiveState, LiveStates, MqttLive};

/// One broker.
#[derive(Debug, Clone, PartialEq)]
pub struct MqttSettings {
    /// Sink name in the ledger: never change it while rows wait.
    pub name: String,
    /// Host name or address of the broker.
    pub host: String,
    /// 1883, or 8883 with TLS.
    pub port: u16,
    /// Must differ between gates: a broker keeps only one client of a name.
    pub client_id: String,
    /// User name, if the broker wants one.
    pub username: Option<String>,
    /// Password that goes with it.
    pub password: Secret,
    /// TLS with our own authority; plain TCP without.
    pub tls: Option<MqttTls>,
    /// First part of all topics.
    pub prefix: String,
    /// Second part of all topics.
    pub site: String,
    /// Sign of life on an idle connection.
    pub keep_alive: Duration,
    /// Longest wait for the connection.
    pub connect_timeout: Duration,
    /// Longest wait for a PUBACK.
    pub timeout: Duration,
    /// The gate is announced to Home Assistant; not, without it.
    pub home_assistant: Option<HomeAssistant>,
    /// The picture of each lane's last passage is published.
    pub pictures: bool,
    /// How fast it is served.
    pub pace: Pace,
}

/// Home Assistant on the same broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeAssistant {
    /// First part of its topics.
    pub prefix: String,
}

/// TLS to a broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MqttTls {
    /// PEM file with the authority that signed the broker's certificate.
    pub ca_file: PathBuf,
    /// Our own certificate and its key, where the broker wants to know who comes: PEM files.
    pub client: Option<(PathBuf, Secret)>,
}

impl Default for MqttSettings {
    fn default() -> Self {
        Self {
            name: "mqtt".to_owned(),
            host: String::new(),
            port: 1883,
            client_id: "menjin".to_owned(),
            username: None,
            password: Secret::default(),
            tls: None,
            prefix: "menjin".to_owned(),
            site: "site".to_owned(),
            keep_alive: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(10),
            home_assistant: None,
            pictures: false,
            pace: Pace {
                backlog_per_second: 50.0,
                ..Pace::default()
            },
        }
    }
}

impl MqttSettings {
    /// Everything that can't work.
    #[must_use]
    pub fn problems(&self) -> Vec<BadSetting> {
        let mut found = self.pace.problems("mqtt.pace");
        let mut check = |fine: bool, key: &str, why: Key| {
            if !fine {
                found.push(BadSetting::new(format!("mqtt.{key}"), why));
            }
        };
        check(!self.host.is_empty(), "host", Key::MistakeEmpty);
        check(self.port != 0, "port", Key::FindingNotAPort);
        check(!self.client_id.is_empty(), "client_id", Key::MistakeEmpty);
        check(!self.site.is_empty(), "site", Key::MistakeEmpty);
        check(!self.prefix.is_empty(), "prefix", Key::MistakeEmpty);
        check(
            self.keep_alive >= Duration::from_secs(1),
            "keep_alive",
            Key::MistakeLeastSecond,
        );
        check(!self.timeout.is_zero(), "timeout", Key::MistakeNotAboveZero);
        check(
            !self.connect_timeout.is_zero(),
            "connect_timeout",
            Key::MistakeNotAboveZero,
        );
        let without_user = self.username.is_none() && !self.password.expose().is_empty();
        check(!without_user, "username", Key::MistakeUserBesidePassword);
        found
    }

    fn status_topic(&self) -> String {
        format!(
            "{}/{}/status",
            topic_part(&self.prefix),
            topic_part(&self.site)
        )
    }

    fn passage_topic(&self, lane: &str) -> String {
        let [prefix, site, lane] = [self.prefix.as_str(), &self.site, lane].map(topic_part);
        format!("{prefix}/{site}/passages/{lane}")
    }
}

/// A name as one level of a topic.
fn topic_part(name: &str) -> String {
    let fits = |c: char| !matches!(c, '/' | '+' | '#') && !c.is_control();
    name.chars()
        .map(|c| if fits(c) { c } else { '_' })
        .collect()
}

/// A broker, as a sink.
pub struct Mqtt {
    settings: MqttSettings,
    link: Option<Link>,
    /// Connections in a row that ended soon after the broker had taken us in.
    short_lives: u32,
    anchors: Option<Anchors>,
    /// The connection that stands, for what is said beside the rows.
    voice: Voice,
    announcer: Option<Announcer>,
    /// Something is to be said and there is no connection.
    link_wanted: bool,
}

/// Connects as this gate and says goodbye: nothing is published, and nobody is told that we left.
pub(crate) async fn greet(settings: &MqttSettings) -> Result<(), Failure> {
    let link = Link::connect(settings, &Voice::default()).await?;
    link.close().await;
    Ok(())
}

/// A connection that ends sooner was not ended by a restart or by the network, if it happens twice.
const SHORT_LIFE: Duration = Duration::from_secs(60);

impl Mqtt {
    /// Takes the settings, or says everything that is wrong with them.
    ///
    /// # Errors
    /// Every setting that can't work.
    pub fn new(settings: MqttSettings) -> Result<Self, Vec<BadSetting>> {
        let problems = settings.problems();
        if problems.is_empty() {
            Ok(Self {
                settings,
                link: None,
                short_lives: 0,
                anchors: None,
                voice: Voice::default(),
                announcer: None,
                link_wanted: false,
            })
        } else {
            Err(problems)
        }
    }

    /// Publishes and waits for the PUBACK, over a new connection if the old one is gone. After any
    /// failure the connection is dropped with all it still owes: the outbox remembers better.
    async fn publish(&mut self, topic: String, retain: bool, body: &Value) -> Result<(), Failure> {
        let timeout = self.settings.timeout;
        let link = self.connected().await?;
        let body = body.to_string().into_bytes();
        let acked = tokio::time::timeout(timeout, link.publish(topic, retain, body));
        let result = acked.await.unwrap_or_else(|_| {
            Err(Failure::new(
                FailureKind::Timeout,
                "the broker sent no PUBACK in time",
            ))
        });
        match result {
            Err(failure) if failure.kind() == FailureKind::Cut => Err(self.lost_by(failure)),
            Err(failure) => {
                self.link = None;
                Err(failure)
            }
            Ok(()) => Ok(()),
        }
    }

    /// The connection; a new one if there is none or it has ended.
    async fn connected(&mut self) -> Result<&mut Link, Failure> {
        if self.link.as_ref().is_some_and(Link::is_down) {
            let why = self.lost().await;
            if self.short_lives > 1 {
                // To be told once more is worth a rest: a person must act.
                return Err(why);
            }
            tracing::info!(sink = %self.settings.name, %why, "the connection had ended");
        }
        self.link_wanted = false;
        let link = match self.link.take() {
            Some(link) => link,
            None => Link::connect(&self.settings, &self.voice).await?,
        };
        Ok(self.link.insert(link))
    }

    /// Lets go of a connection that has ended, and says why it has.
    async fn lost(&mut self) -> Failure {
        let why = match &mut self.link {
            Some(link) => link.ended().await,
            None => Failure::new(FailureKind::Cut, "no connection"),
        };
        self.lost_by(why)
    }

    /// Lets go of a connection that `why` has ended. A broker that throws us out again and again says
    /// no reason in MQTT 3.1.1; the usual one is a second gate with our name (3.1.4-2).
    fn lost_by(&mut self, why: Failure) -> Failure {
        let age = self.link.take().map_or(Duration::MAX, |link| link.age());
        self.short_lives = if age < SHORT_LIFE {
            self.short_lives + 1
        } else {
            0
        };
        if self.short_lives < 2 {
            return why;
        }
        let name = &self.settings.client_id;
        let words = format!(
            "{why}, {} times soon after connecting: probably another gate uses client_id \
             {name:?} as well; give each gate its own",
            self.short_lives
        );
        Failure::new(FailureKind::Cut, words)
    }
}

impl Sink for Mqtt {
    fn name(&self) -> &str {
        &self.settings.name
    }

    fn wants(&self, _item: &OutboxItem) -> &'static [PhotoKind] {
        &[]
    }

    async fn deliver(&mut self, row: &Delivery) -> Answer {
        let Some(passage) = row.item.passage() else {
            return Answer::Refused("register records are not published".to_owned());
        };
        let topic = self.settings.passage_topic(&passage.lane);
        let body = message::passage(&self.settings.site, row.item.kind, passage);
        match self.publish(topic, false, &body).await {
            Ok(()) => Answer::Acknowledged("PUBACK".to_owned()),
            Err(failure) => Answer::Failed(failure),
        }
    }

    async fn heartbeat(&mut self, counters: &SinkCounters) -> Result<Beat, Failure> {
        let body = message::status(counters);
        self.publish(self.settings.status_topic(), true, &body)
            .await?;
        Ok(Beat::Answered)
    }

    fn next_fetch(&self) -> Option<Instant> {
        if self.link_wanted {
            return Some(Instant::now());
        }
        self.anchors.as_ref().map(Anchors::next)
    }

    /// Nothing comes down from a broker; anchors go up at the same times.
    async fn fetch(&mut self, _counters: &SinkCounters) -> Result<(), Failure> {
        if self.link_wanted {
            self.connected().await?;
        }
        let due = self.anchors.as_ref().map(Anchors::next);
        if due.is_some_and(|at| at <= Instant::now()) {
            self.publish_anchors().await?;
        }
        Ok(())
    }

    /// A decision wants to be said, and there is no connection.
    async fn urgent(&mut self) {
        match &self.announcer {
            Some(announcer) => announcer.misses_link().await,
            None => std::future::pending().await,
        }
        self.link_wanted = true;
    }

    async fn close(&mut self) {
        if self.link.as_ref().is_some_and(|link| !link.is_down()) {
            let gone = json!({"state": "offline", "reason": "stopped"});
            if self
                .publish(self.settings.status_topic(), true, &gone)
                .await
                .is_ok()
                && let Some(link) = self.link.take()
            {
                link.close().await;
            }
        }
    }
}

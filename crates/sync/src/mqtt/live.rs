//! What is so at this moment, for Home Assistant and other automation: availability, states of cameras,
//! barriers and uploads, open alarms, the picture of the last passage; and what happens to alarms, each
//! thing at least once. Over a connection of its own, whose last will takes availability away.
//!
//! Topics and messages are described in `docs/mqtt.md`. It subscribes to one topic, `homeassistant/status`,
//! which moves nothing: when Home Assistant says that it has started, everything is announced again.

mod discovery;
mod wheel;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use ledger::{AlarmFilter, ErrorKind, Handle, Reader, Topic};
use passage::PhotoKind;
use rumqttc::AsyncClient;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::{MqttSettings, link, topic_part};
use wheel::{News, Wheel};

/// How often states are looked at.
const LOOK: Duration = Duration::from_secs(2);
/// What was written to the ledger that is read at a time.
const WITHIN: usize = 2_000;
/// Open alarms that are told in one message.
const MOST: usize = 50;

/// How something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveState {
    /// `camera`, `barrier` or `uploads`, `hold` or `arm`.
    pub of: &'static str,
    /// The lane, where it is about one.
    pub lane: Option<String>,
    /// What is published: [`LiveState::on`], or a code.
    pub says: &'static str,
}

impl LiveState {
    /// `ON` where something is wrong, or a gate is held open; `None` while that is not known.
    #[must_use]
    pub const fn on(is_so: Option<bool>) -> &'static str {
        match is_so {
            Some(true) => "ON",
            Some(false) => "OFF",
            None => "None",
        }
    }
}

/// Looks at how all is whenever it is asked.
pub type LiveStates = Arc<dyn Fn() -> Vec<LiveState> + Send + Sync>;

/// What is published live, and from where.
pub struct MqttLive {
    settings: MqttSettings,
    ledger: Handle,
    lanes: Vec<String>,
    states: LiveStates,
    /// What was published of each state.
    told: BTreeMap<String, String>,
    /// Up to where alarms were told.
    place: i64,
    /// Passages whose picture was published, by lane.
    pictures: BTreeMap<String, i64>,
}

impl MqttLive {
    /// Of a gate with these lanes.
    #[must_use]
    pub fn new(
        settings: MqttSettings,
        ledger: Handle,
        lanes: Vec<String>,
        states: LiveStates,
    ) -> Self {
        Self {
            settings,
            ledger,
            lanes,
            states,
            told: BTreeMap::new(),
            place: 0,
            pictures: BTreeMap::new(),
        }
    }

    /// Publishes until aborted.
    #[must_use]
    pub fn spawn(self) -> JoinHandle<()> {
        tokio::spawn(self.run())
    }

    async fn run(mut self) {
        let mut wheel = match Wheel::start(&self.settings) {
            Ok(wheel) => wheel,
            Err(failure) => {
                tracing::error!(%failure, "live states are not published");
                return;
            }
        };
        if !self.find_place().await {
            return;
        }
        let mut alarms = self.ledger.committed(&[Topic::Alarms]);
        let mut passages = self.ledger.committed(&[Topic::Passages]);
        let mut looks = tokio::time::interval(LOOK);
        let mut is_connected = false;
        loop {
            let news = tokio::select! {
                news = wheel.news() => Some(news),
                ended = alarms.changed() => if ended.is_err() { return } else { None },
                ended = passages.changed() => if ended.is_err() { return } else { None },
                _ = looks.tick() => None,
            };
            match news {
                Some(News::Ended) => return,
                Some(News::Lost) => is_connected = false,
                Some(News::Connected) => {
                    is_connected = true;
                    self.told.clear();
                    self.pictures.clear();
                    self.announce(&wheel.client, true).await;
                }
                Some(News::HomeAssistantStarted) => {
                    self.told.clear();
                    self.announce(&wheel.client, false).await;
                }
                None => {}
            }
            if is_connected {
                self.tell(&wheel.client).await;
            }
        }
    }

    /// Where it was the last time; the first time at what is written now, for what was before is no news. False
    /// when the ledger is closed.
    async fn find_place(&mut self) -> bool {
        loop {
            let name = self.follower();
            let found = self.ledger.write(move |writer| {
                let reader = writer.reader()?;
                let last = reader.last_place()?;
                let place = reader.follower(&name)?.unwrap_or(last).min(last);
                writer.set_follower(&name, place).map(|()| place)
            });
            match found.await {
                Ok(place) => {
                    self.place = place;
                    return true;
                }
                Err(error) if error.kind() == ErrorKind::Closed => return false,
                Err(_) => tokio::time::sleep(LOOK).await,
            }
        }
    }

    fn follower(&self) -> String {
        format!("{}:alarms", self.settings.name)
    }

    /// Says that we are there, and what there is.
    async fn announce(&self, client: &AsyncClient, subscribe: bool) {
        let topic = self.settings.live_topic("availability");
        say(client, topic, true, b"online".to_vec()).await;
        let Some(home) = &self.settings.home_assistant else {
            return;
        };
        if subscribe {
            let status = format!("{}/status", topic_part(&home.prefix));
            // The connection ends when the broker refuses, and is made anew.
            let _ = client.subscribe(status, rumqttc::QoS::AtLeastOnce).await;
        }
        for (topic, body) in discovery::all(&self.settings, home, &self.lanes) {
            say(client, topic, true, body.to_string().into_bytes()).await;
        }
    }

    /// Says what is new.
    async fn tell(&mut self, client: &AsyncClient) {
        for state in (self.states)() {
            let topic = self.settings.state_topic(&state);
            self.tell_changed(client, &topic, state.says).await;
        }
        if let Some(open) = self.open_alarms().await {
            let topic = self.settings.live_topic("alarms/open");
            self.tell_changed(client, &topic, &open.to_string()).await;
        }
        self.tell_alarms(client).await;
        if self.settings.pictures {
            self.tell_pictures(client).await;
        }
    }

    async fn tell_changed(&mut self, client: &AsyncClient, topic: &str, body: &str) {
        if self.told.get(topic).is_some_and(|told| told == body) {
            return;
        }
        if say(client, topic.to_owned(), true, body.as_bytes().to_vec()).await {
            self.told.insert(topic.to_owned(), body.to_owned());
        }
    }

    async fn open_alarms(&self) -> Option<Value> {
        let filter = AlarmFilter {
            open: true,
            ..AlarmFilter::default()
        };
        let open = self.ledger.read(move |reader| reader.alarms(&filter, MOST));
        let open = open.await.ok()?;
        let unseen = open.iter().filter(|alarm| alarm.seen().is_none()).count();
        let told: Vec<Value> = open.iter().map(alarm::AlarmView::json).collect();
        Some(json!({"version": 1, "open": open.len(), "unseen": unseen, "alarms": told}))
    }

    /// Says what happened to alarms, and keeps how far it is once the broker has it.
    async fn tell_alarms(&mut self, client: &AsyncClient) {
        let (name, place) = (self.follower(), self.place);
        let news = self
            .ledger
            .read(move |reader: &Reader| reader.alarm_news(place, WITHIN));
        let (news, reached) = match news.await {
            Ok(news) => news,
            Err(error) if error.kind() == ErrorKind::Closed => return,
            Err(error) => {
                tracing::warn!(%error, "alarms could not be read to be published");
                return;
            }
        };
        if reached == place {
            return;
        }
        for happened in &news {
            let mut body = happened.alarm.json();
            body["what"] = happened.what().into();
            body["site"] = self.settings.site.as_str().into();
            let topic = self.settings.live_topic("alarms");
            let options = link::at_least_once(false);
            let body = body.to_string().into_bytes();
            let acked = async {
                let notice = client.publish_tracked(topic, body, options).await.ok()?;
                notice.wait_completion_async().await.ok()
            };
            let acked = tokio::time::timeout(self.settings.timeout, acked).await;
            if !matches!(acked, Ok(Some(_))) {
                // Said again from here on, when the connection stands.
                return;
            }
        }
        self.place = reached;
        // Only alarms are worth a commit: what passes is passed over again after a restart.
        if !news.is_empty() {
            let keep = self
                .ledger
                .write(move |writer| writer.set_follower(&name, reached));
            if let Err(error) = keep.await {
                tracing::warn!(%error, "how far alarms were published could not be kept");
            }
        }
    }

    /// The annotated photo of each lane's last passage.
    async fn tell_pictures(&mut self, client: &AsyncClient) {
        for lane in self.lanes.clone() {
            let filter = ledger::Filter {
                lane: Some(lane.clone()),
                ..ledger::Filter::default()
            };
            let known = self.pictures.get(&lane).copied();
            let last = self.ledger.read(move |reader| {
                let page = reader.search(&filter, None, 1)?;
                let Some(passage) = page.passages.into_iter().next() else {
                    return Ok::<_, ledger::Error>(None);
                };
                let head = passage.photos.iter().find(|p| p.kind == PhotoKind::Head);
                match head {
                    Some(photo) if known != Some(passage.id.0) => {
                        Ok(Some((passage.id.0, reader.photo_bytes(photo)?)))
                    }
                    _ => Ok(None),
                }
            });
            let Ok(Some((id, jpeg))) = last.await else {
                continue;
            };
            let topic = self
                .settings
                .live_topic(&format!("pictures/{}", topic_part(&lane)));
            if say(client, topic, true, jpeg).await {
                self.pictures.insert(lane, id);
            }
        }
    }
}

/// Hands a message to the connection; false when that has ended.
async fn say(client: &AsyncClient, topic: String, retain: bool, body: Vec<u8>) -> bool {
    let options = link::at_least_once(retain);
    client.publish(topic, body, options).await.is_ok()
}

impl MqttSettings {
    pub(super) fn live_topic(&self, rest: &str) -> String {
        let [prefix, site] = [self.prefix.as_str(), &self.site].map(topic_part);
        format!("{prefix}/{site}/{rest}")
    }

    fn state_topic(&self, state: &LiveState) -> String {
        let of = match &state.lane {
            Some(lane) => format!("states/{}/{}", state.of, topic_part(lane)),
            None => format!("states/{}", state.of),
        };
        self.live_topic(&of)
    }
}

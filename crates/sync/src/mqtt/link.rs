//! One connection to a broker, from CONNACK to its end. It is never resumed: what it still owes
//! when it ends is known to the outbox, and a new connection starts with nothing in flight, so a
//! packet id can't be mistaken for one of an earlier connection.

use std::time::{Duration, Instant};

use rumqttc::{
    AsyncClient, Broker, ConnectReturnCode, ConnectionError, Event, EventLoop, LastWill,
    MqttOptions, NetworkOptions, Outgoing, Packet, PublishOptions, QoS, StateError,
    TlsConfiguration, Transport,
};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::MqttSettings;
use crate::failure::{Failure, FailureKind, chain};
use crate::trust;

/// Longest packet either way. A passage is a few kB.
const MAX_PACKET_BYTES: usize = 256 * 1024;

pub(super) struct Link {
    client: AsyncClient,
    /// Turns the connection's wheel; it ends with the connection and tells why.
    pump: JoinHandle<Failure>,
    since: Instant,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.pump.abort();
    }
}

/// The client of the connection that stands, for others than its owner.
pub(super) type Voice = watch::Sender<Option<AsyncClient>>;

/// Lends the client out for as long as the connection stands.
struct Lent(Voice);

impl Lent {
    fn new(voice: &Voice, client: &AsyncClient) -> Self {
        voice.send_replace(Some(client.clone()));
        Self(voice.clone())
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.0.send_replace(None);
    }
}

pub(super) fn at_least_once(retain: bool) -> PublishOptions {
    PublishOptions::new(QoS::AtLeastOnce).retain(retain)
}

impl Link {
    /// Connects, and lends its client to `voice` until it ends.
    pub(super) async fn connect(settings: &MqttSettings, voice: &Voice) -> Result<Self, Failure> {
        let unfit = |error: &dyn std::error::Error| {
            Failure::new(FailureKind::Unreachable, error.to_string())
        };
        let (client, mut events) = AsyncClient::builder(with_will(settings)?)
            .capacity(8)
            .try_build()
            .map_err(|e| unfit(&e))?;
        let mut network = NetworkOptions::new();
        network.set_connection_timeout(settings.connect_timeout.as_secs().max(1));
        events.set_network_options(network);
        let first = tokio::time::timeout(settings.connect_timeout, Box::pin(events.poll())).await;
        match first {
            Ok(Ok(Event::Incoming(Packet::ConnAck(_)))) => {}
            Ok(Ok(_)) => {
                return Err(Failure::new(
                    FailureKind::Unreachable,
                    "the broker does not speak MQTT",
                ));
            }
            Ok(Err(error)) => return Err(refused(settings, &error)),
            Err(_) => {
                return Err(Failure::new(
                    FailureKind::Unreachable,
                    "no CONNACK from the broker",
                ));
            }
        }
        tracing::info!(sink = %settings.name, host = %settings.host, port = settings.port, "connected");
        let lent = Lent::new(voice, &client);
        let pump = tokio::spawn(Box::pin(async move {
            let _lent = lent;
            pump(events).await
        }));
        Ok(Self {
            client,
            pump,
            since: Instant::now(),
        })
    }

    pub(super) fn is_down(&self) -> bool {
        self.pump.is_finished()
    }

    /// How long ago the broker took us in.
    pub(super) fn age(&self) -> Duration {
        self.since.elapsed()
    }

    /// Why the connection ended; waits until it has.
    pub(super) async fn ended(&mut self) -> Failure {
        let ended = (&mut self.pump).await;
        ended.unwrap_or_else(|_| cut("the connection to the broker was lost"))
    }

    /// Publishes and waits for the PUBACK of this packet. After a failure the link is of no use.
    pub(super) async fn publish(
        &mut self,
        topic: String,
        retain: bool,
        body: Vec<u8>,
    ) -> Result<(), Failure> {
        let options = at_least_once(retain);
        let acked = match self.client.publish_tracked(topic, body, options).await {
            Ok(notice) => notice.wait_completion_async().await.is_ok(),
            Err(_) => false,
        };
        if acked {
            return Ok(());
        }
        // Only the end of the connection takes a notice away.
        Err(self.ended().await)
    }

    /// Says goodbye in MQTT, so that the broker doesn't publish our last will.
    pub(super) async fn close(mut self) {
        if self.client.disconnect().await.is_ok() {
            let ended = tokio::time::timeout(Duration::from_secs(1), &mut self.pump);
            let _ = ended.await;
        }
    }
}

/// Turns the connection's wheel until it ends. The library would connect anew by itself and send
/// again what is owed; here that is the outbox's work, so the first error is the end.
async fn pump(mut events: EventLoop) -> Failure {
    loop {
        match events.poll().await {
            Ok(Event::Outgoing(Outgoing::Disconnect)) => {
                return cut("the connection to the broker was closed");
            }
            Ok(_) => {}
            Err(ConnectionError::MqttState(StateError::ConnectionAborted)) => {
                return cut("the broker closed the connection");
            }
            Err(error) => return cut(&format!("connection to the broker: {}", chain(&error))),
        }
    }
}

fn cut(words: &str) -> Failure {
    Failure::new(FailureKind::Cut, words)
}

fn with_will(settings: &MqttSettings) -> Result<MqttOptions, Failure> {
    let mut options = options(settings, &settings.client_id)?;
    let will = r#"{"state":"offline","reason":"connection lost"}"#;
    options.set_last_will(LastWill::new(
        settings.status_topic(),
        will,
        QoS::AtLeastOnce,
        true,
    ));
    Ok(options)
}

/// How any of our connections to this broker is made.
pub(super) fn options(settings: &MqttSettings, client_id: &str) -> Result<MqttOptions, Failure> {
    let broker = Broker::tcp(&settings.host, settings.port);
    let mut options = MqttOptions::new(client_id, broker);
    let keep_alive_s = settings.keep_alive.as_secs();
    options.set_keep_alive(u16::try_from(keep_alive_s).unwrap_or(u16::MAX));
    options.set_clean_session(true);
    options.set_max_packet_size(MAX_PACKET_BYTES, MAX_PACKET_BYTES);
    if let Some(username) = &settings.username {
        options.set_credentials(username, settings.password.expose().to_owned());
    }
    if let Some(tls) = &settings.tls {
        let trusting = trust::with_client(&tls.ca_file, tls.client.as_ref())
            .map_err(|why| Failure::new(FailureKind::Unreachable, why.to_string()))?;
        options.set_transport(Transport::tls_with_config(TlsConfiguration::from(trusting)));
    }
    Ok(options)
}

fn refused(settings: &MqttSettings, error: &ConnectionError) -> Failure {
    let user = settings.username.as_deref().unwrap_or("(no user name)");
    match error {
        ConnectionError::ConnectionRefused(
            ConnectReturnCode::BadUserNamePassword | ConnectReturnCode::NotAuthorized,
        ) => Failure::new(
            FailureKind::LogIn,
            format!("the broker refuses user {user:?} or the password"),
        ),
        ConnectionError::ConnectionRefused(code) => Failure::new(
            FailureKind::LogIn,
            format!("the broker refuses the connection: {code:?}"),
        ),
        other => {
            let words = trust::words(other).unwrap_or_else(|| chain(other));
            Failure::new(FailureKind::Unreachable, settings.password.scrub(&words))
        }
    }
}

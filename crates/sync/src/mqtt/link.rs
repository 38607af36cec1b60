//! One connection to a broker, from CONNACK to its end. It is never resumed: what it still owes
//! when it ends is known to the outbox, and a new connection starts with nothing in flight, so a
//! packet id can't be mistaken for one of an earlier connection.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use rumqttc::{
    AsyncClient, ConnectReturnCode, ConnectionError, Event, EventLoop, LastWill, MqttOptions,
    NetworkOptions, Outgoing, Packet, QoS, TlsConfiguration, Transport,
};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::MqttSettings;
use crate::failure::{Failure, FailureKind, chain};

/// Longest packet either way. A passage is a few kB.
const MAX_PACKET_BYTES: usize = 256 * 1024;

type Acked = oneshot::Sender<Result<(), Failure>>;

pub(super) struct Link {
    client: AsyncClient,
    owed: Arc<Mutex<Owed>>,
    task: JoinHandle<()>,
}

impl Drop for Link {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Link {
    pub(super) async fn connect(settings: &MqttSettings) -> Result<Self, Failure> {
        let (client, mut events) = AsyncClient::new(options(settings)?, 8);
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
        let owed = Arc::new(Mutex::new(Owed::default()));
        let task = tokio::spawn(Box::pin(pump(events, Arc::clone(&owed))));
        Ok(Self { client, owed, task })
    }

    pub(super) fn is_down(&self) -> bool {
        self.task.is_finished()
    }

    /// Publishes and waits for the PUBACK of this packet. Packets must be handed over one by one:
    /// `&mut` sees to that.
    pub(super) async fn publish(
        &mut self,
        topic: String,
        retain: bool,
        body: Vec<u8>,
    ) -> Result<(), Failure> {
        let (acked, answer) = oneshot::channel();
        lock(&self.owed).handed(acked)?;
        if self
            .client
            .publish(topic, QoS::AtLeastOnce, retain, body)
            .await
            .is_err()
        {
            return Err(cut("the connection to the broker has ended"));
        }
        answer
            .await
            .unwrap_or_else(|_| Err(cut("the connection to the broker was lost")))
    }

    /// Says goodbye in MQTT, so that the broker doesn't publish our last will.
    pub(super) async fn close(mut self) {
        if self.client.disconnect().await.is_ok() {
            let ended = tokio::time::timeout(std::time::Duration::from_secs(1), &mut self.task);
            let _ = ended.await;
        }
    }
}

/// Turns the connection's wheel until it ends, and answers who waits.
async fn pump(mut events: EventLoop, owed: Arc<Mutex<Owed>>) {
    loop {
        match events.poll().await {
            Ok(Event::Outgoing(Outgoing::Publish(pkid))) => lock(&owed).sent(pkid),
            Ok(Event::Incoming(Packet::PubAck(ack))) => lock(&owed).acked(ack.pkid),
            Ok(Event::Outgoing(Outgoing::Disconnect)) => break,
            Ok(_) => {}
            Err(error) => {
                lock(&owed).close(&cut(&format!(
                    "connection to the broker: {}",
                    chain(&error)
                )));
                return;
            }
        }
    }
    lock(&owed).close(&cut("the connection to the broker was closed"));
}

fn lock(owed: &Mutex<Owed>) -> std::sync::MutexGuard<'_, Owed> {
    owed.lock().unwrap_or_else(PoisonError::into_inner)
}

fn cut(words: &str) -> Failure {
    Failure::new(FailureKind::Cut, words)
}

/// Who waits for which PUBACK.
#[derive(Default)]
struct Owed {
    /// Handed over and not yet given a packet id, in that order.
    handed: VecDeque<Acked>,
    /// Sent under this packet id.
    sent: HashMap<u16, Acked>,
    closed: Option<Failure>,
}

impl Owed {
    fn handed(&mut self, acked: Acked) -> Result<(), Failure> {
        if let Some(failure) = &self.closed {
            return Err(failure.clone());
        }
        self.handed.push_back(acked);
        Ok(())
    }

    fn sent(&mut self, pkid: u16) {
        if let Some(acked) = self.handed.pop_front() {
            self.sent.insert(pkid, acked);
        }
    }

    fn acked(&mut self, pkid: u16) {
        if let Some(acked) = self.sent.remove(&pkid) {
            let _ = acked.send(Ok(()));
        }
    }

    fn close(&mut self, failure: &Failure) {
        for acked in self
            .handed
            .drain(..)
            .chain(self.sent.drain().map(|(_, acked)| acked))
        {
            let _ = acked.send(Err(failure.clone()));
        }
        self.closed = Some(failure.clone());
    }
}

fn options(settings: &MqttSettings) -> Result<MqttOptions, Failure> {
    let mut options = MqttOptions::new(&settings.client_id, &settings.host, settings.port);
    options.set_keep_alive(settings.keep_alive);
    options.set_clean_session(true);
    options.set_max_packet_size(MAX_PACKET_BYTES, MAX_PACKET_BYTES);
    if let Some(username) = &settings.username {
        options.set_credentials(username, settings.password.expose());
    }
    let will = r#"{"state":"offline","reason":"connection lost"}"#;
    options.set_last_will(LastWill::new(
        settings.status_topic(),
        will,
        QoS::AtLeastOnce,
        true,
    ));
    if let Some(tls) = &settings.tls {
        let ca = std::fs::read(&tls.ca_file).map_err(|error| {
            let words = format!("cannot read {}: {error}", tls.ca_file.display());
            Failure::new(FailureKind::Unreachable, words)
        })?;
        let simple = TlsConfiguration::Simple {
            ca,
            alpn: None,
            client_auth: None,
        };
        options.set_transport(Transport::tls_with_config(simple));
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
        other => Failure::new(
            FailureKind::Unreachable,
            settings.password.scrub(&chain(other)),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_puback_answers_only_the_packet_of_its_own_id() {
        let mut owed = Owed::default();
        let [(first, mut one), (second, mut two)] = [oneshot::channel(), oneshot::channel()];
        owed.handed(first).expect("open");
        owed.handed(second).expect("open");
        owed.acked(7);
        owed.sent(7);
        owed.sent(8);
        owed.acked(8);
        assert_eq!(two.try_recv(), Ok(Ok(())));
        assert!(one.try_recv().is_err(), "packet 7 is not acknowledged yet");
        owed.close(&cut("gone"));
        assert_eq!(one.try_recv(), Ok(Err(cut("gone"))));
        assert!(owed.handed(oneshot::channel().0).is_err());
    }
}

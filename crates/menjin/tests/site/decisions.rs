//! What a display at the gate hears over MQTT, and when.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use rumqttc::{AsyncClient, Broker, Event, MqttOptions, Packet, QoS};
use serde_json::Value;

use crate::connections::broker;
use crate::support::{Site, clip};

const MINUTE: Duration = Duration::from_secs(60);

/// Topic and message of everything published, in its order.
pub(crate) type Heard = Arc<Mutex<Vec<(String, Value)>>>;

/// Listens like a display.
pub(crate) fn display(port: u16) -> Heard {
    let mut options = MqttOptions::new("display", Broker::tcp("127.0.0.1", port));
    options.set_credentials("gate", "right-password");
    let (client, mut events) = AsyncClient::builder(options).capacity(8).build();
    let heard = Heard::default();
    let into = Arc::clone(&heard);
    tokio::spawn(async move {
        loop {
            match events.poll().await {
                Ok(Event::Incoming(Packet::ConnAck(_))) => {
                    let subscribed = client.subscribe("menjin/#", QoS::AtLeastOnce).await;
                    subscribed.expect("subscribed");
                }
                Ok(Event::Incoming(Packet::Publish(p))) => {
                    let topic = String::from_utf8(p.topic.to_vec()).expect("a topic");
                    // Pictures and whether we are there are no JSON, and no display's business.
                    if let Ok(body) = serde_json::from_slice(&p.payload) {
                        into.lock().expect("whole").push((topic, body));
                    }
                }
                Ok(_) => {}
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    });
    heard
}

#[tokio::test(flavor = "multi_thread")]
async fn a_display_hears_of_each_vehicle_before_its_record_and_under_the_same_serial() {
    let recording = format!("{{ file = \"{}\" }}", clip("short-720p.mp4").display());
    let site = Site::new().lane("a", "in", "front", &recording);
    let broker = broker(&site);
    let heard = display(broker.1);
    site.secret("mqtt", "right-password");
    let site = site.add(&format!(
        "[mqtt]\nhost = \"127.0.0.1\"\nport = {}\nusername = \"gate\"\npassword_file = \"mqtt\"\n",
        broker.1
    ));
    let mut daemon = site.start(&[]);
    let of = |kind: &str| -> Vec<(usize, Value)> {
        let heard = heard.lock().expect("whole");
        let of_kind = |topic: &str| topic.starts_with(&format!("menjin/T1/{kind}/"));
        let numbered = heard.iter().enumerate();
        numbered
            .filter(|(_, (topic, _))| of_kind(topic))
            .map(|(at, (_, body))| (at, body.clone()))
            .collect()
    };
    daemon.until("the record", 3 * MINUTE, |_| !of("passages").is_empty());
    let passage = site.passages().remove(0);
    let (said_at, decision) = of("decisions").remove(0);
    let (recorded_at, record) = of("passages").remove(0);
    assert!(said_at < recorded_at);
    let serial = passage.key.to_string();
    assert_eq!(
        (&decision["serial"], &record["serial"]),
        (&serial.clone().into(), &serial.into())
    );
    assert_eq!(decision["decision"], record["decision"]);
    assert_eq!(record["number"], passage.id.0);
    let path = record["photos"][0]["path"].as_str().expect("a path");
    assert!(site.data().join(path).is_file(), "{path}");
    assert_eq!(of("decisions").len(), site.passages().len(), "each once");
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
}

//! What Home Assistant is told so that it shows the gate by itself.

use serde_json::{Value, json};

use super::super::{HomeAssistant, MqttSettings, topic_part};

/// Topic and payload of everything that is announced.
pub(super) fn all(
    settings: &MqttSettings,
    home: &HomeAssistant,
    lanes: &[String],
) -> Vec<(String, Value)> {
    let gate = Gate {
        settings,
        home,
        node: node(&settings.site),
    };
    let mut all = vec![gate.uploads(), gate.alarms()];
    for lane in lanes {
        all.push(gate.event(lane));
        all.push(gate.problem(lane, "camera", "camera"));
        all.push(gate.problem(lane, "barrier", "barrier"));
        all.push(gate.held_open(lane));
        all.push(gate.arm(lane));
        if settings.pictures {
            all.push(gate.picture(lane));
        }
    }
    all
}

struct Gate<'a> {
    settings: &'a MqttSettings,
    home: &'a HomeAssistant,
    node: String,
}

impl Gate<'_> {
    /// Every decision is an event of its own: the same plate twice is two.
    fn event(&self, lane: &str) -> (String, Value) {
        let template = "{{ {'event_type': value_json.decision, 'plate': value_json.plate, \
                        'color': value_json.color, 'direction': value_json.direction, \
                        'reason': value_json.reason, 'serial': value_json.serial} | tojson }}";
        let own = json!({
            "name": format!("{lane} passage"),
            "icon": "mdi:boom-gate-arrow-up",
            "event_types": ["allow", "deny", "ask"],
            "state_topic": self.settings.live_topic(&format!("decisions/{}", topic_part(lane))),
            "value_template": template,
        });
        self.config("event", &format!("{}_passage", object(lane)), own)
    }

    fn problem(&self, lane: &str, of: &str, name: &str) -> (String, Value) {
        let own = json!({
            "name": format!("{lane} {name}"),
            "device_class": "problem",
            "state_topic": self.settings.live_topic(&format!("states/{of}/{}", topic_part(lane))),
        });
        self.config("binary_sensor", &format!("{}_{of}", object(lane)), own)
    }

    fn held_open(&self, lane: &str) -> (String, Value) {
        let own = json!({
            "name": format!("{lane} held open"),
            "icon": "mdi:boom-gate-up-outline",
            "state_topic": self.settings.live_topic(&format!("states/hold/{}", topic_part(lane))),
        });
        self.config("binary_sensor", &format!("{}_hold", object(lane)), own)
    }

    /// Where the arm is, as a word: inputs may say more than open or closed.
    fn arm(&self, lane: &str) -> (String, Value) {
        let own = json!({
            "name": format!("{lane} arm"),
            "icon": "mdi:boom-gate",
            "state_topic": self.settings.live_topic(&format!("states/arm/{}", topic_part(lane))),
        });
        self.config("sensor", &format!("{}_arm", object(lane)), own)
    }

    fn uploads(&self) -> (String, Value) {
        let own = json!({
            "name": "uploads",
            "device_class": "problem",
            "state_topic": self.settings.live_topic("states/uploads"),
        });
        self.config("binary_sensor", "uploads", own)
    }

    fn alarms(&self) -> (String, Value) {
        let own = json!({
            "name": "open alarms",
            "icon": "mdi:alarm-light",
            "state_topic": self.settings.live_topic("alarms/open"),
            "value_template": "{{ value_json.open }}",
        });
        self.config("sensor", "alarms", own)
    }

    fn picture(&self, lane: &str) -> (String, Value) {
        let own = json!({
            "name": format!("{lane} last passage"),
            "image_topic": self.settings.live_topic(&format!("pictures/{}", topic_part(lane))),
            "content_type": "image/jpeg",
        });
        self.config("image", &format!("{}_picture", object(lane)), own)
    }

    fn config(&self, component: &str, object: &str, mut own: Value) -> (String, Value) {
        let id = format!("{}_{object}", self.node);
        own["unique_id"] = id.clone().into();
        own["default_entity_id"] = format!("{component}.{}", id.to_lowercase()).into();
        own["availability_topic"] = self.settings.live_topic("availability").into();
        own["device"] = json!({
            "identifiers": [self.node],
            "name": format!("Menjin {}", self.settings.site),
            "manufacturer": "Menjin",
        });
        own["origin"] = json!({"name": "Menjin", "sw_version": env!("CARGO_PKG_VERSION")});
        let prefix = topic_part(&self.home.prefix);
        (
            format!("{prefix}/{component}/{}/{object}/config", self.node),
            own,
        )
    }
}

fn node(site: &str) -> String {
    format!("menjin_{}", object(site))
}

/// A name as Home Assistant takes it: other characters become their code.
fn object(name: &str) -> String {
    let part = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' => c.to_string(),
        other => format!("x{:x}", u32::from(other)),
    };
    name.chars().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_ids_that_home_assistant_takes_and_stay_apart() {
        assert_eq!(object("north-in"), "north-in");
        assert_ne!(object("厂/1"), object("厂_1"));
        assert!(object("厂/1").chars().all(|c| c.is_ascii_alphanumeric()));
    }
}

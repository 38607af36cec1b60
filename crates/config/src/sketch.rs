//! A lane as text to paste into a configuration.

use std::path::PathBuf;

use passage::Direction;
use settings::Printer;

/// What is known of a lane before anybody configured it: its camera.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LaneSketch {
    /// Its name.
    pub name: String,
    /// Number of its entrance.
    pub entrance: String,
    /// Number of its barrier.
    pub barrier: String,
    /// Which way vehicles usually go in it.
    pub direction: Option<Direction>,
    /// The camera sees vehicles from behind.
    pub sees_rear: bool,
    /// Where the stream is played, without user and password.
    pub url: String,
    /// As whom the camera is asked.
    pub user: Option<String>,
    /// Where its password is kept.
    pub password_file: Option<PathBuf>,
    /// The camera's address and its relay output, which is shown as an example only: nothing moves a barrier
    /// before somebody decided that it may.
    pub output: Option<(String, String)>,
}

impl LaneSketch {
    /// As a table of the configuration.
    #[must_use]
    pub fn text(&self) -> String {
        let mut printer = Printer::default();
        printer.one_of_tables("lane", |p| {
            p.value("name", self.name.as_str());
            p.value("entrance", self.entrance.as_str());
            p.value("barrier", self.barrier.as_str());
            p.value(
                "direction",
                self.direction.unwrap_or(Direction::In).as_str(),
            );
            p.value("view", if self.sees_rear { "rear" } else { "front" });
            p.table("camera", |p| {
                p.value("url", self.url.as_str());
                p.maybe("user", self.user.as_deref());
                p.maybe_path("password_file", self.password_file.as_deref());
            });
        });
        if let Some((address, output)) = &self.output {
            let mut relay = Printer::default();
            relay.value("driver", "onvif");
            relay.value("address", address.as_str());
            relay.value("output", output.as_str());
            relay.maybe("user", self.user.as_deref());
            relay.maybe_path("password_file", self.password_file.as_deref());
            printer.note(&format!("[lane.relay]\n{}", relay.into_text()));
        }
        printer.into_text()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_loads_and_moves_no_barrier() {
        let folder = tempfile::tempdir().expect("a folder");
        let secret = folder.path().join("camera");
        std::fs::write(&secret, "password\n").expect("written");
        let only_ours = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&secret, only_ours).expect("closed");
        let sketch = LaneSketch {
            name: "north-in".to_owned(),
            entrance: "A".to_owned(),
            barrier: "01".to_owned(),
            direction: Some(Direction::Out),
            sees_rear: true,
            url: "rtsp://192.168.1.64:554/ch?x=1&y=\"2\"".to_owned(),
            user: Some("gate".to_owned()),
            password_file: Some(secret),
            output: Some(("192.168.1.64".to_owned(), "AlarmOut_1".to_owned())),
        };
        let path = folder.path().join("menjin.toml");
        std::fs::write(&path, sketch.text()).expect("written");
        let config = crate::load(&path).map_err(|e| e.text(words::Language::En));
        let lane = &config.expect("loads").lanes[0];
        assert_eq!((&*lane.name, &*lane.entrance), ("north-in", "A"));
        assert!(lane.relay.is_none());
        // The example loads as well, once its marks are taken away.
        let whole = sketch.text().replace("# ", "");
        std::fs::write(&path, whole).expect("written");
        let config = crate::load(&path).map_err(|e| e.text(words::Language::En));
        assert!(config.expect("loads").lanes[0].relay.is_some());
    }
}

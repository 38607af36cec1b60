//! Strategies, visitors and the over-limit list on the command line, and what comes of them at the gate.

use std::time::Duration;

use jiff::Timestamp;
use ledger::{NewDownlink, NewRevision, Options, Writer};
use passage::{RecordKey, RecordState, Register};
use serde_json::{Value, json};

use crate::connections::broker;
use crate::decisions::display;
use crate::support::{Site, clip, menjin, text};

const MINUTE: Duration = Duration::from_secs(60);
const PLATE: &str = "苏A12345";
const WORDS: &str = "禁行国四及以下重型柴油（燃气）车";
const BY: [&str; 4] = ["--who", "刘主任", "--why", "红色预警"];

struct Gate {
    site: Site,
    config: String,
}

impl Gate {
    /// With a truck of China IV in the register, and what a platform has sent.
    fn new() -> Self {
        let camera = "{ url = \"rtsp://127.0.0.1:9/x\" }";
        let site = Site::speaking("zh").lane("north-in", "in", "front", camera);
        let config = site.config();
        let data = site.data();
        std::fs::create_dir_all(&data).expect("made");
        let mut writer = Writer::open(&data, Options::default()).expect("a ledger");
        let values = json!({"plateNo": PLATE, "plateColor": "yellow", "vehicleType": "Q11",
                            "fuelType": "B", "emissionStandard": "4"});
        let revision = NewRevision {
            key: RecordKey::random(),
            register: Register::Vehicle,
            base: 0,
            identity: format!("{PLATE}|yellow"),
            values: serde_json::from_value(values).expect("an object"),
            state: RecordState::Approved,
            at: Timestamp::now(),
            who: "李工".to_owned(),
            why: "行驶证".to_owned(),
            files: Vec::new(),
        };
        writer.write_records(&[revision]).expect("written");
        let entry = |id: &str, parsed: Value| NewDownlink {
            platform_id: id.to_owned(),
            sha256: id.to_owned(),
            raw: json!({}),
            parsed,
        };
        let strategy = entry("S-1", json!({"measures": WORDS, "strategyId": "S-1"}));
        let listed = json!({"plateNo": "苏A99999", "plateColor": "yellow"});
        for (kind, entry) in [("strategy", strategy), ("over_limit", entry("V-1", listed))] {
            let kept = writer.keep_downlinks("p", kind, &[entry], Timestamp::now());
            kept.expect("kept");
        }
        Self { site, config }
    }

    fn told(&self, args: &[&str]) -> (Option<i32>, String) {
        let all = [&args[..1], &["--config", &self.config], &args[1..]].concat();
        let out = menjin(&all);
        (out.status.code(), text(&out.stdout) + &text(&out.stderr))
    }

    fn does(&self, args: &[&str]) -> String {
        let (code, said) = self.told(args);
        assert_eq!(code, Some(0), "{args:?}: {said}");
        said
    }

    fn by(&self, args: &[&str]) -> String {
        self.does(&[args, &BY].concat())
    }

    fn explained(&self) -> Value {
        let said = self.does(&["policy", "explain", PLATE, "--color", "黄", "--json"]);
        serde_json::from_str(&said).expect("JSON")
    }
}

#[test]
fn a_platforms_words_move_nothing_until_somebody_confirms_the_rule_and_it_can_be_ended() {
    let gate = Gate::new();
    assert_eq!(gate.explained()["verdict"], "allow");
    let listed = gate.does(&["strategy", "list"]);
    assert!(
        listed.contains(WORDS) && listed.contains("待处理"),
        "{listed}"
    );
    let shown = gate.does(&["strategy", "show", "1"]);
    assert!(shown.contains("emission_up_to = 4"), "{shown}");
    gate.by(&["strategy", "confirm", "1"]);
    let denied = gate.explained();
    assert_eq!(
        (&denied["verdict"], &denied["reason"]),
        (&json!("deny"), &json!("strategy_denied"))
    );
    assert_eq!(denied["source"]["by"], "刘主任");
    assert_eq!(
        denied["otherwise"][0],
        json!({"lacks": "emission", "value": "5"})
    );
    let said = gate.does(&["policy", "explain", PLATE, "--color", "黄"]);
    assert!(
        said.contains("禁行") && said.contains("国五") && said.contains("刘主任"),
        "{said}"
    );
    let (code, said) = gate.told(
        &[
            &["strategy", "confirm", "1", "--template", "china3"],
            &BY[..],
        ]
        .concat(),
    );
    assert_eq!(code, Some(0), "changed in place of the first: {said}");
    assert_eq!(
        gate.explained()["verdict"],
        "allow",
        "China IV is not China III"
    );
    let listed = gate.does(&["strategy", "list"]);
    let key = listed
        .lines()
        .rfind(|line| !line.starts_with(' '))
        .expect("a rule");
    let key = key
        .split_whitespace()
        .next()
        .expect("its number")
        .to_owned();
    gate.by(&["strategy", "end", &key]);
    assert!(gate.does(&["strategy", "list"]).contains("已结束"));
}

#[test]
fn a_strategys_file_with_mistakes_or_of_a_megabyte_is_refused_in_clear_words_and_moves_nothing() {
    let gate = Gate::new();
    let file = gate.site.folder.path().join("strategy.toml");
    let path = file.to_string_lossy().into_owned();
    let add = [&["strategy", "add", "--file", &path], &BY[..]].concat();
    std::fs::write(&file, "title = \"停\"\n[[ban]]\nfuels = [\"煤油\"]\n").expect("written");
    let (code, said) = gate.told(&add);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("第 3 行") && said.contains("煤油"), "{said}");
    std::fs::write(&file, format!("title = \"{}\"", "停".repeat(350_000))).expect("written");
    let (code, said) = gate.told(&add);
    assert!(code == Some(2) && said.contains("64 KB"), "{said}");
    std::fs::write(&file, b"title = \"\xB1\xB1\"\n").expect("written");
    let (code, said) = gate.told(&add);
    assert!(code == Some(2) && said.contains("另存为"), "{said}");
    assert_eq!(gate.explained()["verdict"], "allow");
    std::fs::write(&file, "title = \"停\"\n[[ban]]\nfuels = [\"柴油\"]\n").expect("written");
    gate.does(&add);
    assert_eq!(gate.explained()["verdict"], "deny");
    let replayed = gate.does(&["policy", "replay", "--from", "本月", "--with", &path]);
    assert!(replayed.contains("共 0 次通行"), "{replayed}");
}

#[test]
fn visitors_and_answers_to_the_over_limit_list_are_kept_and_listed() {
    let gate = Gate::new();
    gate.by(&[
        "visitor",
        "add",
        "--plate",
        "苏Ａ·55555",
        "--color",
        "黄",
        "--until",
        "2999-12-31",
        "--per-day",
        "2",
        "--host",
        "王工",
    ]);
    let listed = gate.does(&["visitor", "list"]);
    assert!(
        listed.contains("苏A55555") && listed.contains("每天 2 次"),
        "{listed}"
    );
    let evidence = gate.site.folder.path().join("evidence.pdf");
    std::fs::write(&evidence, "%PDF-1.7 a certificate").expect("written");
    let path = evidence.to_string_lossy().into_owned();
    gate.by(&["over-limit", "contest", "2", "--evidence", &path]);
    let listed = gate.does(&["over-limit", "list"]);
    assert!(
        listed.contains("有异议") && listed.contains(".pdf"),
        "{listed}"
    );
    gate.site.assert_sound();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strategy_in_force_denies_at_the_gate_with_its_reason_in_the_row_and_over_mqtt() {
    let recording = format!("{{ file = \"{}\" }}", clip("short-720p.mp4").display());
    let site = Site::new().lane("a", "in", "front", &recording);
    let broker = broker(&site);
    let heard = display(broker.1);
    site.secret("mqtt", "right-password");
    let site = site.add(&format!(
        "[mqtt]\nhost = \"127.0.0.1\"\nport = {}\nusername = \"gate\"\npassword_file = \"mqtt\"\n",
        broker.1
    ));
    site.make_ledger();
    let file = site.folder.path().join("strategy.toml");
    std::fs::write(
        &file,
        "title = \"nothing moves\"\nspares_new_energy = false\n[[ban]]\n",
    )
    .expect("written");
    let path = file.to_string_lossy().into_owned();
    let config = site.config();
    let add = ["strategy", "add", "--config", &config, "--file", &path];
    let added = menjin(&[&add, &BY[..]].concat());
    assert_eq!(added.status.code(), Some(0), "{}", text(&added.stderr));
    let mut daemon = site.start(&[]);
    let of = |kind: &str| -> Vec<Value> {
        let heard = heard.lock().expect("whole");
        let of_kind = |topic: &str| topic.starts_with(&format!("menjin/T1/{kind}/"));
        let of_kind = heard.iter().filter(|(topic, _)| of_kind(topic));
        of_kind.map(|(_, body)| body.clone()).collect()
    };
    daemon.until("the record", 3 * MINUTE, |_| !of("passages").is_empty());
    let passage = site.passages().remove(0);
    assert_eq!(passage.decision, passage::Verdict::Deny);
    assert_eq!(passage.reason, "strategy_denied");
    let source = passage.grounds.source.expect("the strategy");
    assert_eq!(
        (source.name.as_str(), source.by.as_deref()),
        ("nothing moves", Some("刘主任"))
    );
    let decision = of("decisions").remove(0);
    assert_eq!(
        (&decision["decision"], &decision["reason"]),
        (&json!("deny"), &json!("strategy_denied"))
    );
    assert_eq!(decision["source"]["name"], "nothing moves");
    assert_eq!(decision["otherwise"][0]["lacks"], "ended");
}

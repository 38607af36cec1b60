//! Every place where a plate or a number comes in, as people and their software write it: one spelling
//! is stored and found, and O and I are offered as 0 and 1 and never changed.

use std::path::Path;

use jiff::Timestamp;
use ledger::{NewDownlink, Options, Writer};
use serde_json::json;

use crate::support::{Site, free_port, menjin, text};

/// As four people write one plate.
const SPELLINGS: [&str; 4] = ["苏Ａ１２３４５", " 苏a·12345", "苏A-12345", "苏Ａ・12345"];
const PLATE: &str = "苏A12345";
/// With a letter where only a digit can stand, and what was perhaps meant.
const LETTER: &str = "苏A1234O";
const MEANT: &str = "苏A12340";
const BY: [&str; 4] = ["--who", "李工", "--why", "登记"];
const TOKEN: &str = "0123456789abcdef-weighbridge";

struct Gate {
    site: Site,
    config: String,
}

impl Gate {
    fn new(more: &str) -> Self {
        let camera = "{ url = \"rtsp://127.0.0.1:9/x\" }";
        let site = Site::new().lane("north-in", "in", "front", camera);
        let site = site.add(more);
        let config = site.config();
        Self { site, config }
    }

    fn told(&self, args: &[&str]) -> (Option<i32>, String) {
        let (command, rest) = args.split_first().expect("a command");
        let out = menjin(&[&[*command, "--config", &self.config], rest].concat());
        (out.status.code(), text(&out.stdout) + &text(&out.stderr))
    }

    fn enter(&self, at: &str, plate: &str) -> (Option<i32>, String) {
        let place = "--color 黄 --direction in --entrance Ａ --barrier ０１";
        let args = ["enter", "--at", at, "--plate", plate].into_iter();
        let args: Vec<&str> = args.chain(place.split(' ')).chain(BY).collect();
        self.told(&args)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.site.folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path.to_string_lossy().into_owned()
    }

    fn plate_of(&self, index: usize) -> String {
        self.site.passages()[index].reading.plate.clone()
    }

    /// Refused, nothing changed, and what was perhaps meant is offered.
    #[track_caller]
    fn offers(&self, args: &[&str]) {
        let (code, said) = self.told(args);
        assert_ne!(code, Some(0), "{args:?}: {said}");
        assert!(said.contains(MEANT), "{args:?}: {said}");
    }
}

#[test]
fn paper_corrections_and_searches_take_a_plate_in_any_spelling() {
    let gate = Gate::new("");
    for (hour, plate) in SPELLINGS.iter().enumerate() {
        let at = format!("2026-03-01 {:02}:30", hour + 8);
        let (code, said) = gate.enter(&at, plate);
        assert_eq!(code, Some(0), "{plate}: {said}");
        assert_eq!(gate.plate_of(hour), PLATE, "{plate}");
    }
    for plate in SPELLINGS {
        let found = gate.told(&["passages", "--plate", plate]).1;
        assert_eq!(found.matches(PLATE).count(), 4, "{plate}: {found}");
        let other = plate.replace(['5', '５'], "6");
        let correct = ["correct", "１", "--plate", &other];
        assert_eq!(gate.told(&[&correct[..], &BY].concat()).0, Some(0));
        assert_eq!(gate.plate_of(0), "苏A12346");
        let back = ["correct", "1", "--plate", plate];
        assert_eq!(gate.told(&[&back[..], &BY].concat()).0, Some(0));
        assert_eq!(gate.plate_of(0), PLATE);
    }
    gate.offers(&[&["correct", "1", "--plate", LETTER][..], &BY].concat());
    assert_eq!(gate.plate_of(0), PLATE);
    let (code, said) = gate.enter("2026-03-02 08:30", LETTER);
    assert!(code == Some(2) && said.contains(MEANT), "{said}");
    let searched = gate.told(&["passages", "--plate", LETTER]).1;
    assert!(searched.contains(MEANT), "{searched}");
}

#[test]
fn registers_take_a_plate_in_any_spelling_from_the_command_line_and_from_tables() {
    let gate = Gate::new("");
    let set = |plate: &str| {
        let item = format!("plateNo={plate}");
        let args = ["register", "set", "vehicle", &item, "plateColor=黄"];
        gate.told(&[&args[..], &BY].concat())
    };
    let listed = || gate.told(&["register", "list", "vehicle"]).1;
    for plate in SPELLINGS {
        assert_eq!(set(plate).0, Some(0), "{plate}");
        assert_eq!(
            listed().lines().count(),
            1,
            "the same vehicle: {}",
            listed()
        );
        let csv = gate.file("v.csv", format!("车牌号码,号牌颜色\n{plate},黄\n"));
        let import = ["register", "import", "vehicle", &csv];
        let (code, said) = gate.told(&[&import[..], &BY].concat());
        assert_eq!(code, Some(0), "{plate}: {said}");
        assert!(
            said.contains("1 unchanged") || listed().lines().count() == 1,
            "{said}"
        );
        let (code, said) = gate.told(&["register", "show", "vehicle", plate]);
        assert!(code == Some(0) && said.contains(PLATE), "{said}");
    }
    assert_ne!(set(LETTER).0, Some(0));
    assert!(set(LETTER).1.contains(MEANT), "{}", set(LETTER).1);
    let csv = gate.file("o.csv", format!("车牌号码,号牌颜色\n{LETTER},黄\n"));
    gate.offers(&[&["register", "import", "vehicle", &csv][..], &BY].concat());
    let book = gate.file("o.xlsx", workbook(LETTER));
    gate.offers(&[&["register", "import", "vehicle", &book][..], &BY].concat());
    gate.offers(&["register", "show", "vehicle", LETTER]);
    assert_eq!(listed().lines().count(), 1);
}

fn workbook(plate: &str) -> Vec<u8> {
    let out = std::io::Cursor::new(Vec::new());
    let heads = ["车牌号码", "号牌颜色"];
    let mut table = records::TableWriter::new(out, records::TableFormat::Xlsx, "车辆", &heads)
        .expect("a table");
    let cells = [plate, "黄"].map(|text| records::Cell::text(Some(text)));
    table.row(&cells).expect("a row");
    table.finish().expect("a workbook").into_inner()
}

#[test]
fn weighings_of_a_table_take_plates_and_numbers_in_either_width() {
    let gate = Gate::new("");
    assert_eq!(gate.enter("2026-03-01 08:30", PLATE).0, Some(0));
    let import = |table: String| {
        let csv = gate.file("w.csv", table);
        gate.told(&["weighbridge", "import", &csv, "--who", "李工"])
    };
    let head = "车牌号码,称重时间,毛重（ｋｇ）,皮重(kg),磅单号\n";
    let row = "苏Ａ·１２３４５,２０２６／３／１　８：４０,４９０２０,\"１７，５００\",B1\n";
    let (code, said) = import(format!("{head}{row}"));
    assert_eq!(code, Some(0), "{said}");
    let cargo = gate.site.passages()[0].cargo.clone().expect("matched");
    assert_eq!(cargo.amount, Some(31.52));
    let (code, said) = import(format!("{head}{}", row.replace("４５,", "４O,")));
    assert!(code == Some(1) && said.contains(MEANT), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn weighings_over_http_take_plates_and_numbers_in_either_width() {
    let port = free_port();
    let gate = Gate::new(&format!(
        "[weighbridge]\nlisten = \"127.0.0.1:{port}\"\ntoken_file = \"token\"\n"
    ));
    gate.site.secret("token", TOKEN);
    let _daemon = gate.site.start(&[]);
    let now = Timestamp::now().to_zoned(jiff::tz::TimeZone::get("Asia/Shanghai").expect("known"));
    let at = now.strftime("%Y-%m-%d %H:%M").to_string();
    assert_eq!(gate.enter(&at, PLATE).0, Some(0));
    let client = reqwest::Client::new();
    let post = async |plate: &str, ticket: &str| {
        let record = json!({
            "plate": plate, "weighedAt": at, "ticket": ticket, "netT": "３１．５２",
        });
        let request = client.post(format!("http://127.0.0.1:{port}/weighings"));
        let request = request.header("authorization", format!("Bearer {TOKEN}"));
        let answer = request
            .body(record.to_string())
            .send()
            .await
            .expect("answers");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    };
    let (status, said) = post(SPELLINGS[0], "Ｂ１").await;
    assert!(status == 201 && said.contains("\"matched\":1"), "{said}");
    assert!(!said.contains("hints"), "{said}");
    let cargo = gate.site.passages()[0].cargo.clone().expect("matched");
    assert_eq!(
        (cargo.amount, cargo.ticket.as_deref()),
        (Some(31.52), Some("B1"))
    );
    let (status, said) = post(LETTER, "B2").await;
    assert!(
        status == 201 && said.contains(MEANT),
        "kept as it is: {said}"
    );
    assert!(said.contains("\"unmatched\":1"), "{said}");
}

#[test]
fn lists_of_the_configuration_take_a_plate_in_any_spelling() {
    for plate in SPELLINGS {
        let gate = Gate::new(&format!("[gate]\ndeny = [{{ plate = \"{plate}\" }}]\n"));
        let (code, shown) = gate.told(&["config"]);
        assert!(code == Some(0) && shown.contains(PLATE), "{shown}");
    }
    let gate = Gate::new(&format!("[gate]\ndeny = [{{ plate = \"{LETTER}\" }}]\n"));
    gate.offers(&["config"]);
}

#[test]
fn a_platforms_list_with_a_letter_for_a_digit_is_shown_with_what_was_perhaps_meant() {
    let gate = Gate::new("");
    keep_list(&gate.site.data());
    let (code, said) = gate.told(&["downlinks"]);
    assert!(
        code == Some(0) && said.contains(LETTER),
        "as it was sent: {said}"
    );
    assert!(said.contains(MEANT), "{said}");
}

fn keep_list(data: &Path) {
    std::fs::create_dir_all(data).expect("made");
    let mut writer = Writer::open(data, Options::default()).expect("a ledger");
    let entry = NewDownlink {
        platform_id: "1".to_owned(),
        sha256: "1".to_owned(),
        raw: json!({}),
        parsed: json!({"plateNo": LETTER, "plateColor": "yellow"}),
    };
    let kept = writer.keep_downlinks("p", "over_limit", &[entry], Timestamp::now());
    kept.expect("kept");
}

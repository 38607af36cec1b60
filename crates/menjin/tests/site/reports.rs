//! Reports as workbooks.

use std::collections::BTreeMap;

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use simulator::{Endpoint, FaultAnswer, Faults, Options, serve};

use crate::support::{Site, menjin, text};

/// Every sheet with its rows as text.
fn sheets(path: &std::path::Path) -> BTreeMap<String, Vec<Vec<String>>> {
    let mut book: Xlsx<_> = open_workbook(path).expect("a workbook");
    book.worksheets()
        .into_iter()
        .map(|(name, range)| {
            let rows = range.rows();
            let text = rows.map(|row| row.iter().map(shown).collect());
            (name, text.collect())
        })
        .collect()
}

/// A cell as a person sees it, a date without its time.
fn shown(cell: &Data) -> String {
    match cell {
        Data::DateTime(at) => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => other.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_months_report_says_what_was_generated_delivered_refused_and_is_missing() {
    let platform = serve(Options::default()).await.expect("listens");
    platform.set_faults(Faults {
        answer: FaultAnswer::ErrorBody {
            code: "422".to_owned(),
            msg: "=cmd|'/c calc'!A1".to_owned(),
        },
        endpoint: Some(Endpoint::Passage),
        plate: Some("苏B54321".to_owned()),
        ..Faults::default()
    });
    let camera = "{ url = \"rtsp://127.0.0.1:9/x\" }";
    let site = Site::new()
        .lane("north-in", "in", "front", camera)
        .regulator(platform.addr.port());
    let config = site.config();
    let mut daemon = site.start(&[]);
    let today = jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::get("Asia/Shanghai").expect("a zone"))
        .date();
    for plate in ["苏A12345", "苏B54321"] {
        let at = format!("{today}T00:00");
        let enter = [
            "enter",
            "--config",
            &config,
            "--at",
            &at,
            "--plate",
            plate,
            "--color",
            "黄",
            "--direction",
            "in",
            "--entrance",
            "A",
            "--barrier",
            "01",
            "--who",
            "门卫",
            "--why",
            "停电",
        ];
        let out = menjin(&enter);
        assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    }
    daemon.until(
        "one taken, one refused",
        std::time::Duration::from_secs(60),
        |_| {
            let reader = ledger::Reader::open(&site.data()).expect("a ledger");
            let counters = reader.counters("platform:r").expect("read");
            (counters.acknowledged, counters.refused) == (1, 1)
        },
    );

    let path = site.folder.path().join("report.xlsx");
    let file = path.to_string_lossy();
    let month = today.strftime("%Y-%m").to_string();
    let args = [
        "report", "--config", &config, "--month", &month, "--xlsx", &file,
    ];
    let out = menjin(&args);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let sheets = sheets(&path);
    let sheet = |start: &str| {
        let found = sheets.iter().find(|(name, _)| name.starts_with(start));
        found.map(|(_, rows)| rows.clone()).expect("the sheet")
    };
    let day = today.to_string();
    let rates = sheet("传输率");
    assert!(rates[0][0].starts_with("截至"), "{rates:?}");
    assert!(rates[1][0].starts_with("台账第一条"), "{rates:?}");
    assert!(rates[2][0].starts_with("日期"), "{rates:?}");
    let [
        when,
        name,
        _,
        generated,
        acknowledged,
        refused,
        waiting,
        rate,
        ..,
    ] = &rates[3][..]
    else {
        panic!("{rates:?}");
    };
    assert_eq!((when, name.as_str()), (&day, "r"));
    let counts = [generated, acknowledged, refused, waiting, rate].map(String::as_str);
    assert_eq!(counts, ["2", "1", "1", "0", "50"]);
    let passages = sheet("通行统计");
    assert_eq!(passages[3][4], "2", "{passages:?}");
    assert_eq!(passages[3][8], "2", "both from paper: {passages:?}");
    let refused = sheet("平台拒收");
    assert!(
        refused[3][4].contains("=cmd|"),
        "a text, as it came: {refused:?}"
    );
    let gaps = sheet("缺口");
    assert_eq!(
        gaps.len(),
        3,
        "days of before the first passage and to come are no gaps: {gaps:?}"
    );
    drop(daemon);
    platform.stop().await;
}

/// The limit that counts, 200 ms over 24 months, is that of `scripts/soak query`: other tests run beside this
/// one.
#[test]
fn twenty_thousand_rows_are_found_and_exported_in_time() {
    let bench =
        "bench ledger --months 1 --per-day 667 --vehicles 800 --runs 10 --export --limit-ms 2000";
    let out = menjin(&bench.split(' ').collect::<Vec<_>>());
    let said = text(&out.stdout) + &text(&out.stderr);
    assert_eq!(out.status.code(), Some(0), "{said}");
    assert!(said.contains("20010 passages"), "{said}");
    assert!(said.contains("month.xlsx: 20010 rows"), "{said}");
}

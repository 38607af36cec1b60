//! What people do beside the gate: registers, corrections, paper and weighings, with the daemon and
//! without it.

use std::time::Duration;

use passage::{PhotoKind, RecordId, Register};

use crate::support::{Site, clip, menjin, text};

const MINUTE: Duration = Duration::from_secs(60);
const BY: [&str; 4] = ["--who", "李工", "--why", "登记"];

/// Runs a command to its end; gives its exit code and everything it said.
fn told(args: &[&str]) -> (Option<i32>, String) {
    let out = menjin(args);
    (out.status.code(), text(&out.stdout) + &text(&out.stderr))
}

fn site() -> Site {
    // Its camera is never opened by these commands.
    Site::new().lane(
        "north-in",
        "in",
        "front",
        "{ url = \"rtsp://127.0.0.1:9/x\" }",
    )
}

#[test]
fn a_register_comes_in_from_excel_is_reviewed_and_goes_out_again() {
    let site = site();
    let config = site.config();
    let file = |name: &str, content: &[u8]| {
        let path = site.folder.path().join(name);
        std::fs::write(&path, content).expect("written");
        path.to_string_lossy().into_owned()
    };
    let head = "车牌号码,号牌颜色,车辆类型,车辆识别代号,注册登记日期,品牌型号,燃料类型,排放标准,使用性质,联网状态,行驶证\n";
    let good =
        "苏A12345,黄,H11,11111111111111111,2021-06-30,解放,柴油,国六,货运,已联网,licence.jpg\n";
    let bad = "苏B54321,2,H11,SHORT,2021-06-30,解放,柴油,国六,货运,已联网,\n";
    let licence = frame::Picture::filled(64, 40, [200, 10, 10]);
    let licence = photo::encode_jpeg(&licence, 85).expect("a picture");
    file("licence.jpg", &licence);
    let register = |args: &[&str]| {
        let mut all = vec!["register", "--config", &config];
        all.extend(args);
        told(&all)
    };

    let wrong = file("wrong.csv", (head.to_owned() + good + bad).as_bytes());
    let (code, said) = register(&[&["import", "vehicle", &wrong][..], &BY].concat());
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("row 3 column B"), "{said}");
    assert!(said.contains("row 3 column D"), "{said}");
    assert!(said.contains("nothing was imported"), "{said}");
    assert_eq!(register(&["list", "vehicle"]), (Some(0), String::new()));

    let right = file("right.csv", (head.to_owned() + good).as_bytes());
    let import = [&["import", "vehicle", &right][..], &BY].concat();
    let (code, said) = register(&import);
    assert_eq!(
        (code, said.as_str()),
        (Some(0), "1 imported, 0 unchanged\n")
    );
    let (_, said) = register(&["list", "vehicle"]);
    assert!(said.contains("苏A12345|yellow  r1  checked"), "{said}");

    let approve = [&["review", "approve", "vehicle", "苏A·12345"][..], &BY].concat();
    let (code, said) = register(&approve);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = register(
        &[
            &["set", "vehicle", "plateNo=苏A12345", "号牌颜色=黄", "vin=X"][..],
            &BY,
        ]
        .concat(),
    );
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("17 characters"), "{said}");

    let out = site.folder.path().join("out.xlsx");
    let out = out.to_string_lossy();
    let (code, said) = register(&["export", "vehicle", &out]);
    assert_eq!(code, Some(0), "{said}");
    let again = [&["import", "vehicle", &out][..], &BY].concat();
    let (code, said) = register(&again);
    assert_eq!(
        (code, said.as_str()),
        (Some(0), "0 imported, 1 unchanged\n")
    );

    let reader = ledger::Reader::open(&site.data()).expect("a ledger");
    let records = reader
        .records(Register::Vehicle, RecordId(0), 10)
        .expect("read");
    assert_eq!((records.len(), records[0].revision), (1, 2));
    let licence = records[0].file("drivingLicensePhoto").expect("kept");
    let kept = reader.file_bytes(licence).expect("whole");
    let kept = photo::decode_jpeg(&kept).expect("a picture");
    assert_eq!((kept.width(), kept.height()), (64, 40));
    let incomplete = [
        &["set", "vehicle", "plateNo=苏C00001", "plateColor=黄"][..],
        &BY,
    ]
    .concat();
    assert_eq!(register(&incomplete).0, Some(0));
    let (code, said) = register(&[&["review", "approve", "vehicle", "苏C00001"][..], &BY].concat());
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("VIN: required but missing"), "{said}");
}

#[test]
fn paper_and_weighings_are_entered_found_and_exported_while_no_daemon_runs() {
    let site = site();
    let config = site.config();
    let run = |args: &[&str]| {
        let (command, rest) = args.split_first().expect("a command");
        let mut all = vec![*command];
        if *command == "weighbridge" {
            all.extend(&rest[..1]);
            all.extend(["--config", &config]);
            all.extend(&rest[1..]);
        } else {
            all.extend(["--config", &config]);
            all.extend(rest);
        }
        told(&all)
    };
    let enter = |at: &str, direction: &str| {
        let args = [
            "enter",
            "--at",
            at,
            "--plate",
            "苏A12345",
            "--color",
            "黄",
            "--direction",
            direction,
            "--entrance",
            "A",
            "--barrier",
            "01",
            "--who",
            "门卫",
            "--why",
            "停电",
        ];
        let (code, said) = run(&args);
        assert_eq!(code, Some(0), "{said}");
    };
    enter("2026-03-01T08:30", "进");
    enter("2026-03-01T10:00", "出");
    let csv = site.folder.path().join("weigh.csv");
    std::fs::write(
        &csv,
        "plate,time,gross(t),tare(t),cargo\n苏A12345,2026-03-01 08:40,49,17.5,焦炭\n",
    )
    .expect("written");
    let csv = csv.to_string_lossy();
    let (code, said) = run(&["weighbridge", "import", &csv, "--who", "地磅"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("1 matched"), "{said}");

    let (code, said) = run(&["passages", "--plate", "A1Z34S", "--similar", "--json"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.lines().count(), 2, "{said}");
    let (_, said) = run(&[
        "passages",
        "--from",
        "2026-03-01",
        "--until",
        "2026-03-01",
        "--visits",
    ]);
    assert!(
        said.contains("2026-03-01 08:30:00 #1  2026-03-01 10:00:00 #2"),
        "{said}"
    );
    let table = site.folder.path().join("march.csv");
    let path = table.to_string_lossy();
    let (code, said) = run(&[
        "passages",
        "--from",
        "2026-03-01",
        "--until",
        "2026-03-31",
        "--csv",
        &path,
    ]);
    assert_eq!(code, Some(0), "{said}");
    let table = std::fs::read_to_string(table).expect("a table");
    assert_eq!(table.lines().count(), 3, "{table}");
    assert!(
        table.contains(",coke,") || table.contains(",焦炭,31.5,t,"),
        "{table}"
    );
    let (code, said) = run(&["passages", "--plate", "5"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("62 days"), "{said}");
}

#[test]
fn a_plate_is_kept_and_found_however_a_person_types_it_and_what_is_none_is_refused() {
    let site = site();
    let config = site.config();
    let run = |args: &[&str], by: &[&str]| {
        let (command, rest) = args.split_first().expect("a command");
        told(&[&[*command, "--config", &config][..], rest, by].concat())
    };
    let enter = |plate: &str, color: &str, more: &[&str]| {
        let paper = "enter --at 2026-03-01T08:30 --direction 进 --entrance A --barrier 01";
        let mut args: Vec<&str> = paper.split(' ').collect();
        args.extend(["--plate", plate, "--color", color]);
        args.extend(more);
        run(&args, &BY)
    };
    let plate = || site.passages()[0].reading.plate.clone();

    let (code, said) = enter("豫Ｈ·９６ＵＷ７", "蓝", &[]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(plate(), "豫H96UW7");
    for typed in ["豫H·96UW7", "豫H 96UW7", " 豫Ｈ９６ｕｗ７", "Ｈ·96"] {
        let (code, said) = run(&["passages", "--plate", typed], &[]);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("豫H96UW7"), "{typed:?}: {said}");
    }
    let (code, said) = run(&["passages", "--plate", "豫H·96UW8"], &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("looked for as \"豫H96UW8\""), "{said}");

    let (code, said) = run(&["correct", "1", "--plate", "冀Ｐ·UE571"], &BY);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("plate: 豫H96UW7 → 冀PUE571"), "{said}");
    assert_eq!(plate(), "冀PUE571");

    for (change, why) in [
        (
            ["--plate", "unknown", "--color", "绿"],
            "known plate format",
        ),
        (
            ["--plate", "京Z12723O", "--color", "蓝"],
            "have 8 characters, others 7",
        ),
        (
            ["--plate", "冀A1234O", "--color", "蓝"],
            "did you mean 冀A12340?",
        ),
        (
            ["--plate", "冀A12345", "--color", "绿"],
            "have 8 characters",
        ),
        (["--plate", "冀A1234", "--color", "蓝"], "7 or 8 characters"),
        (
            ["--color", "黄绿", "--direction", "进"],
            "have 8 characters",
        ),
    ] {
        let (code, said) = run(&[&["correct", "1"][..], &change].concat(), &BY);
        assert_eq!(code, Some(2), "{said}");
        assert!(
            said.contains(why) && said.contains("--unusual-plate"),
            "{said}"
        );
    }
    assert_eq!(enter("京Z12723O", "蓝", &[]).0, Some(2));
    assert_eq!((plate().as_str(), site.passages().len()), ("冀PUE571", 1));

    let unusual = ["correct", "1", "--plate", "临A·12345", "--unusual-plate"];
    let (code, said) = run(&unusual, &BY);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(plate(), "临A12345");
    assert_eq!(enter("临A12346", "蓝", &["--unusual-plate"]).0, Some(0));
}

#[test]
fn a_correction_goes_through_the_running_daemon_and_renders_new_photos() {
    let camera = format!(
        "{{ file = \"{}\", pace = \"as_fast\" }}",
        clip("short-720p.mp4").display()
    );
    let site = Site::new().lane("south-in", "in", "front", &camera);
    let mut daemon = site.start(&[]);
    daemon.until("a passage with its end", MINUTE, |_| {
        site.passages().iter().any(|p| p.finished.is_some())
    });
    let before = site
        .passages()
        .into_iter()
        .find(|p| p.finished.is_some())
        .expect("one");
    let config = site.config();
    let id = before.id.to_string();
    let correct = [
        "correct",
        "--config",
        &config,
        &id,
        "--plate",
        "云A99999",
        "--color",
        "蓝",
        "--who",
        "门卫",
        "--why",
        "看照片",
    ];
    let (code, said) = told(&correct);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("photos were rendered again"), "{said}");
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));

    let after = site
        .passages()
        .into_iter()
        .find(|p| p.id == before.id)
        .expect("still there");
    assert_eq!(after.plate(), Some(("云A99999", plate::Color::Blue)));
    let first = after.first_reading.as_ref().expect("kept");
    assert_eq!(first.plate, before.reading.plate);
    assert_eq!(after.corrections[0].who, "门卫");
    let reader = ledger::Reader::open(&site.data()).expect("a ledger");
    for kind in [PhotoKind::Head, PhotoKind::Body] {
        let (old, new) = (
            before.photo(kind).expect("one"),
            after.photo(kind).expect("one"),
        );
        assert_eq!((old.revision, new.revision), (0, 1), "{kind:?}");
        assert_ne!(old.sha256, new.sha256);
        for photo in [old, new] {
            let jpeg = reader.photo_bytes(photo).expect("whole");
            image::load_from_memory(&jpeg).expect("a picture");
        }
    }
    site.assert_sound();
}

#[test]
fn the_socket_is_closed_to_others_and_answers_nonsense_in_words() {
    use std::io::{Read as _, Write as _};
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::net::UnixStream;

    let site = site();
    let daemon = site.start(&[]);
    let socket = site.data().join(".control/socket");
    let mode = |path: &std::path::Path| {
        let meta = std::fs::metadata(path).expect("there");
        meta.permissions().mode() & 0o777
    };
    assert_eq!(mode(&socket), 0o600);
    assert_eq!(mode(socket.parent().expect("a folder")), 0o700);
    for order in [
        "nonsense",
        "{}",
        r#"{"do":"correct","passage":"x"}"#,
        r#"{"do":"delete_everything"}"#,
        r#"{"do":"records","revisions":[{"key":"1"}]}"#,
    ] {
        let mut stream = UnixStream::connect(&socket).expect("listens");
        let head = format!(
            "POST /orders HTTP/1.1\r\nhost: menjin\r\ncontent-length: {}",
            order.len()
        );
        write!(stream, "{head}\r\n\r\n{order}").expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        assert!(answer.contains("\"kind\":\"invalid\""), "{order}: {answer}");
    }
    let config = site.config();
    let (code, said) = told(&[
        "cargo", "--config", &config, "7", "--who", "x", "--why", "y",
    ]);
    assert_eq!(code, Some(1));
    assert!(said.contains("no passage 7"), "{said}");
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
}

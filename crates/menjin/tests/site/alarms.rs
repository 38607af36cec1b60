//! Every alarm, raised by its real cause in the running daemon, seen by a person and cleared.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use alarm::{AlarmView, CauseKind};
use jiff::{SignedDuration, Timestamp};
use ledger::{AlarmFilter, Reader};
use simulator::{Endpoint, FaultAnswer, Faults, Options, serve};
use words::Language;

use crate::support::rtsp_server::RtspServer;
use crate::support::{Daemon, Site, clip, free_port, menjin, project, text};

const MINUTE: Duration = Duration::from_secs(60);

fn alarms(site: &Site, open: bool) -> Vec<AlarmView> {
    let filter = AlarmFilter {
        open,
        ..AlarmFilter::default()
    };
    match Reader::open(&site.data()) {
        Ok(reader) => reader.alarms(&filter, 100).expect("readable"),
        Err(_) => Vec::new(),
    }
}

fn about(site: &Site, kind: CauseKind) -> Vec<AlarmView> {
    let mut all = alarms(site, false);
    all.retain(|alarm| alarm.cause.kind == kind);
    all
}

/// Waits until there is an alarm of each of these kinds.
#[track_caller]
fn until_raised(daemon: &mut Daemon, site: &Site, kinds: &[CauseKind], limit: Duration) {
    let wanted: BTreeSet<_> = kinds.iter().map(|kind| kind.as_str()).collect();
    let what = format!("alarms {wanted:?}");
    daemon.until(&what, limit, |_| {
        let there: BTreeSet<_> = alarms(site, false)
            .iter()
            .map(|alarm| alarm.cause.kind.as_str())
            .collect();
        wanted.is_subset(&there)
    });
}

/// A film of 60 s that FFmpeg draws by itself.
fn film(site: &Site, name: &str, picture: &str) -> String {
    let source = format!("{picture}:size=1280x720:rate=5:duration=60");
    let path = filmed(site, name, &["-f", "lavfi", "-i", &source]);
    format!("{{ file = \"{path}\" }}")
}

/// Has FFmpeg make a film; gives its path.
fn filmed(site: &Site, name: &str, how: &[&str]) -> String {
    let path = site.folder.path().join(name).display().to_string();
    let codec = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p";
    let done = Command::new("ffmpeg")
        .args(["-v", "error"])
        .args(how)
        .args(codec.split(' '))
        .arg(&path)
        .status();
    assert!(done.expect("ffmpeg runs").success());
    path
}

fn metric(site: &Site, kind: CauseKind) -> String {
    let page = page(site.status_port, "/metrics");
    let name = format!("menjin_alarms_open{{kind=\"{kind}\"}} ");
    let line = page.lines().find_map(|line| line.strip_prefix(&name));
    line.unwrap_or("none").to_owned()
}

pub(crate) fn page(port: u16, path: &str) -> String {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port)).expect("connects");
    let ask = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    stream.write_all(ask.as_bytes()).expect("sent");
    let mut page = String::new();
    stream.read_to_string(&mut page).expect("read");
    page
}

#[test]
fn everything_that_is_broken_at_a_gate_is_an_alarm_of_its_own_kind() {
    let site = Site::new();
    let dark = film(&site, "dark.mp4", "color=c=black");
    let still = film(&site, "still.mp4", "color=c=gray");
    std::fs::create_dir(site.folder.path().join("unmounted")).expect("made");
    let gone = "{ url = \"rtsp://127.0.0.1:9/x\" }";
    let site = site
        .lane("dark", "in", "front", &dark)
        .lane("still", "in", "front", &still)
        .lane("gone", "in", "front", gone)
        .add(
            "[lane.inputs]\nport = \"tcp://127.0.0.1:9\"\narm_up = 0\ntimeout = \"1s\"\n\
             [lane.display]\nport = \"tcp://127.0.0.1:9\"\n[lane.voice]\ndevice = \"none\"\n",
        )
        .regulator(free_port())
        .add(
            "alarm_after = \"1s\"\n[watching]\nblack_after = \"2s\"\nfrozen_after = \"4s\"\n\
             [retention]\nwarn_free_gb = 1000000\n[backup]\nfolder = \"unmounted\"\n\
             [alarms]\nat_lane = [\"camera_down\"]\noverstay = \"2h\"\n[[alarms.stay]]\nplates = [\"苏A00001\"]\nlimit = \"0s\"\n\
             [[weighbridge.scale]]\nname = \"pit\"\nlanes = [\"gone\"]\nport = \"/dev/none\"\n\
             format = \"xk3190\"\nunit = \"kg\"\n",
        );
    let config = site.config();
    let mut daemon = site.start(&[]);
    let hours_ago = |hours| {
        let at = Timestamp::now() - SignedDuration::from_hours(hours);
        let zone = jiff::tz::TimeZone::get("Asia/Shanghai").expect("known");
        at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M").to_string()
    };
    let paper =
        "--color 黄 --direction in --entrance A --barrier 01 --lane gone --who 门卫 --why 停电";
    for (hours, plate) in [(3, "苏A12345"), (3, "苏A00001"), (1, "苏A54321")] {
        let at = hours_ago(hours);
        let args = ["enter", "--config", &config, "--at", &at, "--plate", plate];
        let args: Vec<&str> = args.into_iter().chain(paper.split(' ')).collect();
        let out = menjin(&args);
        assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    }
    let kinds = [
        CauseKind::CameraDown,
        CauseKind::CameraDark,
        CauseKind::CameraFrozen,
        CauseKind::ClockUntrusted,
        CauseKind::DiskShort,
        CauseKind::BackupLate,
        CauseKind::ScaleDown,
        CauseKind::UploadsLate,
        CauseKind::UploadsLow,
        CauseKind::ListStale,
        CauseKind::Overstay,
        CauseKind::InputsSilent,
        CauseKind::DisplayDown,
        CauseKind::VoiceDown,
    ];
    until_raised(&mut daemon, &site, &kinds, 3 * MINUTE);
    let down = &about(&site, CauseKind::CameraDown)[0];
    assert_eq!(down.cause.subject, "gone");
    let staying: Vec<_> = about(&site, CauseKind::Overstay)
        .into_iter()
        .map(|alarm| alarm.cause.plate)
        .collect();
    assert_eq!(
        staying,
        ["苏A12345"],
        "one has no limit, one came an hour ago"
    );
    assert_eq!(metric(&site, CauseKind::DiskShort), "1");
    let listed = menjin(&["alarms", "--open", "--config", &config]);
    let listed = text(&listed.stdout);
    for said in [
        "Camera gone delivers",
        "Camera dark is black",
        "pit: the port",
        "What to do",
    ] {
        assert!(listed.contains(said), "{said} in {listed}");
    }
    for kind in kinds {
        assert_eq!(about(&site, kind).len(), 1, "{kind} once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_breaks_through_is_an_alarm_and_a_person_who_saw_it_ends_it() {
    let platform = serve(Options::default()).await.expect("listens");
    platform.set_faults(Faults {
        answer: FaultAnswer::RefuseData,
        endpoint: Some(Endpoint::Passage),
        ..Faults::default()
    });
    let film = clip("south-in.mp4");
    let camera = format!("{{ file = \"{}\", pace = \"as_fast\" }}", film.display());
    let site = Site::new()
        .lane("south-in", "in", "front", &camera)
        .add(&format!(
            "relay = {{ url = \"http://127.0.0.1:{}/raise\" }}\n",
            free_port()
        ))
        .regulator(platform.addr.port())
        .add(
            "[[gate.deny]]\nplate = \"云G4T458\"\nreason = \"over_limit\"\n\
             [[gate.deny]]\nplate = \"贵J4Q6T5\"\n",
        );
    let config = site.config();
    let mut daemon = site.start(&[]);
    let kinds = [
        CauseKind::DeniedCame,
        CauseKind::Followed,
        CauseKind::DeniedPassed,
        CauseKind::BarrierFailed,
        CauseKind::UploadsRefused,
    ];
    until_raised(&mut daemon, &site, &kinds, 4 * MINUTE);
    let followed = about(&site, CauseKind::Followed).remove(0);
    assert_eq!(followed.cause.plate, "云G4T458");
    assert!(
        followed.what(Language::Zh).contains("排放超标"),
        "why it was denied"
    );
    let passed = about(&site, CauseKind::DeniedPassed).remove(0);
    assert_eq!(passed.cause.plate, "贵J4Q6T5");
    let run = |args: &[&str]| {
        let out = menjin(&[&["alarms"], args, &["--config", &config]].concat());
        (out.status.code(), text(&out.stdout) + &text(&out.stderr))
    };
    let number = passed.id.to_string();
    let see = ["see", &number, "--who", "李工", "--why", "已拦下"];
    let (code, said) = run(&see);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = run(&see);
    assert_ne!(code, Some(0), "seen already: {said}");
    let (code, said) = run(&["see", "999", "--who", "a", "--why", "b"]);
    assert_ne!(code, Some(0), "{said}");
    let seen = about(&site, CauseKind::DeniedPassed).remove(0);
    assert_eq!(seen.seen().map(|step| step.who.as_str()), Some("李工"));
    assert!(seen.cleared().is_some(), "what happened once is over");

    let (code, said) = run(&["drill", "--kind", "camera_dark", "--who", "李工"]);
    assert_eq!(code, Some(0), "{said}");
    let (_, listed) = run(&["--open"]);
    assert!(listed.contains("[DRILL] Camera 李工 is black"), "{listed}");
    assert_eq!(
        metric(&site, CauseKind::CameraDark),
        "0",
        "a drill is no fault"
    );

    let before = alarms(&site, false).len();
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    // The film plays again; what was raised stands, and nothing of before is raised anew.
    let again = site.start(&["--seconds", "1"]);
    drop(again.ended(MINUTE));
    let raised: BTreeSet<_> = alarms(&site, false)
        .iter()
        .filter_map(AlarmView::passage)
        .collect();
    let of_before = alarms(&site, false);
    let of_before = of_before.iter().filter(|alarm| alarm.passage().is_some());
    assert_eq!(of_before.count(), 4, "{before} before, about {raised:?}");
    site.assert_sound();
}

#[test]
fn a_camera_that_stops_is_told_at_once_and_cleared_when_it_is_back_for_good() {
    let film = [("north", clip("short-720p.mp4"))];
    let server = RtspServer::start(&film, None);
    let port = server.port();
    let camera = format!("{{ url = \"{}\" }}", server.url("north"));
    let site = Site::new().lane("north", "in", "front", &camera);
    let mut daemon = site.start(&[]);
    daemon.until("pictures", MINUTE, |_| {
        page(site.status_port, "/metrics")
            .contains("menjin_camera_state{camera=\"north\",state=\"live\"} 1")
            || page(site.status_port, "/healthz").contains("\"healthy\":true")
    });
    assert_eq!(about(&site, CauseKind::CameraDown).len(), 0);
    drop(server);
    until_raised(&mut daemon, &site, &[CauseKind::CameraDown], MINUTE);
    let _server = RtspServer::on_port(port, &film, None);
    daemon.until("it is cleared", 3 * MINUTE, |_| {
        about(&site, CauseKind::CameraDown)[0].cleared().is_some()
    });
    assert_eq!(
        about(&site, CauseKind::CameraDown).len(),
        1,
        "one alarm for all of it"
    );
}

#[test]
fn a_camera_that_is_covered_and_one_that_is_turned_are_told_by_name() {
    let site = Site::new();
    // Without a plate in view: what stays while plates are seen may be a truck.
    let scene = project().join("testdata/images/full-empty.jpg");
    let scene = scene.display().to_string();
    // Twelve minutes as it is; then for as long as each takes to be told. Noise, so that it isn't frozen.
    let changes = [
        (
            "covered",
            "1140",
            "drawbox=w=iw/2:h=ih:color=gray:t=fill:enable='gte(t,720)'",
        ),
        ("turned", "900", "rotate='if(gte(t,720),0.21,0)'"),
    ];
    let films = changes.map(|(name, seconds, change)| {
        let change = format!("scale=1280:720,noise=alls=3:allf=t,{change}");
        let how = [
            "-loop",
            "1",
            "-framerate",
            "0.5",
            "-t",
            seconds,
            "-i",
            &scene,
            "-vf",
            &change,
        ];
        let path = filmed(&site, &format!("{name}.mp4"), &how);
        (name, format!("{{ file = \"{path}\", pace = \"as_fast\" }}"))
    });
    let site = films.iter().fold(site, |site, (name, camera)| {
        site.lane(name, "in", "front", camera)
    });
    let site = site.add("[watching]\nfrozen_after = \"1h\"\n");
    let mut daemon = site.start(&[]);
    let kinds = [CauseKind::CameraCovered, CauseKind::CameraTurned];
    until_raised(&mut daemon, &site, &kinds, 4 * MINUTE);
    let subjects = kinds.map(|kind| {
        let about = about(&site, kind);
        assert_eq!(about.len(), 1, "{kind}");
        about[0].cause.subject.clone()
    });
    assert_eq!(subjects, ["covered", "turned"]);
}

#[test]
fn a_ledger_that_takes_nothing_is_an_alarm_and_the_passage_is_kept_once_it_does() {
    let camera = format!("{{ file = \"{}\" }}", clip("short-720p.mp4").display());
    let site = Site::new().lane("a", "in", "front", &camera);
    let mut daemon = site.start(&[]);
    // As if the disk with the photos had gone: there is something else in their place.
    let photos = site.data().join("photos");
    let away = site.data().join("away");
    std::fs::rename(&photos, &away).expect("renamed");
    std::fs::write(&photos, "").expect("written");
    until_raised(&mut daemon, &site, &[CauseKind::LedgerRefuses], 2 * MINUTE);
    assert_eq!(site.passages().len(), 0);
    std::fs::remove_file(&photos).expect("removed");
    std::fs::rename(&away, &photos).expect("renamed");
    daemon.until("the passage is kept", MINUTE, |_| {
        !site.passages().is_empty()
    });
    daemon.until("the alarm is over", 3 * MINUTE, |_| {
        about(&site, CauseKind::LedgerRefuses)[0]
            .cleared()
            .is_some()
    });
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    site.assert_sound();
}

#[test]
fn a_clock_that_jumps_is_an_alarm_that_says_by_how_much() {
    let site = Site::new().lane("gone", "in", "front", "{ url = \"rtsp://127.0.0.1:9/x\" }");
    let offset = site.folder.path().join("offset");
    std::fs::write(&offset, "+0\n").expect("written");
    // The system's clock as the daemon sees it; the one that only goes forward stays as it is.
    let library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
    let variables = [
        ("LD_PRELOAD", library.to_owned()),
        ("FAKETIME_TIMESTAMP_FILE", offset.display().to_string()),
        ("FAKETIME_NO_CACHE", "1".to_owned()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ("DONT_FAKE_MONOTONIC", "1".to_owned()),
    ];
    let mut daemon = site.start_with(&[], &variables);
    assert_eq!(about(&site, CauseKind::ClockStep), []);
    std::fs::write(&offset, "+120\n").expect("written");
    until_raised(&mut daemon, &site, &[CauseKind::ClockStep], MINUTE);
    let step = about(&site, CauseKind::ClockStep).remove(0);
    let seconds: f64 = step.cause.detail.parse().expect("seconds");
    assert!((119.0..122.0).contains(&seconds), "{seconds}");
}

#[test]
fn the_time_without_recognition_is_told_in_seconds_and_stays_in_the_ledger() {
    let clip = clip("short-720p.mp4").display().to_string();
    let camera = format!("{{ file = \"{clip}\", pace = \"as_fast\" }}");
    let site = Site::new().lane("south-in", "in", "front", &camera);
    let mut daemon = site.start(&[]);
    daemon.until("a passage", MINUTE, |_| !site.passages().is_empty());
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    assert_eq!(about(&site, CauseKind::Unwatched), [], "a first start");
    let stopped = Timestamp::now();
    std::thread::sleep(Duration::from_secs(4));
    let mut daemon = site.start(&[]);
    until_raised(&mut daemon, &site, &[CauseKind::Unwatched], MINUTE);
    let gap = about(&site, CauseKind::Unwatched).remove(0);
    let seconds: i64 = gap.cause.detail.parse().expect("seconds");
    let longest = gap.raised_at.duration_since(stopped).as_secs() + 3;
    assert!((4..=longest).contains(&seconds), "{seconds} of {longest}");
    assert_eq!(gap.cause.lane.as_deref(), Some("south-in"));
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    let proved = menjin(&["verify", "--config", &site.config()]);
    assert!(proved.status.success(), "{}", text(&proved.stdout));
}

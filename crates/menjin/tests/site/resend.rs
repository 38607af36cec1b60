//! A platform refuses a row; a person repairs what was wrong and sends it again, beside the running
//! daemon.

use std::time::Duration;

use simulator::{Endpoint, FaultAnswer, Faults, Options, serve};

use crate::support::{Site, menjin, text};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_row_is_repaired_and_sent_again_beside_the_running_daemon() {
    let platform = serve(Options::default()).await.expect("listens");
    let camera = "{ url = \"rtsp://127.0.0.1:9/x\" }";
    let site = Site::new()
        .lane("north-in", "in", "front", camera)
        .regulator(platform.addr.port());
    let config = site.config();
    let mut daemon = site.start(&[]);
    platform.set_faults(Faults {
        answer: FaultAnswer::RefuseData,
        endpoint: Some(Endpoint::Passage),
        ..Faults::default()
    });
    let run = |args: &[&str]| {
        let (command, rest) = args.split_first().expect("a command");
        let out = menjin(&[&[*command, "--config", &config], rest].concat());
        (out.status.code(), text(&out.stdout) + &text(&out.stderr))
    };
    let paper = "--plate 苏A12345 --color 黄 --direction in --entrance A --barrier 01 --who 门卫 --why 停电";
    for at in ["2026-03-01T08:30", "2026-03-01T09:30"] {
        let args = ["enter", "--at", at].into_iter();
        let args: Vec<&str> = args.chain(paper.split(' ')).collect();
        let (code, said) = run(&args);
        assert_eq!(code, Some(0), "{said}");
    }
    daemon.until("both refused", MINUTE, |_| {
        run(&["uploads"]).1.contains("2 refused")
    });
    let (_, listed) = run(&["uploads", "--platform", "r"]);
    assert!(
        listed.contains("data refused"),
        "the platform's words: {listed}"
    );
    assert!(
        run(&["uploads", "--platform", "other"])
            .1
            .contains("0 refused")
    );

    let (code, said) = run(&["uploads", "--resend", "all"]);
    assert_eq!(code, Some(2), "nobody and no reason: {said}");
    let by = ["--who", "李工", "--why", "平台已修好"];
    let (code, said) = run(&[&["uploads", "--resend", "77"][..], &by].concat());
    assert_eq!(code, Some(2), "{said}");

    let once = run(&[&["uploads", "--resend", "1"][..], &by].concat());
    assert_eq!(once, (Some(0), "1 queued again\n".to_owned()));
    daemon.until("refused again, with who sent it", MINUTE, |_| {
        let (_, listed) = run(&["uploads"]);
        listed.contains("2 refused") && listed.contains("李工: 平台已修好")
    });

    platform.set_faults(Faults::default());
    let all = run(&[&["uploads", "--resend", "all"][..], &by].concat());
    assert_eq!(all, (Some(0), "2 queued again\n".to_owned()));
    daemon.until("both arrived", MINUTE, |_| platform.counts().passages == 2);
    daemon.until("nothing is refused", MINUTE, |_| {
        run(&["uploads"]).1.contains("0 refused")
    });
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    assert_eq!(platform.counts().passages, 2);
    platform.stop().await;
}

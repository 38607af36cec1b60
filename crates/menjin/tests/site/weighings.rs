//! The weighing software hands over records by HTTP.

use std::time::Duration;

use crate::support::{Site, free_port, menjin, text};

const MINUTE: Duration = Duration::from_secs(60);
const TOKEN: &str = "0123456789abcdef-weighbridge";

#[tokio::test(flavor = "multi_thread")]
async fn a_posted_weighing_reaches_its_passage_once_and_hostile_ones_reach_nothing() {
    let port = free_port();
    let camera = "{ url = \"rtsp://127.0.0.1:9/x\" }";
    let site = Site::new()
        .lane("north-in", "in", "front", camera)
        .add(&format!(
            "[weighbridge]\nlisten = \"127.0.0.1:{port}\"\ntoken_file = \"token\"\n"
        ));
    site.secret("token", TOKEN);
    let config = site.config();
    let daemon = site.start(&[]);
    let now =
        jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::get("Asia/Shanghai").expect("a zone"));
    let at = now.strftime("%Y-%m-%dT%H:%M").to_string();
    let enter = "--plate 苏A12345 --color 黄 --direction in --entrance A --barrier 01 --who 门卫 --why 停电";
    let mut args = vec!["enter", "--config", &config, "--at", &at];
    args.extend(enter.split(' '));
    let out = menjin(&args);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));

    let client = reqwest::Client::new();
    let post = async |token: &str, body: Vec<u8>| {
        let answer = client
            .post(format!("http://127.0.0.1:{port}/weighings"))
            .header("authorization", format!("Bearer {token}"))
            .body(body)
            .send()
            .await
            .expect("answers");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    };
    let body = format!(
        "{{\"plate\":\"苏Ａ-12345\",\"weighedAt\":\"{at}:00\",\"ticket\":\"B1\",\"cargo\":\"焦炭\",\"grossKg\":49020,\"tareKg\":17500}}"
    );
    let (status, said) = post("wrong", body.clone().into_bytes()).await;
    assert_eq!(status, 401, "{said}");
    assert!(!said.contains(TOKEN));
    let (status, said) = post(TOKEN, vec![b'x'; 1 << 20]).await;
    assert_eq!(status, 413, "{said}");
    let (status, said) = post(TOKEN, vec![b'x'; 12 << 20]).await;
    assert_eq!(
        status, 413,
        "it is read to its end, so that the answer is heard: {said}"
    );
    let (status, said) = post(TOKEN, b"{\"plate\": 7}".to_vec()).await;
    assert_eq!(status, 422, "{said}");
    assert_eq!(site.passages()[0].cargo, None);

    let (status, said) = post(TOKEN, body.clone().into_bytes()).await;
    assert_eq!(status, 201, "{said}");
    assert!(said.contains("\"matched\":1"), "{said}");
    let (status, said) = post(TOKEN, body.clone().into_bytes()).await;
    assert_eq!(status, 200, "the same again: {said}");
    let other = body.replace("49020", "50000");
    let (status, said) = post(TOKEN, other.into_bytes()).await;
    assert_eq!(status, 409, "the same ticket, other content: {said}");
    let told = now.strftime("%Y-%m-%d %H:%M:00 +08:00").to_string();
    assert!(said.contains(&told), "on the site's clock: {said}");

    let passage = site.passages().remove(0);
    let cargo = passage.cargo.expect("weighed");
    assert_eq!(
        (cargo.amount, cargo.name.as_deref()),
        (Some(31.52), Some("焦炭"))
    );
    assert_eq!(passage.corrections.len(), 1, "once");
    let counted = body.replace("\"B1\"", "20260301007");
    let (status, said) = post(TOKEN, counted.into_bytes()).await;
    assert_eq!(status, 201, "a counted ticket: {said}");
    assert!(!daemon.log().contains(TOKEN));
    daemon.signal("-TERM");
    assert_eq!(daemon.ended(MINUTE).1, Some(0));
    site.assert_sound();
}

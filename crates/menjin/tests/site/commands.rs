//! Commands that end by themselves: what they print and their exit codes.

use crate::support::{Site, clip, menjin, project, text};
use serde_json::Value;

#[test]
fn wrong_usage_ends_with_two_and_a_failed_job_with_one() {
    assert_eq!(menjin(&[]).status.code(), Some(2));
    assert_eq!(menjin(&["read"]).status.code(), Some(2));
    assert_eq!(
        menjin(&["run", "--config", "/nowhere.toml"]).status.code(),
        Some(2)
    );
    let missing = menjin(&["read", "/nowhere.jpg"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(
        text(&missing.stderr).contains("/nowhere.jpg"),
        "{}",
        text(&missing.stderr)
    );
}

#[test]
fn a_photo_gives_one_object_for_each_plate_and_none_without() {
    let images = project().join("testdata/images");
    let truth = std::fs::read_to_string(images.join("truth.csv")).expect("truth");
    let row = truth
        .lines()
        .find(|l| l.contains(",full,") && l.contains(",blue,"))
        .expect("one");
    let (file, plate) = (
        row.split(',').next().expect("file"),
        row.split(',').nth(2).expect("plate"),
    );
    let output = menjin(&["read", "--json", &images.join(file).to_string_lossy()]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let found: Vec<Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let read = found
        .iter()
        .find(|v| v["plate"] == plate)
        .expect("the plate");
    assert_eq!(read["color"], "blue");
    assert_eq!(read["layout"], "single");
    assert_eq!(read["chars"].as_array().expect("chars").len(), 7);
    assert_eq!(read["corners"].as_array().expect("corners").len(), 4);
    assert!(read["confidence"].as_f64().expect("a number") > 0.5);
    assert!(found.iter().all(|v| v["sure"] == true), "{found:#?}");

    let empty = truth
        .lines()
        .find(|l| l.split(',').nth(2) == Some(""))
        .expect("a photo without");
    let empty = images.join(empty.split(',').next().expect("file"));
    let output = menjin(&["read", "--json", &empty.to_string_lossy()]);
    assert_eq!(
        (text(&output.stdout).as_str(), output.status.code()),
        ("", Some(0))
    );
}

#[test]
fn a_cut_out_plate_with_much_around_it_is_found_in_it() {
    let photo = image::open(project().join("testdata/images/full-blue-day.jpg")).expect("a photo");
    let folder = tempfile::tempdir().expect("a folder");
    let loose = folder.path().join("loose.png");
    // Its plate is 138 px wide, from 521 to 659 and from 755 to 807.
    photo
        .crop_imm(440, 690, 330, 190)
        .save(&loose)
        .expect("saved");
    let output = menjin(&["read", "--crop", "--json", &loose.to_string_lossy()]);
    let read: Value = serde_json::from_str(&text(&output.stdout)).expect("one object");
    assert_eq!(read["plate"], "豫H96UW7");
}

#[test]
fn a_plate_on_a_photo_that_was_taken_askew_is_read() {
    let photo = image::open(project().join("testdata/images/full-blue-day.jpg")).expect("a photo");
    let photo = photo.to_rgb8();
    let folder = tempfile::tempdir().expect("a folder");
    for degrees in [-40.0_f32, 35.0] {
        // Turned about its plate.
        let (sin, cos) = degrees.to_radians().sin_cos();
        let turned = image::RgbImage::from_fn(photo.width(), photo.height(), |x, y| {
            let (x, y) = (x as f32 - 590.0, y as f32 - 600.0);
            let from = (590.0 + x * cos - y * sin, 781.0 + x * sin + y * cos);
            let inside = |v: f32, side: u32| v.clamp(0.0, side as f32 - 1.0) as u32;
            *photo.get_pixel(
                inside(from.0, photo.width()),
                inside(from.1, photo.height()),
            )
        });
        let file = folder.path().join(format!("turned{degrees}.png"));
        turned.save(&file).expect("saved");
        let plates = plates_on(&file);
        assert!(
            plates.contains(&"豫H96UW7".to_owned()),
            "{degrees}: {plates:?}"
        );
    }
}

#[test]
fn a_plate_below_another_one_is_a_plate_of_its_own() {
    let images = project().join("testdata/images");
    let mut photo = image::open(images.join("full-blue-day.jpg")).expect("a photo");
    let below = image::open(images.join("crop-yellow.png")).expect("a plate");
    let below = below.resize_exact(140, 46, image::imageops::FilterType::Triangle);
    let folder = tempfile::tempdir().expect("a folder");
    for gap in [2, 8, 20] {
        image::imageops::overlay(&mut photo, &below, 520, 803 + gap);
        let file = folder.path().join(format!("stacked{gap}.png"));
        photo.save(&file).expect("saved");
        let plates = plates_on(&file);
        assert!(plates.contains(&"豫H96UW7".to_owned()), "{gap}: {plates:?}");
        assert_eq!(plates.len(), 2, "{gap}: {plates:?}");
    }
}

/// What is surely read on a photo.
fn plates_on(photo: &std::path::Path) -> Vec<String> {
    let output = menjin(&["read", "--json", &photo.to_string_lossy()]);
    let sure = |line: &str| {
        let read: Value = serde_json::from_str(line).expect("one object");
        (read["sure"] == true).then(|| read["plate"].as_str().expect("a plate").to_owned())
    };
    text(&output.stdout).lines().filter_map(sure).collect()
}

#[test]
fn a_video_gives_one_line_for_each_plate_with_its_time() {
    let output = menjin(&["read", "--json", &clip("short-720p.mp4").to_string_lossy()]);
    let lines: Vec<Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0]["t_ms"].as_u64().expect("a time") <= 2000);
}

#[test]
fn the_bench_writes_the_figures_that_it_promises() {
    let folder = tempfile::tempdir().expect("a folder");
    let (json, html) = (folder.path().join("b.json"), folder.path().join("b.html"));
    let output = menjin(&[
        "bench",
        "images",
        "testdata/images",
        "--truth",
        "testdata/images/truth.csv",
        "--json",
        &json.to_string_lossy(),
        "--html",
        &html.to_string_lossy(),
        "--only",
        "kind=crop",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let report: Value =
        serde_json::from_slice(&std::fs::read(json).expect("written")).expect("JSON");
    for key in [
        "n",
        "found",
        "read",
        "exact",
        "color_exact",
        "recognition_rate",
        "accuracy",
        "single_frame_exact",
        "missed",
        "duplicates",
        "false_passages",
        "by",
        "latency_ms",
        "cpu_s_per_camera_minute",
        "wall_s",
    ] {
        assert!(!report[key].is_null(), "{key} is missing");
    }
    assert!(report["n"].as_u64().expect("a count") >= 6);
    assert!(
        std::fs::read_to_string(html)
            .expect("written")
            .contains("识别率")
    );
    let wrong = menjin(&["bench", "images", ".", "--truth", "/nowhere.csv"]);
    assert_eq!(wrong.status.code(), Some(2));
}

#[test]
fn a_changed_model_stops_the_start_and_is_named() {
    let site = Site::new();
    let models = site.folder.path().join("models");
    std::fs::create_dir(&models).expect("made");
    for file in ["manifest.toml", "detector.onnx", "reader.onnx"] {
        std::fs::copy(project().join("models").join(file), models.join(file)).expect("copied");
    }
    let mut bytes = std::fs::read(models.join("reader.onnx")).expect("read");
    bytes[1000] ^= 1;
    std::fs::write(models.join("reader.onnx"), bytes).expect("written");
    let output = menjin(&[
        "read",
        "--models",
        &models.to_string_lossy(),
        "testdata/images",
    ]);
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    assert!(
        error.contains("reader.onnx") && error.contains("sha256"),
        "{error}"
    );

    std::fs::remove_file(models.join("detector.onnx")).expect("removed");
    let output = menjin(&[
        "read",
        "--models",
        &models.to_string_lossy(),
        "testdata/images",
    ]);
    assert!(
        text(&output.stderr).contains("detector.onnx"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn a_broken_configuration_is_reported_whole_and_check_names_remedies() {
    let site = Site::new().add("[[lane]]\nname = \"a b\"\nbarier = \"1\"\n");
    let output = menjin(&["check", "--config", &site.config()]);
    assert_eq!(output.status.code(), Some(2));
    let error = text(&output.stderr);
    for key in [
        "lane[0].name",
        "lane[0].barier",
        "lane[0].camera.url",
        "lane[0].entrance",
    ] {
        assert!(error.contains(key), "{key} is missing in {error}");
    }
}

#[test]
fn a_user_and_password_in_any_address_are_refused_and_shown_nowhere() {
    let lane = |camera: &str| Site::new().lane("a", "in", "front", camera);
    let good = || lane("{ url = \"rtsp://127.0.0.1/x\" }");
    let with = |toml: &str| good().add(toml);
    for (key, site) in [
        (
            "lane[0].camera.url",
            lane("{ url = \"rtsp://u:hunter2@127.0.0.1/x\" }"),
        ),
        (
            "lane[0].camera.url",
            lane("{ url = \"rtsp://u:hunter2#x/y?@127.0.0.1/x\" }"),
        ),
        (
            "lane[0].relay.url",
            with("[lane.relay]\nurl = \"http://u:hunter2/x@127.0.0.1/on\"\n"),
        ),
        (
            "platform[0].base_url",
            with(
                "[[platform]]\nname = \"p\"\nadapter = \"x.toml\"\nbase_url = \"https://u:hunter2@h/\"\n",
            ),
        ),
        (
            "platform[0].photo_url",
            with(
                "[[platform]]\nname = \"p\"\nadapter = \"x.toml\"\nphoto_url = \"ftp://u:hunter2@h/{path}\"\n",
            ),
        ),
        (
            "platform[0].ftp.host",
            with(
                "[[platform]]\nname = \"p\"\nadapter = \"x.toml\"\nftp = { host = \"u:hunter2@h\" }\n",
            ),
        ),
        ("mqtt.host", with("[mqtt]\nhost = \"u:hunter2@h\"\n")),
        ("mqtt.host", with("[mqtt]\nhost = \"mqtt://u:hunter2@h\"\n")),
        (
            "backup.folder",
            with("[backup]\nfolder = \"ftp://u:hunter2@h/b\"\n"),
        ),
        (
            "weighbridge.scale[0].port",
            with(
                "[[weighbridge.scale]]\nname = \"s\"\nlanes = [\"a\"]\nformat = \"toledo\"\nport = \"tcp://u:hunter2@h:4001\"\n",
            ),
        ),
        (
            "weighbridge.listen",
            with("[weighbridge]\nlisten = \"http://u:hunter2@127.0.0.1:9181\"\n"),
        ),
    ] {
        let config = site.config();
        for command in ["check", "config", "run"] {
            let output = menjin(&[command, "--config", &config]);
            let said = text(&output.stdout) + &text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{command} {key}: {said}");
            assert!(
                said.contains(&format!("{key}: ")),
                "{command} {key}: {said}"
            );
            assert!(!said.contains("hunter2"), "{command} {key}: {said}");
        }
    }
    let output = menjin(&["check", "--offline", "--config", &good().config()]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
}

#[test]
fn an_empty_secret_is_a_mistake_wherever_it_is_named() {
    let site = Site::new()
        .lane(
            "a",
            "in",
            "front",
            "{ url = \"rtsp://127.0.0.1/x\", user = \"u\", password_file = \"empty\" }",
        )
        .add(
            "[mqtt]\nhost = \"127.0.0.1\"\nusername = \"u\"\npassword_file = \"empty\"\n\
              [weighbridge]\nlisten = \"127.0.0.1:9181\"\ntoken_file = \"blank\"\n",
        );
    site.secret("empty", "");
    site.secret("blank", " \n");
    let output = menjin(&["check", "--config", &site.config()]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for key in [
        "lane[0].camera.password_file",
        "mqtt.password_file",
        "weighbridge.token_file",
    ] {
        let told = said
            .lines()
            .any(|line| line.contains(key) && line.contains("is empty"));
        assert!(told, "{key} is missing in {said}");
    }
}

#[test]
fn a_data_folder_that_cannot_be_made_or_written_is_found_by_check() {
    let site = Site::new().lane("a", "in", "front", "{ url = \"rtsp://127.0.0.1/x\" }");
    let config = site.config();
    let check = || menjin(&["check", "--offline", "--config", &config]);
    assert_eq!(check().status.code(), Some(0));
    assert!(!site.data().exists(), "check makes no folder");
    std::fs::write(site.data(), "in the way").expect("written");
    let output = check();
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let place = site.data().display().to_string();
    let told = said
        .lines()
        .any(|l| l.starts_with("WRONG") && l.contains(&place));
    assert!(told, "{said}");
}

#[test]
fn the_reference_configuration_loads_as_it_stands_and_with_everything_uncommented() {
    let reference = std::fs::read_to_string(project().join("config/menjin.toml")).expect("there");
    let folder = tempfile::tempdir().expect("a folder");
    let try_it = |text: &str| {
        let path = folder.path().join("menjin.toml");
        std::fs::write(&path, text).expect("written");
        let output = menjin(&["config", "--config", &path.to_string_lossy()]);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}",
            crate::support::text(&output.stderr)
        );
    };
    let adapters = folder.path().join("regulators");
    std::fs::create_dir(&adapters).expect("made");
    let yunnan = project().join("config/regulators/yunnan.toml");
    std::fs::copy(yunnan, adapters.join("yunnan.toml")).expect("copied");
    let key = pem("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048");
    let public = pem_of("pkey -pubout", &key);
    let certificate = pem_of("req -x509 -key /dev/stdin -days 30 -subj /CN=gate", &key);
    let secrets = [
        ("camera", "x"),
        ("body-camera", "x"),
        ("relay", "x"),
        ("relay-token", "x"),
        ("platform", "x"),
        ("platform-key.pem", &key),
        ("platform-public.pem", &public),
        ("ftp", "x"),
        ("mqtt", "x"),
        ("weighbridge", "0123456789abcdef"),
        ("console.pem", &certificate),
        ("console.key", &key),
        ("status-token", "0123456789abcdef"),
        ("mqtt.key", &key),
        (
            "wecom-url",
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0",
        ),
        (
            "webhook-key",
            "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        ),
        ("smtp", "x"),
        ("s3", "x"),
    ];
    for (name, value) in secrets {
        use std::os::unix::fs::PermissionsExt;
        let path = folder.path().join("secrets").join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(&path, value).expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("set");
    }
    let key = folder.path().join("secrets/backup-key");
    let made = menjin(&["backup", "--new-key", &key.to_string_lossy()]);
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
    try_it(&reference);
    let everything: Vec<&str> = reference
        .lines()
        .map(|line| line.strip_prefix("# ").unwrap_or(line))
        .collect();
    try_it(&everything.join("\n"));
}

fn pem(command: &str) -> String {
    pem_of(command, "")
}

/// What openssl, which every system has, says to `input`.
fn pem_of(command: &str, input: &str) -> String {
    use std::io::Write as _;
    let mut openssl = std::process::Command::new("openssl")
        .args(command.split(' '))
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("openssl is there");
    let mut to = openssl.stdin.take().expect("piped");
    to.write_all(input.as_bytes()).expect("written");
    drop(to);
    let output = openssl.wait_with_output().expect("ends");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn a_text_that_notepad_saved_in_another_encoding_says_how_to_save_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("menjin.toml");
    let gbk: &[u8] = b"[site]\nname = \"\xB2\xE2\xCA\xD4\"\n";
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain("[site]\n".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for saved in [gbk, &utf16] {
        std::fs::write(&path, saved).expect("written");
        let output = menjin(&["check", "--config", &path.to_string_lossy()]);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("UTF-8"));
        // So does what the configuration names: a platform's adapter, a password.
        std::fs::write(folder.path().join("named"), saved).expect("written");
        for named in ["adapter = \"named\"", "[mqtt]\npassword_file = \"named\""] {
            let config = format!("language = \"en\"\n[[platform]]\nname = \"p\"\n{named}\n");
            std::fs::write(&path, config).expect("written");
            let output = menjin(&["check", "--config", &path.to_string_lossy()]);
            let said = text(&output.stderr);
            assert!(said.contains("save it as UTF-8"), "{named}: {said}");
        }
    }
}

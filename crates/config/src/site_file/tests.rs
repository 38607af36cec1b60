use std::os::unix::fs::PermissionsExt as _;

use words::Language;

use super::*;

const SITE: &str = r#"# The north gate, since 2026.
language = "en" # for Mr Li

[[lane]]
name = "north-in" # by the weighbridge
entrance = "A"
barrier = "01"
camera = { url = "rtsp://127.0.0.1/main" }

[alarms] # not touched
"#;

fn site(text: &str) -> (tempfile::TempDir, SiteFile) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("menjin.toml");
    std::fs::write(&path, text).expect("written");
    let file = SiteFile::at(&path);
    (folder, file)
}

fn sketch(name: &str) -> LaneSketch {
    LaneSketch {
        name: name.to_owned(),
        entrance: "B".to_owned(),
        barrier: "02".to_owned(),
        url: "rtsp://192.168.1.64/main".to_owned(),
        user: Some("gate".to_owned()),
        ..LaneSketch::default()
    }
}

fn text(file: &SiteFile) -> String {
    std::fs::read_to_string(file.path()).expect("read")
}

fn refused(result: Result<(), SiteFileError>) -> String {
    result.expect_err("refused").said().text(Language::En)
}

#[test]
fn a_lane_is_added_below_what_a_person_wrote_and_its_password_is_nobody_elses() {
    let (folder, file) = site(SITE);
    let password = Secret::new("geheim \"1");
    file.add_lane(&sketch("south-in"), Some(&password))
        .expect("added");
    assert!(text(&file).starts_with(SITE.trim_end()), "{}", text(&file));
    let config = crate::load(file.path()).map_err(|e| e.text(Language::En));
    let config = config.expect("loads");
    assert_eq!(config.lanes.len(), 2);
    let kept = folder.path().join("south-in.password");
    assert_eq!(std::fs::read_to_string(&kept).expect("kept"), "geheim \"1");
    let mode = std::fs::metadata(&kept)
        .expect("there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!text(&file).contains("geheim"), "{}", text(&file));
    let before = std::fs::read_to_string(folder.path().join("menjin.toml.before"));
    assert_eq!(before.expect("kept"), SITE);
}

#[test]
fn a_lane_that_would_not_load_changes_nothing_and_leaves_no_password() {
    let (folder, file) = site(SITE);
    let password = Secret::new("secret");
    for name in ["north-in", "../../etc/cron", "", "a b"] {
        let said = refused(file.add_lane(&sketch(name), Some(&password)));
        assert!(said.contains("name"), "{said}");
    }
    assert_eq!(text(&file), SITE);
    assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1);
}

#[test]
fn a_file_that_is_there_already_is_not_taken_for_a_password() {
    let (folder, file) = site(SITE);
    std::fs::write(folder.path().join("south-in.password"), "theirs").expect("written");
    let said = refused(file.add_lane(&sketch("south-in"), Some(&Secret::new("ours"))));
    assert!(said.contains("south-in.password"), "{said}");
    let kept = std::fs::read_to_string(folder.path().join("south-in.password"));
    assert_eq!(kept.expect("there"), "theirs");
    assert_eq!(text(&file), SITE);
}

#[test]
fn a_region_is_drawn_and_comments_stay() {
    let (_folder, file) = site(SITE);
    let region = Region::new(vec![[0.0, 0.25], [1.0, 0.3333], [0.5, 1.0]]).expect("a region");
    file.set_region("north-in", &region).expect("set");
    assert!(
        text(&file).contains("# by the weighbridge"),
        "{}",
        text(&file)
    );
    let config = crate::load(file.path()).map_err(|e| e.text(Language::En));
    let corners = [[0.0, 0.25], [1.0, 0.333], [0.5, 1.0]];
    assert_eq!(
        config.expect("loads").lanes[0].settings.region.corners(),
        corners
    );
    let said = refused(file.set_region("south-in", &region));
    assert!(said.contains("south-in"), "{said}");
}

#[test]
fn lanes_written_in_one_line_are_found_as_well() {
    let camera = r#"{ url = "rtsp://127.0.0.1/main" }"#;
    let lane = format!(r#"{{ name = "n", entrance = "A", barrier = "01", camera = {camera} }}"#);
    let (_folder, file) = site(&format!("lane = [{lane}]\n"));
    let region = Region::new(vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]).expect("a region");
    file.set_region("n", &region).expect("set");
    assert!(text(&file).contains("region"), "{}", text(&file));
}

#[test]
fn what_somebody_broke_meanwhile_is_told_and_left_alone() {
    let (_folder, file) = site(SITE);
    std::fs::write(file.path(), "language = \"de\"").expect("written");
    let said = refused(file.add_lane(&sketch("south-in"), None));
    assert!(said.contains("language"), "{said}");
    assert_eq!(text(&file), "language = \"de\"");
}

#[test]
fn who_the_site_is_is_written_where_it_stood_and_what_was_remarked_stays() {
    let named = SITE.replace("[[lane]]", "[site]\nname = \"old\" # on photos\n\n[[lane]]");
    for text_before in [named.as_str(), SITE] {
        let (_folder, file) = site(text_before);
        file.set_identity("某某 \"钢铁\" 厂", "E-1").expect("set");
        assert!(text(&file).contains("# for Mr Li"), "{}", text(&file));
        assert!(text(&file).contains("# by the weighbridge"));
        if text_before == named {
            assert!(text(&file).contains("# on photos"), "{}", text(&file));
        }
        let known = file.identity().map_err(|e| e.said().text(Language::En));
        let wanted = ("某某 \"钢铁\" 厂".to_owned(), "E-1".to_owned());
        assert_eq!(known.expect("loads"), wanted);
        assert!(file.has_changed());
    }
}

#[test]
fn the_first_lane_of_a_new_site_is_added_to_a_file_that_has_a_page_and_none() {
    let packaged = include_str!("../../../../packaging/menjin.toml");
    // The certificate is made at installation.
    let packaged = packaged
        .replace(
            "certificate = \"console.pem\"\nkey_file = \"console.key\"\n",
            "",
        )
        .replace("0.0.0.0:8443", "127.0.0.1:8443")
        .replace("/var/lib/menjin", "data");
    let (_folder, file) = site(&packaged);
    let before = crate::load(file.path()).map_err(|e| e.text(Language::En));
    assert!(before.expect("loads").lanes.is_empty());
    file.set_identity("厂", "E-1").expect("set");
    file.add_lane(&sketch("north-in"), None).expect("added");
    let after = crate::load(file.path()).map_err(|e| e.text(Language::En));
    let after = after.expect("loads");
    assert_eq!((after.lanes.len(), &*after.site.name), (1, "厂"));

    // Without a page nobody could add one.
    let (_folder, file) = site("language = \"en\"\n");
    let said = crate::load(file.path()).map_err(|e| e.text(Language::En));
    assert!(said.expect_err("no lane").contains("[console]"));
}

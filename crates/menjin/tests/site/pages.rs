//! Pages that make promises keep to what there is.

use std::path::Path;

use crate::support::project;

fn sources(folder: &Path, all: &mut String) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|e| e == "rs") {
            *all += &std::fs::read_to_string(&path).expect("a source");
        }
    }
}

/// Each point of `promises` must name tests, and all of them must be there.
fn names_tests_that_exist(promises: &str) {
    let mut all = String::new();
    sources(&project().join("crates"), &mut all);
    for promise in promises.split("\n- ").skip(1) {
        let tests: Vec<&str> = promise
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|name| name.contains('_') && !name.contains('/'))
            .collect();
        assert!(!tests.is_empty(), "no test holds: {promise}");
        for test in tests {
            assert!(
                all.contains(&format!("fn {test}(")),
                "{test} is no test: {promise}"
            );
        }
    }
}

#[test]
fn every_guarantee_names_tests_that_exist() {
    let page = std::fs::read_to_string(project().join("docs/guarantees.md")).expect("the page");
    let (promises, _) = page.split_once("## 不保证什么").expect("its last section");
    names_tests_that_exist(promises);
}

#[test]
fn every_invariant_of_a_design_page_names_tests_that_exist() {
    for (page, section) in [
        ("delivery.md", "## Invariants, and what holds them"),
        ("time.md", "## What holds this"),
    ] {
        let path = project().join("docs/design").join(page);
        let text = std::fs::read_to_string(path).expect("the page");
        let (_, rest) = text.split_once(section).expect("its section");
        let promises = rest.split("\n## ").next().expect("there is one");
        names_tests_that_exist(promises);
    }
}

#[test]
fn every_limit_names_tests_that_exist() {
    let path = project().join("docs/design/limits.md");
    let text = std::fs::read_to_string(path).expect("the page");
    let (_, rest) = text.split_once("## Everything else").expect("its table");
    let rows = rest.lines().filter(|line| line.starts_with("| ")).skip(1);
    let promises: String = rows.map(|row| format!("\n- {row}")).collect();
    assert!(promises.contains("/metrics"), "{promises}");
    names_tests_that_exist(&promises);
}

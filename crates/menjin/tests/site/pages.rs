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

#[test]
fn every_guarantee_names_tests_that_exist() {
    let page = std::fs::read_to_string(project().join("docs/guarantees.md")).expect("the page");
    let mut all = String::new();
    sources(&project().join("crates"), &mut all);
    let (promises, _) = page.split_once("## 不保证什么").expect("its last section");
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

//! Lists the files of the built web app, so that they are in the program. A bare clone has none: then
//! there is one page that says how to make them.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

const PLACEHOLDER: &str = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>Menjin</title>\
<p>页面尚未构建：运行 scripts/setup --web，然后重新编译。</p>\
<p lang=\"en\">The page is not built yet: run scripts/setup --web, then build again.</p></html>\n";

fn main() {
    let home = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where to"));
    let dist = home.join("web/dist");
    // A folder that is missing counts as changed each time; its parent is there or is too.
    let watched = if dist.is_dir() { &dist } else { &home };
    println!("cargo::rerun-if-changed={}", watched.display());
    println!("cargo::rerun-if-changed=build.rs");
    let mut files = Vec::new();
    collect(&dist, &mut files);
    // By their whole names, as they are looked up.
    files.sort_by_key(|file| file.to_string_lossy().into_owned());
    if !files.iter().any(|file| file == &dist.join("index.html")) {
        let page = out.join("index.html");
        fs::write(&page, PLACEHOLDER).expect("the build's own folder is writable");
        write_list(&out, &[("index.html".to_owned(), page)]);
        return;
    }
    let named: Vec<_> = files
        .into_iter()
        .map(|file| {
            let name = file.strip_prefix(&dist).expect("a file of it");
            (name.to_string_lossy().into_owned(), file)
        })
        .collect();
    write_list(&out, &named);
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match path.is_dir() {
            true => collect(&path, files),
            false => files.push(path),
        }
    }
}

fn write_list(out: &Path, files: &[(String, PathBuf)]) {
    let mut list = String::from("&[\n");
    for (name, file) in files {
        writeln!(list, "    ({name:?}, include_bytes!({file:?})),").expect("a string takes it");
    }
    list.push_str("]\n");
    fs::write(out.join("pages.rs"), list).expect("the build's own folder is writable");
}

//! A recount as one page that needs nothing else, with a small picture of each vehicle beside what the ledger has of it.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::tz::TimeZone;
use passage::PassageView;
use words::{Group, Key, Language, Said, to_second};

use crate::compare::{Compared, Judgement};
use crate::findings::Recount;
use crate::pictures;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:76rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}\
 h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem;break-after:avoid}p{margin:.25rem 0}\
 .verdict{font-weight:600;padding:.5rem .75rem;border-left:4px solid #1a7f37;background:#eefbf0}\
 .verdict.wrong{border-color:#b00020;background:#fdeef0}\
 .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(340px,1fr));gap:1rem}\
 .card{border:1px solid #d8dee4;border-radius:6px;overflow:hidden;break-inside:avoid}\
 .card.wrong{border-color:#b00020}.card.ask{border-color:#bf8700}\
 .pictures{display:flex;gap:2px;background:#eee}.pictures figure{margin:0;flex:1}\
 .pictures img{width:100%;display:block}figcaption{font-size:.75rem;color:#57606a;padding:0 .5rem;background:#fff}\
 .plate{height:44px;margin:.5rem .75rem 0;border:1px solid #d8dee4}\
 .text{padding:.5rem .75rem;font-size:.9rem}.what{font-weight:600}.wrong .what{color:#b00020}.ask .what{color:#7d4e00}\
 @media print{body{margin:0;max-width:none;font-size:11px}.cards{grid-template-columns:repeat(3,1fr)}}";

/// The page. `photo` hands out the ledger's own photo of a row, a JPEG file, where there is one.
#[must_use]
pub fn page(
    recount: &Recount,
    language: Language,
    zone: &TimeZone,
    photo: &dyn Fn(&PassageView) -> Option<Vec<u8>>,
) -> String {
    let lane = &recount.asked.lane;
    let title = escape(&Said::with(Key::RecountTitle, "lane", lane).text(language));
    let mut out = format!(
        "<!doctype html><html lang=\"{}\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><style>{STYLE}</style><h1>{title}</h1>",
        language.as_str()
    );
    for line in recount.head(language, zone) {
        let _ = write!(out, "<p>{}</p>", escape(&line));
    }
    let class = if recount.is_fine() { "" } else { " wrong" };
    let verdict = escape(&recount.verdict(language));
    let _ = write!(out, "<p class=\"verdict{class}\">{verdict}</p>");
    let missing = recount.missing(language, zone);
    if !missing.is_empty() {
        let _ = write!(out, "<h2>{}</h2>", language.text(Key::RecountMissing));
        for line in missing {
            let _ = write!(out, "<p>{}</p>", escape(&line));
        }
    }
    for judgement in Judgement::ALL {
        let so = |one: &&Compared| one.judgement == judgement;
        let all: Vec<_> = recount.compared.iter().filter(so).collect();
        if all.is_empty() {
            continue;
        }
        let name = language.named(Group::RecountIs, judgement.code());
        let _ = write!(out, "<h2>{name} ({})</h2><div class=cards>", all.len());
        for one in all {
            card(&mut out, one, language, zone, photo);
        }
        out.push_str("</div>");
    }
    out.push_str("</html>\n");
    out
}

fn card(
    out: &mut String,
    one: &Compared,
    language: Language,
    zone: &TimeZone,
    photo: &dyn Fn(&PassageView) -> Option<Vec<u8>>,
) {
    let class = match one.judgement {
        judgement if judgement.is_finding() => " wrong",
        Judgement::Same | Judgement::Unsure | Judgement::OnPaper => "",
        _ => " ask",
    };
    let _ = write!(out, "<div class=\"card{class}\"><div class=pictures>");
    let seen = one.seen.as_ref();
    let of_video = seen.map(|seen| seen.picture.clone());
    picture(out, of_video, language.text(Key::RecountOfVideo));
    // The pictures of vehicles that agree are one too many.
    let is_compared = one.judgement != Judgement::Same;
    let of_ledger = one.row.as_ref().filter(|_| is_compared).and_then(photo);
    let of_ledger = of_ledger.and_then(|photo| pictures::of_photo(&photo));
    picture(out, of_ledger, language.text(Key::RecountOfLedger));
    out.push_str("</div>");
    if let Some(plate) = seen
        .map(|seen| &seen.plate_picture)
        .filter(|jpeg| !jpeg.is_empty())
    {
        let _ = write!(out, "<img class=plate alt=\"\" src=\"{}\">", data(plate));
    }
    let _ = write!(
        out,
        "<div class=text><span class=what>{}</span><br>{}</div></div>",
        escape(&to_second(one.at(), zone)),
        escape(&one.text(language)),
    );
}

fn picture(out: &mut String, jpeg: Option<Vec<u8>>, caption: &str) {
    if let Some(jpeg) = jpeg.filter(|jpeg| !jpeg.is_empty()) {
        let _ = write!(
            out,
            "<figure><img alt=\"\" src=\"{}\"><figcaption>{caption}</figcaption></figure>",
            data(&jpeg)
        );
    }
}

fn data(jpeg: &[u8]) -> String {
    format!("data:image/jpeg;base64,{}", STANDARD.encode(jpeg))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

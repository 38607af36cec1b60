//! The report as one page that needs nothing else: figures, curves and a gallery of every error.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use frame::{Picture, Quad, Rect};
use image::codecs::jpeg::JpegEncoder;

use crate::report::{BenchReport, ReportGroup, share};
use crate::{curves, wilson};

/// Width of the gallery's pictures, in pixels.
const THUMBNAIL_PX: f32 = 320.0;
const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}\
 table{border-collapse:collapse;margin:.5rem 0 1.5rem}td,th{padding:.25rem .8rem;border-bottom:1px solid #d8dee4;text-align:right}\
 td:first-child,th:first-child{text-align:left}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}\
 .gallery{display:flex;flex-wrap:wrap;gap:1rem}.card{width:320px;border:1px solid #d8dee4;border-radius:6px;overflow:hidden}\
 .card img{width:100%;display:block;background:#eee}.card div{padding:.5rem .75rem;font-size:.9rem}\
 .card,tr,svg{break-inside:avoid}figure{display:inline-block;margin:0 2rem 1rem 0;vertical-align:top}\
 h2{break-after:avoid}@media print{body{margin:0;max-width:none;font-size:11px}.card{width:31%}}\
 .wrong{color:#b00020;font-weight:600}.low{background:#fff3c4}small{color:#57606a}";

/// The part of `picture` around `quad` (all of it without one) as a small JPEG.
pub(crate) fn thumbnail(picture: &Picture, quad: Option<Quad>) -> Vec<u8> {
    let around = quad.map(|q| {
        let (b, c) = (q.bounds(), q.center());
        let (w, h) = (b.width().max(16.0), b.height().max(8.0));
        Rect::new(c.x - w, c.y - h * 1.5, c.x + w, c.y + h * 1.5)
    });
    let part = around
        .and_then(|r| picture.crop(r))
        .unwrap_or_else(|| picture.clone());
    let scale = THUMBNAIL_PX / part.width() as f32;
    let (width, height) = (
        THUMBNAIL_PX as u32,
        (part.height() as f32 * scale).max(1.0) as u32,
    );
    let Some(rgb) = image::RgbImage::from_raw(part.width(), part.height(), part.into_rgb()) else {
        return Vec::new();
    };
    let small = image::imageops::resize(&rgb, width, height.min(640), image::imageops::Triangle);
    let mut jpeg = Vec::new();
    match JpegEncoder::new_with_quality(&mut jpeg, 80).encode_image(&small) {
        Ok(()) => jpeg,
        Err(_) => Vec::new(),
    }
}

/// The whole page.
#[must_use]
pub fn page(title: &str, report: &BenchReport) -> String {
    let mut out = format!(
        "<!doctype html><html lang=\"zh\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{0}</title><style>{STYLE}</style><h1>{0}</h1>",
        escape(title)
    );
    figures(&mut out, report);
    for (column, groups) in &report.by {
        let heading = heading(column);
        let _ = write!(out, "<h2>{}</h2>", escape(&heading));
        table(
            &mut out,
            groups.iter().map(|(name, group)| (name.as_str(), group)),
        );
    }
    curves::curves(&mut out, report);
    gallery(&mut out, report);
    out.push_str("</html>\n");
    out
}

/// Chinese and English for the columns that every report has; others keep their name.
fn heading(column: &str) -> String {
    let chinese = match column {
        "color" => return "按颜色 By colour".to_owned(),
        "layout" => "按单双层",
        "province" => "按省份",
        "light" => "按光照",
        "plate width" => "按车牌宽度",
        _ => "按",
    };
    format!("{chinese} By {column}")
}

fn figures(out: &mut String, report: &BenchReport) {
    out.push_str("<h2>总体 All</h2>");
    table(out, std::iter::once(("全部 all", &report.all)));
    let percent = |v: f64| format!("{:.2} %", v * 100.0);
    let interval = |(low, high): (f64, f64)| format!("{:.2}–{:.2} %", low * 100.0, high * 100.0);
    let latency = &report.latency_ms;
    let rows = [
        (
            "识别率 recognition rate",
            percent(report.recognition_rate),
            interval(report.recognition_rate_95),
        ),
        (
            "准确率 accuracy (plate and colour)",
            percent(report.accuracy),
            interval(report.accuracy_95),
        ),
        (
            "单帧全对 exact on single frames",
            percent(report.single_frame_exact),
            format!("n = {}", report.single_frames),
        ),
        ("漏检 missed", report.missed.to_string(), String::new()),
        (
            "漏检无牌车 missed without a plate",
            report.missed_without_plate.to_string(),
            String::new(),
        ),
        (
            "重复 duplicates",
            report.duplicates.to_string(),
            String::new(),
        ),
        (
            "误报 false passages",
            report.false_passages.to_string(),
            String::new(),
        ),
        (
            "检测 detect, CPU ms p50",
            format!("{:.2}", latency.detect.p50),
            format!("p95 {:.2}", latency.detect.p95),
        ),
        (
            "识别 read, CPU ms p50",
            format!("{:.2}", latency.read.p50),
            format!("p95 {:.2}", latency.read.p95),
        ),
        (
            "判定用时 decided after, ms p50",
            format!("{:.0}", latency.passage.p50),
            format!("p95 {:.0}", latency.passage.p95),
        ),
        (
            "每路每分钟 CPU s per camera minute",
            format!("{:.1}", report.cpu_s_per_camera_minute),
            String::new(),
        ),
    ];
    out.push_str("<table>");
    for (name, value, note) in rows {
        let _ = write!(out, "<tr><td>{name}<td>{value}<td><small>{note}</small>");
    }
    out.push_str("</table>");
}

fn table<'a>(out: &mut String, groups: impl Iterator<Item = (&'a str, &'a ReportGroup)>) {
    out.push_str("<table><tr><th><th>n<th>找到<br>found<th>全对<br>exact<th>95 %<th>不计省份<br>no province<th>颜色<br>colour<th>95 %<th>自动<br>accepted<th>自动且对<br>accurate<th>95 %");
    for (name, g) in groups {
        let (low, high) = wilson(g.exact, g.n);
        let (color_low, color_high) = wilson(g.color_exact, g.color_n);
        let (right_low, right_high) = wilson(g.read_right, g.read);
        let class = if g.exact < g.n { " class=low" } else { "" };
        let _ = write!(
            out,
            "<tr><td>{}<td>{}<td>{:.1} %<td{class}>{:.1} %<td><small>{:.1}–{:.1}</small><td>{:.1} %<td>{:.1} %<td><small>{:.1}–{:.1}</small><td>{:.1} %<td>{:.1} %<td><small>{:.1}–{:.1}</small>",
            escape(if name.is_empty() { "–" } else { name }),
            g.n,
            share(g.found, g.n) * 100.0,
            share(g.exact, g.n) * 100.0,
            low * 100.0,
            high * 100.0,
            share(g.exact_without_province, g.n) * 100.0,
            share(g.color_exact, g.color_n) * 100.0,
            color_low * 100.0,
            color_high * 100.0,
            share(g.read, g.n) * 100.0,
            share(g.read_right, g.read) * 100.0,
            right_low * 100.0,
            right_high * 100.0,
        );
    }
    out.push_str("</table>");
}

fn gallery(out: &mut String, report: &BenchReport) {
    let _ = write!(
        out,
        "<h2>全部错误 Every error ({})</h2><div class=gallery>",
        report.misses.len()
    );
    for miss in &report.misses {
        let read = miss.read.as_ref().map_or_else(
            || "–".to_owned(),
            |r| {
                let chars: Vec<_> = r
                    .chars
                    .iter()
                    .map(|c| format!("{}\u{2009}{:.2}", c.symbol, c.p))
                    .collect();
                format!(
                    "{} {}<br><small>{}</small>",
                    escape(&r.plate),
                    r.color,
                    escape(&chars.join("  "))
                )
            },
        );
        out.push_str("<div class=card>");
        if !miss.jpeg.is_empty() {
            let data = STANDARD.encode(&miss.jpeg);
            let _ = write!(out, "<img src='data:image/jpeg;base64,{data}' alt=''>");
        }
        let _ = write!(
            out,
            "<div><span class=wrong>{}</span><br>实际 truth {} {}<br>读出 read {read}<br><small>{}</small></div></div>",
            escape(miss.what),
            escape(&miss.truth),
            escape(&miss.truth_color),
            escape(&miss.place),
        );
    }
    out.push_str("</div>");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Miss;

    #[test]
    fn text_from_outside_stays_text_and_nothing_is_fetched() {
        let mut report = BenchReport::default();
        let hostile = "<script src=//x>";
        report.misses.push(Miss {
            place: hostile.into(),
            what: "plate wrong",
            truth: hostile.into(),
            truth_color: "\"blue\"".into(),
            read: None,
            jpeg: b"jpeg".to_vec(),
        });
        let groups = report.by.entry(hostile.into()).or_default();
        groups.insert(hostile.into(), ReportGroup::default());
        let page = page(hostile, &report);
        assert!(!page.contains("<script"), "{page}");
        assert_eq!(page.matches("&lt;script").count(), 6, "{page}");
        assert!(!page.contains("http") && page.contains("data:image/jpeg;base64,anBlZw=="));
    }
}

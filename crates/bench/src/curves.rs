//! The report's curves: automatic share against accuracy, and stated probability against truth.

use std::fmt::Write as _;

use crate::report::{BenchReport, Reliability, TradeOff};

/// Side of a plot in SVG units.
const SIDE: f64 = 300.0;

/// Both curves, each beside its table.
pub(crate) fn curves(out: &mut String, report: &BenchReport) {
    trade_off(out, &report.trade_off);
    reliability(out, &report.reliability);
}

fn trade_off(out: &mut String, points: &[TradeOff]) {
    out.push_str("<h2>自动放行比例与准确率 Automatic share against accuracy</h2><figure>");
    // Both shares lie near one: the axes begin at a round tenth or twentieth below the worst.
    let from_share = floor_to(points.iter().map(|p| p.share), 0.1);
    let accepted = points.iter().filter(|p| p.n > 0);
    let from_accuracy = floor_to(accepted.clone().map(|p| p.accuracy_95.0), 0.05);
    axes(
        out,
        "自动 accepted",
        "正确 plate right",
        (from_share, from_accuracy),
    );
    let place = |p: &TradeOff| {
        (
            scale(p.share, from_share),
            SIDE - scale(p.accuracy, from_accuracy),
        )
    };
    let path: Vec<_> = accepted
        .clone()
        .map(|p| {
            let (x, y) = place(p);
            format!("{x:.1},{y:.1}")
        })
        .collect();
    let _ = write!(
        out,
        "<polyline points='{}' fill='none' stroke='#0969da' stroke-width=2 />",
        path.join(" ")
    );
    for p in accepted {
        let (x, y) = place(p);
        let (low, high) = p.accuracy_95;
        bar(out, x, (low, high), from_accuracy);
        let _ = write!(
            out,
            "<circle cx={x:.1} cy={y:.1} r=3.5 fill='#0969da'><title>p ≥ {:.3}: accepted {:.2} %, right {:.2} %</title></circle>",
            p.threshold,
            p.share * 100.0,
            p.accuracy * 100.0
        );
    }
    out.push_str("</svg></figure><figure><table><tr><th>接受概率 accept from<th>n<th>自动 accepted<th>正确 plate right<th>95 %");
    for p in points {
        let _ = write!(
            out,
            "<tr><td>{:.3}<td>{}<td>{:.2} %<td>{}<td><small>{:.1}–{:.1}</small>",
            p.threshold,
            p.n,
            p.share * 100.0,
            if p.n > 0 {
                format!("{:.2} %", p.accuracy * 100.0)
            } else {
                "–".to_owned()
            },
            p.accuracy_95.0 * 100.0,
            p.accuracy_95.1 * 100.0
        );
    }
    out.push_str("</table></figure>");
}

fn reliability(out: &mut String, bands: &[Reliability]) {
    out.push_str("<h2>标称概率与实际 Stated probability against truth</h2><figure>");
    axes(out, "标称 stated", "实际 right", (0.0, 0.0));
    out.push_str("<path d='M0 300L300 0' stroke='#d8dee4'/>");
    for band in bands {
        let (x, y) = (scale(band.stated, 0.0), SIDE - scale(band.right, 0.0));
        bar(out, x, band.right_95, 0.0);
        let radius = 3.0 + (band.n as f64).sqrt().min(40.0) / 8.0;
        let _ = write!(
            out,
            "<circle cx={x:.1} cy={y:.1} r={radius:.1} fill='#0969da' fill-opacity='.7'><title>stated {:.3}, right {:.3}, n {}</title></circle>",
            band.stated, band.right, band.n
        );
    }
    out.push_str("</svg></figure><figure><table><tr><th>标称 stated<th>n<th>实际 right<th>95 %");
    for band in bands {
        let _ = write!(
            out,
            "<tr><td>{:.2} %<td>{}<td>{:.2} %<td><small>{:.1}–{:.1}</small>",
            band.stated * 100.0,
            band.n,
            band.right * 100.0,
            band.right_95.0 * 100.0,
            band.right_95.1 * 100.0
        );
    }
    out.push_str("</table></figure>");
}

/// Opens a plot whose axes run from `from` to one, with a line at each fifth.
fn axes(out: &mut String, x_name: &str, y_name: &str, from: (f64, f64)) {
    out.push_str(
        "<svg width=400 height=370 viewBox='-62 -12 400 370' font-size=11 fill='#57606a'>",
    );
    for step in 0..=5 {
        let share = f64::from(step) / 5.0;
        let at = share * SIDE;
        let label = |from: f64| (from + (1.0 - from) * share) * 100.0;
        let _ = write!(
            out,
            "<path d='M{at} 0V300M0 {0}H300' stroke='#eaeef2'/><text x={at} y=316 text-anchor='middle'>{1:.0} %</text><text x=-6 y={2} text-anchor='end'>{3:.0} %</text>",
            SIDE - at,
            label(from.0),
            SIDE - at + 4.0,
            label(from.1)
        );
    }
    let _ = write!(
        out,
        "<text x=150 y=340 text-anchor='middle' font-size=13>{x_name}</text><text transform='translate(-48 150) rotate(-90)' text-anchor='middle' font-size=13>{y_name}</text>"
    );
}

/// An upright line over a 95 % interval.
fn bar(out: &mut String, x: f64, (low, high): (f64, f64), from: f64) {
    let _ = write!(
        out,
        "<path d='M{x:.1} {:.1}V{:.1}' stroke='#0969da' stroke-opacity='.35' stroke-width=2 />",
        SIDE - scale(low, from),
        SIDE - scale(high, from)
    );
}

/// Distance of `share` from the axis' begin at `from`.
fn scale(share: f64, from: f64) -> f64 {
    ((share - from) / (1.0 - from)).clamp(0.0, 1.0) * SIDE
}

/// The greatest multiple of `step` that is below all `shares`, and below one.
fn floor_to(shares: impl Iterator<Item = f64>, step: f64) -> f64 {
    let least = shares.fold(1.0, f64::min);
    let floor = (least / step + 1e-9).floor() * step;
    floor.clamp(0.0, 1.0 - step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_begins_below_every_point_and_never_at_its_end() {
        assert!((floor_to([0.97, 0.83].into_iter(), 0.05) - 0.8).abs() < 1e-9);
        assert!((floor_to([1.0].into_iter(), 0.05) - 0.95).abs() < 1e-9);
        assert!((floor_to(std::iter::empty(), 0.1) - 0.9).abs() < 1e-9);
        assert!((scale(0.9, 0.8) - SIDE / 2.0).abs() < 1e-9);
    }
}

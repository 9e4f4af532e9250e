//! Charts as SVG, drawn by the server: numbers and nothing else goes into the markup, sizes are
//! attributes, colours are classes. Each is beside its figures in words; a screen reader skips it.

use crate::feedback::{ENOUGH, Rate};

/// A number as it stands in an attribute.
fn n(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Where a share lies on an axis from 0 to 1: the range, the estimate, the estimate before and a goal.
pub(super) fn interval(rate: Rate, before: Option<Rate>, goal: Option<f64>) -> String {
    let mut svg = String::from(
        r#"<svg width="100%" height="20" aria-hidden="true"><rect class="i-track" y="7" width="100%" height="6" rx="3"/>"#,
    );
    match rate.range() {
        None => svg += r#"<rect class="i-few" x="1" y="6" width="99%" height="8" rx="3"/>"#,
        Some((low, high)) => {
            let (x, width) = (n(low * 100.0), n((high - low) * 100.0));
            svg += &format!(
                r#"<rect class="i-band" x="{x}%" y="5" width="{width}%" height="10" rx="3"/>"#
            );
            if let Some(before) = before.filter(|before| before.of >= ENOUGH) {
                svg += &format!(
                    r#"<circle class="i-past" cx="{}%" cy="10" r="3"/>"#,
                    n(before.share() * 100.0)
                );
            }
        }
    }
    if let Some(goal) = goal {
        let x = n(goal * 100.0);
        svg += &format!(r#"<line class="i-goal" x1="{x}%" x2="{x}%" y1="1" y2="19"/>"#);
    }
    if rate.of >= ENOUGH {
        svg += &format!(
            r#"<circle class="i-dot" cx="{}%" cy="10" r="4.5"/>"#,
            n(rate.share() * 100.0)
        );
    }
    svg + "</svg>"
}

/// Counts one after the other as a thin line; the last is marked.
pub(super) fn sparkline(counts: &[u64], width: u16) -> String {
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let (wide, last) = (f64::from(width) - 6.0, counts.len().saturating_sub(1).max(1) as f64);
    let point = |(place, count): (usize, &u64)| {
        (3.0 + place as f64 * wide / last, 21.0 - 18.0 * *count as f64 / most)
    };
    let points: Vec<(f64, f64)> = counts.iter().enumerate().map(point).collect();
    let Some((x, y)) = points.last() else { return String::new() };
    let path: Vec<String> = points.iter().map(|(x, y)| format!("{} {}", n(*x), n(*y))).collect();
    format!(
        r#"<svg class="spark" width="{width}" height="24" viewBox="0 0 {width} 24" aria-hidden="true"><path d="M{}"/><circle cx="{}" cy="{}" r="2.5"/></svg>"#,
        path.join("L"),
        n(*x),
        n(*y),
    )
}

/// Counts as columns, the last of them, as many as are asked for, in the accent's colour.
pub(super) fn columns(counts: &[u64], recent: usize) -> String {
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let step = 100.0 / counts.len().max(1) as f64;
    let column = |(place, count): (usize, &u64)| {
        let height = (20.0 * *count as f64 / most).max(1.0);
        let class = if place + recent >= counts.len() { "b-more" } else { "b-old" };
        format!(
            r#"<rect class="{class}" x="{}%" y="{}" width="{}%" height="{}" rx="1"/>"#,
            n(step * place as f64),
            n(20.0 - height),
            n(step * 0.8),
            n(height),
        )
    };
    let columns: String = counts.iter().enumerate().map(column).collect();
    format!(r#"<svg width="100%" height="20" aria-hidden="true">{columns}</svg>"#)
}

/// A bar to the right for what grew and to the left for what fell; hollow when it is not clear.
pub(super) fn diverging(points: f64, most: f64, clear: bool) -> String {
    let width = 58.0 * points.abs() / most.max(f64::MIN_POSITIVE);
    let x = if points < 0.0 { 60.0 - width } else { 60.0 };
    let class = match (clear, points < 0.0) {
        (false, _) => "b-unclear",
        (true, true) => "b-less",
        (true, false) => "b-more",
    };
    format!(
        r#"<svg width="120" height="16" viewBox="0 0 120 16" aria-hidden="true"><line class="b-axis" x1="60" x2="60" y1="0" y2="16"/><rect class="{class}" x="{}" y="3.5" width="{}" height="9" rx="1.5"/></svg>"#,
        n(x),
        n(width),
    )
}

/// A bar of a length from 0 to 1.
pub(super) fn bar(length: f64) -> String {
    format!(
        r#"<svg width="100%" height="8" aria-hidden="true"><rect class="i-track" width="100%" height="8" rx="2"/><rect class="b-less" width="{}%" height="8" rx="2"/></svg>"#,
        n(length.clamp(0.0, 1.0) * 100.0)
    )
}

/// One of the points of a [`weekly`] chart.
pub(super) struct Point {
    /// Its value.
    pub value: f64,
    /// The range of it; the same value twice for a count.
    pub range: (f64, f64),
    /// In words, for someone who points at it.
    pub words: String,
    /// Whether there is enough to draw it.
    pub drawn: bool,
}

/// The plot of a weekly chart and the labels of its axis.
pub(super) struct Plot {
    /// The drawing.
    pub svg: String,
    /// The labels beside it, as markup.
    pub axis: String,
}

const HEIGHT: f64 = 280.0;
const TOP: f64 = 14.0;

/// What a weekly chart shows besides its points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weekly {
    /// A goal on the scale of the points.
    pub goal: Option<f64>,
    /// True for shares in percent.
    pub percent: bool,
    /// How many of the finished points the period has.
    pub window: usize,
    /// What it shows.
    pub title: &'static str,
}

/// Where values and places lie in a plot.
struct Axes {
    floor: f64,
    step: f64,
    steps: u32,
    /// The width of one place, in percent.
    wide: f64,
}

impl Axes {
    fn of(points: &[Point], weekly: Weekly) -> Self {
        let drawn = || points.iter().filter(|point| point.drawn);
        let low =
            drawn().map(|point| point.range.0).chain(weekly.goal).fold(f64::INFINITY, f64::min);
        let high = drawn().map(|point| point.range.1).chain(weekly.goal).fold(0.0, f64::max);
        let low = if weekly.percent && low.is_finite() { low } else { 0.0 };
        let (floor, step, steps) = scale(low, high, weekly.percent);
        Self { floor, step, steps, wide: 100.0 / points.len().max(1) as f64 }
    }

    fn value(&self, number: u32) -> f64 {
        self.floor + self.step * f64::from(number)
    }

    fn y(&self, value: f64) -> f64 {
        let top = self.value(self.steps);
        TOP + (HEIGHT - TOP - 10.0) * (1.0 - (value - self.floor) / (top - self.floor))
    }

    /// The left edge of a place, in percent.
    fn left(&self, place: usize) -> String {
        n(self.wide * place as f64)
    }

    fn middle(&self, place: usize) -> f64 {
        self.wide * (place as f64 + 0.5)
    }

    /// The labels and the lines behind the points.
    fn grid(&self, percent: bool) -> (String, String) {
        let (mut labels, mut lines) = (String::new(), String::new());
        for number in 0..=self.steps {
            let value = self.value(number);
            let unit = if percent && number == self.steps { "%" } else { "" };
            let (at, below) = (n(self.y(value)), n(self.y(value) + 4.0));
            labels += &format!(
                r#"<text x="100%" dx="-8" y="{below}" text-anchor="end">{}{unit}</text>"#,
                n(value)
            );
            lines += &format!(r#"<line class="c-grid" x1="0" x2="100%" y1="{at}" y2="{at}"/>"#);
        }
        (labels, lines)
    }

    /// The band and the line through what is drawn of the finished points.
    fn curve(&self, points: &[Point]) -> String {
        let drawn = || points.iter().enumerate().filter(|(_, point)| point.drawn);
        let joined = |of: &dyn Fn(&Point) -> f64| -> Vec<String> {
            let at = |(place, point)| (self.middle(place), self.y(of(point)));
            drawn().map(at).map(|(x, y)| format!("{} {}", n(x), n(y))).collect()
        };
        if drawn().count() < 2 {
            return String::new();
        }
        let (upper, mut lower) = (joined(&|point| point.range.1), joined(&|point| point.range.0));
        lower.reverse();
        let (band, line) =
            ([upper, lower].concat().join(" "), joined(&|point| point.value).join(" "));
        format!(
            r#"<svg viewBox="0 0 100 {HEIGHT}" width="100%" height="{HEIGHT}" preserveAspectRatio="none"><path class="c-band" d="M{band}z"/><path class="c-line" d="M{line}" vector-effect="non-scaling-stroke"/></svg>"#
        )
    }
}

/// A line through the points with a band around it. The last point is not finished: its place is
/// dotted.
pub(super) fn weekly(points: &[Point], weekly: Weekly) -> Plot {
    let Weekly { goal, percent, window, title } = weekly;
    let axes = Axes::of(points, Weekly { goal, percent, window, title });
    let finished = points.len().saturating_sub(1);
    let (labels, lines) = axes.grid(percent);
    let mut svg = format!(
        r#"<rect class="c-window" x="{}%" y="0" width="{}%" height="{HEIGHT}"/>{lines}{}"#,
        axes.left(finished.saturating_sub(window)),
        axes.left(window.min(finished)),
        axes.curve(points.get(..finished).unwrap_or_default()),
    );
    if let Some(goal) = goal {
        let at = n(axes.y(goal));
        svg += &format!(r#"<line class="c-goal" x1="0" x2="100%" y1="{at}" y2="{at}"/>"#);
    }
    svg += &format!(
        r#"<rect class="c-open" x="{}%" y="1" width="{}%" height="{}" rx="4"/>"#,
        axes.left(finished),
        n(axes.wide * 0.96),
        HEIGHT - 2.0
    );
    for (place, point) in points.iter().enumerate() {
        svg += &format!(
            r#"<g><title>{}</title><rect class="c-hit" x="{}%" y="0" width="{}%" height="{HEIGHT}"/>"#,
            point.words,
            axes.left(place),
            n(axes.wide),
        );
        if point.drawn && place < finished {
            let (x, y) = (n(axes.middle(place)), n(axes.y(point.value)));
            svg += &format!(r#"<circle class="c-dot" cx="{x}%" cy="{y}" r="4"/>"#);
        }
        svg += "</g>";
    }
    let open = r#"<svg width="100%" height="#;
    Plot {
        svg: format!(r#"{open}"{HEIGHT}" role="img" aria-label="{title}">{svg}</svg>"#),
        axis: format!(r#"{open}"{HEIGHT}" aria-hidden="true">{labels}</svg>"#),
    }
}

/// Where an axis begins, the length of a step and how many there are: round numbers around a range.
fn scale(low: f64, high: f64, percent: bool) -> (f64, f64, u32) {
    let span = (high - low).max(if percent { 10.0 } else { 4.0 });
    let rough = span / 4.0;
    let magnitude = 10_f64.powf(rough.log10().floor());
    let step =
        [1.0, 2.0, 5.0, 10.0].map(|of| of * magnitude).into_iter().find(|step| *step >= rough);
    let step = step.unwrap_or(rough).max(if percent { 5.0 } else { 1.0 });
    let floor = (low / step).floor() * step;
    let steps = ((high - floor) / step).ceil().clamp(1.0, 12.0);
    // A share is never above all.
    let steps = if percent { steps.min(((100.0 - floor) / step).ceil().max(1.0)) } else { steps };
    (floor, step, steps as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_have_round_numbers_around_what_they_show() {
        assert_eq!(scale(71.0, 94.0, true), (70.0, 10.0, 3));
        assert_eq!(scale(0.0, 37.0, false), (0.0, 10.0, 4));
        assert_eq!(scale(0.0, 0.0, false), (0.0, 1.0, 1));
        let (floor, step, steps) = scale(97.0, 100.0, true);
        assert!(floor <= 97.0 && (floor + step * f64::from(steps) - 100.0).abs() < 1e-9);
    }

    #[test]
    fn a_range_is_drawn_where_it_lies_and_few_cases_have_none() {
        let svg = interval(Rate { hits: 25, of: 100 }, Some(Rate { hits: 50, of: 100 }), Some(0.9));
        assert!(svg.contains(r#"x="17.55%" y="5" width="16.76%""#), "{svg}");
        assert!(
            svg.contains(r#"cx="25%""#)
                && svg.contains(r#"cx="50%""#)
                && svg.contains(r#"x1="90%""#)
        );
        let few = interval(Rate { hits: 1, of: 2 }, None, None);
        assert!(few.contains("i-few") && !few.contains("i-dot"), "{few}");
    }
}

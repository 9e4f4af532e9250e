//! Days and moments; the only file that knows how they are kept.

use serde::{Deserialize, Serialize};

/// A calendar day without a time zone, written `2026-11-24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(jiff::civil::Date);

impl Day {
    /// The day that lies `days` later; the last day there is when that would pass the calendar.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        let span = jiff::Span::new().try_days(days);
        Self(span.and_then(|span| self.0.checked_add(span)).unwrap_or(jiff::civil::Date::MAX))
    }
}

impl Day {
    /// How many days later it is than another one; below zero when it is earlier.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        let span = earlier.0.until(self.0).map(|span| span.get_days());
        span.map_or(0, i64::from)
    }

    /// The Monday of its week.
    #[must_use]
    pub fn monday(self) -> Self {
        self.plus_days(-i64::from(self.0.weekday().to_monday_zero_offset()))
    }

    /// The first day of its month.
    #[must_use]
    pub fn first_of_month(self) -> Self {
        Self(self.0.first_of_month())
    }

    /// The first day of its quarter.
    #[must_use]
    pub fn first_of_quarter(self) -> Self {
        let (year, month) = (self.0.year(), self.0.month());
        Self(jiff::civil::Date::new(year, month - (month - 1) % 3, 1).unwrap_or(self.0))
    }

    /// `2 November`.
    #[must_use]
    pub fn in_words(self) -> String {
        self.0.strftime("%-d %B").to_string()
    }

    /// `2 November 2026`.
    #[must_use]
    pub fn with_year(self) -> String {
        self.0.strftime("%-d %B %Y").to_string()
    }

    /// `2 Nov`.
    #[must_use]
    pub fn short(self) -> String {
        self.0.strftime("%-d %b").to_string()
    }

    /// Its first moment in UTC.
    #[must_use]
    pub fn begins(self) -> Timestamp {
        let zoned = self.0.to_zoned(jiff::tz::TimeZone::UTC);
        Timestamp(zoned.map_or(jiff::Timestamp::MAX, |zoned| zoned.timestamp()))
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let plain = text.len() == 10;
        text.parse().ok().filter(|_| plain).map(Self).ok_or_else(|| {
            format!("`{text}` is not a day; write it as year-month-day, for example 2026-11-24")
        })
    }
}

/// A moment in UTC, written as RFC 3339 with microseconds: `2026-11-24T09:30:00.000000Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// The moment this many microseconds after 1970 began, cut to what the calendar holds.
    #[must_use]
    pub fn from_unix_micros(micros: i64) -> Self {
        Self(jiff::Timestamp::from_microsecond(micros).unwrap_or(jiff::Timestamp::MAX))
    }

    /// The moment that lies `days` times 24 hours later.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        let micros = days.saturating_mul(24 * 3_600_000_000);
        Self::from_unix_micros(self.unix_micros().saturating_add(micros))
    }

    /// When the last so many days began in UTC, of which today is one.
    #[must_use]
    pub fn last_days(self, days: i64) -> Self {
        self.day().plus_days(1 - days).begins()
    }

    /// The day in UTC.
    #[must_use]
    pub fn day(self) -> Day {
        Day(self.0.to_zoned(jiff::tz::TimeZone::UTC).date())
    }

    /// The day in a time zone.
    #[must_use]
    pub fn day_in(self, zone: &Zone) -> Day {
        Day(self.0.to_zoned(zone.0.clone()).date())
    }

    /// Microseconds since 1970 began.
    #[must_use]
    pub fn unix_micros(self) -> i64 {
        self.0.as_microsecond()
    }
}

/// A time zone by its name, for example `Europe/Berlin`. The names come with the program, so that
/// a machine without them knows them too.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone(jiff::tz::TimeZone);

impl std::str::FromStr for Zone {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        jiff::tz::TimeZone::get(name)
            .map(Self)
            .map_err(|_| format!("`{name}` is not a time zone; write for example Europe/Berlin"))
    }
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.6}", self.0)
    }
}

impl std::str::FromStr for Timestamp {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(moment) = text.parse() {
            return Ok(Self(moment));
        }
        format!("{text}T00:00:00Z").parse().map(Self).map_err(|_| {
            format!("`{text}` is not a time; write 2026-11-24 or 2026-11-24T09:30:00Z")
        })
    }
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_they_are_read() {
        let moment = Timestamp::from_unix_micros(1_764_000_000_123_456);
        assert_eq!(moment.to_string().parse(), Ok(moment));
        assert_eq!(moment.to_string(), "2025-11-24T16:00:00.123456Z");
        assert!("yesterday".parse::<Timestamp>().is_err());
    }

    #[test]
    fn review_days_cross_the_year() {
        let day: Day = "2026-11-24".parse().unwrap();
        assert_eq!(day.plus_days(60).to_string(), "2027-01-23");
        assert!("24.11.2026".parse::<Day>().is_err());
    }

    #[test]
    fn weeks_months_and_quarters_begin_where_they_should() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        let tuesday = day("2026-12-01");
        assert_eq!(tuesday.monday(), day("2026-11-30"));
        assert_eq!(day("2026-11-29").monday(), day("2026-11-23"));
        assert_eq!(tuesday.first_of_month(), tuesday);
        assert_eq!(tuesday.first_of_quarter(), day("2026-10-01"));
        assert_eq!(tuesday.days_since(day("2025-12-01")), 365);
        assert_eq!(day("2025-12-01").days_since(tuesday), -365);
        assert_eq!((tuesday.in_words(), tuesday.short()), ("1 December".into(), "1 Dec".into()));
    }
}

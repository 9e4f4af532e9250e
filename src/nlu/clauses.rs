//! Cuts a message into what may be objections of their own, and leaves out those it denies: in
//! "price isn't the issue, it's the timing" no one asks about the price.
//!
//! Only the words are looked at here. Whether a part is an objection at all shows when it is looked
//! up, so that it does no harm to cut too often.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::pattern;

/// At most this many parts, which take a tenth of a second to look up; what follows them is seen in
/// the whole message only.
const MOST: usize = 64;

/// A message in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The message without what it denies; empty when it denies everything.
    pub text: String,
    /// Its parts in their order: one when there is nothing to cut, none when all is denied.
    pub parts: Vec<String>,
}

/// Reads a message of one line.
#[must_use]
pub fn parts(message: &str) -> Message {
    let message = bare(message);
    let spans = cut(message);
    let written = spans.iter().map(|span| &message[span.clone()]);
    let kept: Vec<&str> = written.clone().filter_map(claimed).map(bare).collect();
    let text = if written.eq(kept.iter().copied()) { message.to_owned() } else { kept.join(", ") };
    Message { text, parts: kept.into_iter().take(MOST).map(str::to_owned).collect() }
}

/// The spans between the joints. A word alone says nothing by itself and stays with a neighbour.
fn cut(message: &str) -> Vec<Range<usize>> {
    let trimmed = |span: Range<usize>| {
        let begin = span.end - message[span.clone()].trim_start().len();
        begin..begin + message[begin..span.end].trim_end().len()
    };
    let mut spans: Vec<Range<usize>> = Vec::new();
    let mut begin = 0;
    let joints = JOINT.find_iter(message).filter(|joint| is_joint(message, joint.range()));
    let end = std::iter::once(message.len()..message.len());
    for joint in joints.map(|joint| joint.range()).chain(end) {
        let span = trimmed(begin..joint.start);
        let words = message[span.clone()].split_whitespace();
        let words = words.filter(|word| word.contains(char::is_alphanumeric)).count();
        let words = if FILLER.is_match(&message[span.clone()]) { words.min(1) } else { words };
        let last = joint.start;
        match spans.last_mut() {
            Some(before) if REASON.is_match(&message[span.clone()]) => before.end = span.end,
            _ if words >= 2 => spans.push(span),
            Some(before) if words == 1 => before.end = span.end,
            None if words == 1 && last == message.len() => spans.push(span),
            None if words == 1 => continue, // it goes with the next
            _ => {}
        }
        begin = joint.end;
    }
    spans
}

/// Whether these signs end a part: not the comma of 1,200 nor the stop of an abbreviation.
fn is_joint(message: &str, joint: Range<usize>) -> bool {
    let before = &message[..joint.start];
    let after = message[joint.end..].chars().next();
    match &message[joint] {
        "," => !after.is_some_and(|c| c.is_ascii_digit()),
        _ if ends_with(before, "between you") => false, // and me
        signs if signs.starts_with('.') => {
            let word = before.rsplit(char::is_whitespace).next().unwrap_or_default();
            let word = word.trim_start_matches('(').to_lowercase();
            word.chars().count() > 1 && !ABBREVIATIONS.contains(&word.as_str())
        }
        _ => true,
    }
}

fn ends_with(text: &str, words: &str) -> bool {
    let tail = text.len().checked_sub(words.len()).and_then(|begin| text.get(begin..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case(words))
}

const ABBREVIATIONS: [&str; 14] = [
    "vs", "e.g", "i.e", "approx", "inc", "ltd", "co", "corp", "mr", "mrs", "ms", "dr", "st", "dept",
];

/// Ends of sentences, and what joins two statements within one.
static JOINT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"[.!?;…]+["'”’)]*(?:\s+(?:(?:and|but|plus|also)\b[,\s]+)*|$)
         | :\s+
         | \s+[-–—]+\s+ | \s*—\s*
         | ,\s*(?:(?:and|but|plus|so|yet)\s+)?(?:also\s+)?
         | \s+(?:and|n|'n'|but|plus|also|besides|as\ well\ as|on\ top\ of\ that|&|\+|yet|although|whereas)\s+(?:also\s+|then\s+)?"#,
    )
});

/// What the customer said without the rep's "they say that" before it, nor the marks of a line that
/// was copied from somewhere. An exclamation alone stays.
fn bare(text: &str) -> &str {
    let rest = SPEAKER.find(text).map_or(text, |speaker| &text[speaker.end()..]);
    let rest = FRAME.find(rest).map_or(rest, |frame| &rest[frame.end()..]);
    let rest = rest.trim_matches(|c: char| c.is_whitespace() || "\"“”„«»".contains(c));
    if rest.contains(char::is_alphanumeric) { rest } else { text }
}

/// How a quoted line, a list or a transcript begins: "> ", "[10:42] Customer: ".
static SPEAKER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        &r"^\s*(?:[>*•–—-]+\s+)*(?:[\[(]{time}[\])][\s–—-]+)?
           (?:(?:{time}[\s–—-]+)?(?:(?:the|our)\ )?(?:customer|prospect|client|buyer|caller|lead|contact)
              (?:\s*[\[(]?{time}[\])]?)?\s*:\s*)?"
            .replace("{time}", r"\d{1,2}:\d{2}(?::\d{2})?"),
    )
});

/// Who reports what someone else says.
static FRAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"^["“„«\s]*(?:(?:so|and|but|well|ok|okay|now|also|then)[,\s]+)*
           (?:(?:they|he|she|(?:(?:the|this|my|our)\ )?(?:customer|prospect|client|buyer|caller|lead|contact|guy|lady))
              (?:\ (?:just|now|also|then|always|really))*
              (?:\ (?:says?|said|tells?\ me|told\ me|claims?|claimed|asks?|asked|mentions?|mentioned|insists?|complains?|complained|argues?|feels?|wants?\ to\ know|wanted\ to\ know|keeps?\ (?:on\ )?(?:saying|asking|telling\ me)|goes|go)
                |(?:'s|'re|’s|’re|\ is|\ are|\ was|\ were)\ (?:just\ )?(?:saying|asking|telling\ me|complaining|claiming|like))
            |i(?:'m|’m|\ am)\ (?:just\ |only\ )?saying
            # As notes are typed.
            |says?|said|saying|reckons?|claims?|claimed|thinks|wants?\ to\ know|ask(?:s|ed|ing)\ (?:if|whether|about))
           (?:\ (?:me|us))?(?:\ (?:that|if|whether|about))?\b[,:]?\s*"#,
    )
});

/// What says more of the statement before it.
static REASON: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:be)?cause\b|^which\b"));

/// What is no statement however many words it has.
static FILLER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?:oh|ah|well|so|and|but|yeah|yes|no|ok|okay|hey|hi|hello|sorry|listen|look|honestly|frankly|come\ on|you\ know|i\ mean|i\ guess|to\ be\ (?:honest|fair|frank|clear)|let(?:'s|\ me)\ (?:see|be\ honest)|in\ all\ honesty|thank\ you|thanks|all\ right|alright|two\ things|a\ couple\ of\ things|first\ of\ all|on\ top\ of\ that|by\ the\ way|at\ the\ end\ of\ the\ day|in\ any\ case|don't\ get\ me\ wrong)[\s,]*)+$",
    )
});

/// The part without what it denies at its end; none when it denies as a whole.
fn claimed(part: &str) -> Option<&str> {
    let plain = part.replace(['’', '‘', '`', '´'], "'");
    if DENIED.is_match(&plain) || (!HEDGED.is_match(&plain) && GRANTED.is_match(&plain)) {
        return None;
    }
    match RATHER.find(part) {
        Some(tail) => Some(part[..tail.start()].trim_end_matches([',', ' '])),
        None => Some(part),
    }
}

/// "It's the timing rather than the price", "more about trust than money".
static RATHER: LazyLock<Regex> = LazyLock::new(|| {
    let more = r"\s*\brather\ than\ (?:the\ |your\ )?{topic}\b.*$|\bthan\ (?:it\ is\ |it's\ )?(?:about\ )?(?:the\ |your\ )?{topic}$";
    pattern(&topical(more))
});

/// What says that something is not in the way.
static DENIED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&topical(
        r"# price isn't the issue; cost was never really a concern; it is not the reason
          (?:n't|\bnot|\bnever)\ (?:(?:even|really|actually|so\ much|necessarily|at\ all|such)\ )*(?:the|our|my|your|what's|what\ is|what|why|holding|stopping)\b
            (?:\ (?:real|main|big|biggest|only|sticking|deal|actual|key|core|first|primary))*(?:\ {issue}|\ (?:holding|stopping|worr|both|keep)|\ (?:we|i)(?:'re|'m|\ are|\ am)?\ hesitat|\ (?:us|me)\ back)
        | (?:^|\ ){topic}\ (?:is|are|was|were)(?:n't|\ not|\ never)\ (?:(?:even|really|actually|so\ much)\ )*(?:an?|any|that\ big\ an?|such\ an?|much\ of\ an?)\ (?:(?:real|big|huge|major)\ )*{issue}
        # I don't think price is the problem
        | n't\ (?:think|believe|say|feel|see)\ (?:\w+\ ){1,5}(?:is|are|was|as)\ (?:the|an?|our|my)\ (?:\w+\ )?{issue}
        # it's not about the money; not because of the price
        | \bnot\ (?:(?:so\ much|really|actually|even|necessarily)\ )?(?:about|because\ of|due\ to|down\ to|an?\ (?:question|matter|case)\ of)\b
        | n't\ (?:(?:so\ much|really|actually|even|necessarily)\ )?(?:about|because\ of|due\ to|down\ to|an?\ (?:question|matter|case)\ of)\ (?:the\ |your\ )?{topic}
        # it's not that we don't trust you
        | \b(?:not|isn't|wasn't)\ (?:that|like|as\ if|as\ though)\ (?:i|we|it|you|they|he|she|the|your|there|this|our)\b
        # I'm not saying it's expensive
        | (?:\bnot|n't)\ (?:saying|worried\ about|concerned\ about|bothered\ (?:about|by)|arguing\ (?:about|over|with)|complaining\ about|questioning|doubting|worry\ about|doubt|question|object\ to)\b
        # the price doesn't bother us
        | {topic}\ (?:does|do|did|would)(?:n't|\ not)\ (?:really\ |even\ )?(?:worry|bother|concern|scare|matter|faze|put\ (?:us|me)\ off)
        # no issue with the contract
        | \b(?:no|zero|n't\ (?:have|got)|not\ have)\ (?:(?:an?|any|real|big|major)\ )*(?:problem|issue|concern|complaint|objection|worrie|worry|qualm|quarrel|doubt)s?\ (?:with|about|on|over|around)\ (?:the\ |your\ )?{topic}
        # never mind the price
        | \b(?:forget(?:\ about)?|never\ mind|leav(?:e|ing)\ aside|set(?:ting)?\ aside|put(?:ting)?\ aside|ignor(?:e|ing))\ (?:the\ |your\ )?{topic}
        | (?:\bnot|n't)\ (?:mind|care\ (?:so\ much\ |that\ much\ |much\ )?about)\ (?:the|your|paying|spending)\b
        | \bless\ (?:about|of\ an?\ (?:issue|question))\b
        # it's not the price but the timing; not price
        | ^(?:(?:and|so|well|no|look|honestly|really)\ )?(?:(?:it|this|that)(?:'s|\ is|\ was)\ )?(?:not|isn't)\ (?:(?:so\ much|really|actually|even)\ )?(?:(?:the|your|our)\ )?{topic}(?:\ (?:itself|per\ se|as\ such|really|here|that|which|either|anymore)\b.*)?$
        | \b(?:it|this|that)\ (?:isn't|wasn't)\ (?:(?:so\ much|really|actually|even)\ )?(?:(?:the|your|our)\ )?{topic}(?:\ (?:itself|per\ se|as\ such|really|here|that|which|either|anymore)\b.*)?$",
    ))
});

/// What says that something is in order.
static GRANTED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&topical(
        r"(?:^|\b(?:the|your|our)\ ){topic}(?:\ (?:itself|part|side))?(?:'s|\ is|\ are|\ looks?|\ seems?|\ sounds?|\ works)(?:\ (?:all|totally|perfectly|pretty|actually|just|really|quite|completely|very|absolutely))*\ (?:fine|ok|okay|good|great|fair|reasonable|sorted|acceptable|there|alright|no\ (?:problem|issue|concern)|approved|in\ place|covered|secured)\b
        | \b(?:happy|fine|ok|okay|good|comfortable|cool|satisfied)\ with\ (?:the\ |your\ )?{topic}
        # I'm fine with it, but my boss is not
        | ^i(?:'m|\ am)\ (?:(?:all|totally|perfectly|personally|quite)\ )*(?:happy|fine|ok|okay|good|comfortable|cool)\ with\ (?:it|this|that)$
        | \b(?:have|got|has|there\ is|there's)\ (?:the\ |a\ |plenty\ of\ |enough\ |more\ than\ enough\ )?(?:budget|money|funds|funding)\b
        | \b(?:can|could)\ (?:easily\ |well\ |live\ with\ |pay\ )?(?:afford|the\ {topic})",
    ))
});

/// What makes a grant no grant: "not sure the price is fine", "if we had the budget".
static HEDGED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"n't\b|\b(?:not|no|never|hardly|barely|cannot|if|whether|unless|until|once|when|sure|doubt|think|wish|only|as\ long\ as|how)\b",
    )
});

/// Names of what objections are about.
const TOPIC: &str = r"(?:the\ |your\ )?(?:pric(?:e|es|ing)(?:\ tag|\ point)?|costs?|money|budget|timing|timeline|security|privacy|contract|terms|integrations?|compliance|quality|features?|product|implementation|onboarding|technology|tech|fees?|discount|service|support)";

/// Names of obstacles.
const ISSUE: &str = r"(?:issues?|problems?|concerns?|questions?|blockers?|obstacles?|reasons?|hold-?ups?|worry|worries|objections?|breakers?|dealbreakers?|deal-breakers?|points?|factors?|sticking\ points?)";

fn topical(pattern: &str) -> String {
    pattern.replace("{topic}", TOPIC).replace("{issue}", ISSUE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(message: &str) -> String {
        parts(message).parts.join(" | ")
    }

    #[test]
    fn two_statements_are_two_parts() {
        for (message, expected) in [
            ("too expensive and we already have Acme", "too expensive | we already have Acme"),
            ("It's too dear. Also, no time!", "It's too dear | no time"),
            ("we spend 1,200 a month, that's plenty", "we spend 1,200 a month | that's plenty"),
            ("we use Acme Inc. for that", "we use Acme Inc. for that"),
            ("too dear,no time", "too dear | no time"),
            ("too dear n no time for it", "too dear | no time for it"),
            ("between you and me, it's dear", "between you and me | it's dear"),
            (
                "two things: the price is high — your contract is long",
                "two things: the price is high | your contract is long",
            ),
            (
                "it's dear for six people also they want a trial",
                "it's dear for six people | they want a trial",
            ),
            ("we also need it in German", "we also need it in German"),
            ("expensive", "expensive"),
            ("legal said no, because they always do", "legal said no, because they always do"),
            ("it's late, and we laughed, which is rare", "it's late | we laughed, which is rare"),
            ("Look, it costs too much", "Look, it costs too much"),
            ("", ""),
            (" . , ", ""),
        ] {
            assert_eq!(kept(message), expected, "{message}");
        }
    }

    #[test]
    fn a_ramble_without_full_stops_is_cut_all_the_same() {
        let ramble = |statements: usize| "and then they talked of it, ".repeat(statements);
        assert_eq!(parts(&ramble(40)).parts.len(), 40);
        assert_eq!(parts(&ramble(400)).parts.len(), MOST);
    }

    #[test]
    fn the_frame_of_a_report_is_left_out() {
        for (message, expected) in [
            ("they say that it's too dear", "it's too dear"),
            ("The customer just said: \"we have no budget\"", "we have no budget"),
            (
                "he wants to know if you're certified, and she says it's slow",
                "you're certified | it's slow",
            ),
            ("so the client is asking whether it runs on a Mac", "it runs on a Mac"),
            ("they said", "they said"),
            ("says it's dear n asks if it's safe", "it's dear | it's safe"),
            ("asks for 25% off", "asks for 25% off"),
            ("my boss says no", "my boss says no"),
            ("they want 25% off", "they want 25% off"),
            ("> customer: \"let me ask our IT\"", "let me ask our IT"),
            ("[10:42] Prospect: they say it's dear", "it's dear"),
            ("Customer (10:42:07): too dear, no time", "too dear | no time"),
            ("- too dear", "too dear"),
            ("10:42 client: too dear", "too dear"),
            ("-20% and we sign", "-20% and we sign"),
            ("14:30 is fine for me", "14:30 is fine for me"),
            ("customer:", "customer:"),
            ("come on, what's the catch", "come on, what's the catch"),
        ] {
            assert_eq!(kept(message), expected, "{message}");
        }
    }

    #[test]
    fn what_is_denied_is_left_out() {
        for (message, expected) in [
            ("price isn't the issue, it's the timing", "it's the timing"),
            ("it’s not about the money, we just don't trust you", "we just don't trust you"),
            ("I'm fine with it, but my boss is not", "my boss is not"),
            ("the budget is there but my boss has to sign", "my boss has to sign"),
            ("not the price, the contract length", "the contract length"),
            ("It's the timing rather than the price", "It's the timing"),
            ("price is not a problem", ""),
        ] {
            assert_eq!(kept(message), expected, "{message}");
        }
    }

    #[test]
    fn what_only_sounds_like_a_denial_stays() {
        for message in [
            "that's not a problem for us",
            "it's not the right time",
            "it's not in the budget",
            "not a priority for us",
            "we have no problems with our current provider",
            "not sure the price is fine",
            "we don't have the budget",
            "we can't afford it",
            "I'm not happy with the price",
            "I don't see the point",
            "everything is fine as it is",
            "there's no reason to change",
            "not just the price",
        ] {
            assert_eq!(kept(message), message);
        }
    }
}

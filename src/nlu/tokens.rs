//! Cuts a request into numbers, words and signs, each with its place in what was typed.
//!
//! Not Unicode's compatibility forms (NFKC): they make `121⁄2` of `12½` and `102` of `10²`, and
//! leave Arabic digits as they are.

use std::ops::Range;

/// One piece of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Bytes of the request.
    pub span: Range<usize>,
    /// A word in lower case, a number with ASCII digits, or a sign.
    pub text: String,
    pub kind: Kind,
    /// Whether it directly follows the previous piece.
    pub glued: bool,
    /// Whether it begins with a capital letter.
    pub capital: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Word,
    Sign,
    /// A number of an order, a phone or a day: nothing to compute with.
    Code,
}

/// The first digits of scripts that people type numbers in.
const ZEROS: [char; 14] = [
    '0', '\u{660}', '\u{6F0}', '\u{966}', '\u{9E6}', '\u{A66}', '\u{AE6}', '\u{BE6}', '\u{C66}',
    '\u{CE6}', '\u{D66}', '\u{E50}', '\u{1040}', '\u{17E0}',
];

/// Fractions of one sign that have an end, as decimals.
const FRACTIONS: [(char, &str); 11] = [
    ('½', "5"),
    ('¼', "25"),
    ('¾', "75"),
    ('⅕', "2"),
    ('⅖', "4"),
    ('⅗', "6"),
    ('⅘', "8"),
    ('⅛', "125"),
    ('⅜', "375"),
    ('⅝', "625"),
    ('⅞', "875"),
];

/// What a character stands for: wide forms, dashes, spaces and digits of other scripts become
/// plain ones.
fn plain(sign: char) -> char {
    match sign {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(sign) - 0xFEE0).unwrap_or(sign),
        '٪' | '﹪' => '%',
        '٫' => '.',
        '٬' | '’' | '‘' | '`' | '´' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => '-',
        // Spaces that hold a number together.
        '\u{A0}' | '\u{202F}' | '\u{2009}' | '\u{2007}' => '\u{A0}',
        _ => {
            let digit = |zero: &char| u32::from(sign).checked_sub(u32::from(*zero));
            let digit = ZEROS.iter().filter_map(digit).find(|digit| *digit < 10);
            digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(sign)
        }
    }
}

/// Signs that raise a number: what they mean beside it cannot be known.
fn raised(sign: char) -> bool {
    matches!(sign, '²' | '³' | '¹' | '\u{2070}'..='\u{209C}' | '\u{2044}')
        || matches!(sign, '⅓' | '⅔' | '⅙' | '⅚' | '⅐' | '⅑' | '⅒')
}

fn fraction(sign: char) -> Option<&'static str> {
    FRACTIONS.iter().find(|(known, _)| *known == sign).map(|(_, decimals)| *decimals)
}

/// The pieces of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let signs: Vec<(usize, char)> = text.char_indices().collect();
    let end = |index: usize| signs.get(index).map_or(text.len(), |(at, _)| *at);
    let at = |index: usize| signs.get(index).map(|(_, sign)| plain(*sign));
    let digit = |index: usize| at(index).is_some_and(|sign| sign.is_ascii_digit());
    let raw = |index: usize| signs.get(index).map(|(_, sign)| *sign);
    let (mut found, mut index, mut glued) = (Vec::new(), 0, false);
    while let Some(sign) = at(index) {
        if sign.is_whitespace() || sign.is_control() {
            (glued, index) = (false, index + 1);
            continue;
        }
        let (begin, mut kind, mut text) = (index, Kind::Sign, String::new());
        let lone = raw(index).and_then(fraction);
        if digit(index) || lone.is_some() {
            kind = Kind::Number;
            while let Some(sign) = at(index) {
                let between = matches!(sign, '.' | ',' | '\'' | '\u{A0}') && digit(index + 1);
                if !sign.is_ascii_digit() && !between {
                    break;
                }
                text.push(sign);
                index += 1;
            }
            if let Some(decimals) = raw(index).and_then(fraction) {
                let whole = text.bytes().all(|byte| byte.is_ascii_digit());
                kind = if whole { Kind::Number } else { Kind::Code };
                text = format!("{}.{decimals}", if text.is_empty() { "0" } else { &text });
                index += 1;
            }
            while raw(index).is_some_and(raised) {
                (kind, index) = (Kind::Code, index + 1);
            }
        } else if sign.is_alphabetic() {
            kind = Kind::Word;
            while let Some(sign) = at(index) {
                let inside = sign == '\'' && at(index + 1).is_some_and(char::is_alphabetic);
                if !sign.is_alphanumeric() && !inside {
                    break;
                }
                if sign.is_ascii_digit() {
                    kind = Kind::Code;
                }
                text.extend(sign.to_lowercase());
                index += 1;
            }
        } else {
            text.push(sign);
            index += 1;
        }
        let capital = signs[begin].1.is_uppercase();
        found.push(Token { span: end(begin)..end(index), text, kind, glued, capital });
        glued = true;
    }
    codes(&mut found);
    found
}

/// Marks what only looks like numbers: days, times, phones, versions, ordinals.
fn codes(tokens: &mut [Token]) {
    for start in 0..tokens.len() {
        let run = |token: &&Token| token.glued;
        let length = 1 + tokens[start + 1..].iter().take_while(run).count();
        if tokens[start].glued && start > 0 && !boundary(&tokens[start - 1]) {
            continue;
        }
        let run = &mut tokens[start..start + length];
        // Up to a comma and the like; what follows is looked at in its own turn.
        let length = run.iter().position(boundary).unwrap_or(length);
        if looks_like_code(&run[..length]) {
            for token in run[..length].iter_mut().filter(|token| token.kind == Kind::Number) {
                token.kind = Kind::Code;
            }
        }
    }
    phones(tokens);
}

/// Ends a run of pieces that are adjacent.
fn boundary(token: &Token) -> bool {
    let ends = [",", ";", "(", ")", "·", "|", "\"", "!", "?", "[", "]", "%", "+", "=", "…"];
    token.kind == Kind::Sign && ends.contains(&token.text.as_str())
}

fn looks_like_code(run: &[Token]) -> bool {
    let numbers: Vec<&Token> = run.iter().filter(|token| token.kind == Kind::Number).collect();
    let leading_zero = |token: &&Token| {
        token.text.len() > 1
            && token.text.bytes().all(|byte| byte.is_ascii_digit())
            && token.text.starts_with('0')
    };
    let joins = |signs: &str| {
        run.windows(3).any(|three| {
            three[0].kind == Kind::Number
                && three[2].kind == Kind::Number
                && signs.contains(&three[1].text)
        })
    };
    let strange = run.iter().any(|token| "#@_".contains(&token.text));
    numbers.len() > 2
        || numbers.iter().any(leading_zero)
        || (numbers.len() > 1 && joins("/:."))
        || (strange && !numbers.is_empty())
}

/// `+49 30 901820`: a plus and many digits.
fn phones(tokens: &mut [Token]) {
    for start in 0..tokens.len() {
        let plus = tokens[start].text == "+" && !tokens[start].glued;
        if !plus || !tokens.get(start + 1).is_some_and(|next| next.glued) {
            continue;
        }
        let number = |token: &&Token| {
            matches!(token.kind, Kind::Number | Kind::Code) || "()-/".contains(&token.text)
        };
        let length = tokens[start + 1..].iter().take_while(number).count();
        let run = &mut tokens[start + 1..start + 1 + length];
        let digits: usize = run.iter().map(|token| token.text.len()).sum();
        if digits >= 7 {
            run.iter_mut().for_each(|token| token.kind = Kind::Code);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> String {
        let show = |token: &Token| match token.kind {
            Kind::Number => format!("<{}>", token.text),
            Kind::Code => format!("#{}", token.text),
            Kind::Word | Kind::Sign => token.text.clone(),
        };
        tokens(text).iter().map(show).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn numbers_are_told_from_what_looks_like_them() {
        for (text, pieces) in [
            ("80 Plätze, 12½ %", "<80> plätze , <12.5> %"),
            ("٣٠٪ ３０％ 1\u{202F}200", "<30> % <30> % <1\u{A0}200>"),
            ("10² 12⅓ ½", "#10 #12 <0.5>"),
            ("call 555-0100", "call #555 - #0100"),
            ("2026-11-02 10:30 24/7", "#2026 - #11 - #02 #10 : #30 #24 / #7"),
            ("20–25%", "<20> - <25> %"),
            ("Q4 30k $1,200.50", "#q4 <30> k $ <1,200.50>"),
            ("+49 30 901820", "+ #49 #30 #901820"),
            ("10%+5%", "<10> % + <5> %"),
        ] {
            assert_eq!(cut(text), pieces, "{text}");
        }
    }

    #[test]
    fn pieces_know_their_place() {
        let text = "für 80 Plätze";
        let words: Vec<&str> = tokens(text).iter().map(|token| &text[token.span.clone()]).collect();
        assert_eq!(words, ["für", "80", "Plätze"]);
    }
}

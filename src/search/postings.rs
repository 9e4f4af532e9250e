//! Which cards have which word: the lists of all words in one run of bytes, so that a question
//! touches few pages of memory.

use std::collections::BTreeMap;
use std::slice;

use tantivy_fst::raw::Fst;
use tantivy_fst::{Map, MapBuilder};

use super::pages::Pages;

/// A word in a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting {
    /// How often the card has the word.
    pub times: u32,
    pub card: u32,
}

/// Of each word the cards that have it, and of each card how long it is.
///
/// A list says how rare the word is and how many bytes follow; then comes a group for the cards that
/// have it once, one for those that have it twice, and so on: how often, how many bytes follow, and
/// from each card how far it is to the next. Whole numbers are written in LEB128, so that a card
/// takes one byte in the list of a common word and two in most others.
pub(super) struct Postings {
    /// Where in `lists` the list of a word begins.
    words: Map<Pages<u8>>,
    lists: Pages<u8>,
    /// As they were given.
    pub lengths: Pages<u8>,
}

impl Postings {
    /// Puts the lists together; there are as many cards as lengths.
    ///
    /// # Errors
    /// What the map of words says when they are out of order, which those of a `BTreeMap` are not.
    pub fn of(
        words: BTreeMap<String, Vec<Posting>>,
        lengths: Vec<u8>,
    ) -> Result<Self, tantivy_fst::Error> {
        let (mut map, mut lists) = (MapBuilder::memory(), Vec::new());
        for (word, mut postings) in words {
            map.insert(&word, lists.len() as u64)?;
            postings.sort_unstable();
            let mut groups = Vec::new();
            for group in postings.chunk_by(|a, b| a.times == b.times) {
                let (mut times, mut gaps, mut last) = (0, Vec::new(), 0);
                for posting in group {
                    times = posting.times;
                    write(&mut gaps, posting.card - last);
                    last = posting.card;
                }
                write(&mut groups, times);
                write_all(&mut groups, &gaps);
            }
            lists.extend(idf(postings.len(), lengths.len()).to_le_bytes());
            write_all(&mut lists, &groups);
        }
        let [words, lists, lengths] = Pages::beside([map.into_inner()?, lists, lengths]);
        Ok(Self { words: Fst::new(words)?.into(), lists, lengths })
    }

    /// How rare this word is, and which cards have it; nothing when none has it.
    pub fn get(&self, word: &str) -> Option<(f32, Groups<'_>)> {
        let at = usize::try_from(self.words.get(word)?).ok()?;
        let (idf, bytes) = self.lists.get(at..)?.split_first_chunk()?;
        let groups = Groups { bytes: read_all(&mut bytes.iter())? };
        Some((f32::from_le_bytes(*idf), groups))
    }
}

/// The inverse document frequency of a word that so many of all cards have (Robertson and Zaragoza,
/// "The Probabilistic Relevance Framework: BM25 and Beyond", 2009), kept above zero as Lucene and
/// tantivy do.
fn idf(having: usize, all: usize) -> f32 {
    let others = all.saturating_sub(having) as f32;
    (1.0 + (others + 0.5) / (having as f32 + 0.5)).ln()
}

/// The cards that have a word, by how often they have it.
pub(super) struct Groups<'a> {
    bytes: slice::Iter<'a, u8>,
}

impl<'a> Iterator for Groups<'a> {
    type Item = (u32, Cards<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let times = read(&mut self.bytes)?;
        let mut gaps = read_all(&mut self.bytes)?;
        Some((times, Cards { next: read(&mut gaps).unwrap_or(END), gaps }))
    }
}

/// Sentinel for "no card".
const END: u32 = u32::MAX;

/// The cards of a group, in order.
pub(super) struct Cards<'a> {
    next: u32,
    gaps: slice::Iter<'a, u8>,
}

impl Cards<'_> {
    /// Goes on to the end of these sums, which begin with that of the card `first`, and adds to each
    /// card's what a card of its length gets.
    #[inline(never)] // by itself, all of it stays in registers
    pub fn add(&mut self, first: usize, lengths: &[u8], adds: &[f32], sums: &mut [f32]) {
        let mut gaps = self.gaps.clone();
        while let Some(at) = (self.next as usize).checked_sub(first) {
            let (Some(sum), Some(length)) = (sums.get_mut(at), lengths.get(at)) else { break };
            *sum += adds.get(usize::from(*length)).copied().unwrap_or_default();
            self.next = read(&mut gaps).map_or(END, |gap| self.next + gap);
        }
        self.gaps = gaps;
    }
}

fn write(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn write_all(bytes: &mut Vec<u8>, of: &[u8]) {
    write(bytes, of.len() as u32);
    bytes.extend_from_slice(of);
}

#[inline]
fn read(bytes: &mut slice::Iter<'_, u8>) -> Option<u32> {
    let (mut number, mut shift) = (0, 0);
    loop {
        let byte = *bytes.next()?;
        number |= u32::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
        shift += 7;
    }
}

fn read_all<'a>(bytes: &mut slice::Iter<'a, u8>) -> Option<slice::Iter<'a, u8>> {
    let count = read(bytes)? as usize;
    let (these, others) = bytes.as_slice().split_at_checked(count)?;
    *bytes = others.iter();
    Some(these.iter())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_went_in_comes_out(
            words in prop::collection::btree_map(
                "[a-z]{0,3}",
                prop::collection::btree_map(0..300_u32, 1_u32..400, 1..300),
                0..20,
            ),
            other in "[a-z]{0,3}",
            end in 0..300_usize,
        ) {
            let list = |(word, cards): (&String, &BTreeMap<u32, u32>)| {
                let posting = |(card, times): (&u32, &u32)| Posting { card: *card, times: *times };
                (word.clone(), cards.iter().map(posting).collect())
            };
            let lengths = vec![1; 300];
            let postings = Postings::of(words.iter().map(list).collect(), lengths.clone()).unwrap();
            prop_assert_eq!(&*postings.lengths, &lengths);
            for (word, cards) in &words {
                let (rare, groups) = postings.get(word).unwrap();
                prop_assert!((rare - idf(cards.len(), 300)).abs() < f32::EPSILON);
                let mut sums = [vec![0.0; end], vec![0.0; 300 - end]];
                for (times, mut all) in groups {
                    let (adds, [before, after]) = ([0.0, times as f32], sums.each_mut());
                    all.add(0, &lengths[..end], &adds, before);
                    all.add(end, &lengths[end..], &adds, after);
                }
                let times = |card: u32| cards.get(&card).map_or(0.0, |times| *times as f32);
                prop_assert_eq!(sums.concat(), (0..300).map(times).collect::<Vec<_>>());
            }
            prop_assert_eq!(postings.get(&other).is_some(), words.contains_key(&other));
        }
    }
}

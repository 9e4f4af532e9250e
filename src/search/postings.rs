//! Which cards have which word: the lists of all words in one run of bytes, so that a question
//! touches few pages of memory.

use std::collections::BTreeMap;
use std::slice;

use tantivy_fst::{Map, MapBuilder};

use super::pages::Pages;

/// A word in a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting {
    /// How often the card has the word.
    pub times: u32,
    pub card: u32,
}

/// Of each word the cards that have it.
///
/// A list says how many cards have the word and how many bytes follow; then comes a group for the
/// cards that have it once, one for those that have it twice, and so on: how often, how many bytes
/// follow, and from each card how far it is to the next. All numbers are written in LEB128, so that
/// a card takes one byte in the list of a common word and two in most others.
pub(super) struct Postings {
    /// Where in `lists` the list of a word begins.
    words: Map<Vec<u8>>,
    lists: Pages<u8>,
}

impl Postings {
    /// Puts the lists together.
    ///
    /// # Errors
    /// What the map of words says when they are out of order, which those of a `BTreeMap` are not.
    pub fn of(words: BTreeMap<String, Vec<Posting>>) -> Result<Self, tantivy_fst::Error> {
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
            write(&mut lists, postings.len() as u32);
            write_all(&mut lists, &groups);
        }
        Ok(Self { words: Map::from_bytes(map.into_inner()?)?, lists: Pages::of(lists) })
    }

    /// How many cards have this word, and which; nothing when none has it.
    pub fn get(&self, word: &str) -> Option<(u32, Groups<'_>)> {
        let at = usize::try_from(self.words.get(word)?).ok()?;
        let mut bytes = self.lists.get(at..)?.iter();
        Some((read(&mut bytes)?, Groups { bytes: read_all(&mut bytes)? }))
    }
}

/// The cards that have a word, by how often they have it.
pub(super) struct Groups<'a> {
    bytes: slice::Iter<'a, u8>,
}

impl<'a> Iterator for Groups<'a> {
    type Item = (u32, Cards<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        Some((read(&mut self.bytes)?, Cards { last: 0, gaps: read_all(&mut self.bytes)? }))
    }
}

/// The cards of a group, in order.
pub(super) struct Cards<'a> {
    last: u32,
    gaps: slice::Iter<'a, u8>,
}

impl Iterator for Cards<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        self.last += read(&mut self.gaps)?;
        Some(self.last)
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
                prop::collection::btree_map(any::<u32>(), 1_u32..400, 1..300),
                0..20,
            ),
            other in "[a-z]{0,3}",
        ) {
            let list = |(word, cards): (&String, &BTreeMap<u32, u32>)| {
                let posting = |(card, times): (&u32, &u32)| Posting { card: *card, times: *times };
                (word.clone(), cards.iter().map(posting).collect())
            };
            let postings = Postings::of(words.iter().map(list).collect()).unwrap();
            for (word, cards) in &words {
                let (having, groups) = postings.get(word).unwrap();
                prop_assert_eq!(having as usize, cards.len());
                let found = groups.flat_map(|(times, all)| all.map(move |card| (card, times)));
                prop_assert_eq!(&found.collect::<BTreeMap<u32, u32>>(), cards);
            }
            prop_assert_eq!(postings.get(&other).is_some(), words.contains_key(&other));
        }
    }
}

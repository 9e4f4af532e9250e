//! Splits a text into the word pieces that the encoder was taught with.

use tokenizers::Tokenizer;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::BertNormalizer;
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;

use super::damaged::Damaged;

/// Before the first piece and behind the last.
const MARKS: [&str; 2] = ["<s>", "</s>"];

/// The vocabulary, one piece a line.
pub(super) struct Words {
    tokenizer: Tokenizer,
    marks: [u32; 2],
}

impl Words {
    /// From a vocabulary whose line numbers are the places of the pieces.
    pub(super) fn read(vocabulary: &str) -> Result<Self, Damaged> {
        let damaged = |error: tokenizers::Error| Damaged(error.to_string());
        let pieces = WordPiece::read_bytes(vocabulary.as_bytes()).map_err(damaged)?;
        let model = WordPiece::builder().vocab(pieces).build().map_err(damaged)?;
        let mut tokenizer = Tokenizer::new(model);
        tokenizer.with_normalizer(Some(BertNormalizer::default())).map_err(damaged)?;
        tokenizer.with_pre_tokenizer(Some(BertPreTokenizer));
        let mark = |mark| tokenizer.token_to_id(mark);
        let missing = || Damaged("the marks are no words".to_owned());
        let marks = [mark(MARKS[0]).ok_or_else(missing)?, mark(MARKS[1]).ok_or_else(missing)?];
        Ok(Self { tokenizer, marks })
    }

    /// How many pieces there are.
    pub(super) fn len(&self) -> usize {
        self.tokenizer.get_vocab_size(false)
    }

    /// The places of the pieces of a text, marks included; of a long text its beginning.
    pub(super) fn pieces(&self, text: &str, longest: usize) -> Result<Vec<usize>, Damaged> {
        let encoding = self.tokenizer.encode_fast(text, false);
        let encoding = encoding.map_err(|error| Damaged(error.to_string()))?;
        let inner = encoding.get_ids().iter().take(longest - self.marks.len());
        let pieces = std::iter::once(&self.marks[0]).chain(inner).chain([&self.marks[1]]);
        Ok(pieces.map(|piece| *piece as usize).collect())
    }
}

//! The vectors of phrasings and decoys, and the file that keeps them across restarts.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

use super::eight_bits::Short;
use super::{EncodeError, Encoder, Progress, SearchError};
use crate::model::ContentHash;

/// The file under the index directory.
const FILE: &str = "vectors.bin";

/// So many texts are encoded together.
const TOGETHER: usize = 8;

/// After so many new vectors all are written: on two cores some two minutes.
const KEPT_AFTER: usize = 20_000;

/// The longest head that is read; a damaged file must not make us allocate at its whim.
const LONGEST_HEAD: usize = 16 * 1024;

/// Vectors by the hash of their text, in eight bits as they are compared.
#[derive(Debug, Default)]
pub(super) struct Vectors {
    by_text: BTreeMap<Key, Short>,
}

/// The first bytes of the hash of a text.
type Key = u64;

/// First line of the file; the vectors follow.
#[derive(Serialize, Deserialize)]
struct Head {
    model: String,
    dimensions: usize,
    checksum: ContentHash,
    texts: usize,
}

impl Vectors {
    /// The vectors of all `texts`: those in the directory's file are taken from it if the model
    /// is the same and nothing is damaged, the others are made, if they are no more than `most`, and
    /// the file is written anew.
    pub(super) fn of<'a>(
        texts: impl Iterator<Item = &'a str>,
        encoder: &dyn Encoder,
        directory: Option<&Path>,
        most: usize,
        progress: Progress<'_>,
    ) -> Result<Self, SearchError> {
        let mut known =
            directory.and_then(|folder| read(folder, encoder.model())).unwrap_or_default();
        let mut vectors = Self::default();
        let mut missing: BTreeMap<Key, &str> = BTreeMap::new();
        for text in texts {
            let key = key(text);
            match known.remove(&key) {
                Some(vector) => {
                    vectors.by_text.insert(key, vector);
                }
                None if vectors.by_text.contains_key(&key) => {}
                None => {
                    missing.insert(key, text);
                }
            }
        }
        if missing.len() > most {
            return Err(SearchError::Unlearned(missing.len()));
        }
        let changed = !missing.is_empty() || !known.is_empty();
        let missing: Vec<(Key, &str)> = missing.into_iter().collect();
        let total = missing.len();
        for (at, missing) in missing.chunks(KEPT_AFTER).enumerate() {
            let progress = |done, _| progress(at * KEPT_AFTER + done, total);
            vectors.by_text.extend(encode_all(missing, encoder, &progress)?);
            // What was learned survives being stopped in the middle.
            if let Some(folder) = directory.filter(|_| (at + 1) * KEPT_AFTER < total) {
                write(folder, encoder.model(), &vectors.by_text)?;
            }
        }
        if let Some(folder) = directory.filter(|_| changed) {
            write(folder, encoder.model(), &vectors.by_text)?;
        }
        Ok(vectors)
    }

    /// The vector of a text that was handed to [`Vectors::of`].
    pub(super) fn get(&self, text: &str) -> Option<&Short> {
        self.by_text.get(&key(text))
    }
}

fn key(text: &str) -> Key {
    u64::from_str_radix(ContentHash::of([text]).as_str(), 16).unwrap_or_default()
}

/// Encodes on every core; the result does not depend on how many there are.
fn encode_all(
    texts: &[(Key, &str)],
    encoder: &dyn Encoder,
    progress: Progress<'_>,
) -> Result<Vec<(Key, Short)>, EncodeError> {
    let (total, done) = (texts.len(), AtomicUsize::new(0));
    let share = total.div_ceil(super::processors()).max(1);
    let encode = |together: &[(Key, &str)]| {
        let texts: Vec<&str> = together.iter().map(|(_, text)| *text).collect();
        let vectors = encoder.encode(&texts)?;
        progress(done.fetch_add(texts.len(), Ordering::Relaxed) + texts.len(), total);
        let short = vectors.iter().map(|vector| Short::of(vector));
        Ok(together.iter().map(|(key, _)| *key).zip(short).collect::<Vec<_>>())
    };
    std::thread::scope(|scope| {
        let work = |share: &[(Key, &str)]| share.chunks(TOGETHER).map(&encode).collect();
        let workers: Vec<_> =
            texts.chunks(share).map(|share| scope.spawn(move || work(share))).collect();
        let joined = workers.into_iter().map(|worker| {
            let stopped = || Err(EncodeError("a worker stopped".to_owned()));
            worker.join().unwrap_or_else(|_| stopped())
        });
        let joined: Result<Vec<Vec<Vec<_>>>, EncodeError> = joined.collect();
        Ok(joined?.into_iter().flatten().flatten().collect())
    })
}

fn read(folder: &Path, model: &str) -> Option<BTreeMap<Key, Short>> {
    let bytes = std::fs::read(folder.join(FILE)).ok()?;
    let end = bytes.iter().take(LONGEST_HEAD).position(|byte| *byte == b'\n')?;
    let head: Head = serde_json::from_slice(&bytes[..end]).ok()?;
    let body = &bytes[end + 1..];
    if head.model != model || ContentHash::of([body]) != head.checksum {
        return None;
    }
    // Each entry: its key, what its numbers have in common, and these.
    let entry = head.dimensions.checked_add(12)?;
    if head.texts.checked_mul(entry)? != body.len() {
        return None;
    }
    let entries = body.chunks_exact(entry).map(|entry| {
        let (key, rest) = entry.split_first_chunk()?;
        let (scale, numbers) = rest.split_first_chunk()?;
        let numbers = numbers.iter().map(|byte| byte.cast_signed()).collect();
        let short = Short { numbers, scale: f32::from_le_bytes(*scale) };
        Some((Key::from_le_bytes(*key), short))
    });
    entries.collect()
}

fn write(folder: &Path, model: &str, vectors: &BTreeMap<Key, Short>) -> Result<(), SearchError> {
    let mut body = Vec::new();
    for (key, vector) in vectors {
        body.extend_from_slice(&key.to_le_bytes());
        body.extend_from_slice(&vector.scale.to_le_bytes());
        body.extend(vector.numbers.iter().map(|number| number.cast_unsigned()));
    }
    let head = Head {
        model: model.to_owned(),
        dimensions: vectors.values().next().map_or(0, |vector| vector.numbers.len()),
        checksum: ContentHash::of([&body]),
        texts: vectors.len(),
    };
    let mut bytes = serde_json::to_vec(&head).map_err(|error| EncodeError(error.to_string()))?;
    bytes.push(b'\n');
    bytes.append(&mut body);
    let draft = folder.join(format!("{FILE}.{}.tmp", std::process::id()));
    let failed = |cause| SearchError::Files { path: folder.join(FILE), cause };
    std::fs::create_dir_all(folder).map_err(failed)?;
    std::fs::write(&draft, bytes).map_err(failed)?;
    std::fs::rename(&draft, folder.join(FILE)).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts its calls; the vector is the text's length.
    struct Counting(AtomicUsize, &'static str);

    impl Encoder for Counting {
        fn model(&self) -> &str {
            self.1
        }

        fn encode(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, EncodeError> {
            self.0.fetch_add(texts.len(), Ordering::Relaxed);
            let length = |text: &&str| f32::from(u8::try_from(text.len()).unwrap());
            Ok(texts.iter().map(|text| vec![length(text), 1.0]).collect())
        }
    }

    fn encoded(texts: &[&str], model: &'static str, folder: &Path) -> usize {
        let encoder = Counting(AtomicUsize::new(0), model);
        let vectors =
            Vectors::of(texts.iter().copied(), &encoder, Some(folder), 8, &|_, _| {}).unwrap();
        for (text, vector) in texts.iter().zip(encoder.encode(texts).unwrap()) {
            assert_eq!(vectors.get(text), Some(&Short::of(&vector)));
        }
        encoder.0.into_inner() - texts.len()
    }

    #[test]
    fn only_what_is_new_is_encoded() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(encoded(&["a", "bb", "ccc", "bb"], "one", folder.path()), 3);
        assert_eq!(encoded(&["a", "bb", "ccc"], "one", folder.path()), 0);
        assert_eq!(encoded(&["a", "bb", "dddd"], "one", folder.path()), 1);
        assert_eq!(encoded(&["a", "bb"], "other", folder.path()), 2);
    }

    #[test]
    fn a_damaged_file_is_made_anew() {
        let folder = tempfile::tempdir().unwrap();
        encoded(&["a", "bb"], "one", folder.path());
        let file = folder.path().join(FILE);
        let sound = std::fs::read(&file).unwrap();
        for at in [0, 5, sound.len() / 2, sound.len() - 1] {
            let mut bytes = sound.clone();
            bytes[at] ^= 0x41;
            std::fs::write(&file, &bytes).unwrap();
            assert_eq!(encoded(&["a", "bb"], "one", folder.path()), 2, "byte {at}");
        }
        std::fs::write(&file, &sound[..sound.len() - 3]).unwrap();
        assert_eq!(encoded(&["a", "bb"], "one", folder.path()), 2);
    }
}

//! The vectors of phrasings and negatives, and the file that keeps them across restarts.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

use super::int8::Short;
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
    /// The encoder that made them.
    pub model: String,
    by_text: ByText,
    /// This many are in the file, those included that no one asks for any more.
    filed: usize,
}

type ByText = BTreeMap<Key, Arc<Short>>;

/// The first bytes of the hash of a text.
type Key = u64;

/// First line of the file; the vectors follow, each with a checksum.
#[derive(Serialize, Deserialize)]
struct Head {
    model: String,
    dimensions: usize,
}

/// What is there before vectors are made.
#[derive(Default)]
pub(super) struct Known<'a> {
    /// Those of the same model that are in memory.
    pub vectors: Option<Arc<Vectors>>,
    /// Where they are kept.
    pub folder: Option<&'a Path>,
}

impl Vectors {
    /// The vectors of all `texts`: those that are known are taken, the others are made, if they are
    /// no more than `most`, and kept in the folder.
    pub(super) fn of<'a>(
        texts: impl Iterator<Item = &'a str>,
        encoder: &dyn Encoder,
        known: Known<'_>,
        most: usize,
        progress: Progress<'_>,
    ) -> Result<Arc<Self>, SearchError> {
        let (model, Known { vectors, folder }) = (encoder.model(), known);
        let read = || folder.and_then(|folder| read(folder, model)).unwrap_or_default();
        let known = vectors.unwrap_or_else(|| Arc::new(read()));
        let mut by_text = ByText::new();
        let mut missing: BTreeMap<Key, &str> = BTreeMap::new();
        for text in texts {
            let key = key(text);
            match known.by_text.get(&key) {
                Some(vector) => {
                    by_text.insert(key, Arc::clone(vector));
                }
                None => {
                    missing.insert(key, text);
                }
            }
        }
        if missing.len() > most {
            return Err(SearchError::Unlearned(missing.len()));
        }
        let missing: Vec<(Key, &str)> = missing.into_iter().collect();
        let (mut filed, total) = (known.filed, missing.len());
        for (at, missing) in missing.chunks(KEPT_AFTER).enumerate() {
            let progress = |done, _| progress(at * KEPT_AFTER + done, total);
            let made = encode_all(missing, encoder, &progress)?;
            by_text.extend(made.iter().cloned());
            // What was learned survives being stopped in the middle.
            if let Some(folder) = folder {
                filed = if filed > 0 && append(folder, model, &made)? {
                    filed + made.len()
                } else {
                    write(folder, model, &by_text)?
                };
            }
        }
        // A tenth of what no one asks for any more is no reason to write all again.
        if let Some(folder) = folder.filter(|_| filed > by_text.len() + by_text.len() / 10) {
            filed = write(folder, model, &by_text)?;
        }
        Ok(Arc::new(Self { model: model.to_owned(), by_text, filed }))
    }

    /// The vector of a text that was handed to [`Vectors::of`].
    pub(super) fn get(&self, text: &str) -> Option<&Short> {
        self.by_text.get(&key(text)).map(Arc::as_ref)
    }
}

fn key(text: &str) -> Key {
    ContentHash::number([text])
}

/// Encodes on every core; the result does not depend on how many there are.
fn encode_all(
    texts: &[(Key, &str)],
    encoder: &dyn Encoder,
    progress: Progress<'_>,
) -> Result<Vec<(Key, Arc<Short>)>, EncodeError> {
    let (total, done) = (texts.len(), AtomicUsize::new(0));
    let share = total.div_ceil(super::processors()).max(1);
    let encode = |together: &[(Key, &str)]| {
        let texts: Vec<&str> = together.iter().map(|(_, text)| *text).collect();
        let vectors = encoder.encode(&texts)?;
        progress(done.fetch_add(texts.len(), Ordering::Relaxed) + texts.len(), total);
        let short = vectors.iter().map(|vector| Arc::new(Short::of(vector)));
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

/// What the file holds of this model; what is damaged in it is rebuilt, as if it were not there.
fn read(folder: &Path, model: &str) -> Option<Vectors> {
    let bytes = std::fs::read(folder.join(FILE)).ok()?;
    let end = bytes.iter().take(LONGEST_HEAD).position(|byte| *byte == b'\n')?;
    let head: Head = serde_json::from_slice(&bytes[..end]).ok()?;
    if head.model != model {
        return None;
    }
    let entries = bytes[end + 1..].chunks(head.dimensions.checked_add(20)?);
    let sound = |entry: &[u8]| -> Option<(Key, Arc<Short>)> {
        let (entry, checksum) = entry.split_last_chunk()?;
        let (key, rest) = entry.split_first_chunk()?;
        let (scale, numbers) = rest.split_first_chunk()?;
        let sound = u64::from_le_bytes(*checksum) == checksum_of(model, entry);
        let numbers = numbers.iter().map(|byte| byte.cast_signed()).collect();
        let short = Short { numbers, scale: f32::from_le_bytes(*scale) };
        sound.then(|| (Key::from_le_bytes(*key), Arc::new(short)))
    };
    let read: Vec<Option<(Key, Arc<Short>)>> = entries.map(sound).collect();
    // Nothing is appended to a file in which something is damaged.
    let filed = if read.iter().all(Option::is_some) { read.len() } else { 0 };
    let by_text = read.into_iter().flatten().collect();
    Some(Vectors { model: head.model, by_text, filed })
}

/// The model counts too: another process may have put a file of another one in its place.
fn checksum_of(model: &str, entry: &[u8]) -> u64 {
    ContentHash::number([model.as_bytes(), entry])
}

/// An entry of the file: its key, what its numbers have in common, these, and a checksum.
fn put(bytes: &mut Vec<u8>, model: &str, key: Key, vector: &Short) {
    let begin = bytes.len();
    bytes.extend_from_slice(&key.to_le_bytes());
    bytes.extend_from_slice(&vector.scale.to_le_bytes());
    bytes.extend(vector.numbers.iter().map(|number| number.cast_unsigned()));
    let checksum = checksum_of(model, &bytes[begin..]);
    bytes.extend_from_slice(&checksum.to_le_bytes());
}

/// Adds these to the file; `false` when it is gone.
fn append(folder: &Path, model: &str, vectors: &[(Key, Arc<Short>)]) -> Result<bool, SearchError> {
    let mut bytes = Vec::new();
    for (key, vector) in vectors {
        put(&mut bytes, model, *key, vector);
    }
    let path = folder.join(FILE);
    let file = std::fs::OpenOptions::new().append(true).open(&path);
    match file.and_then(|mut file| file.write_all(&bytes)) {
        Ok(()) => Ok(true),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(cause) => Err(SearchError::Files { path, cause }),
    }
}

/// Writes the file again, and says how many are in it.
fn write(folder: &Path, model: &str, vectors: &ByText) -> Result<usize, SearchError> {
    let dimensions = vectors.values().next().map_or(0, |vector| vector.numbers.len());
    let head = Head { model: model.to_owned(), dimensions };
    let mut bytes = serde_json::to_vec(&head).map_err(|error| EncodeError(error.to_string()))?;
    bytes.push(b'\n');
    for (key, vector) in vectors {
        put(&mut bytes, model, *key, vector);
    }
    let draft = folder.join(format!("{FILE}.{}.tmp", std::process::id()));
    let failed = |cause| SearchError::Files { path: folder.join(FILE), cause };
    std::fs::create_dir_all(folder).map_err(failed)?;
    std::fs::write(&draft, bytes).map_err(failed)?;
    std::fs::rename(&draft, folder.join(FILE)).map_err(failed)?;
    Ok(vectors.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::cache::Cache;

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
        encoded_after(texts, model, &Cache::at(folder))
    }

    fn encoded_after(texts: &[&str], model: &'static str, cache: &Cache) -> usize {
        let encoder = Counting(AtomicUsize::new(0), model);
        let vectors =
            Vectors::of(texts.iter().copied(), &encoder, cache.known(model), 8, &|_, _| {})
                .unwrap();
        cache.keep_vectors(&vectors);
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
            let (in_head, all) = (at < 6, sound.len());
            let missing = encoded(&["a", "bb"], "one", folder.path());
            assert_eq!(missing, if in_head { 2 } else { 1 }, "byte {at} of {all}");
            assert_eq!(encoded(&["a", "bb"], "one", folder.path()), 0);
        }
        std::fs::write(&file, &sound[..sound.len() - 3]).unwrap();
        assert_eq!(encoded(&["a", "bb"], "one", folder.path()), 1);
        assert_eq!(std::fs::read(&file).unwrap(), sound, "what was torn off is whole again");
    }

    #[test]
    fn what_is_new_is_appended_and_what_is_old_goes_in_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let (cache, file) = (Cache::at(folder.path()), folder.path().join(FILE));
        let numbers: Vec<String> = (0..40).map(|number| "x".repeat(number)).collect();
        let texts = |range: std::ops::Range<usize>| -> Vec<&str> {
            numbers[range].iter().map(String::as_str).collect()
        };
        for (start, end) in [(0, 8), (0, 16), (0, 24), (0, 32), (2, 34)] {
            encoded_after(&texts(start..end), "one", &cache);
        }
        let before = std::fs::read(&file).unwrap();
        // In memory and on disk there is the same.
        assert_eq!(encoded_after(&texts(3..35), "one", &cache), 1);
        assert!(std::fs::read(&file).unwrap().starts_with(&before), "appended");
        assert_eq!(encoded(&texts(0..35), "one", folder.path()), 0);
        assert_eq!(encoded_after(&texts(4..36), "one", &cache), 1);
        let after = std::fs::read(&file).unwrap();
        assert!(after.len() < before.len(), "written anew, without the four that nobody asks for");
        // Another process has put the file of another model there.
        assert_eq!(encoded(&texts(0..8), "other", folder.path()), 8);
        assert_eq!(encoded_after(&texts(5..37), "one", &cache), 1);
        assert_eq!(
            encoded(&texts(36..37), "other", folder.path()),
            1,
            "it is not taken for its own"
        );
        std::fs::remove_file(&file).unwrap();
        assert_eq!(encoded_after(&texts(5..38), "one", &cache), 1);
        assert_eq!(encoded(&texts(5..38), "one", folder.path()), 0);
    }
}

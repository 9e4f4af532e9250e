//! What no one could answer: questions of one meaning together, who waits, and a card to begin with.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::Marketing;
use crate::analytics::{Parts, Period, SAME_MEANING, clusters};
use crate::feedback::{Body, Counts, Filter, Gap, Rate, kind};
use crate::journal::UseCaseError;
use crate::model::{CardId, ContentHash, Day, Receipt, Timestamp};
use crate::playbook::ANSWER_TO_FILL_IN;
use crate::ports::{EventQuery, FinderError, Library, Numbered};
use crate::redact::Redacted;

/// So many questions are put together; what was asked less often is left out, and said to be.
const MOST: usize = 400;

/// So many vectors are made while someone waits, a tenth of a second; the others are made meanwhile,
/// as many at a time.
const ENCODED_AT_ONCE: usize = 16;

/// So many vectors are kept.
const KEPT: usize = 4_000;

/// So many requests to be told are looked through, the latest.
const WISHES: usize = 500;

/// Vectors of questions by the keys of their words.
#[derive(Debug, Default)]
pub(super) struct Vectors {
    kept: Mutex<HashMap<u64, Vec<f32>>>,
    /// True while more are being made.
    busy: AtomicBool,
}

impl Vectors {
    fn known(&self, key: u64) -> Option<Vec<f32>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned()
    }

    fn keep(&self, new: impl Iterator<Item = (u64, Vec<f32>)>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() > KEPT {
            kept.clear(); // they are made again
        }
        kept.extend(new);
    }
}

/// Questions of one meaning that no one could answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// The words that were asked most.
    pub title: Option<Redacted>,
    /// The answer that these got last.
    pub receipt: Receipt,
    /// How often all of them were asked.
    pub asked: u64,
    /// When the last of them was asked.
    pub last: Timestamp,
    /// Each way of asking, most first.
    pub words: Vec<Gap>,
    /// How often in each finished week.
    pub weeks: Vec<u64>,
    /// How many reps wait for an answer.
    pub waiting: usize,
}

/// What no one could answer.
#[derive(Debug, Clone, PartialEq)]
pub struct UnansweredView {
    /// The period.
    pub parts: Parts,
    /// Of the questions, those that nothing fitted.
    pub unanswered: Rate,
    /// Asked most first.
    pub clusters: Vec<Cluster>,
    /// How many questions are not put together yet.
    pub pending: usize,
    /// How many are left out, because they were asked least.
    pub left_out: usize,
    /// True if only equal words are put together, because nothing here knows what they mean.
    pub by_words: bool,
}

impl Marketing {
    /// What no one could answer in a period.
    ///
    /// # Errors
    /// [`UseCaseError`] when the log cannot be read.
    pub async fn unanswered(
        &self,
        period: Period,
        filter: &Filter,
    ) -> Result<UnansweredView, UseCaseError> {
        let parts = Parts::of(period, self.today());
        let reader = self.journal.reader()?;
        let counts = reader.figures(parts.filters(filter)).await?;
        let none = Counts::default();
        let now = counts.first().unwrap_or(&none);
        let gaps = reader.gaps(now, MOST).await?;
        let left_out = now.gaps.len().saturating_sub(gaps.len());
        let (vectors, pending) = self.vectors(&gaps).await?;
        let by_words = !gaps.is_empty() && vectors.iter().all(Vec::is_empty);
        let weeks: Vec<HashMap<u64, u64>> = parts
            .finished_weeks(&counts)
            .iter()
            .map(|week| week.gaps.iter().map(|gap| (gap.key, gap.asked)).collect())
            .collect();
        let waiting = self.waiting().await?;
        let grouped = tokio::task::spawn_blocking(move || clusters(&vectors, SAME_MEANING)).await;
        let grouped = grouped.unwrap_or_default();
        let cluster = |texts: Vec<usize>| {
            let mut words: Vec<Gap> =
                texts.iter().filter_map(|at| gaps.get(*at).cloned()).collect();
            words.sort_by_key(|gap| std::cmp::Reverse((gap.text.is_some(), gap.asked, gap.last)));
            let first = words.first()?;
            let of =
                |week: &HashMap<u64, u64>| words.iter().filter_map(|gap| week.get(&gap.key)).sum();
            let waits: BTreeSet<&String> =
                words.iter().filter_map(|gap| waiting.get(&gap.key)).flatten().collect();
            Some(Cluster {
                title: first.text.clone(),
                receipt: first.receipt.clone(),
                asked: words.iter().map(|gap| gap.asked).sum(),
                last: words.iter().map(|gap| gap.last).max()?,
                weeks: weeks.iter().map(of).collect(),
                waiting: waits.len(),
                words,
            })
        };
        let mut clusters: Vec<Cluster> = grouped.into_iter().filter_map(cluster).collect();
        clusters.sort_by_key(|cluster| std::cmp::Reverse((cluster.asked, cluster.last)));
        let unanswered = Rate { hits: now.unanswered, of: now.questions.max(now.unanswered) };
        Ok(UnansweredView { parts, unanswered, clusters, pending, left_out, by_words })
    }

    /// A vector for each of these questions; empty for one whose words are not kept, or that was not
    /// encoded yet, of which the number is told.
    async fn vectors(&self, gaps: &[Gap]) -> Result<(Vec<Vec<f32>>, usize), UseCaseError> {
        let missing = |gap: &&Gap| self.vectors.known(gap.key).is_none();
        let words = |gap: &Gap| Some((gap.key, gap.text.as_ref()?.to_string()));
        let mut missing: Vec<(u64, String)> =
            gaps.iter().filter(missing).filter_map(words).collect();
        let later = missing.split_off(missing.len().min(ENCODED_AT_ONCE));
        let only_words = !encode(&self.library, &self.vectors, missing).await?;
        let pending = if only_words { 0 } else { later.len() };
        if pending > 0 && !self.vectors.busy.swap(true, Ordering::SeqCst) {
            let (library, vectors) = (Arc::clone(&self.library), Arc::clone(&self.vectors));
            tokio::spawn(async move {
                for some in later.chunks(ENCODED_AT_ONCE) {
                    if let Err(error) = encode(&library, &vectors, some.to_vec()).await {
                        tracing::error!(%error, "unanswered questions could not be compared");
                        break;
                    }
                }
                vectors.busy.store(false, Ordering::SeqCst);
            });
        }
        let vectors = gaps.iter().map(|gap| self.vectors.known(gap.key).unwrap_or_default());
        Ok((vectors.collect(), pending))
    }

    /// Who waits for an answer, by the key of the words.
    async fn waiting(&self) -> Result<HashMap<u64, BTreeSet<String>>, UseCaseError> {
        let store = self.journal.store()?;
        let wishes = store.events(EventQuery::last(WISHES, &[kind::WISHED])).await?;
        let receipt = |(_, wish): &Numbered| wish.body.receipt().map(ToString::to_string);
        let answers = store.find_all(wishes.iter().filter_map(receipt).collect()).await?;
        let question: BTreeMap<&str, &str> = answers
            .iter()
            .filter_map(|(_, answer)| match &answer.body {
                Body::Answered { question, .. } => Some((answer.id.as_str(), question.as_str())),
                _ => None,
            })
            .collect();
        let asked = store.find_all(question.values().map(|id| (*id).to_owned()).collect()).await?;
        let key: BTreeMap<&str, u64> = asked
            .iter()
            .filter_map(|(_, asked)| {
                Some((asked.id.as_str(), ContentHash::number([asked.body.text_hash()?])))
            })
            .collect();
        let mut waiting: HashMap<u64, BTreeSet<String>> = HashMap::new();
        for wish in &wishes {
            let key = receipt(wish)
                .and_then(|receipt| question.get(receipt.as_str()).copied())
                .and_then(|question| key.get(question).copied());
            if let Some(key) = key {
                waiting.entry(key).or_default().insert(wish.1.actor.clone());
            }
        }
        Ok(waiting)
    }
}

/// Makes the vectors of these words, each with its key; false where only words are compared.
async fn encode(
    library: &Arc<dyn Library>,
    vectors: &Vectors,
    words: Vec<(u64, String)>,
) -> Result<bool, FinderError> {
    if words.is_empty() {
        return Ok(true);
    }
    let (keys, texts): (Vec<u64>, Vec<String>) = words.into_iter().unzip();
    let found = library.current().finder.vectors(texts).await?;
    let made = !found.is_empty();
    vectors.keep(keys.into_iter().zip(found));
    Ok(made)
}

/// A card to begin with, in Markdown: what customers say is in it, and what to answer is to be filled
/// in. It is checked and not served until `draft: true` is taken out.
#[must_use]
pub fn draft(cluster: &Cluster, today: Day) -> (CardId, String) {
    let words: Vec<String> = cluster
        .words
        .iter()
        .filter_map(|gap| gap.text.as_ref())
        .map(|text| text.as_str().split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|text| !text.is_empty())
        .collect();
    let title = words.first().map_or("What they say", String::as_str);
    let mut letters = title.chars();
    let title: String = letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default();
    let id = CardId::slug(&title.split_whitespace().take(6).collect::<Vec<_>>().join(" "));
    let said: String = words.iter().map(|text| format!("> - {text}\n")).collect();
    let text = format!(
        "---\nowner: sales-enablement\nverified: {today}\nfamily: need\ndraft: true\n---\n\n\
         ## {title}\n<!-- id: {id} -->\n\n{said}{ANSWER_TO_FILL_IN}"
    );
    (id, text)
}

/// The golden question that goes with the draft, a line for `questions.toml`.
#[must_use]
pub fn golden(cluster: &Cluster, id: &CardId) -> String {
    let text = cluster.title.as_ref().map(ToString::to_string).unwrap_or_default();
    let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace(['\n', '\r'], " ");
    format!("{{ ask = \"{text}\", expect = \"{id}\" }},")
}

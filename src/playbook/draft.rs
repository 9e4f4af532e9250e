//! What a new card begins with.

/// The sections that every card answers with, to be filled in.
pub const ANSWER_TO_FILL_IN: &str = "\
### Acknowledge
- TODO: one sentence that shows you have heard it
### Ask
- TODO: one question
### Say
- TODO: two sentences at most, as spoken
### Proof
- TODO: what backs it (source: …)
### Avoid
- TODO: what not to say
### If they push back
#### TODO: what they say next
- TODO: what to answer
";

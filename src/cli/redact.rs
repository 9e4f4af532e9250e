//! `cornerman redact`: what of a text would be kept.

use std::io::BufRead as _;

use clap::Args;
use serde_json::json;

use super::{Ending, say};
use crate::redact::redact;

/// Mask personal data and secrets in text
///
/// Reads one text a line from standard input and prints it with a mask for each e-mail address,
/// telephone, card and bank account number, address of a machine, social security number, key, and
/// secret part of a page's address. Names stay. A text that cannot be made safe is withheld.
///
/// Examples:
///   echo "call me on 415 555 2671" | cornerman redact
///   cornerman redact --json < texts.txt
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct Redact {
    /// Print a JSON object a line: the text, and each span in code points of the original
    #[arg(long)]
    json: bool,
}

impl Redact {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let mut ending = Ending::Done;
        for line in std::io::stdin().lock().split(b'\n') {
            let line = line?;
            let line = line.strip_suffix(b"\r").unwrap_or(&line);
            let redacted = std::str::from_utf8(line)
                .map_err(|_| "the text is not UTF-8".to_owned())
                .and_then(|text| redact(text).map_err(|withheld| withheld.to_string()));
            match (redacted, self.json) {
                (Ok(redacted), true) => say(serde_json::to_string(&redacted)?)?,
                (Ok(redacted), false) => say(redacted.text())?,
                (Err(why), json) => {
                    ending = Ending::Failed;
                    if json {
                        say(json!({"withheld": why}))?
                    } else {
                        say(format_args!("[withheld: {why}]"))?
                    }
                }
            }
        }
        Ok(ending)
    }
}

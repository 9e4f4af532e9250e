//! What every chat platform has to do, told once and asked of each: Discord, and one that is made of
//! lines over a socket.

mod line_user;
mod lines;
mod suite;

/// Who does something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Rep,
    OtherRep,
    Lead,
    Marketer,
    /// May approve what a manager may.
    Manager,
    /// May approve what a director may.
    Director,
}

/// What somebody sees.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// All words, without the platform's notation.
    pub text: String,
    /// The buttons: words and id.
    pub buttons: Vec<(String, String)>,
    /// What can be picked from a list, and the list's id.
    pub options: Vec<(String, String)>,
    /// The id of a form.
    pub form: Option<String>,
    /// Whether a message was changed, and no new one came.
    pub changed: bool,
    /// How the platform knows it.
    pub handle: serde_json::Value,
}

impl Shown {
    pub fn has(&self, words: &str) -> bool {
        self.text.contains(words)
    }

    pub fn labels(&self) -> Vec<&str> {
        self.buttons.iter().map(|(label, _)| label.as_str()).collect()
    }

    /// The id of the button with this label.
    pub fn button(&self, label: &str) -> &str {
        let found = self.buttons.iter().find(|(known, _)| known == label);
        &found.unwrap_or_else(|| panic!("no button {label}: {self:?}")).1
    }
}

/// A platform with people at it.
pub trait ChatPlatform: Sized {
    /// The program runs, and the platform is joined.
    fn start() -> Self;

    /// The program is killed and started again.
    fn restart(&mut self);

    /// Types a command with options.
    fn command(&self, who: Who, words: &str, options: &[(&str, &str)]) -> Shown;

    /// What is offered while the words of an objection are typed.
    fn complete(&self, typed: &str) -> Vec<String>;

    /// "Handle this objection" on a message.
    fn handle(&self, text: &str) -> Shown;

    /// Presses the button with this id.
    fn press_id(&self, who: Who, below: &Shown, id: &str) -> Shown;

    /// Picks from the list.
    fn pick(&self, who: Who, below: &Shown, option: &str) -> Shown;

    /// Sends a form that a button of `below` opened.
    fn submit(&self, who: Who, form: &Shown, below: &Shown, fields: &[(&str, &str)]) -> Shown;

    /// Writes to the bot in a channel, or alone with it; then there is an answer.
    fn speak(&self, who: Who, private: bool, text: &str) -> Shown;

    /// The last message in the approvers' channel.
    fn request(&self) -> Shown;

    /// The last direct message to somebody, if there is one.
    fn told(&self, who: Who) -> Option<Shown>;

    /// The last thing that somebody did is delivered again, and what is asked after it is answered.
    fn deliver_again(&self);

    /// The events of the log.
    fn events(&self) -> Vec<serde_json::Value>;

    fn press(&self, who: Who, below: &Shown, label: &str) -> Shown {
        self.press_id(who, below, below.button(label))
    }

    fn ask(&self, text: &str) -> Shown {
        self.command(Who::Rep, "objection", &[("text", text)])
    }

    fn kinds(&self) -> Vec<String> {
        let events = self.events();
        events.iter().map(|event| event["kind"].as_str().unwrap().to_owned()).collect()
    }
}

//! PB206: a phrasing that brings another card than its own.
//!
//! What it does: asks each phrasing as a rep would, and looks which card comes first. `cornerman test` asks all of them; a reload asks those of the cards that changed and of their neighbours. When both cards would be offered as a choice, it is a warning.
//!
//! Why: the author of a phrasing expects its own card. If another card comes first, either two cards answer the same thing, or the phrasing does not belong to its card.
//!
//! Example: `it costs more than we planned` under *We have no time*.
//!
//! Write instead: move the phrasing to the card that it brings, or say it as the customer of this card would; if two cards answer the same, make one of them.

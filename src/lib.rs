//! Cornerman whispers the right answer to sales reps while the customer is talking.
//!
//! The rooms, lowest first; each imports only what its row in `ARCHITECTURE.md` names:
//!
//! * pure, without I/O, clock or platform: [`model`], [`redact`], [`playbook`], [`pricing`], [`nlu`],
//!   [`feedback`], [`ranking`], [`card`], [`analytics`]
//! * what is needed from outside, as traits: [`ports`]
//! * use cases, through ports only: [`journal`], [`coach`], [`negotiation`], [`approvals`],
//!   [`evaluation`], [`marketing`]; all of them together: [`services`]
//! * behind the ports: [`search`], [`store`], [`library`]
//! * platforms: [`web`], [`chat`]
//! * assembly: [`app`], [`cli`]

pub mod analytics;
pub mod app;
pub mod approvals;
pub mod card;
pub mod chat;
pub mod cli;
pub mod coach;
pub mod evaluation;
pub mod feedback;
pub mod journal;
pub mod library;
pub mod marketing;
pub mod model;
pub mod negotiation;
pub mod nlu;
pub mod playbook;
pub mod ports;
pub mod pricing;
pub mod ranking;
pub mod redact;
pub mod search;
pub mod services;
pub mod store;
pub mod web;

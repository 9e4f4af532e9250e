//! Cornerman whispers the right answer to sales reps while the customer is talking.
//!
//! The rooms, lowest first; each imports only what its row in `ARCHITECTURE.md` names:
//!
//! * pure, without I/O, clock or platform: [`model`], [`playbook`], [`ranking`], [`card`]
//! * use cases, through ports only: [`coach`]
//! * behind the ports: [`search`], [`library`]
//! * assembly: [`cli`]

pub mod card;
pub mod cli;
pub mod coach;
pub mod library;
pub mod model;
pub mod playbook;
pub mod ranking;
pub mod search;

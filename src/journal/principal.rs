//! Who talks to us, and what they may: decided once, where a platform knows them, and asked for by
//! the use cases.

use super::error::UseCaseError;
use super::role::Role;
use crate::feedback::Platform;

/// Someone who asks, rates, sells or decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The pseudonym by which the log names them.
    pub actor: String,
    /// Where they talk to us from.
    pub platform: Platform,
    person: Option<String>,
    roles: Vec<Role>,
}

impl Principal {
    /// A rep of whom nothing is known but the pseudonym.
    #[must_use]
    pub fn rep(actor: String, platform: Platform) -> Self {
        Self { actor, platform, person: None, roles: Vec::new() }
    }

    /// The person who runs this installation, or a program of theirs.
    #[must_use]
    pub fn operator(platform: Platform) -> Self {
        Self { roles: vec![Role::Operator], ..Self::rep("local".to_owned(), platform) }
    }

    /// The same, with who they are and what they may. Only for a platform that has made sure of both.
    /// `person` is a pseudonym that is the same wherever on the platform they talk to us from.
    #[must_use]
    pub fn signed_in(self, person: String, roles: Vec<Role>) -> Self {
        Self { person: Some(person), roles, ..self }
    }

    /// The same, with what everyone may who is let in here. It says nothing of who they are.
    #[must_use]
    pub fn trusted_with(self, role: Role) -> Self {
        Self { roles: [self.roles, vec![role]].concat(), ..self }
    }

    /// The pseudonym of the person.
    ///
    /// # Errors
    /// [`UseCaseError::NotSignedIn`] where no platform has made sure who they are.
    pub fn person(&self) -> Result<&str, UseCaseError> {
        self.person.as_deref().ok_or(UseCaseError::NotSignedIn)
    }

    /// Goes on when they have the role.
    ///
    /// # Errors
    /// [`UseCaseError::NotAllowed`] when they do not.
    pub fn require(&self, role: Role) -> Result<(), UseCaseError> {
        if self.roles.contains(&role) { Ok(()) } else { Err(UseCaseError::NotAllowed(role)) }
    }

    /// Goes on when they are the one to whom something was shown, or act for every rep.
    ///
    /// # Errors
    /// [`UseCaseError::NotYours`] when it was shown to someone else.
    pub fn require_own(&self, actor: &str) -> Result<(), UseCaseError> {
        let own = self.actor == actor || self.roles.contains(&Role::Operator);
        if own { Ok(()) } else { Err(UseCaseError::NotYours) }
    }

    /// Their roles of the price policy.
    #[must_use]
    pub fn pricing_roles(&self) -> Vec<String> {
        let of_policy = |role: &Role| match role {
            Role::Pricing(name) => Some(name.clone()),
            Role::Lead | Role::Marketer | Role::Operator => None,
        };
        self.roles.iter().filter_map(of_policy).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feedback::{Body, Event};
    use crate::model::Timestamp;

    #[test]
    fn an_answer_belongs_to_its_rep_and_to_the_operator() {
        let rep = |name: &str| Principal::rep(name.to_owned(), Platform::Web);
        let (at, body) = (Timestamp::from_unix_micros(0), Body::Wished { receipt: "1".into() });
        let answer = Event::new("2".to_owned(), at, "jo", Platform::Web, body);
        assert_eq!(rep("jo").require_own(&answer.actor), Ok(()));
        assert_eq!(rep("sam").require_own(&answer.actor), Err(UseCaseError::NotYours));
        assert_eq!(Principal::operator(Platform::Api).require_own(&answer.actor), Ok(()));
        let lead = rep("sam").signed_in("person".to_owned(), vec![Role::Lead]);
        assert_eq!(lead.require_own(&answer.actor), Err(UseCaseError::NotYours));
        assert_eq!(lead.require(Role::Lead), Ok(()));
        let refused = Err(UseCaseError::NotAllowed(Role::Marketer));
        assert_eq!(lead.require(Role::Marketer), refused);
        assert_eq!(rep("sam").person(), Err(UseCaseError::NotSignedIn));
    }
}

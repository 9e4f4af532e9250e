//! The figures of a policy that playbooks may quote.

use super::Policy;

/// A figure that a playbook may quote as `{{ price.NAME }}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVariable {
    /// Its name, for example `team.list`.
    pub name: String,
    /// As it is read out, for example `$40.00`.
    pub text: String,
    /// For reps only.
    pub internal: bool,
}

impl Policy {
    /// Every figure that the policy hands out.
    #[must_use]
    pub fn variables(&self) -> Vec<PolicyVariable> {
        let listed = &self.written.variables;
        let customer = listed.customer.iter().map(|name| (name, false));
        let rep = listed.rep.iter().map(|name| (name, true));
        let variable = |(name, internal): (&String, bool)| {
            Some(PolicyVariable { name: name.clone(), text: self.figure(name)?, internal })
        };
        customer.chain(rep).filter_map(variable).collect()
    }

    /// The figure with this name. Floors and ceilings have none: no playbook may hold them.
    pub(super) fn figure(&self, name: &str) -> Option<String> {
        let written = &self.written;
        let parts: Vec<&str> = name.split('.').collect();
        match parts.as_slice() {
            ["tier", from, "discount"] => {
                let from: u32 = from.parse().ok()?;
                let tier = written.tier.iter().find(|tier| tier.from == from)?;
                Some(tier.discount.to_string())
            }
            [billing, months, "discount"] => {
                let months: u16 = months.parse().ok()?;
                let mut terms = written.term.iter();
                let term = terms.find(|term| term.months == months && term.billing == *billing)?;
                Some(term.discount.to_string())
            }
            ["authority", role] => written.authority.get(*role).map(ToString::to_string),
            [sku, "list"] => {
                let sku = written.sku.iter().find(|found| found.id.as_str() == *sku)?;
                Some(sku.list.in_currency(&sku.currency))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = include_str!("../../playbooks/pricing.toml");

    #[test]
    fn the_shipped_policy_hands_out_its_variables() {
        let policy = Policy::read(POLICY).unwrap();
        let all = policy.variables();
        let text = |name: &str| {
            let found = all.iter().find(|variable| variable.name == name).unwrap();
            (found.text.as_str(), found.internal)
        };
        assert_eq!(text("team.list"), ("$40.00", false));
        assert_eq!(text("tier.50.discount"), ("10%", false));
        assert_eq!(text("prepay.24.discount"), ("5%", false));
        assert_eq!(text("authority.rep"), ("10%", true));
        assert_eq!(policy.figure("prepay.36.discount").as_deref(), Some("8%"));
        assert_eq!(policy.figure("annual.36.discount"), None);
    }
}

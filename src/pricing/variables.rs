//! The figures of a policy that playbooks may quote.

use super::{Policy, PolicyFault};

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
        let variable = |(name, internal): (&toml::Spanned<String>, bool)| {
            let name = name.get_ref();
            Some(PolicyVariable { name: name.clone(), text: self.figure(name)?, internal })
        };
        customer.chain(rep).filter_map(variable).collect()
    }

    /// Names under `variables` that stand for nothing a playbook may have.
    pub(super) fn wrong_variables(&self) -> Vec<PolicyFault> {
        let listed = &self.written.variables;
        let customer = listed.customer.iter().map(|name| (name, false));
        let all = customer.chain(listed.rep.iter().map(|name| (name, true)));
        let fault = |(name, internal): (&toml::Spanned<String>, bool)| {
            let text = name.get_ref();
            let message = if self.figure(text).is_none() {
                format!(
                    "`{text}` is no figure a playbook may have; there are SKU.list, \
                     tier.FROM.discount, prepay.MONTHS.discount and, for reps, authority.ROLE"
                )
            } else if text.starts_with("authority.") && !internal {
                format!("`{text}` is internal; list it under `rep`")
            } else {
                return None;
            };
            Some(PolicyFault { span: name.span(), message })
        };
        all.filter_map(fault).collect()
    }

    /// The figure with this name. Floors and ceilings have none: no playbook may hold them.
    fn figure(&self, name: &str) -> Option<String> {
        let written = &self.written;
        let parts: Vec<&str> = name.split('.').collect();
        match parts.as_slice() {
            ["tier", from, "discount"] => {
                let from: u32 = from.parse().ok()?;
                let tier = written.tier.iter().find(|tier| tier.from == from)?;
                Some(tier.discount.to_string())
            }
            ["prepay", months, "discount"] => {
                let months: u16 = months.parse().ok()?;
                let prepaid =
                    |term: &&super::policy::Term| term.months == months && term.billing == "prepay";
                written.term.iter().find(prepaid).map(|term| term.discount.to_string())
            }
            ["authority", role] => written.authority.get(*role).map(ToString::to_string),
            [sku, "list"] => {
                let sku = written.sku.iter().find(|found| found.id == *sku)?;
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
    }

    #[test]
    fn floors_unknown_keys_and_floats_are_refused_at_their_place() {
        for (from, to, part, at) in [
            ("\"plus.list\"", "\"team.floor\"", "no figure a playbook may have", "\"team.floor\""),
            ("\"plus.list\"", "\"authority.rep\"", "is internal", "\"authority.rep\"]"),
            ("list = \"40.00\"", "list = 40.0", "invalid type", "40.0"),
            ("list = \"40.00\"", "list = \"40,00\"", "no amount", "\"40,00\""),
            ("tier_mode", "tear_mode", "unknown field", "tear_mode"),
            ("format        = 1", "format        = 2", "format 2", "#"),
        ] {
            let text = POLICY.replacen(from, to, 1);
            let faults = Policy::read(&text).unwrap_err();
            assert!(faults[0].message.contains(part), "{faults:?}");
            let place = &text[faults[0].span.start..];
            assert!(place.starts_with(at) || at == "\"authority.rep\"]", "{place:.40}");
        }
    }
}

//! Names that are texts, each kind of its own, so that one cannot stand in the place of another.

use serde::{Deserialize, Serialize};

macro_rules! name {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(name: String) -> Self {
                Self(name)
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self(name.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name! {
    /// A product in a price policy, by the policy's word for it. Any text: a policy with a bad one is
    /// read, and linted.
    Sku
}

name! {
    /// A currency. Any text, for the same reason; one that is right has [`Currency::is_code`].
    Currency
}

name! {
    /// What names an answer or a price that was given: the id of its event. Any text: a rep may type
    /// one.
    Receipt
}

name! {
    /// What a rep calls a deal, so that prices in it belong together. Any text.
    DealName
}

impl Currency {
    /// Whether it has the form of ISO 4217: three upper-case letters.
    #[must_use]
    pub fn is_code(&self) -> bool {
        self.0.len() == 3 && self.0.bytes().all(|byte| byte.is_ascii_uppercase())
    }
}

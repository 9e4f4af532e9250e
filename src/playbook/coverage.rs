//! Which objection is answered in which stage, and where nothing is.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Card, Plan};
use crate::model::{CardId, Family, Stage};

/// How many live cards answer in each family and stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    cells: BTreeMap<(Family, Stage), usize>,
    methods: BTreeMap<(CardId, Family), usize>,
    /// Cells that the plan wants answered and no one answers.
    pub missing: Vec<(Family, Stage)>,
}

/// One cell, as JSON has it.
#[derive(Debug, Serialize)]
pub struct Cell<'a> {
    /// The family.
    pub family: Family,
    /// The stage, for the matrix by stage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<Stage>,
    /// The method, for the matrix by method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub methodology: Option<&'a CardId>,
    /// Live cards.
    pub cards: usize,
    /// Whether the plan wants at least one.
    pub must: bool,
}

impl Coverage {
    /// Counts the live cards. A card without stages answers in every stage.
    #[must_use]
    pub fn of(cards: &[Card], plan: &Plan) -> Self {
        let mut cells = BTreeMap::new();
        let mut methods = BTreeMap::new();
        for card in cards {
            let stages = if card.stages.is_empty() { &Stage::ALL[..] } else { &card.stages };
            for stage in stages {
                *cells.entry((card.family, *stage)).or_insert(0) += 1;
            }
            for method in &card.methodology {
                *methods.entry((method.clone(), card.family)).or_insert(0) += 1;
            }
        }
        let must = plan
            .must
            .iter()
            .flat_map(|(family, stages)| stages.iter().map(|stage| (*family, *stage)));
        let missing = must.filter(|cell| !cells.contains_key(cell)).collect();
        Self { cells, methods, missing }
    }

    /// Live cards of a family in a stage.
    #[must_use]
    pub fn cards(&self, family: Family, stage: Stage) -> usize {
        self.cells.get(&(family, stage)).copied().unwrap_or(0)
    }

    /// Both matrices as a list of cells.
    #[must_use]
    pub fn cells(&self, plan: &Plan) -> Vec<Cell<'_>> {
        let must = |family: Family, stage: Stage| {
            plan.must.get(&family).is_some_and(|stages| stages.contains(&stage))
        };
        let by_stage = Family::ALL
            .into_iter()
            .flat_map(|family| Stage::ALL.into_iter().map(move |stage| (family, stage)));
        let by_stage = by_stage.map(|(family, stage)| Cell {
            family,
            stage: Some(stage),
            methodology: None,
            cards: self.cards(family, stage),
            must: must(family, stage),
        });
        let by_method = self.methods.iter().map(|((method, family), cards)| Cell {
            family: *family,
            stage: None,
            methodology: Some(method),
            cards: *cards,
            must: false,
        });
        by_stage.chain(by_method).collect()
    }

    /// Both matrices for people; `!` marks a cell that the plan wants answered and no one answers.
    #[must_use]
    pub fn table(&self, plan: &Plan) -> String {
        let mut table = format!("{:<13}", "family");
        for stage in Stage::ALL {
            table += &format!("{:>13}", stage.name());
        }
        for family in Family::ALL {
            table += &format!("\n{:<13}", family.name());
            for stage in Stage::ALL {
                let mark = match self.cards(family, stage) {
                    0 if self.missing.contains(&(family, stage)) => "!".to_owned(),
                    0 => "·".to_owned(),
                    count => count.to_string(),
                };
                table += &format!("{mark:>13}");
            }
        }
        let must = plan.must.values().map(Vec::len).sum::<usize>();
        table +=
            &format!("\n\n{} of {must} cells that the plan wants are empty", self.missing.len());
        if !self.methods.is_empty() {
            table += "\n\nmethodology × family";
        }
        for ((method, family), cards) in &self.methods {
            table += &format!("\n{:<13}{:<13}{cards:>4}", method.as_str(), family.name());
        }
        table
    }
}

-- How many exceptions like one there were is looked up with each price that needs somebody.
CREATE INDEX events_approvals ON events (at)
    WHERE kind IN ('approval_requested', 'approval_recorded', 'approval_reopened');

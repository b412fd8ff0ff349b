-- Looked up for the page of a leader and the sheet of a handover: tasks by guarantor, open records by unit, and what came and went by month.
CREATE INDEX task_guarantor ON task (guarantor, is_open, due_on, id) WHERE guarantor IS NOT NULL;
CREATE INDEX task_registered ON task (registered_on, area, field, is_counted);
CREATE INDEX task_closed ON task (closed_on, area, field, is_counted) WHERE closed_on IS NOT NULL;
CREATE INDEX record_unit ON record (unit, is_open, kind, id);

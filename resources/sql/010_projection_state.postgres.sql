-- Which projector made the tables that panes read (models/store/projection/revision.h). 0: a program from before this step.
CREATE TABLE projection_state (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    revision BIGINT NOT NULL
)
-- next
INSERT INTO projection_state (id, revision) VALUES (1, 0)
-- next
SELECT guard_tables()

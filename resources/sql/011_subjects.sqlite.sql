-- On PostgreSQL the append asks what an entry is about; here nothing in the database does.
SELECT 1

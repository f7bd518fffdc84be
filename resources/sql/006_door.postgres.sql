-- Who may write what. The ledger is written through functions that belong to the schema's owner and check what they can; everybody else needs
-- no right on its tables but to read them. None of this is the proof: who administers the server passes all of it, and only the tree over the
-- bytes and the checkpoints kept elsewhere show that (models/ledger/FORMAT.md). `countersign-cli db provision` says who plays which role.
--
-- In functions names are found in the catalogue first, then in this schema, temporary tables last, whatever the caller set.

-- Which role owns, and which one works here; no row while one login does everything.
CREATE TABLE duty (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    owner TEXT NOT NULL,
    member TEXT NOT NULL
)
-- next
-- Whose login is whose: what somebody appends names them as its actor.
CREATE TABLE login_person (
    login TEXT PRIMARY KEY,
    person TEXT NOT NULL
)
-- next
-- Transactions that may write the projections because they can never commit: previews.
CREATE TABLE rehearsal (
    id xid8 PRIMARY KEY
)
-- next
-- The transaction that holds the ledger, and how many entries there were when it came; nothing there while it need not append.
ALTER TABLE ledger_head ADD COLUMN writer xid8, ADD COLUMN writer_at timestamptz, ADD COLUMN writer_from BIGINT
-- next
-- The event in an entry's bytes; nothing when they hold none. It is a function of the bytes alone, so an index may rest on it.
CREATE FUNCTION event_of(entry_bytes bytea) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT SET search_path FROM CURRENT AS $$
BEGIN
    RETURN convert_from(substr(entry_bytes, 9, length(entry_bytes) - 9 - 96 * get_byte(entry_bytes, 8 + (
        (get_byte(entry_bytes, 4) << 24) + (get_byte(entry_bytes, 5) << 16) + (get_byte(entry_bytes, 6) << 8) + get_byte(entry_bytes, 7)))), 'UTF8')::jsonb;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$
-- next
-- What the event in an entry's bytes is about; nothing when it is about nothing.
CREATE FUNCTION subject_of(entry_bytes bytea) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT SET search_path FROM CURRENT AS $$
DECLARE
    event jsonb := event_of(entry_bytes);
    about jsonb := event -> 'body';
BEGIN
    RETURN nullif(CASE split_part(event ->> 'kind', '.', 1)
        WHEN 'model' THEN about ->> 'model'
        WHEN 'version' THEN about ->> 'version'
        WHEN 'bundle' THEN about ->> 'version'
        WHEN 'review' THEN about ->> 'version'
        WHEN 'report' THEN about ->> 'version'
        WHEN 'run' THEN coalesce(nullif(about ->> 'version', ''), about ->> 'run')
        WHEN 'policy' THEN about ->> 'rule'
        WHEN 'person' THEN about ->> 'person'
        WHEN 'key' THEN about ->> 'key'
        WHEN 'import' THEN about ->> 'import'
        WHEN 'metrics' THEN about ->> 'import'
        WHEN 'change' THEN about ->> 'change'
    END, '');
END $$
-- next
CREATE INDEX entry_subject ON entry (subject_of(bytes) COLLATE "C", seq)
-- next
-- Takes the ledger until the transaction ends: others that write wait here. Gives the tree as it is.
CREATE FUNCTION door() RETURNS bytea LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    found_tree bytea;
BEGIN
    -- A snapshot taken before the lock would not see what the one before us wrote.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'the ledger is written in transactions of isolation level READ COMMITTED, and this one is %', upper(current_setting('transaction_isolation'))
            USING ERRCODE = 'CS001';
    END IF;
    IF current_setting('lock_timeout') = '0' THEN
        PERFORM set_config('lock_timeout', '5s', true);
    END IF;
    UPDATE ledger_head SET writer_from = CASE WHEN writer = pg_current_xact_id() AND writer_at = transaction_timestamp() THEN writer_from ELSE size END,
        writer = pg_current_xact_id(), writer_at = transaction_timestamp() WHERE id = 1 RETURNING tree INTO found_tree;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the workspace has lost the head of its ledger' USING ERRCODE = 'CS404';
    END IF;
    RETURN found_tree;
END $$
-- next
-- Lets the transaction write projections, and keeps it from ever committing.
CREATE FUNCTION rehearse() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO rehearsal (id) VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
END $$
-- next
CREATE FUNCTION put_evidence(p_digest bytea, p_media text, p_bytes bytea) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF p_digest IS DISTINCT FROM sha256(p_bytes) OR p_media IS NULL THEN
        RAISE EXCEPTION 'the evidence does not have the digest that it is given' USING ERRCODE = 'CS422';
    END IF;
    INSERT INTO evidence (digest, media, bytes) VALUES (p_digest, p_media, p_bytes) ON CONFLICT DO NOTHING;
END $$
-- next
-- Appends entries, one after the other as they are in p_entries, and gives the number and leaf of each. An entry that is there already is
-- given as it is. What can be checked here is checked; signatures cannot, and are checked by whoever reads.
CREATE FUNCTION append(p_entries bytea, p_received_at bigint) RETURNS TABLE (seq bigint, leaf bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
    head ledger_head%ROWTYPE;
    peaks bytea[] := '{}';
    top int := 0;
    place int := 1;
    payload_size int;
    signature_count int;
    entry_size int;
    is_separated boolean := EXISTS (SELECT 1 FROM duty);
    my_person text := (SELECT p.person FROM login_person p WHERE p.login = session_user);
    this_ledger text;
    entry_bytes bytea;
    event jsonb;
    event_id bytea;
    known entry%ROWTYPE;
    named text;
    latest bytea;
    node bytea;
    rest bigint;
    added bigint := 0;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'the ledger is written in transactions of isolation level READ COMMITTED, and this one is %', upper(current_setting('transaction_isolation'))
            USING ERRCODE = 'CS001';
    END IF;
    IF current_setting('lock_timeout') = '0' THEN
        PERFORM set_config('lock_timeout', '5s', true);
    END IF;
    SELECT * INTO head FROM ledger_head h WHERE h.id = 1 FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the workspace has lost the head of its ledger' USING ERRCODE = 'CS404';
    END IF;
    IF head.size > 0 THEN
        this_ledger := 'l:' || encode((SELECT e.leaf FROM entry e WHERE e.seq = 0), 'hex');
    END IF;
    FOR i IN 0 .. (length(head.tree) - 8) / 32 - 1 LOOP
        peaks[i + 1] := substr(head.tree, 9 + 32 * i, 32);
    END LOOP;
    top := (length(head.tree) - 8) / 32;
    WHILE place <= length(p_entries) LOOP
        IF length(p_entries) - place < 105 OR substr(p_entries, place, 4) <> 'CSG1'::bytea OR get_byte(p_entries, place + 3) > 0 THEN
            RAISE EXCEPTION 'an entry is not framed as one' USING ERRCODE = 'CS422';
        END IF;
        payload_size := (get_byte(p_entries, place + 4) << 16) + (get_byte(p_entries, place + 5) << 8) + get_byte(p_entries, place + 6);
        IF length(p_entries) - place < payload_size + 104 THEN
            RAISE EXCEPTION 'an entry is cut off' USING ERRCODE = 'CS422';
        END IF;
        signature_count := get_byte(p_entries, place + 7 + payload_size);
        entry_size := 9 + payload_size + 96 * signature_count;
        entry_bytes := substr(p_entries, place, entry_size);
        place := place + entry_size;
        event := event_of(entry_bytes);
        IF event IS NULL OR NOT signature_count BETWEEN 1 AND 4 OR length(entry_bytes) <> entry_size
            OR coalesce(event ->> 'id', '') !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
            RAISE EXCEPTION 'an entry holds no event' USING ERRCODE = 'CS422';
        END IF;
        event_id := decode(replace(event ->> 'id', '-', ''), 'hex');
        leaf := sha256('\x00'::bytea || entry_bytes);
        SELECT * INTO known FROM entry e WHERE e.id = event_id;
        IF FOUND THEN
            IF known.bytes <> entry_bytes THEN
                RAISE EXCEPTION 'another event with the id % is in the ledger', event ->> 'id' USING ERRCODE = 'CS002';
            END IF;
            seq := known.seq;
            RETURN NEXT;
            CONTINUE;
        END IF;
        IF coalesce(event ->> 'ledger', '') <> coalesce(this_ledger, 'l:genesis') THEN
            RAISE EXCEPTION 'the event % belongs to another ledger', event ->> 'id' USING ERRCODE = 'CS422';
        END IF;
        -- A program that acts by its device's key alone may name nobody.
        IF is_separated AND coalesce(event #>> '{actor,person}', '') IS DISTINCT FROM coalesce(my_person, '-')
            AND NOT (my_person IS NOT NULL AND event #>> '{actor,person}' = '' AND event #>> '{actor,role}' = 'device') THEN
            RAISE EXCEPTION 'the login % is not that of %, who is named as the one who acts', session_user, coalesce(nullif(event #>> '{actor,name}', ''), 'nobody')
                USING ERRCODE = 'CS403';
        END IF;
        FOREACH named IN ARRAY ARRAY[event ->> 'evidence', CASE WHEN event ->> 'kind' = 'metrics.computed' THEN event #>> '{body,scores}' END] LOOP
            IF named IS NOT NULL AND NOT EXISTS (SELECT 1 FROM evidence v
                WHERE v.digest = CASE WHEN named ~ '^sha256:[0-9a-f]{64}$' THEN decode(substr(named, 8), 'hex') END) THEN
                RAISE EXCEPTION 'the evidence % is not stored', named USING ERRCODE = 'CS404';
            END IF;
        END LOOP;
        IF event ? 'expects' THEN
            SELECT e.id INTO latest FROM entry e WHERE subject_of(e.bytes) COLLATE "C" = event #>> '{expects,subject}' ORDER BY e.seq DESC LIMIT 1;
            IF coalesce(event #>> '{expects,head}', '') <> coalesce('e:' || CAST(encode(latest, 'hex') AS uuid), '') THEN
                RAISE EXCEPTION 'something was recorded about % that the signer had not seen', event #>> '{expects,subject}' USING ERRCODE = 'CS409';
            END IF;
        END IF;
        seq := head.size;
        INSERT INTO entry (seq, id, bytes, leaf, received_at) VALUES (head.size, event_id, entry_bytes, leaf, p_received_at);
        IF this_ledger IS NULL THEN
            this_ledger := 'l:' || encode(leaf, 'hex');
        END IF;
        -- The tree's frontier: perfect subtrees of the same size become one.
        node := leaf;
        rest := head.size;
        WHILE rest % 2 = 1 LOOP
            node := sha256('\x01'::bytea || peaks[top] || node);
            top := top - 1;
            rest := rest / 2;
        END LOOP;
        top := top + 1;
        peaks[top] := node;
        head.size := head.size + 1;
        added := added + 1;
        RETURN NEXT;
    END LOOP;
    IF added > 0 THEN
        head.tree := int8send(head.size);
        FOR i IN 1 .. top LOOP
            head.tree := head.tree || peaks[i];
        END LOOP;
        UPDATE ledger_head h SET size = head.size, tree = head.tree, writer = pg_current_xact_id(), writer_at = transaction_timestamp(),
            writer_from = CASE WHEN h.writer = pg_current_xact_id() THEN h.writer_from ELSE h.size END WHERE h.id = 1;
    END IF;
END $$
-- next
-- Keeps a signed note about a tree of p_size entries. A later one may add signatures to it; it says the same, and keeps who has signed.
CREATE FUNCTION put_checkpoint(p_size bigint, p_note text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    head ledger_head%ROWTYPE;
    said text;
BEGIN
    SELECT * INTO head FROM ledger_head h WHERE h.id = 1;
    IF p_size < 1 OR p_size > head.size OR p_note NOT LIKE E'countersign/%\n' || p_size || E'\n%\n\n\u2014 %' THEN
        RAISE EXCEPTION 'that is no checkpoint of % entries of this ledger', p_size USING ERRCODE = 'CS422';
    END IF;
    SELECT c.note INTO said FROM checkpoint c WHERE c.size = p_size FOR UPDATE;
    IF FOUND AND (split_part(said, E'\n\n', 1) <> split_part(p_note, E'\n\n', 1)
        OR EXISTS (SELECT 1 FROM regexp_split_to_table(split_part(said, E'\n\n', 2), E'\n') AS line
            WHERE line <> '' AND NOT EXISTS (SELECT 1 FROM regexp_split_to_table(split_part(p_note, E'\n\n', 2), E'\n') AS kept WHERE split_part(kept, ' ', 2) = split_part(line, ' ', 2)))) THEN
        RAISE EXCEPTION 'another checkpoint of % entries is kept', p_size USING ERRCODE = 'CS409';
    END IF;
    INSERT INTO checkpoint (size, note) VALUES (p_size, p_note) ON CONFLICT (size) DO UPDATE SET note = EXCLUDED.note;
END $$
-- next
-- Leaf hashes in [p_from, p_to), also for whom a policy hides entries: the root can be computed without reading them.
CREATE FUNCTION leaves(p_from bigint, p_to bigint) RETURNS TABLE (seq bigint, leaf bytea) LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT e.seq, e.leaf FROM entry e WHERE e.seq >= p_from AND e.seq < p_to ORDER BY e.seq
$$
-- next
-- Projections are written together with what they follow from: by a transaction that holds the ledger, or one that never commits. A superuser
-- is let by, to repair; what follows from the entries shows it.
CREATE FUNCTION check_door() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    -- Asked with every statement that writes: the common case first.
    IF (SELECT h.writer = pg_current_xact_id_if_assigned() AND h.writer_at = transaction_timestamp() FROM ledger_head h WHERE h.id = 1) THEN
        RETURN NULL;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM rehearsal WHERE id = pg_current_xact_id_if_assigned())
        AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = session_user) THEN
        RAISE EXCEPTION 'the table % is written only together with an entry of the ledger', TG_TABLE_NAME USING ERRCODE = 'CS403';
    END IF;
    RETURN NULL;
END $$
-- next
CREATE FUNCTION check_written() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_head WHERE writer = pg_current_xact_id() AND size <= writer_from) THEN
        RAISE EXCEPTION 'the ledger was taken for writing, and nothing was appended to it' USING ERRCODE = 'CS403';
    END IF;
    RETURN NULL;
END $$
-- next
CREATE FUNCTION deny_rehearsal() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'a rehearsal is never committed' USING ERRCODE = 'CS403';
END $$
-- next
CREATE CONSTRAINT TRIGGER head_written AFTER UPDATE ON ledger_head DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_written()
-- next
CREATE CONSTRAINT TRIGGER rehearsal_ends AFTER INSERT ON rehearsal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION deny_rehearsal()
-- next
-- The head only grows.
CREATE FUNCTION check_head() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR NEW.size < OLD.size OR NEW.id <> OLD.id THEN
        RAISE EXCEPTION 'the head of the ledger only grows' USING ERRCODE = 'P0001';
    END IF;
    RETURN NEW;
END $$
-- next
CREATE TRIGGER head_change BEFORE UPDATE OR DELETE ON ledger_head FOR EACH ROW EXECUTE FUNCTION check_head()
-- next
CREATE TRIGGER head_truncate BEFORE TRUNCATE ON ledger_head FOR EACH STATEMENT EXECUTE FUNCTION deny_change()
-- next
CREATE TRIGGER checkpoint_truncate BEFORE TRUNCATE ON checkpoint FOR EACH STATEMENT EXECUTE FUNCTION deny_change()
-- next
-- Whether the caller may read what is confidential: everybody who was let in while duties are not separated, then the members.
CREATE FUNCTION may_read() RETURNS boolean LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
BEGIN
    RETURN NOT EXISTS (SELECT 1 FROM duty) OR EXISTS (SELECT 1 FROM duty d JOIN pg_catalog.pg_roles r ON r.rolname IN (d.owner, d.member) WHERE pg_has_role(r.oid, 'USAGE'));
END $$
-- next
CREATE FUNCTION my_person() RETURNS text LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT person FROM login_person WHERE login = session_user
$$
-- next
CREATE POLICY entry_read ON entry FOR SELECT USING ((SELECT may_read()))
-- next
CREATE POLICY entry_append ON entry FOR INSERT WITH CHECK (true)
-- next
CREATE POLICY evidence_read ON evidence FOR SELECT USING ((SELECT may_read()))
-- next
CREATE POLICY evidence_append ON evidence FOR INSERT WITH CHECK (true)
-- next
-- A key under its owner's passphrase is for its owner alone, so that nobody else can try passphrases on it.
CREATE POLICY wrapped_key_own ON wrapped_key USING (NOT EXISTS (SELECT 1 FROM duty) OR person = (SELECT my_person())) WITH CHECK (true)
-- next
-- What holds for tables and functions that come later as well: projections are guarded, triggers fire always (also under session_replication_role =
-- replica, which restores use), nothing is anybody's, and members get what their work needs. Each step that makes a table or function ends with it.
CREATE FUNCTION guard_tables() RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    schema_name text := current_schema();
    member_role text := (SELECT member FROM duty);
    found_name text;
    found_trigger record;
BEGIN
    FOR found_name IN SELECT c.relname FROM pg_catalog.pg_class c WHERE c.relnamespace = schema_name::regnamespace AND c.relkind = 'r' AND NOT c.relname IN
        ('entry', 'evidence', 'ledger_head', 'checkpoint', 'wrapped_key', 'schema_migration', 'duty', 'login_person', 'rehearsal') ORDER BY c.relname LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_trigger t WHERE t.tgrelid = format('%I.%I', schema_name, found_name)::regclass AND t.tgname = found_name || '_door') THEN
            EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OR DELETE ON %I.%I FOR EACH STATEMENT EXECUTE FUNCTION check_door()', found_name || '_door', schema_name, found_name);
            EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I.%I FOR EACH STATEMENT EXECUTE FUNCTION check_door()', found_name || '_truncate', schema_name, found_name);
        END IF;
        IF member_role IS NOT NULL THEN
            EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I.%I TO %I', schema_name, found_name, member_role);
        END IF;
    END LOOP;
    FOR found_trigger IN SELECT t.tgname, c.relname FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = schema_name::regnamespace AND NOT t.tgisinternal AND t.tgenabled <> 'A' LOOP
        EXECUTE format('ALTER TABLE %I.%I ENABLE ALWAYS TRIGGER %I', schema_name, found_trigger.relname, found_trigger.tgname);
    END LOOP;
    EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC', schema_name);
    EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM PUBLIC', schema_name);
    EXECUTE format('REVOKE ALL ON ALL FUNCTIONS IN SCHEMA %I FROM PUBLIC', schema_name);
    IF member_role IS NOT NULL THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', schema_name, member_role);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %I TO %I', schema_name, member_role);
        EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I.wrapped_key TO %I', schema_name, member_role);
        FOR found_name IN SELECT unnest(ARRAY['door()', 'rehearse()', 'put_evidence(bytea, text, bytea)', 'append(bytea, bigint)', 'put_checkpoint(bigint, text)',
            'leaves(bigint, bigint)', 'may_read()', 'my_person()', 'event_of(bytea)', 'subject_of(bytea)']) LOOP
            EXECUTE format('GRANT EXECUTE ON FUNCTION %I.%s TO %I', schema_name, found_name, member_role);
        END LOOP;
    END IF;
END $$
-- next
SELECT guard_tables()
-- next
ALTER TABLE entry ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
-- next
ALTER TABLE evidence ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY
-- next
ALTER TABLE wrapped_key ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY

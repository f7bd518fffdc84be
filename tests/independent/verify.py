#!/usr/bin/env python3
"""A second verifier of what Countersign signs, written from models/ledger/FORMAT.md alone (sections are named where they are used).

    verify.py [--checkpoint NOTE]... FILE...

FILE is a proof bundle, a ledger file or a checkpoint. Prints one JSON object: for every file its kind, the verdict of every entry and the worst of
all; exit code 0 when all is valid, 3 when something is not, 4 when a file holds nothing that can be checked. It shares no code with the program: Python's
standard library, and PyNaCl for libsodium's verdict on a signature (section 3). Where the two differ, one of them, or the page, is wrong.
"""
import base64, binascii, datetime, hashlib, json, re, struct, sys, unicodedata
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

WORST = ["invalid", "disputed", "evidence-missing", "unknown-newer", "valid-flagged", "valid"]
KINDS = set("""bundle.freeze change.propose change.withdraw checkpoint.publish import.commit import.undo key.confirm key.enroll key.propose key.revoke
    key.rotate ledger.genesis metrics.computed metrics.import metrics.recomputed model.register model.update person.add person.roles policy.set
    policy.signing report.issue review.reject review.signoff review.withdraw run.record run.update schema.migrate security.clock_anomaly
    security.signature_discarded security.unlock_failed security.verification_failed version.register version.update""".split())
SUBJECTS = {"model": "model", "version": "version", "bundle": "version", "review": "version", "report": "version", "run": "version", "policy": "rule",
            "person": "person", "key": "key", "import": "import", "metrics": "import", "change": "change"}
FORBIDDEN = [(0x00, 0x1F), (0x7F, 0x9F), (0xAD, 0xAD), (0x34F, 0x34F), (0x600, 0x605), (0x61C, 0x61C), (0x6DD, 0x6DD), (0x70F, 0x70F), (0x890, 0x891),
             (0x8E2, 0x8E2), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164),
             (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF9, 0xFFFB), (0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x13430, 0x1343F), (0x1BCA0, 0x1BCA3),
             (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)]
MAX_INTEGER = 2**53 - 1


class Wrong(Exception):
    """What the format refuses."""


def need(is_right, what="malformed"):
    if not is_right:
        raise Wrong(what)


# ---- section 1: restricted JSON. What is read by these rules alone is canonical: there is one spelling.

def is_clean(text):
    return unicodedata.is_normalized("NFC", text) and not any(low <= ord(c) <= high for c in text for low, high in FORBIDDEN)


def read_json(data, depth=16):
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong("not UTF-8")
    value, at = read_value(text, 0, depth)
    need(at == len(text))
    return value


STRING = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
INTEGER = re.compile(r"0|-?[1-9][0-9]{0,15}")


def read_string(text, at):
    match = STRING.match(text, at)
    need(match)
    string = re.sub(r"\\(.)", r"\1", match[1])
    need(is_clean(string))
    return string, match.end()


def read_value(text, at, depth):
    first = text[at:at + 1]
    if first == '"':
        return read_string(text, at)
    for word, value in (("true", True), ("false", False), ("null", None)):
        if text.startswith(word, at):
            return value, at + len(word)
    if first in ("{", "["):
        need(depth > 0, "nested too deep")
        return (read_object if first == "{" else read_array)(text, at + 1, depth - 1)
    match = INTEGER.match(text, at)
    need(match and abs(int(match[0])) <= MAX_INTEGER)
    return int(match[0]), match.end()


def read_array(text, at, depth):
    values = []
    if text[at:at + 1] == "]":
        return values, at + 1
    while True:
        value, at = read_value(text, at, depth)
        values.append(value)
        need(text[at:at + 1] in (",", "]"))
        at += 1
        if text[at - 1] == "]":
            return values, at


def read_object(text, at, depth):
    members = {}
    if text[at:at + 1] == "}":
        return members, at + 1
    last = None
    while True:
        key, at = read_string(text, at)
        need(key.isascii() and (last is None or key > last) and text[at:at + 1] == ":")
        last = key
        members[key], at = read_value(text, at + 1, depth)
        need(text[at:at + 1] in (",", "}"))
        at += 1
        if text[at - 1] == "}":
            return members, at


def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def members(value, *names):
    need(isinstance(value, dict) and sorted(value) == sorted(names))
    return [value[name] for name in names]


def text_of(value):
    need(isinstance(value, str))
    return value


def base64_bytes(value, size=None):
    try:
        data = base64.b64decode(text_of(value), validate=True)
    except (binascii.Error, ValueError):
        raise Wrong("base64")
    need(base64.b64encode(data).decode() == value and (size is None or len(data) == size))
    return data


def is_id(value, letter):
    return isinstance(value, str) and re.fullmatch(letter + r":[0-9a-z-]{1,64}", value) is not None


def is_digest(value):
    return isinstance(value, str) and re.fullmatch(r"sha256:[0-9a-f]{64}", value) is not None


# ---- section 2: events

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def time_of(text):
    """Milliseconds since 1970."""
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.([0-9]{3})Z", text_of(text))
    need(match)
    try:
        moment = datetime.datetime(*(int(part) for part in match.groups()[:6]), tzinfo=datetime.timezone.utc)
    except ValueError:
        raise Wrong("no such time")
    return int((moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)).total_seconds()) * 1000 + int(match[7])


def read_event(payload):
    need(len(payload) <= 262144)
    event = read_json(payload)
    need(isinstance(event, dict) and is_integer(event.get("v")))
    if event["v"] > 1:
        return event
    need(event["v"] == 1 and set(event) - {"evidence", "expects"} == {"actor", "app", "body", "id", "kind", "ledger", "seen", "time", "v"})
    device, key, name, person, role = members(event["actor"], "device", "key", "name", "person", "role")
    need((device == "none" or is_id(device, "d")) and is_id(key, "k") and isinstance(name, str))
    need(isinstance(role, str) and re.fullmatch(r"[A-Za-z]{1,40}", role) and (is_id(person, "p") or (person == "" and role == "device")))
    for text in members(event["app"], "build", "version"):
        text_of(text)
    need(isinstance(event["body"], dict) and UUID.fullmatch(text_of(event["id"])))
    need(len(text_of(event["kind"])) <= 64 and re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", event["kind"]))
    need((event["ledger"] == "l:genesis") if event["kind"] == "ledger.genesis" else is_id(event["ledger"], "l"))
    size, root = members(event["seen"], "size", "root")
    need(is_integer(size) and size >= 0)
    base64_bytes(root, 32)
    tz, utc = members(event["time"], "tz", "utc")
    time_of(utc)
    need(isinstance(tz, str) and re.fullmatch(r"[+-](0[0-9]|1[0-9]|2[0-3]):[0-5][0-9]", tz) and tz != "-00:00")
    if "evidence" in event:
        need(is_digest(event["evidence"]))
    if "expects" in event:
        subject, head = members(event["expects"], "subject", "head")
        need(text_of(subject) and isinstance(head, str) and (head == "" or (head.startswith("e:") and UUID.fullmatch(head[2:]))))
    return event


def subject_of(event):
    member = SUBJECTS.get(event["kind"].split(".")[0])
    for name in (member, "run" if member == "version" and event["kind"].startswith("run.") else None):
        value = event["body"].get(name) if name else None
        if isinstance(value, str) and value:
            return value
    return None


# ---- section 8: the bodies that verification reads

def key_id(public):
    return "k:" + hashlib.sha256(b"ed25519" + public).hexdigest()


def read_new_key(body, id_member="key"):
    public, proof = base64_bytes(body.get("public"), 32), base64_bytes(body.get("pop"), 64)
    need(body.get(id_member) == key_id(public))
    return public, proof


def read_roles(body):
    need(is_id(body.get("person"), "p") and isinstance(body.get("roles"), list) and all(isinstance(role, str) for role in body["roles"]))


def read_policy(body):
    confirms, cosigners, way, minutes = (body.get(n, d) for n, d in (("confirmKeys", False), ("cosigners", 0), ("reauthentication", "each-signature"), ("seriesMinutes", 0)))
    need(isinstance(confirms, bool) and is_integer(cosigners) and 0 <= cosigners <= 60 and way in ("each-signature", "series") and is_integer(minutes))
    need(1 <= minutes <= 10 if way == "series" else minutes == 0)


def check_body(event):
    kind, body = event["kind"], event["body"]
    if kind == "ledger.genesis":
        admin, origin, policy, sample = members(body, "admin", "origin", "policy", "sample")
        key, login, name, person, roles = members(admin, "key", "login", "name", "person", "roles")
        need(sorted(key) == ["id", "pop", "public"] if isinstance(key, dict) else False)
        read_new_key(key, "id")
        need(isinstance(policy, dict) and isinstance(sample, bool) and all(isinstance(t, str) for t in (origin, login, name)))
        read_roles(admin)
        read_policy(policy)
    elif kind in ("key.enroll", "key.propose"):
        key_class, identity, _, owner, _, _ = members(body, "class", "identity", "key", "owner", "pop", "public")
        need(isinstance(identity, str) and key_class in ("person", "device") and is_id(owner, "p" if key_class == "person" else "d"))
        read_new_key(body)
    elif kind == "key.confirm":
        identity, key = members(body, "identity", "key")
        need(isinstance(identity, str) and is_id(key, "k"))
    elif kind == "key.rotate":
        members(body, "key", "owner", "pop", "public", "replaces")
        need(is_id(body["owner"], "p") and is_id(body["replaces"], "k"))
        read_new_key(body)
    elif kind == "key.revoke":
        from_size, key, reason = members(body, "fromSize", "key", "reason")
        need(is_integer(from_size) and from_size >= 0 and is_id(key, "k") and isinstance(reason, str))
    elif kind in ("person.add", "person.roles"):
        read_roles(body)
    elif kind == "policy.signing":
        read_policy(body)


# ---- sections 3 to 6: signatures, entries, the tree, checkpoints

def is_signed(public, message, signature):
    try:
        crypto_sign_open(signature + message, public)
        return True
    except (BadSignatureError, ValueError, TypeError):
        return False


def encoding(kind, payload):
    kind = b"application/vnd.countersign." + kind
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def is_possessed(public, proof, owner, ledger):
    return is_signed(public, encoding(b"key-pop.v1", f"{owner} {key_id(public)} {ledger}".encode()), proof)


def read_entry(data):
    need(data[:4] == b"CSG1" and len(data) >= 9)
    size = struct.unpack(">I", data[4:8])[0]
    need(len(data) > 8 + size)
    count = data[8 + size]
    need(1 <= count <= 4 and len(data) == 9 + size + 96 * count)
    at = [9 + size + 96 * i for i in range(count)]
    return data[8:8 + size], [(data[i:i + 32].hex(), data[i + 32:i + 96]) for i in at]


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """The leaves with the roots of all perfect subtrees, so that the root of any beginning is at hand (RFC 6962 section 2.1)."""

    def __init__(self):
        self.levels = [[]]

    def append(self, leaf):
        self.levels[0].append(leaf)
        for depth, level in enumerate(self.levels):
            if len(level) % 2:
                break
            if depth + 1 == len(self.levels):
                self.levels.append([])
            self.levels[depth + 1].append(node_hash(*level[-2:]))

    def root(self, size):
        root = None
        for depth, level in enumerate(self.levels):
            if size >> depth & 1:
                peak = level[(size >> depth) - 1]
                root = peak if root is None else node_hash(peak, root)
        return root or hashlib.sha256().digest()


def is_included(leaf, index, size, path, root):
    """RFC 9162 section 2.1.3.2."""
    if index >= size:
        return False
    node, last, result = index, size - 1, leaf
    for hash_ in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            result = node_hash(hash_, result)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = node_hash(result, hash_)
        node, last = node >> 1, last >> 1
    return last == 0 and result == root


def is_consistent(old_size, old_root, new_size, new_root, path):
    """RFC 9162 section 2.1.4.2."""
    if not 0 < old_size <= new_size:
        return False
    if old_size == new_size:
        return not path and old_root == new_root
    if old_size & (old_size - 1) == 0:
        path = [old_root] + path if path else path
    if not path:
        return False
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = path[0]
    for hash_ in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(hash_, old), node_hash(hash_, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, hash_)
        node, last = node >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


class Checkpoint:
    def __init__(self, note):
        need(len(note) <= 65536)
        try:
            text = note.decode("utf-8")
        except UnicodeDecodeError:
            raise Wrong("not UTF-8")
        need(text.endswith("\n"))
        lines = text[:-1].split("\n")
        need(len(lines) >= 5 and lines[3] == "" and lines[0] and is_clean(lines[0]) and re.fullmatch("0|[1-9][0-9]{0,19}", lines[1]))
        self.origin, self.size, self.root = lines[0], int(lines[1]), base64_bytes(lines[2], 32)
        need(self.size < 2**64 and len(lines) - 4 <= 64)
        self.text = "".join(line + "\n" for line in lines[:3]).encode()
        self.signatures = []
        for line in lines[4:]:
            match = re.fullmatch("\u2014 ([^ +]+) ([^ ]*)", line)
            need(match and is_clean(match[1]))
            value = base64_bytes(match[2])
            need(len(value) >= 5)
            self.signatures.append((match[1], value))

    def values(self, name, public, letter):
        hint = hashlib.sha256(name.encode() + b"\n" + bytes([letter]) + public).digest()[:4]
        return [value[4:] for other, value in self.signatures if other == name and value[:4] == hint]

    def is_signed_by(self, public):
        values = self.values(self.origin, public, 1)
        return bool(values) and all(is_signed(public, self.text, value) for value in values)

    def cosigned_by(self, name, public):
        """None: it is not. Otherwise whether every line of that key is right."""
        values = self.values(name, public, 4)
        def is_right(value):
            seconds = int.from_bytes(value[:8], "big")
            return len(value) == 72 and seconds <= 253402300799 and is_signed(public, b"cosignature/v1\ntime %d\n%s" % (seconds, self.text), value[8:])
        return all(map(is_right, values)) if values else None


# ---- section 7: verification

class Key:
    def __init__(self, public, key_class, owner, by, awaits=False):
        self.public, self.key_class, self.owner, self.by, self.awaits, self.until = public, key_class, owner, by, awaits, None

    def is_usable(self, number):
        return not self.awaits and (self.until is None or number < self.until)


class Judge:
    """Checks 1 to 13. `is_whole`: the entries are the whole log; otherwise those of a bundle."""

    def __init__(self, ledger=None, head=None, is_whole=True, evidence=None):
        self.ledger, self.head, self.is_whole, self.evidence = ledger, head, is_whole, evidence or {}
        self.keys, self.roles, self.policy, self.tree = {}, {}, {}, Tree()
        self.ids, self.heads, self.times, self.entries, self.first_leaf = set(), {}, {}, [], None

    def fail(self, entry, step, state="invalid"):
        if not entry["step"] or step < entry["step"] or (entry["state"] == "disputed" and state == "invalid"):
            entry["state"], entry["step"] = state, step

    def take(self, seq, data, path=None):
        entry = {"seq": seq, "state": "valid", "step": 0}
        self.entries.append(entry)
        leaf, event = leaf_hash(data), None
        entry["signers"] = []
        if len(self.entries) == 1:
            self.first_leaf = leaf
        try:
            payload, signatures = read_entry(data)
            try:
                event = read_event(payload)
                if event["v"] > 1:
                    event = None
                    self.fail(entry, 3, "unknown-newer")
                else:
                    if event["kind"] not in KINDS:
                        self.fail(entry, 3, "unknown-newer")
                    try:
                        check_body(event)
                    except Wrong:
                        self.fail(entry, 2)
            except Wrong:
                self.fail(entry, 2)
        except Wrong:
            self.fail(entry, 1)
        if self.is_whole and seq == 0:
            self.ledger = "l:" + leaf.hex()
        if event:
            is_genesis = event["kind"] == "ledger.genesis"
            named = "l:" + leaf.hex() if is_genesis else event["ledger"]
            if is_genesis != (seq == 0) or named != self.ledger:
                self.fail(entry, 4)
            if event["id"] in self.ids:
                self.fail(entry, 5)
            self.ids.add(event["id"])
            if not entry["step"]:
                self.judge_keys(entry, event, payload, signatures)
            self.judge_record(entry, event)
            if self.is_whole and entry["state"] in ("valid", "disputed"):
                self.judge_time(entry, event)
        elif self.is_whole and seq == 0:
            self.fail(entry, 4)
        self.tree.append(leaf)
        if not self.is_whole and not is_included(leaf, seq, self.head[0], path, self.head[1]):
            self.fail(entry, 13)

    def judge_keys(self, entry, event, payload, signatures):
        seq, actor, kind, body = entry["seq"], event["actor"], event["kind"], event["body"]
        message = encoding(b"event.v1+json", payload)
        if seq == 0:
            admin = body["admin"]
            public, proof = read_new_key(admin["key"], "id")
            if len(signatures) != 1 or "k:" + signatures[0][0] != key_id(public) or actor["key"] != key_id(public) or actor["person"] != admin["person"] \
                    or not is_possessed(public, proof, admin["person"], "l:genesis"):
                self.fail(entry, 6)
            elif not is_signed(public, message, signatures[0][1]):
                self.fail(entry, 7)
            else:
                self.keys[key_id(public)] = Key(public, "person", admin["person"], admin["person"])
                self.roles[admin["person"]], self.policy = set(admin["roles"]), body["policy"]
                entry["signers"] = [key_id(public)]
            return
        signers = [self.keys.get("k:" + digest) for digest, _ in signatures]
        first = signers[0]
        if None in signers or len(set(map(id, signers))) != len(signers) or not all(key.is_usable(seq) for key in signers) \
                or "k:" + signatures[0][0] != actor["key"] or first.owner != actor["person" if first.key_class == "person" else "device"] \
                or (re.match(r"(review|policy|key|person)\.|ledger\.genesis$", kind) and any(key.key_class == "device" for key in signers)):
            self.fail(entry, 6)
        if kind.startswith("key.") and not self.is_sound(event):
            self.fail(entry, 6)
        if entry["step"]:
            return
        if not all(is_signed(key.public, message, signature) for key, (_, signature) in zip(signers, signatures)):
            self.fail(entry, 7)
        if self.is_whole and not self.is_allowed(event, first, seq):
            self.fail(entry, 10)
        if self.is_whole or not entry["step"]:
            entry["signers"] = ["k:" + digest for digest, _ in signatures]
        if not entry["step"]:
            self.apply(event, seq)

    def is_sound(self, event):
        kind, body, actor = event["kind"], event["body"], event["actor"]
        if kind == "key.confirm":
            key = self.keys.get(body["key"])
            return bool(key) and key.awaits and actor["person"] not in (key.by, key.owner)
        if kind == "key.revoke":
            return body["key"] in self.keys
        if kind == "key.propose" and body["class"] != "person":
            return False
        if kind == "key.rotate":
            old = self.keys.get(body["replaces"])
            if not old or actor["key"] != body["replaces"] or old.owner != body["owner"]:
                return False
        public, proof = read_new_key(body)
        return key_id(public) not in self.keys and is_possessed(public, proof, body["owner"], self.ledger)

    def is_allowed(self, event, signer, seq):
        kind, body, actor = event["kind"], event["body"], event["actor"]
        if actor["role"] not in (self.roles.get(actor["person"], ()) if signer.key_class == "person" else ("device",)):
            return False
        is_administrator = actor["role"] == "administrator"
        if kind.startswith("person."):
            return is_administrator and (body["person"] in self.roles) == (kind == "person.roles")
        if kind == "policy.signing":
            return is_administrator
        if not kind.startswith("key.") or kind == "key.rotate":
            return True
        if kind == "key.revoke" and self.keys[body["key"]].owner == actor["person"]:
            return True
        if kind == "key.enroll" and body["class"] == "device":
            return True
        administrators = {key.owner for key in self.keys.values() if key.key_class == "person" and key.is_usable(seq) and "administrator" in self.roles.get(key.owner, ())}
        return is_administrator and not (kind == "key.enroll" and self.policy.get("confirmKeys") and len(administrators) > 1)

    def apply(self, event, seq):
        kind, body, by = event["kind"], event["body"], event["actor"]["person"]
        if kind in ("key.enroll", "key.propose"):
            self.keys[body["key"]] = Key(read_new_key(body)[0], body["class"], body["owner"], by, kind == "key.propose")
        elif kind == "key.confirm":
            self.keys[body["key"]].awaits = False
        elif kind == "key.rotate":
            self.keys[body["key"]] = Key(read_new_key(body)[0], "person", body["owner"], by)
            self.keys[body["replaces"]].until = seq + 1
        elif kind == "key.revoke":
            key = self.keys[body["key"]]
            key.until = min(body["fromSize"], body["fromSize"] if key.until is None else key.until)
            for earlier in self.entries[:-1]:
                if earlier["seq"] >= key.until and body["key"] in earlier["signers"] and WORST.index(earlier["state"]) > WORST.index("disputed") \
                        and (self.is_whole or not earlier["step"]):
                    earlier["state"], earlier["step"] = "disputed", 6
        elif kind in ("person.add", "person.roles") and self.is_whole:
            self.roles[body["person"]] = set(body["roles"])
        elif kind == "policy.signing":
            self.policy = body

    def judge_record(self, entry, event):
        seq, size, root = entry["seq"], event["seen"]["size"], base64.b64decode(event["seen"]["root"])
        if self.is_whole:
            is_right = size <= seq and self.tree.root(size) == root
        else:
            known = {0: hashlib.sha256().digest(), 1: self.first_leaf, self.head[0]: self.head[1]}
            is_right = size <= seq and (self.entries[0]["seq"] != 0 or known.get(size, root) == root)
        if not is_right:
            self.fail(entry, 8)
        subject = subject_of(event)
        if self.is_whole:
            if "expects" in event and event["expects"]["head"] != self.heads.get(event["expects"]["subject"], ""):
                self.fail(entry, 9)
            if subject:
                self.heads[subject] = "e:" + event["id"]
        evidence = event.get("evidence")
        if self.is_whole:
            if not entry["step"] and evidence and evidence not in self.evidence:
                self.fail(entry, 11, "evidence-missing")
        elif evidence and self.evidence.get(evidence) is False:
            self.fail(entry, 11, "evidence-missing")

    def judge_time(self, entry, event):
        device, time = event["actor"]["device"], time_of(event["time"]["utc"])
        device = event["actor"]["key"] if device == "none" else device
        newest = self.times.setdefault(device, time)
        if time + 120000 < newest:
            self.fail(entry, 12, "valid-flagged")
        self.times[device] = max(newest, time)

    def signer_of(self, checkpoint):
        return any(not key.awaits and not (key.until is not None and checkpoint.size > key.until) and checkpoint.is_signed_by(key.public) for key in self.keys.values())


# ---- sections 9 and 10: files

def read_bundle(data):
    bundle = read_json(data)
    need(isinstance(bundle, dict))
    if re.match(r"countersign\.proof/", str(bundle.get("format"))) and bundle["format"] not in ("countersign.proof/1", "countersign.proof/2"):
        raise NotImplementedError
    members(bundle, *(["earlier"] if bundle.get("format") == "countersign.proof/2" else []), "checkpoint", "evidence", "format", "items", "ledger")
    need(str(bundle["format"]).startswith("countersign.proof/") and is_id(bundle["ledger"], "l"))
    note = lambda lines: (need(isinstance(lines, list)), "".join(text_of(line) + "\n" for line in lines).encode())[1]
    hashes = lambda values: (need(isinstance(values, list)), [base64_bytes(value, 32) for value in values])[1]
    need(isinstance(bundle["items"], list) and isinstance(bundle["evidence"], list))
    items = []
    for item in bundle["items"]:
        entry, path, seq = members(item, "entry", "path", "seq")
        need(is_integer(seq) and seq >= 0)
        items.append((seq, base64_bytes(entry), hashes(path)))
    evidence = {}
    for piece in bundle["evidence"]:
        data_, digest, media = members(piece, "bytes", "digest", "media")
        need(is_digest(digest) and isinstance(media, str))
        evidence[digest] = "sha256:" + hashlib.sha256(base64_bytes(data_)).hexdigest() == digest
    earlier = None
    if "earlier" in bundle:
        lines, proof = members(bundle["earlier"], "checkpoint", "proof")
        earlier = (note(lines), hashes(proof))
    return bundle["ledger"], note(bundle["checkpoint"]), items, evidence, earlier


def judge_bundle(data, kept):
    ledger, note, items, evidence, earlier = read_bundle(data)
    is_good, checkpoint, head, continues = True, None, (0, b"\0" * 32), None
    try:
        checkpoint = Checkpoint(note)
        head = (checkpoint.size, checkpoint.root)
    except Wrong:
        is_good = False
    numbers = [seq for seq, _, _ in items]
    is_good = is_good and numbers[:1] == [0] and all(a < b for a, b in zip(numbers, numbers[1:]))
    judge = Judge(ledger, head, False, evidence)
    for seq, entry, path in items:
        judge.take(seq, entry, path)
    if checkpoint:
        origin = "countersign/" + ledger[2:]
        is_good = is_good and checkpoint.origin == origin and judge.signer_of(checkpoint)
        for key in judge.keys.values():
            if key.key_class == "device" and not (key.until is not None and checkpoint.size > key.until):
                is_good = is_good and checkpoint.cosigned_by(f"{origin}/{key.owner[2:]}", key.public) is not False
        if earlier:
            try:
                before = Checkpoint(earlier[0])
                if before.origin == checkpoint.origin and judge.signer_of(before) and is_consistent(before.size, before.root, *head, earlier[1]):
                    continues = before
                is_good = is_good and continues is not None
            except Wrong:
                is_good = False
    for other in kept:
        root = head[1] if other and other.size == head[0] else continues.root if other and continues and other.size == continues.size else None
        is_good = is_good and other is not None and other.origin == "countersign/" + ledger[2:] and other.root == root
    states = [entry["state"] for entry in judge.entries] + ([] if is_good else ["invalid"]) + ([] if all(evidence.values()) else ["evidence-missing"])
    return ledger, head, judge.entries, states


def judge_ledger(data, kept):
    at, last, digest, counts, is_good = len(b"CSGLEDGER1\n"), "V", None, {"V": 0, "E": 0, "C": 0}, True
    judge, notes, seq = Judge(), [], 0
    try:
        while True:
            need(at + 9 <= len(data))
            letter, size = chr(data[at]), struct.unpack(">Q", data[at + 1:at + 9])[0]
            need(letter in "VECZ" and "VECZ".index(letter) >= "VECZ".index(last))
            need(size <= {"V": 2**32, "E": 262800, "C": 65536, "Z": 24}[letter] and at + 9 + size <= len(data))
            part, at, last = data[at + 9:at + 9 + size], at + 9 + size, letter
            if letter == "Z":
                need(part == struct.pack(">QQQ", *counts.values()) and at == len(data))
                break
            counts[letter] += 1
            if letter == "V":
                need(len(part) >= 2)
                media = struct.unpack(">H", part[:2])[0]
                need(media <= len(part) - 2)
                found = hashlib.sha256(part[2 + media:]).hexdigest()
                need(digest is None or digest < found)
                digest = found
                judge.evidence["sha256:" + found] = True
            elif letter == "E":
                judge.take(seq, part)
                seq += 1
            else:
                notes.append(part)
    except Wrong:
        is_good = False
    def is_right(note):
        try:
            checkpoint = note if isinstance(note, Checkpoint) else Checkpoint(note)
        except Wrong:
            return False
        return checkpoint.origin == "countersign/" + (judge.ledger or "l:")[2:] and judge.signer_of(checkpoint) and checkpoint.size <= seq \
            and judge.tree.root(checkpoint.size) == checkpoint.root
    is_good = is_good and seq > 0 and all(map(is_right, notes)) and all(other is not None and is_right(other) for other in kept)
    return judge.ledger or "", (seq, judge.tree.root(seq)), judge.entries, [entry["state"] for entry in judge.entries] + ([] if is_good else ["invalid"])


def check(path, kept):
    report = {"file": path, "kind": "unknown", "worst": "unreadable", "verdicts": [], "ledger": "", "size": 0, "root": ""}
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return report
    judge = None
    if data.startswith(b"CSGLEDGER1\n"):
        report["kind"], judge = "ledger", judge_ledger
    elif data.startswith(b"{") or b"countersign.proof/" in data:
        report["kind"], judge = "bundle", judge_bundle
    elif b"\n\n\xe2\x80\x94 " in data:
        report["kind"] = "checkpoint"
        try:
            Checkpoint(data)  # alone it proves nothing; one needs its maker's key
        except Wrong:
            report["worst"] = "invalid"
    if not judge:
        return report
    try:
        ledger, head, entries, states = judge(data, kept)
    except Wrong:
        report["worst"] = "invalid"
        return report
    except NotImplementedError:
        return report
    report.update(worst=min(states, key=WORST.index, default="invalid"), ledger=ledger, size=head[0], root=head[1].hex(),
                  verdicts=[{name: entry[name] for name in ("seq", "state", "step")} for entry in entries])
    return report


def main(arguments):
    kept, files = [], []
    while arguments:
        argument = arguments.pop(0)
        if argument == "--checkpoint" and arguments:
            try:
                with open(arguments.pop(0), "rb") as file:
                    kept.append(Checkpoint(file.read()))
            except (OSError, Wrong):
                kept.append(None)
        else:
            files.append(argument)
    reports = [check(path, kept) for path in files]
    print(json.dumps({"files": reports}))
    words = [report["worst"] for report in reports]
    return 3 if any(word in WORST[:4] for word in words) else 4 if "unreadable" in words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

#!/usr/bin/env python3
"""A second verifier of what Countersign signs, written from models/ledger/FORMAT.md alone (its sections are named where they are used).

    verify.py [--checkpoint NOTE]... [--key KEY] [--ledger ID] FILE...

FILE is a report (PDF), a proof bundle, a ledger file or a checkpoint. Prints one JSON object: for every file its kind, the verdict of every entry and
the worst of all; exit code 0 when all is valid, 3 when something is not, 4 when a file holds nothing that can be checked. It shares no code with the
program: Python's standard library, and PyNaCl for libsodium's verdict on a signature (section 3). Where the two differ, one of them, or the page, is wrong.
"""
import base64, datetime, hashlib, json, re, sys, unicodedata, zlib
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

WORST = ["invalid", "disputed", "evidence-missing", "unknown-newer", "valid-flagged", "valid"]
KINDS = set("""bundle.freeze change.propose change.withdraw checkpoint.publish
    evidence.add evidence.cancel evidence.decline evidence.request evidence.review evidence.withdraw
    finding.answer finding.challenge finding.close finding.open
    finding.remediate finding.reopen finding.retest finding.update import.commit import.undo key.confirm key.enroll key.propose key.revoke
    key.rotate ledger.genesis metrics.computed metrics.import metrics.recomputed model.assess model.confirm model.govern model.register model.update person.add person.roles policy.publish policy.retire policy.set
    policy.signing release.issue release.revoke report.issue review.reject review.signoff review.withdraw run.record run.update schema.migrate security.clock_anomaly
    security.signature_discarded security.unlock_failed security.verification_failed version.register version.update
    version.artifact version.move waiver.decline waiver.end waiver.grant waiver.request""".split())
SUBJECTS = {"bundle": ["version"], "review": ["version"], "report": ["version"], "run": ["version", "run"], "policy": ["rule", "pack"], "metrics": ["import"]}


class Wrong(Exception):
    """What the format refuses."""


class Unreadable(Exception):
    """What this program cannot judge."""


class Fails(Exception):
    """A check of section 7: its number and the verdict."""


def need(is_right):
    if not is_right:
        raise Wrong


def must(is_right, step, state="invalid"):
    if not is_right:
        raise Fails(step, state)


def attempt(step, read, *arguments):
    try:
        return read(*arguments)
    except Wrong:
        raise Fails(step, "invalid")


def sha256(data):
    return hashlib.sha256(data).digest()


# ---- section 1: restricted JSON. There is one spelling: what is read and written again must be the same bytes.

FORBIDDEN = re.compile("[\0-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
                       "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
                       "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]")


def is_clean(text):
    return unicodedata.is_normalized("NFC", text) and not FORBIDDEN.search(text)


def read_json(data):
    def refuse(lexeme):
        raise Wrong

    def walk(value, depth):
        need(depth >= 0 or not isinstance(value, (dict, list)))
        if isinstance(value, dict):
            need(all(key.isascii() for key in value))
            value = [*value, *value.values()]
        if isinstance(value, list):
            for inner in value:
                walk(inner, depth - 1)
        need(not isinstance(value, str) or is_clean(value))
        need(not isinstance(value, int) or abs(value) < 2**53)

    try:
        value = json.loads(data.decode("utf-8"), parse_float=refuse, parse_constant=refuse)
        walk(value, 15)
        need(json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8") == data)
        return value
    except (ValueError, RecursionError):
        raise Wrong


def from_base64(text, size=None):
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, TypeError):
        raise Wrong
    need(base64.b64encode(data).decode() == text and (size is None or len(data) == size))
    return data


# ---- shapes: what a value must look like

OTHERS = object()  # members that no table names may be there


def fits(value, shape):
    """A shape is a type, a regular expression of the whole text, a list of one shape, a table of members ("name?": may be absent) or a function."""
    if isinstance(shape, dict):
        need(isinstance(value, dict) and (OTHERS in shape or {f"{name}?" for name in value} <= {name.rstrip("?") + "?" for name in shape}))
        for name, inner in shape.items():
            if name is not OTHERS and (not name.endswith("?") or name[:-1] in value):
                need(name.rstrip("?") in value)
                fits(value[name.rstrip("?")], inner)
    elif isinstance(shape, list):
        need(isinstance(value, list))
        for inner in value:
            fits(inner, shape[0])
    elif isinstance(shape, type):
        need(type(value) is shape)
    elif isinstance(shape, str):
        need(isinstance(value, str) and re.fullmatch(shape, value))
    else:
        need(shape(value) is not False)


def count(value):
    return type(value) is int and value >= 0


def identity(letter):
    return letter + ":[0-9a-z-]{1,64}"


def hash32(value):
    from_base64(value, 32)


UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
DIGEST = "sha256:[0-9a-f]{64}"


# ---- section 2: events, and the bodies of section 8

def milliseconds(text):
    need(isinstance(text, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z", text))
    try:
        moment = datetime.datetime.fromisoformat(text[:-1] + "+00:00")
    except ValueError:
        raise Wrong
    return (moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(milliseconds=1)


EVENT = {"actor": {"device": "none|" + identity("d"), "key": identity("k"), "name": str, "person": "|" + identity("p"), "role": "[A-Za-z]{1,40}"},
         "app": {"build": str, "version": str}, "body": dict, "evidence?": DIGEST, "expects?": {"subject": "(?s:.+)", "head": f"|e:{UUID}"}, "id": UUID,
         "kind": r"(?=.{1,64}$)[a-z_]+(\.[a-z_]+)+", "ledger": identity("l"), "seen": {"root": hash32, "size": count},
         "time": {"tz": "(?!-00:00)[+-](0[0-9]|1[0-4]):[0-5][0-9]", "utc": milliseconds}, "v": int}
KEY = {"key": identity("k"), "owner": str, "pop": lambda value: from_base64(value, 64), "public": hash32}
PERSON = {"person": identity("p"), "roles": [str]}
POLICY = {"confirmKeys?": bool, "cosigners?": lambda value: count(value) and value <= 60, "reauthentication?": "each-signature|series",
          "seriesMinutes?": count, OTHERS: None}
BODIES = {"ledger.genesis": {"admin": {"key": {"id": identity("k"), "pop": KEY["pop"], "public": hash32}, "login": str, "name": str, **PERSON},
                             "origin": str, "policy": POLICY, "sample": bool},
          "key.enroll": {"class": "person|device", "identity": str, **KEY}, "key.propose": {"class": "person|device", "identity": str, **KEY},
          "key.confirm": {"identity": str, "key": identity("k")}, "key.rotate": {"replaces": identity("k"), **KEY},
          "key.revoke": {"fromSize": count, "key": identity("k"), "reason": str}, "person.add": {**PERSON, OTHERS: None},
          "person.roles": {**PERSON, OTHERS: None}, "policy.signing": POLICY}


def read_event(payload):
    need(len(payload) <= 262144)
    event = read_json(payload)
    need(isinstance(event, dict) and type(event.get("v")) is int)
    if event["v"] > 1:
        return event
    fits(event, EVENT)
    need(event["v"] == 1 and (event["actor"]["person"] or event["actor"]["role"] == "device"))
    need((event["ledger"] == "l:genesis") == (event["kind"] == "ledger.genesis"))
    return event


def key_id(public):
    return "k:" + sha256(b"ed25519" + public).hex()


def check_body(event):
    kind, body = event["kind"], event["body"]
    fits(body, BODIES.get(kind, dict))
    if kind in ("ledger.genesis", "key.enroll", "key.propose", "key.rotate"):
        key = body["admin"]["key"] if kind == "ledger.genesis" else body
        need(key.get("id", key.get("key")) == key_id(from_base64(key["public"])))
        need(kind == "ledger.genesis" or re.fullmatch(identity("d" if body.get("class") == "device" else "p"), body["owner"]))
    if kind in ("ledger.genesis", "policy.signing"):
        policy = body.get("policy", {}) if kind == "ledger.genesis" else body
        minutes = policy.get("seriesMinutes", 0)
        need(1 <= minutes <= 10 if policy.get("reauthentication") == "series" else minutes == 0)


def subject_of(event):
    family = event["kind"].split(".")[0]
    members = [event["body"].get(name) for name in SUBJECTS.get(family, [family])]
    return next((text for text in members if text and isinstance(text, str)), None)


# ---- sections 3 to 6: signatures, entries, the tree, checkpoints

def is_signed(public, message, signature):
    try:
        crypto_sign_open(signature + message, public)
        return len(signature) == 64
    except (BadSignatureError, ValueError):
        return False


def encoding(kind, payload):
    kind = b"application/vnd.countersign." + kind
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def is_possessed(key, owner, ledger):
    public = from_base64(key["public"])
    return is_signed(public, encoding(b"key-pop.v1", f"{owner} {key_id(public)} {ledger}".encode()), from_base64(key["pop"]))


def read_entry(data):
    size = int.from_bytes(data[4:8], "big")
    need(data[:4] == b"CSG1" and len(data) > 8 + size)
    signatures, number = data[9 + size:], data[8 + size]
    need(1 <= number <= 4 and len(signatures) == 96 * number)
    return data[8:8 + size], [("k:" + signatures[i:i + 32].hex(), signatures[i + 32:i + 96]) for i in range(0, 96 * number, 96)]


def node_hash(left, right):
    return sha256(b"\1" + left + right)


class Tree:
    """RFC 6962 section 2.1, with the roots that were asked for once, since the root of any beginning may be."""

    def __init__(self):
        self.leaves, self.known = [], {}

    def root(self, size, start=0):
        if size <= 1:
            return self.leaves[start] if size else sha256(b"")
        if (size, start) not in self.known:
            half = 1 << (size - 1).bit_length() - 1
            self.known[size, start] = node_hash(self.root(half, start), self.root(size - half, start + half))
        return self.known[size, start]


def climb(path, node, last, hashes):
    """The walk of RFC 9162, sections 2.1.3.2 and 2.1.4.2: up from `node`; the first of `hashes` leaves out what lies to the right. None: no such path."""
    for hash_ in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            hashes = [node_hash(hash_, value) for value in hashes]
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            hashes = [*hashes[:-1], node_hash(hashes[-1], hash_)]
        node, last = node >> 1, last >> 1
    return hashes if last == 0 else None


def is_included(leaf, index, size, path, root):
    return index < size and climb(path, index, size - 1, [leaf]) == [root]


def is_consistent(old_size, old_root, new_size, new_root, path):
    if not 0 < old_size < new_size:
        return 0 < old_size == new_size and not path and old_root == new_root
    if old_size & (old_size - 1) == 0:
        path = path and [old_root, *path]
    node, last = old_size - 1, new_size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    return bool(path) and climb(path[1:], node, last, [path[0], path[0]]) == [old_root, new_root]


def key_hint(name, letter, public):
    return sha256(name.encode() + b"\n" + bytes([letter]) + public)[:4]


class Checkpoint:
    def __init__(self, note):
        need(len(note) <= 65536)
        try:
            lines = note.decode("utf-8").split("\n")
        except UnicodeDecodeError:
            raise Wrong
        need(6 <= len(lines) <= 69 and lines[3] == lines[-1] == "" and lines[0] and is_clean(lines[0]) and re.fullmatch("0|[1-9][0-9]{0,19}", lines[1]))
        self.origin, self.size, self.root = lines[0], int(lines[1]), from_base64(lines[2], 32)
        need(self.size < 2**64)
        self.text = "".join(line + "\n" for line in lines[:3]).encode()
        self.signatures = []
        for line in lines[4:-1]:
            match = re.fullmatch("\u2014 ([^ +]+) ([^ ]*)", line)
            need(match and is_clean(match[1]))
            self.signatures.append((match[1], from_base64(match[2])))
            need(len(self.signatures[-1][1]) >= 5)

    def verdicts(self, name, letter, public):
        """Of every line of that key: whether it is right."""
        for other, value in self.signatures:
            if other == name and value[:4] == key_hint(name, letter, public):
                seconds = int.from_bytes(value[4:12], "big")
                message = self.text if letter == 1 else b"cosignature/v1\ntime %d\n%s" % (seconds, self.text)
                yield (letter == 1 or seconds <= 253402300799) and is_signed(public, message, value[4 if letter == 1 else 12:])

    def is_signed_by(self, public):
        verdicts = list(self.verdicts(self.origin, 1, public))
        return bool(verdicts) and all(verdicts)


# ---- section 7: verification

class Key:
    def __init__(self, body, key_class, owner, by, awaits=False):
        self.public, self.key_class, self.owner, self.by, self.awaits, self.until = from_base64(body["public"]), key_class, owner, by, awaits, None

    def signs(self, number):
        return not self.awaits and (self.until is None or number < self.until)


class Judge:
    """Checks 1 to 13, entry by entry. With `head`, size and root of a checkpoint, the entries are those of a bundle; otherwise the whole log."""

    def __init__(self, ledger=None, head=None, evidence=None):
        self.ledger, self.head, self.is_whole, self.evidence = ledger, head, head is None, {} if evidence is None else evidence
        self.keys, self.roles, self.policy, self.tree = {}, {}, {}, Tree()
        self.ids, self.heads, self.times, self.entries, self.first_leaf = set(), {}, {}, [], None

    def take(self, seq, data, path=None):
        entry, event, leaf = {"seq": seq, "state": "valid", "step": 0, "signers": []}, None, sha256(b"\0" + data)
        self.entries.append(entry)
        if seq == 0 and len(self.entries) == 1:
            self.first_leaf = leaf
            self.ledger = "l:" + leaf.hex() if self.is_whole else self.ledger
        try:
            payload, signatures = attempt(1, read_entry, data)
            event = attempt(2, read_event, payload)
            self.judge(entry, leaf, event, payload, signatures)
            must(self.is_whole or is_included(leaf, seq, self.head[0], path, self.head[1]), 13)
        except Fails as fails:
            entry["step"], entry["state"] = fails.args
        self.tree.leaves.append(leaf)
        if event and event["v"] == 1:
            self.ids.add(event["id"])
            self.heads[subject_of(event)] = "e:" + event["id"]

    def judge(self, entry, leaf, event, payload, signatures):
        must(event["v"] == 1, 3, "unknown-newer")
        attempt(2, check_body, event)
        kind, seq, size = event["kind"], entry["seq"], event["seen"]["size"]
        named = [digest for digest in (event.get("evidence"), event["body"].get("rendering"), event["body"].get("scores"))
                 if isinstance(digest, str) and re.fullmatch(DIGEST, digest)]
        is_genesis = kind == "ledger.genesis"
        must(kind in KINDS, 3, "unknown-newer")
        must(is_genesis == (seq == 0) and self.ledger == ("l:" + leaf.hex() if is_genesis else event["ledger"]), 4)
        must(event["id"] not in self.ids, 5)
        signers = self.signers_of(event, seq, [key for key, _ in signatures])
        entry["signers"] = [key for key, _ in signatures]
        message = encoding(b"event.v1+json", payload)
        must(all(is_signed(key.public, message, signature) for key, (_, signature) in zip(signers, signatures)), 7)
        is_allowed = is_genesis or not self.is_whole or self.is_allowed(event, signers[0], seq)
        if is_allowed:
            self.apply(event, seq)
        roots = [(size, self.tree.root(size))] if self.is_whole and size <= seq else [(0, sha256(b"")), (1, self.first_leaf), self.head or (0, b"")]
        must(size <= seq and all(root in (None, from_base64(event["seen"]["root"])) for known, root in roots if known == size), 8)
        expects = event.get("expects")
        must(not self.is_whole or not expects or expects["head"] == self.heads.get(expects["subject"], ""), 9)
        must(is_allowed, 10)
        must(all(self.evidence.get(digest, not self.is_whole) for digest in named), 11, "evidence-missing")
        if self.is_whole:
            time, device = milliseconds(event["time"]["utc"]), event["actor"]["device" if event["actor"]["device"] != "none" else "key"]
            newest = self.times.get(device, time)
            self.times[device] = max(newest, time)
            must(time + 120000 >= newest, 12, "valid-flagged")

    def signers_of(self, event, seq, ids):
        """Check 6."""
        kind, body, actor = event["kind"], event["body"], event["actor"]
        if seq == 0:
            admin = body["admin"]
            must(ids == [admin["key"]["id"]] == [actor["key"]] and actor["person"] == admin["person"] and is_possessed(admin["key"], admin["person"], "l:genesis"), 6)
            return [Key(admin["key"], "person", admin["person"], admin["person"])]
        signers = [self.keys.get(id_) for id_ in ids]
        must(all(key and key.signs(seq) for key in signers) and len(set(ids)) == len(ids) and ids[0] == actor["key"], 6)
        must(signers[0].owner == actor["person" if signers[0].key_class == "person" else "device"], 6)
        must(kind not in ("waiver.grant", "release.issue") and kind.split(".")[0] not in ("review", "policy", "key", "person") or all(key.key_class == "person" for key in signers), 6)
        if kind == "key.confirm":
            key = self.keys.get(body["key"])
            must(key and key.awaits and actor["person"] not in (key.by, key.owner), 6)
        elif kind == "key.revoke":
            must(body["key"] in self.keys, 6)
        elif kind.startswith("key."):
            must(kind != "key.propose" or body["class"] == "person", 6)
            old = self.keys.get(body.get("replaces"))
            must(kind != "key.rotate" or (old and actor["key"] == body["replaces"] and old.owner == body["owner"]), 6)
            must(body["key"] not in self.keys and is_possessed(body, body["owner"], self.ledger), 6)
        return signers

    def is_allowed(self, event, signer, seq):
        """Check 10."""
        kind, body, person, role = event["kind"], event["body"], event["actor"]["person"], event["actor"]["role"]
        if role not in (self.roles.get(person, ()) if signer.key_class == "person" else ("device",)):
            return False
        if kind.startswith("person.") and (body["person"] in self.roles) != (kind == "person.roles"):
            return False
        if kind == "key.enroll" and body["class"] == "person" and self.policy.get("confirmKeys"):
            owners = {key.owner for key in self.keys.values() if key.key_class == "person" and key.signs(seq)}
            if sum("administrator" in self.roles.get(owner, ()) for owner in owners) > 1:
                return False
        return role == "administrator" or not kind.startswith(("person.", "key.", "policy.signing")) or kind == "key.rotate" \
            or (kind == "key.enroll" and body["class"] == "device") or (kind == "key.revoke" and self.keys[body["key"]].owner == person)

    def apply(self, event, seq):
        kind, body, by = event["kind"], event["body"], event["actor"]["person"]
        if kind == "ledger.genesis":
            admin = body["admin"]
            self.keys[admin["key"]["id"]] = Key(admin["key"], "person", by, by)
            self.roles[by], self.policy = admin["roles"], body["policy"]
        elif kind in ("key.enroll", "key.propose"):
            self.keys[body["key"]] = Key(body, body["class"], body["owner"], by, kind == "key.propose")
        elif kind == "key.confirm":
            self.keys[body["key"]].awaits = False
        elif kind == "key.rotate":
            self.keys[body["key"]] = Key(body, "person", body["owner"], by)
            self.keys[body["replaces"]].until = seq + 1
        elif kind == "key.revoke":
            key = self.keys[body["key"]]
            key.until = min(body["fromSize"], body["fromSize"] if key.until is None else key.until)
            for entry in self.entries:
                if key.until <= entry["seq"] < seq and body["key"] in entry["signers"] and WORST.index(entry["state"]) > WORST.index("disputed"):
                    entry["state"], entry["step"] = "disputed", 6
        elif kind in ("person.add", "person.roles"):
            self.roles[body["person"]] = body["roles"]
        elif kind == "policy.signing":
            self.policy = body

    def believes(self, checkpoint):
        """Section 6: of this ledger, signed by one of its keys, and no cosignature of its devices is wrong."""
        origin = "countersign/" + (self.ledger or "l:")[2:]
        keys = [key for key in self.keys.values() if not key.awaits and (key.until is None or checkpoint.size <= key.until)]
        return checkpoint.origin == origin and any(checkpoint.is_signed_by(key.public) for key in keys) \
            and all(all(checkpoint.verdicts(f"{origin}/{key.owner[2:]}", 4, key.public)) for key in keys if key.key_class == "device")


# ---- sections 9 and 10: files. Each gives ledger, head, the entries, and whether what is not an entry is right as well.

def read_note(lines):
    return Checkpoint("".join(line + "\n" for line in lines).encode())


def judge_bundle(data, kept, key):
    bundle = read_json(data)
    name = bundle.get("format") if isinstance(bundle, dict) else None
    if isinstance(name, str) and name.startswith("countersign.proof/") and name not in ("countersign.proof/1", "countersign.proof/2"):
        raise Unreadable
    earlier = {"earlier": {"checkpoint": [str], "proof": [hash32]}} if name == "countersign.proof/2" else {}
    fits(bundle, {"checkpoint": [str], "evidence": [{"bytes": from_base64, "digest": DIGEST, "media": str}], "format": r"countersign\.proof/[12]",
                  "items": [{"entry": from_base64, "path": [hash32], "seq": count}], "ledger": identity("l"), **earlier})
    checkpoint = read_note(bundle["checkpoint"])
    evidence = {}
    for piece in bundle["evidence"]:
        is_it = "sha256:" + sha256(from_base64(piece["bytes"])).hex() == piece["digest"]
        evidence[piece["digest"]] = is_it and evidence.get(piece["digest"], True)
    judge = Judge(bundle["ledger"], (checkpoint.size, checkpoint.root), evidence)
    for item in bundle["items"]:
        judge.take(item["seq"], from_base64(item["entry"]), [from_base64(value) for value in item["path"]])
    numbers = [item["seq"] for item in bundle["items"]]
    heads = {checkpoint.size: checkpoint.root}
    is_good = numbers[:1] == [0] and all(a < b for a, b in zip(numbers, numbers[1:])) and judge.believes(checkpoint)
    if earlier:
        try:
            before = read_note(bundle["earlier"]["checkpoint"])
        except Wrong:
            before = None
        proof = [from_base64(value) for value in bundle["earlier"]["proof"]]
        if before and judge.believes(before) and is_consistent(before.size, before.root, *judge.head, proof):
            heads.setdefault(before.size, before.root)
        else:
            is_good = False
    is_good = is_good and all(other and other.origin == checkpoint.origin and heads.get(other.size) == other.root for other in kept)
    is_good = is_good and (not key or (key[0] == checkpoint.origin and checkpoint.is_signed_by(key[1])))
    return judge.ledger, judge.head, judge.entries, "invalid" if not is_good else "valid" if all(evidence.values()) else "evidence-missing"


def ledger_parts(data):
    at, letters, counts = len(b"CSGLEDGER1\n"), "VECZ", {"V": 0, "E": 0, "C": 0}
    while True:
        need(at + 9 <= len(data))
        letter, size = chr(data[at]), int.from_bytes(data[at + 1:at + 9], "big")
        need(letter in letters and size <= {"V": 2**32, "E": 262800, "C": 65536, "Z": 24}[letter] and at + 9 + size <= len(data))
        part, at, letters = data[at + 9:at + 9 + size], at + 9 + size, letters[letters.index(letter):]
        if letter == "Z":
            need(at == len(data) and part == b"".join(number.to_bytes(8, "big") for number in counts.values()))
            return
        counts[letter] += 1
        yield letter, part


def judge_ledger(data, kept, key):
    judge, notes, last, is_good = Judge(), [], b"", True
    try:
        for letter, part in ledger_parts(data):
            if letter == "V":
                media = 2 + int.from_bytes(part[:2], "big")
                need(2 <= media <= len(part))
                digest = sha256(part[media:])
                need(last < digest)
                last = digest
                judge.evidence["sha256:" + digest.hex()] = True
            elif letter == "E":
                judge.take(len(judge.entries), part)
            else:
                notes.append(Checkpoint(part))
                need(len(notes) == 1 or notes[-2].size < notes[-1].size)
    except Wrong:
        is_good = False
    size = len(judge.entries)
    for note in notes + kept:
        is_good = is_good and note and note.size <= size and judge.tree.root(note.size) == note.root and judge.believes(note) \
            and (not key or note.is_signed_by(key[1]))
    is_good = is_good and size > 0 and (not key or (notes + kept and key[0] == notes[0].origin))
    return judge.ledger or "", (size, judge.tree.root(size)), judge.entries, "valid" if is_good else "invalid"


def judge_checkpoint(data, kept, key):
    checkpoint = Checkpoint(data)
    if not key:
        raise Unreadable  # alone it proves nothing
    need(key[0] == checkpoint.origin and checkpoint.is_signed_by(key[1]))
    need(all(other and other.origin == checkpoint.origin and (other.size, other.root) == (checkpoint.size, checkpoint.root) for other in kept))
    return "l:" + checkpoint.origin.removeprefix("countersign/"), (checkpoint.size, checkpoint.root), [], "valid"


SPACE = rb"[ \n\r\t\f\0]"


def attachment(pdf, name):
    """Section 9, "In a PDF". None: there is none of that name."""
    def data_of(dictionary, start, length):
        start += 2 if pdf[start:start + 2] == b"\r\n" else pdf[start:start + 1] == b"\n"
        is_right = re.compile(SPACE + b"*endstream").match(pdf, start + length)
        return (start, start + length) if is_right else None

    objects, at = {}, 0
    while head := re.compile(rb"(?<![^\r\n])([0-9]+ [0-9]+) obj").search(pdf, at):
        end = re.compile(rb"stream|endobj|\Z").search(pdf, head.end())
        dictionary, at = pdf[head.end():end.start()], end.end()
        length = re.search(b"/Length" + SPACE + b"+(?:([0-9]+ [0-9]+) R|([0-9]+))", dictionary)
        objects[head[1]] = dictionary, length if end[0] == b"stream" else None, at
        data = data_of(dictionary, at, int(length[2])) if end[0] == b"stream" and length and length[2] else None
        at = data[1] if data else at
    utf16 = b"\xfe\xff" + name.encode("utf-16-be")
    spellings = [b"(%s)" % name.encode(), b"(%s)" % utf16, b"<%s>" % utf16.hex().encode(), b"<%s>" % utf16.hex().upper().encode()]
    targets = set()
    for dictionary, _, _ in objects.values():
        files = re.search(b"/EF" + SPACE + b"*<<(.*?)>>", dictionary, re.DOTALL)
        if files and any(spelling in dictionary for spelling in spellings):
            target = re.search(b"/U?F" + SPACE + b"+([0-9]+ [0-9]+) R", files[1])
            targets.add(target and target[1])
    if not targets:
        return None
    dictionary, length, at = objects.get(targets.pop(), (b"", None, 0))
    need(not targets and length)
    if length[1]:
        length = re.match(SPACE + b"*([0-9]+)", objects.get(length[1], (b"",))[0])
        need(length)
    data = data_of(dictionary, at, int(length[length.lastindex]))
    need(data)
    packed = re.search(b"/Filter" + SPACE + b"*(?:\\[" + SPACE + b"*)?(/[A-Za-z0-9]*)", dictionary)
    if b"/Filter" not in dictionary:
        return pdf[data[0]:data[1]]
    need(packed and packed[1] == b"/FlateDecode")
    try:
        reader = zlib.decompressobj()
        unpacked = reader.decompress(pdf[data[0]:data[1]], 2**28)
    except zlib.error:
        raise Wrong
    need(reader.eof)
    return unpacked


def is_recorded(facts, bundle):
    for item in read_json(bundle)["items"]:
        try:
            event = read_event(read_entry(from_base64(item["entry"]))[0])
            if event["v"] == 1 and (event["kind"], event.get("evidence")) == ("report.issue", "sha256:" + sha256(facts).hex()):
                return True
        except Wrong:
            pass
    return False


def judge_report(data, kept, key):
    bundle = attachment(data, "bundle.countersign")
    if bundle is None:
        raise Unreadable
    ledger, head, entries, rest = judge_bundle(bundle, kept, key)
    try:
        facts = attachment(data, "facts.json")
        need(facts is None or is_recorded(facts, bundle))
    except Wrong:
        rest = "invalid"
    return ledger, head, entries, rest


def check(path, kept, key, ledger):
    report = {"file": path, "kind": "unknown", "worst": "unreadable", "verdicts": [], "ledger": "", "size": 0, "root": ""}
    try:
        with open(path, "rb") as file:
            data = file.read()
        judges = {"ledger": judge_ledger, "report": judge_report, "bundle": judge_bundle, "checkpoint": judge_checkpoint}
        kind = "ledger" if data.startswith(b"CSGLEDGER1\n") else "report" if b"%PDF-" in data[:1024] else \
            "bundle" if data.startswith(b"{") or b"countersign.proof/" in data else "checkpoint" if b"\n\n\xe2\x80\x94 " in data else None
        if not kind:
            return report
        report["kind"] = kind
        found, head, entries, rest = judges[kind](data, kept, key)
        rest = rest if ledger in (None, found) else "invalid"
        report.update(worst=min([entry["state"] for entry in entries] + [rest], key=WORST.index), ledger=found, size=head[0], root=head[1].hex(),
                      verdicts=[{name: entry[name] for name in ("seq", "state", "step")} for entry in entries])
    except Wrong:
        report["worst"] = "invalid"
    except (OSError, Unreadable):
        pass
    return report


def main(arguments):
    files, kept, key, ledger = [], [], None, None
    while arguments:
        argument = arguments.pop(0)
        if argument == "--checkpoint":
            try:
                with open(arguments.pop(0), "rb") as file:
                    kept.append(Checkpoint(file.read()))
            except (OSError, Wrong):
                kept.append(None)
        elif argument == "--key":
            name, hint, value = arguments.pop(0).split("+", 2)
            public = from_base64(value, 33)[1:]
            need(from_base64(value)[:1] == b"\1" and hint == key_hint(name, 1, public).hex())
            key = name, public
        elif argument == "--ledger":
            ledger = arguments.pop(0)
        else:
            files.append(argument)
    reports = [check(path, kept, key, ledger) for path in files]
    print(json.dumps({"files": reports}))
    words = [report["worst"] for report in reports]
    return 3 if any(word in WORST[:4] for word in words) else 4 if "unreadable" in words else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Audits exported chains, from chain/WIRE.md alone and with none of Latchkey's code.

usage: audit_chain.py FILE...

One line of JSON for each file; exit code 1 when one of them is faulty. Needs Debian's python3-cbor2 and
python3-cryptography.
"""

import functools
import hashlib
import json
import re
import sys

import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

ZERO = bytes(32)
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
HOUR = 3_600_000
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
MEMBER, GATEWAY, ADMIN, AUDITOR = range(4)
ACTIVE, SUSPENDED, LEFT, REVOKED, MOVING, MOVED = range(6)
KINDS = {1: "genesis", 2: "join", 3: "rotate", 4: "relocate_out", 5: "relocate_in", 6: "relocate_done",
         7: "relocate_cancel", 8: "leave", 9: "suspend", 10: "resume", 11: "revoke", 12: "recover",
         13: "recover_by_operators", 14: "veto", 15: "policy_change", 16: "evidence", 17: "foreign_revoke"}


class Fault(Exception):
    pass


def need(good, reason):
    if not good:
        raise Fault(reason)


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# --- deterministic CBOR (RFC 8949, section 4.2.1): what does not come out again as it went in is refused ---


def enc(value):
    return cbor2.dumps(value, canonical=True)


def dec(data, limit=1 << 20):
    need(type(data) is bytes and len(data) <= limit, "malformed")
    try:
        value = cbor2.loads(data)
        same = enc(value) == data
    except Exception as e:
        raise Fault("malformed") from e
    need(same, "malformed: not deterministic")
    return value


def array(value, least, most=None):
    need(type(value) is list and least <= len(value) <= (least if most is None else most), "malformed")
    return value


def uint(value, most=(1 << 63) - 1):
    need(type(value) is int and 0 <= value <= most, "malformed")
    return value


def bstr(value, size=None):
    need(type(value) is bytes and size in (None, len(value)), "malformed")
    return value


def name(value):
    need(type(value) is str and NAME.fullmatch(value), "malformed: name")
    return value


def digest_or_null(value):
    return None if value is None else bstr(value, 32)


def is_pattern(text):
    return type(text) is str and bool(text == "*" or NAME.fullmatch(text[:-1] if text.endswith("*") else text))


# --- keys and signatures ---


@functools.lru_cache(None)
def point(x, odd):
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes([3 if odd else 2]) + x)
    except ValueError as e:
        raise Fault("malformed: key") from e


class Key:
    """A public key: its COSE_Key, its kid, its point."""

    def __init__(self, value):
        need(type(value) is dict and set(value) == {1, -1, -2, -3}, "malformed: key")
        need(all(type(k) is int for k in value) and type(value[-3]) is bool, "malformed: key")
        need(type(value[1]) is int and value[1] == 2 and type(value[-1]) is int and value[-1] == 1, "malformed: key")
        self.value = value
        self.bytes = enc(value)
        self.point = point(bstr(value[-2], 32), value[-3])
        y = self.point.public_numbers().y.to_bytes(32, "big")
        self.kid = sha(enc({1: 2, -1: 1, -2: value[-2], -3: y}))[:8]  # RFC 9679

    def __eq__(self, other):
        return self.bytes == other.bytes

    def __hash__(self):
        return hash(self.bytes)


def keys(value, least, most):
    return [Key(key) for key in array(value, least, most)]


def three_keys(value):
    found = keys(value, 3, 3)
    need(len(set(found)) == 3, "malformed: one key for two purposes")
    return found


@functools.lru_cache(None)
def verifies(key, message, signature):
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < N and 0 < s <= N // 2):
        return False
    try:
        key.point.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
        return True
    except InvalidSignature:
        return False


def kid_of(protected):
    header = dec(bstr(protected), 256)
    need(type(header) is dict and header.keys() == {1, 4} and header[1] == -9, "malformed: header")
    return bstr(header[4], 8)


class Signed:
    """A transaction: a COSE_Sign, its signatures sorted by kid."""

    def __init__(self, raw):
        protected, unprotected, self.payload, signatures = array(dec(raw, 65536), 4)
        need(protected == b"" and type(unprotected) is dict and set(unprotected) <= {"batch"}, "malformed: bucket")
        self.body = array(dec(self.payload, 65536), 3, 16)
        self.batch = array(unprotected["batch"], 3) if unprotected else None
        need(self.batch is None or self.body[0] == 2, "malformed: bucket")
        self.signatures = {}
        for signature in array(signatures, 1, 144):
            header, bucket, value = array(signature, 3)
            kid = kid_of(header)
            need(bucket == {} and all(before < kid for before in self.signatures), "malformed: signatures")
            self.signatures[kid] = (header, bstr(value, 64))

    def check(self, asked):
        """Exactly those keys signed that a rule asks for: {kid: (key, external_aad)}."""
        need(asked.keys() <= self.signatures.keys(), "transaction: missing-signature")
        need(asked.keys() == self.signatures.keys(), "transaction: unwanted-signature")
        for kid, (header, value) in self.signatures.items():
            key, aad = asked[kid]
            need(verifies(key, enc(["Signature", b"", header, aad, self.payload]), value), "signature")
        return len(asked)


# --- trees ---


def merkle(leaves):
    """RFC 9162, section 2.1, over leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha(b"")
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha(b"\1", merkle(leaves[:split]), merkle(leaves[split:]))


def path_root(index, size, node, path):
    """The root that an inclusion path leads to (RFC 9162, section 2.1.3.2), if it has the right length."""
    need(0 <= index < size, "transaction: bad-proof")
    last = size - 1
    for sibling in path:
        need(last > 0, "transaction: bad-proof")
        if index & 1 or index == last:
            node = sha(b"\1", bstr(sibling, 32), node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = sha(b"\1", node, bstr(sibling, 32))
        index, last = index >> 1, last >> 1
    need(last == 0, "transaction: bad-proof")
    return node


class History:
    """The same tree while it grows: the roots of its full subtrees, largest first."""

    def __init__(self):
        self.full = []

    def append(self, header):
        size, node = 1, sha(b"\0", header)
        while self.full and self.full[-1][0] == size:
            node = sha(b"\1", self.full.pop()[1], node)
            size *= 2
        self.full.append((size, node))

    def root(self):
        if not self.full:
            return sha(b"")
        node = self.full[-1][1]
        for _, left in reversed(self.full[:-1]):
            node = sha(b"\1", left, node)
        return node


class Directory:
    """The prefix tree: leaf (hash, path), branch (hash, left, right), nothing None."""

    def __init__(self, chain):
        self.chain, self.root_node, self.values = chain, None, {}

    def path(self, title):
        return sha(b"latchkey/1/dir", self.chain, title.encode())

    def put(self, title, value):
        path = self.path(title)
        self.values[title] = value
        self.root_node = self.grown(self.root_node, (sha(b"\2", path, sha(value)), path), 0)

    def root(self):
        return self.root_node[0] if self.root_node else ZERO

    def grown(self, node, leaf, depth):
        if node is None or (len(node) == 2 and node[1] == leaf[1]):
            return leaf
        if len(node) == 2:  # another leaf: both go one level down
            node = self.branch(node, None) if not bit(node[1], depth) else self.branch(None, node)
        _, left, right = node
        if bit(leaf[1], depth):
            return self.branch(left, self.grown(right, leaf, depth + 1))
        return self.branch(self.grown(left, leaf, depth + 1), right)

    @staticmethod
    def branch(left, right):
        return sha(b"\3", left[0] if left else ZERO, right[0] if right else ZERO), left, right


def directory_root(path, value, proof):
    """The root under which a value stands at a path, or with None under which nothing does."""
    depth, bitmap, siblings, terminal = array(proof, 4)
    need(len(bstr(bitmap)) == (uint(depth, 256) + 7) // 8 and len(bstr(siblings)) % 32 == 0, "malformed: proof")
    full = [d for d in range(8 * len(bitmap)) if bit(bitmap, d)]
    hashes_ = [siblings[at:at + 32] for at in range(0, len(siblings), 32)]
    need(len(full) == len(hashes_) and ZERO not in hashes_, "malformed: proof")
    need(full[-1:] == ([depth - 1] if depth else []), "malformed: proof")
    need((terminal is True) == (value is not None), "transaction: bad-proof")
    node = ZERO if terminal is None else sha(b"\2", path, sha(value)) if terminal is True else None
    if node is None:
        other, hashed = array(terminal, 2)
        need(bstr(other, 32) != path and all(bit(other, d) == bit(path, d) for d in range(depth)),
             "transaction: bad-proof")
        node = sha(b"\2", other, bstr(hashed, 32))
    for d in reversed(range(depth)):
        sibling = hashes_.pop(0) if bit(bitmap, d) else ZERO
        node = sha(b"\3", sibling, node) if bit(path, d) else sha(b"\3", node, sibling)
    return node


def bit(path, depth):
    return path[depth // 8] >> (7 - depth % 8) & 1


# --- policy, record ---


class Policy:
    def __init__(self, value):
        parts = array(value, 9)
        self.value, self.bytes = value, enc(value)
        need(len(self.bytes) <= 32768, "malformed: policy")
        self.number, self.previous = uint(parts[0]), digest_or_null(parts[1])
        need((self.number == 0) == (self.previous is None), "malformed: policy")
        self.k, operators = array(parts[2], 2)
        self.operators = keys(operators, 1, 16)
        self.replica_k, replicas = array(parts[3], 2)
        self.replicas = [keys(array(replica, 2), 2, 2) for replica in array(replicas, 1, 16)]
        self.q, witnesses = array(parts[4], 2)
        self.witnesses = [(name(array(w, 2)[0]), Key(w[1])) for w in array(witnesses, 0, 16)]
        need(1 <= uint(self.k) <= len(self.operators), "malformed: policy")
        need(1 <= uint(self.replica_k) <= len(self.replicas), "malformed: policy")
        need(uint(self.q) <= len(self.witnesses), "malformed: policy")
        self.difficulty = uint(parts[5], 24)
        self.per_hour, _ = map(uint, array(parts[6], 2))
        self.siblings = []
        for sibling in array(parts[7], 0, 64):
            chain, title, k, replicas, moves_in = array(sibling, 5)
            name(title)
            replicas = keys(replicas, 1, 16)
            need(1 <= uint(k) <= len(replicas) and type(moves_in) is bool, "malformed: policy")
            self.siblings.append((bstr(chain, 32), k, replicas, moves_in))
        self.version = list(map(uint, array(parts[8], 2)))

    def keys(self):
        return self.operators + [key for replica in self.replicas for key in replica]


class Record:
    def __init__(self, title, ident, sequence, state, role, three, height, previous, next_key):
        self.title, self.ident, self.sequence, self.state, self.role = title, ident, sequence, state, role
        self.keys, self.height, self.previous, self.next_key = three, height, previous, next_key
        self.bytes = enc([title, ident, sequence, state, role, [key.value for key in three], height, previous, next_key])

    @property
    def standing(self):
        return self.state[0] if type(self.state) is list else self.state

    @staticmethod
    def read(raw):
        title, ident, sequence, state, role, three, height, previous, next_key = array(dec(bstr(raw), 384), 9)
        if type(state) is list:
            need(len(state) == {MOVING: 4, MOVED: 3}.get(state and state[0]), "malformed: state")
            bstr(state[1], 32), name(state[2]), uint(state[-1]) if state[0] == MOVING else None
        else:
            uint(state, REVOKED)
        need(uint(sequence) > 0, "malformed: record")
        return Record(name(title), bstr(ident, 16), sequence, state, uint(role, 3), three_keys(three), uint(height),
                      digest_or_null(previous), digest_or_null(next_key))

    def after(self, height, state=None, three=None, next_key=None):
        """The next record; a rotation or recovery brings keys and a commitment of its own."""
        return Record(self.title, self.ident, self.sequence + 1, self.state if state is None else state, self.role,
                      three or self.keys, height, sha(self.bytes), next_key if three else self.next_key)


def commitment(key):
    return sha(b"latchkey/1/next-key", key.bytes)


class Checkpoint:
    """A signed checkpoint: its body, and {kid: (seconds, message, signature)}."""

    def __init__(self, raw):
        protected, unprotected, self.payload, signatures = array(dec(bstr(raw), 4096), 4)
        need(protected == b"" and unprotected == {}, "checkpoint: malformed")
        text, self.chain, self.height, self.block, self.history, self.directory, _, self.time = array(
            dec(self.payload, 256), 8)
        need(text == "latchkey/1/checkpoint" and uint(self.height) >= 0 and uint(self.time) >= 0, "checkpoint: malformed")
        for digest in (self.chain, self.block, self.history, self.directory):
            bstr(digest, 32)
        self.parts, last = {}, b""
        for signature in array(signatures, 1, 32):
            header, bucket, value = array(signature, 3)
            parts = dec(bstr(header), 256)
            need(bucket == {} and parts.keys() == {1, 4, 15} and parts[1] == -9, "checkpoint: malformed")
            need(parts[15].keys() == {6} and bstr(parts[4], 8) > last, "checkpoint: malformed")
            last = parts[4]
            message = enc(["Signature", b"", header, b"", self.payload])
            self.parts[last] = (uint(parts[15][6]), message, bstr(value, 64))


# --- the chain ---


class Chain:
    def __init__(self, ident):
        self.ident, self.height, self.time, self.hash = ident, -1, None, ZERO
        self.directory, self.history = Directory(ident), History()
        self.members, self.owners, self.applied, self.uses, self.hours, self.waiting = {}, {}, set(), {}, {}, {}
        self.policy = self.in_force = None
        self.struck, self.tombstones = set(), set()
        self.counts, self.signatures = {}, 0

    # blocks

    def block(self, raw):
        self.height = height = self.height + 1
        self.claims = set()
        header, transactions = array(dec(raw, 532480), 2)
        version, previous, root, time, difficulty, nonce = array(dec(header, 128), 6)
        bstr(previous, 32), bstr(root, 32), uint(time), uint(difficulty), bstr(nonce, 8)
        array(transactions, 1, 1025)
        kind, sealed_height, directory_root, history_root = array(dec(bstr(transactions[0]), 128), 4)
        need(type(kind) is int and kind == 0, "malformed: seal")
        need(previous == self.hash, "parent")
        need(uint(sealed_height) == height, "height")
        need(history_root == self.history.root(), "history-root")
        need(root == merkle([sha(b"\0", bstr(t)) for t in transactions]), "merkle-root")
        if height == 0:
            need(len(transactions) == 2 and nonce == bytes(8) and difficulty == 0, "malformed: block 0")
        else:
            need(time >= self.time, "time")
            need(difficulty == self.policy.difficulty, "difficulty")
            need(int.from_bytes(sha(header), "big") >> (256 - difficulty) == 0, "work")
            need(len(transactions) > 1 or time - self.time >= HOUR, "early-seal")
        self.time, self.in_force = time, self.policy
        self.finish_recoveries()
        size = 0
        for transaction in transactions[1:]:
            self.apply(transaction)
            size += len(transaction)
            need(size + 128 <= 524288, "malformed: block too long")
        need(version == (self.in_force or self.policy).version[0] == 1, "version")
        need(directory_root == self.directory.root(), "directory-root")
        self.hash = sha(header)
        self.history.append(header)

    def apply(self, raw):
        signed = Signed(raw)
        kind = uint(signed.body[0])
        need(kind in KINDS and (kind == 1) == (self.height == 0), "transaction: not-allowed")
        ident = sha(b"latchkey/1/txid", self.ident, signed.payload)
        need(ident not in self.applied, "repeated")
        self.applied.add(ident)
        getattr(self, KINDS[kind] if kind not in (9, 10, 11) else "standing")(signed, ident)
        self.counts[KINDS[kind]] = self.counts.get(KINDS[kind], 0) + 1

    # what rules ask for

    def ask(self, asked, key, text="latchkey/1/tx", chain=None):
        need(key.kid not in asked, "transaction: unwanted-signature")
        asked[key.kid] = (key, enc([text, chain or self.ident]))

    def ask_operators(self, asked, policy, signed, chain=None):
        present = [key for key in policy.operators if key.kid in signed.signatures]
        for key in present[:policy.k] if len(present) >= policy.k else policy.operators:
            self.ask(asked, key, chain=chain)

    def admin(self, kid):
        record = self.members.get(self.owners.get(kid))
        if record and record.state == ACTIVE and record.role == ADMIN and record.keys[0].kid == kid:
            return record.keys[0]

    def member(self, title, sequence, states):
        record = self.members.get(title)
        need(record and record.standing in states, "transaction: unknown-member")
        need(uint(sequence) == record.sequence + 1, "transaction: bad-sequence")
        return record

    def free(self, fresh):
        need(all(key.kid not in self.owners for key in fresh), "transaction: key-reused")

    def own(self, record):
        hour = self.time // HOUR
        before = self.hours.get(record.ident, (hour, 0))
        count = before[1] if before[0] == hour else 0
        need(count < self.policy.per_hour, "transaction: too-many")
        self.hours[record.ident] = (hour, count + 1)

    def claim(self, key, message, signature):
        """What somebody signed apart from transactions; one that a block shows again counts once."""
        need(verifies(key, message, signature), "signature")
        if (key.kid, message, signature) not in self.claims:
            self.claims.add((key.kid, message, signature))
            self.signatures += 1

    # what rules do

    def register(self, fresh, owner):
        for key in fresh:
            self.owners[key.kid] = owner

    def put(self, record):
        self.members[record.title] = record
        self.directory.put(record.title, record.bytes)

    def put_policy(self, policy):
        self.policy = policy
        self.directory.put("!policy", policy.bytes)
        self.register(policy.keys(), "!policy")

    # the rule rows

    def genesis(self, signed, ident):
        _, null, zero, network, title, policy, time, members = array(signed.body, 8)
        need(null is None and uint(zero) == 0 and uint(time) == self.time, "malformed: genesis")
        need(sha(b"latchkey/1/genesis", signed.payload) == self.ident, "chain")
        self.network, self.title = name(network), name(title)
        policy = Policy(policy)
        need(policy.number == 0, "malformed: genesis")
        asked, everybody = {}, policy.keys()
        self.ask_operators(asked, policy, signed, ZERO)
        self.put_policy(policy)
        for member in array(members, 1, 64):
            who, role, three, next_key = array(member, 4)
            three = three_keys(three)
            need(name(who) not in self.members, "malformed: genesis")
            self.ask(asked, three[0], chain=ZERO)
            self.ask(asked, three[2], "latchkey/1/possession", ZERO)
            everybody += three
            self.register(three, who)
            self.put(Record(who, self.first_id(ident, who), 1, ACTIVE, uint(role, 3), three, 0, None,
                            digest_or_null(next_key)))
        need(len(set(everybody)) == len(everybody), "malformed: genesis")
        need({ADMIN, GATEWAY} <= {m.role for m in self.members.values()}, "malformed: genesis")
        self.signatures += signed.check(asked)

    @staticmethod
    def first_id(ident, who):
        return sha(b"latchkey/1/member-id", ident, who.encode())[:16]

    def join(self, signed, ident):
        _, who, sequence, role, three, next_key, voucher = array(signed.body, 7)
        need(type(who) is str and NAME.fullmatch(who), "transaction: bad-name")
        before = self.members.get(who)
        need(before is None or before.state == LEFT, "transaction: name-taken")
        need(uint(sequence) == (before.sequence if before else 0) + 1, "transaction: bad-sequence")
        three = three_keys(three)
        self.free(three)
        asked = {}
        self.ask(asked, three[0])
        self.ask(asked, three[2], "latchkey/1/possession")
        if before:
            self.ask(asked, before.keys[0])
        if signed.batch:
            self.batch(signed, uint(role, 3), voucher)
        elif voucher is not None:
            self.voucher(asked, bstr(voucher), who, uint(role, 3))
        else:
            self.ask_endorser(asked, signed, role == MEMBER)
        self.signatures += signed.check(asked)
        self.register(three, who)
        self.put(Record(who, before.ident if before else self.first_id(ident, who), sequence, ACTIVE, uint(role, 3),
                        three, self.height, sha(before.bytes) if before else None, digest_or_null(next_key)))

    def ask_endorser(self, asked, signed, by_admin):
        others = [kid for kid in signed.signatures if kid not in asked]
        admin = self.admin(others[0]) if by_admin and len(others) == 1 else None
        if admin:
            self.ask(asked, admin)
        else:
            self.ask_operators(asked, self.policy, signed)

    def issuer(self, kid):
        """Who may sign vouchers and batches under that kid."""
        alone = self.policy.operators if self.policy.k == 1 else []
        return self.admin(kid) or next((key for key in alone if key.kid == kid), None)

    def batch(self, signed, role, voucher):
        endorsement, index, path = signed.batch
        header, bucket, payload, signature = array(dec(bstr(endorsement), 256), 4)
        text, chain, size, root, not_after = array(dec(bstr(payload), 256), 5)
        need(bucket == {} and text == "latchkey/1/batch", "malformed: batch")
        need(bstr(chain, 32) == self.ident, "transaction: batch-chain")
        need(role == MEMBER and voucher is None, "transaction: batch-scope")
        issuer = self.issuer(kid_of(header))
        need(issuer, "transaction: batch-signature")
        need(self.time <= uint(not_after), "transaction: batch-expired")
        found = path_root(uint(index), uint(size, 1_000_000), sha(b"\0", signed.payload), array(path, 0, 20))
        need(found == bstr(root, 32), "transaction: batch-path")
        self.claim(issuer, enc(["Signature1", header, b"", payload]), bstr(signature, 64))

    def voucher(self, asked, raw, who, role):
        header, bucket, payload, signature = array(dec(raw, 512), 4)
        need(bucket == {}, "malformed: voucher")
        text, chain, ident, for_role, pattern, uses, not_after, key = array(dec(bstr(payload), 512), 8)
        need(text == "latchkey/1/voucher" and for_role == MEMBER and is_pattern(pattern), "malformed: voucher")
        need(1 <= uint(uses) <= 1_000_000, "malformed: voucher")
        need(bstr(chain, 32) == self.ident, "transaction: voucher-chain")
        fits = who.startswith(pattern[:-1]) if pattern.endswith("*") else who == pattern
        need(role == MEMBER and fits, "transaction: voucher-scope")
        issuer = self.issuer(kid_of(header))
        need(issuer, "transaction: voucher-signature")
        need(self.time <= uint(not_after), "transaction: voucher-expired")
        used = self.uses.get(bstr(ident, 8), 0)
        need(used < uses, "transaction: voucher-used-up")
        self.claim(issuer, enc(["Signature1", header, b"", payload]), bstr(signature, 64))
        self.ask(asked, Key(key))
        self.uses[ident] = used + 1
        self.directory.put("!v/" + ident.hex(), enc([used + 1]))

    def rotate(self, signed, _):
        _, who, sequence, fresh, next_key = array(signed.body, 5)
        fresh = [key and Key(key) for key in array(fresh, 3)]
        next_key, brought = digest_or_null(next_key), [key for key in fresh if key]
        need(brought and len(set(brought)) == len(brought), "malformed: rotate")
        before = self.member(who, sequence, [ACTIVE])
        self.own(before)
        self.free(brought)
        if before.next_key:
            need(before.next_key == (commitment(fresh[0]) if fresh[0] else next_key), "transaction: next-key")
        asked = {}
        self.ask(asked, before.keys[0])
        if fresh[0]:
            self.ask(asked, fresh[0])
        if fresh[2]:
            self.ask(asked, fresh[2], "latchkey/1/possession")
        self.signatures += signed.check(asked)
        self.register(brought, who)
        three = [new or old for new, old in zip(fresh, before.keys)]
        self.put(before.after(self.height, three=three, next_key=next_key))

    def recover(self, signed, _):
        _, who, sequence, three, next_key = array(signed.body, 5)
        three = three_keys(three)
        before = self.member(who, sequence, [ACTIVE, SUSPENDED])
        self.own(before)
        self.free(three)
        need(before.next_key == commitment(three[0]), "transaction: next-key")
        asked = {}
        self.ask(asked, three[0])
        self.ask(asked, three[2], "latchkey/1/possession")
        self.signatures += signed.check(asked)
        self.register(three, who)
        self.put(before.after(self.height, three=three, next_key=digest_or_null(next_key)))

    def recover_by_operators(self, signed, _):
        _, who, sequence, three, next_key = array(signed.body, 5)
        three, next_key = three_keys(three), digest_or_null(next_key)
        self.member(who, sequence, [ACTIVE, SUSPENDED])
        need(who not in self.waiting, "transaction: recovery")
        self.free(three)
        asked = {}
        self.ask(asked, three[0])
        self.ask(asked, three[2], "latchkey/1/possession")
        self.ask_operators(asked, self.policy, signed)
        self.signatures += signed.check(asked)
        self.register(three, who)
        due = self.time + 72 * HOUR
        self.waiting[who] = (due, three, next_key)
        self.directory.put("!r/" + who, enc([due, [key.value for key in three], next_key]))

    def end_recovery(self, who):
        self.directory.put("!r/" + who, enc(None))
        return self.waiting.pop(who)

    def forget_recovery(self, who):
        if who in self.waiting:
            self.end_recovery(who)

    def finish_recoveries(self):
        """What waited long enough, before the block's own transactions."""
        for _, who in sorted((due, who) for who, (due, _, _) in self.waiting.items() if due <= self.time):
            _, three, next_key = self.end_recovery(who)
            if self.members[who].state in (ACTIVE, SUSPENDED):
                self.put(self.members[who].after(self.height, three=three, next_key=next_key))

    def veto(self, signed, _):
        _, who, sequence, shown = array(signed.body, 4)
        shown = shown and Key(shown)
        before = self.member(who, sequence, [ACTIVE, SUSPENDED])
        need(who in self.waiting, "transaction: recovery")
        if shown:
            need(before.next_key == commitment(shown), "transaction: next-key")
        else:
            need(before.state == ACTIVE, "transaction: not-allowed")
        asked = {}
        self.ask(asked, shown or before.keys[0])
        self.signatures += signed.check(asked)
        self.end_recovery(who)
        self.put(before.after(self.height))

    def leave(self, signed, _):
        _, who, sequence = array(signed.body, 3)
        before = self.member(who, sequence, [ACTIVE])
        asked = {}
        self.ask(asked, before.keys[0])
        self.signatures += signed.check(asked)
        self.forget_recovery(who)
        self.put(before.after(self.height, LEFT))

    def standing(self, signed, _):
        kind, who, sequence = array(signed.body, 3)
        states, state = {9: ([ACTIVE], SUSPENDED), 10: ([SUSPENDED], ACTIVE),
                         11: ([ACTIVE, SUSPENDED, MOVING], REVOKED)}[kind]
        before = self.member(who, sequence, states)
        asked, admin = {}, None
        if before.role in (MEMBER, AUDITOR) and len(signed.signatures) == 1:
            admin = self.admin(next(iter(signed.signatures)))
        if admin:
            self.ask(asked, admin)
        else:
            self.ask_operators(asked, self.policy, signed)
        self.signatures += signed.check(asked)
        if state == REVOKED:
            self.forget_recovery(who)
        self.put(before.after(self.height, state))

    # moves

    def sibling(self, chain):
        found = next((sibling for sibling in self.policy.siblings if sibling[0] == bstr(chain, 32)), None)
        need(found, "transaction: not-sibling")
        return found

    def carried(self, value, sibling, title=None):
        """What a sibling says of a name, or of a record's own: the record or None, header time, moment."""
        chain, k, replicas, _ = sibling
        answer, checkpoint = array(value, 2)
        raw, proof = array(dec(bstr(answer), 10240), 2)
        record = None if raw is None else Record.read(raw)
        need(title or record, "transaction: bad-proof")
        checkpoint = Checkpoint(checkpoint)
        root = directory_root(sha(b"latchkey/1/dir", chain, (title or record.title).encode()), raw, proof)
        need(checkpoint.chain == chain and checkpoint.directory == root, "transaction: bad-proof")
        there = [(checkpoint.parts[key.kid], key) for key in replicas if key.kid in checkpoint.parts]
        newest = sorted(there, key=lambda part: -part[0][0])[:k]
        need(len(newest) == k, "transaction: bad-proof")
        for (_, message, signature), key in newest:
            self.claim(key, message, signature)
        return record, checkpoint.time, 1000 * newest[-1][0][0]

    def relocate_out(self, signed, _):
        _, who, sequence, to, there, deadline = array(signed.body, 6)
        before = self.member(who, sequence, [ACTIVE])
        need(before.role == MEMBER, "transaction: not-allowed")
        self.sibling(to)
        need(0 < uint(deadline) - self.time <= HOUR, "transaction: deadline")
        self.own(before)
        asked = {}
        self.ask(asked, before.keys[0])
        self.signatures += signed.check(asked)
        self.forget_recovery(who)
        self.put(before.after(self.height, [MOVING, to, name(there), deadline]))

    def relocate_in(self, signed, _):
        _, who, sequence, origin, carried = array(signed.body, 5)
        need(type(who) is str and NAME.fullmatch(who), "transaction: bad-name")
        sibling = self.sibling(origin)
        there, _, moment = self.carried(carried, sibling)
        need(there.role == MEMBER and there.standing == MOVING and there.state[1:3] == [self.ident, who],
             "transaction: bad-proof")
        need(self.time < there.state[3], "transaction: deadline")
        need(self.time - moment <= 600_000, "transaction: stale-proof")
        need(there.ident not in self.tombstones, "transaction: tombstone")
        before = self.members.get(who)
        if before:
            away = before.standing == MOVED or before.standing == MOVING and before.state[1:3] == [origin, there.title]
            need(away and before.ident == there.ident and there.sequence > before.sequence, "transaction: name-taken")
        need(uint(sequence) == there.sequence + 1, "transaction: bad-sequence")
        self.own(there)
        owners = {self.owners[key.kid] for key in there.keys if key.kid in self.owners}
        need(owners <= ({who} if before else set()), "transaction: key-reused")
        asked = {}
        self.ask(asked, there.keys[0])
        self.ask(asked, there.keys[2], "latchkey/1/possession")
        if not sibling[3]:
            self.ask_endorser(asked, signed, True)
        self.signatures += signed.check(asked)
        self.register(there.keys, who)
        self.put(Record(who, there.ident, sequence, ACTIVE, MEMBER, there.keys, self.height,
                        sha((before or there).bytes), there.next_key))

    def filed(self, signed, filer):
        asked = {}
        self.ask(asked, Key(filer))
        self.signatures += signed.check(asked)

    def arrived(self, before, carried):
        """Whether the sibling says that the moving member is there, and the header time at which it says so."""
        there, time, _ = self.carried(carried, self.sibling(before.state[1]), before.state[2])
        return bool(there) and there.ident == before.ident and there.sequence > before.sequence, time

    def relocate_done(self, signed, _):
        _, who, sequence, carried, filer = array(signed.body, 5)
        before = self.member(who, sequence, [MOVING])
        need(self.arrived(before, carried)[0], "transaction: bad-proof")
        self.filed(signed, filer)
        self.put(before.after(self.height, [MOVED] + before.state[1:3]))

    def relocate_cancel(self, signed, _):
        _, who, sequence, carried = array(signed.body, 4)
        before = self.member(who, sequence, [MOVING])
        arrived, time = self.arrived(before, carried)
        need(not arrived, "transaction: bad-proof")
        need(time >= before.state[3], "transaction: deadline")
        asked = {}
        self.ask(asked, before.keys[0])
        self.signatures += signed.check(asked)
        self.put(before.after(self.height, ACTIVE))

    def foreign_revoke(self, signed, _):
        _, who, sequence, origin, carried, filer = array(signed.body, 6)
        need(type(who) is str and NAME.fullmatch(who), "transaction: bad-name")
        there, _, _ = self.carried(carried, self.sibling(origin))
        need(there.role == MEMBER and there.state == REVOKED, "transaction: bad-proof")
        here = self.members.get(who)
        here = here if here and here.ident == there.ident else None
        need(uint(sequence) == (here.sequence if here else 0) + 1, "transaction: bad-sequence")
        falls = here and here.standing in (ACTIVE, SUSPENDED, MOVING)
        need(falls or there.ident not in self.tombstones, "transaction: tombstone")
        self.filed(signed, filer)
        self.tombstones.add(there.ident)
        if falls:
            self.forget_recovery(who)
            self.put(here.after(self.height, REVOKED))

    def evidence(self, signed, _):
        _, null, zero, first, second, fork, filer = array(signed.body, 7)
        need(null is None and uint(zero) == 0, "malformed: evidence")
        both = first, second = Checkpoint(first), Checkpoint(second)
        need(first.chain == second.chain == self.ident, "transaction: bad-proof")
        if fork is None:
            need(first.height == second.height and first.payload != second.payload, "transaction: bad-proof")
        else:
            height, header, path, other, other_path = array(fork, 5)
            ways = [(second, bstr(other), other_path)]
            if header is None:
                need(uint(height) == first.height and array(path, 0) == []
                     and first.block != sha(other), "transaction: bad-proof")
            else:
                need(bstr(header) != other, "transaction: bad-proof")
                ways.append((first, header, path))
            for checkpoint, leaf, way in ways:
                root = path_root(uint(height), checkpoint.height + 1, sha(b"\0", leaf), array(way, 0, 63))
                need(root == checkpoint.history, "transaction: bad-proof")
        liars = [replica[0] for replica in self.policy.replicas if replica[0].kid not in self.struck
                 and all(replica[0].kid in checkpoint.parts for checkpoint in both)]
        need(liars, "transaction: not-replica")
        for liar in liars:
            for checkpoint in both:
                _, message, signature = checkpoint.parts[liar.kid]
                self.claim(liar, message, signature)
        self.filed(signed, filer)
        self.struck |= {liar.kid for liar in liars}

    def policy_change(self, signed, _):
        _, null, sequence, policy, *cut = array(signed.body, 4, 5)
        policy = Policy(policy)
        need(null is None and uint(sequence) == policy.number, "malformed: policy")
        need(policy.number == self.policy.number + 1, "transaction: bad-sequence")
        fresh = policy.keys()
        gateways = {(m.title, m.keys[0]) for m in self.members.values() if m.state == ACTIVE and m.role == GATEWAY}
        need(policy.previous == sha(self.policy.bytes) and len(set(fresh)) == len(fresh)
             and all(self.owners.get(key.kid, "!policy") == "!policy" for key in fresh)
             and all(replica[0].kid not in self.struck for replica in policy.replicas)
             and len({self.ident} | {sibling[0] for sibling in policy.siblings}) == len(policy.siblings) + 1
             and policy.version == [1, 0] and set(policy.witnesses) <= gateways, "transaction: bad-policy")
        need(cut in ([], [[self.height - 1, self.hash]]), "transaction: bad-cut")
        asked = {}
        self.ask_operators(asked, self.policy, signed)
        self.signatures += signed.check(asked)
        self.put_policy(policy)

    # the checkpoint

    def checkpoint(self, raw):
        found = Checkpoint(raw)
        body = ["latchkey/1/checkpoint", self.ident, self.height, self.hash, self.history.root(), self.directory.root(),
                self.policy.number, self.time]
        need(found.payload == enc(body), "checkpoint: it is of another history")
        count = 0
        for replica in self.policy.replicas:
            if replica[0].kid in found.parts and replica[0].kid not in self.struck:
                _, message, signature = found.parts[replica[0].kid]
                need(verifies(replica[0], message, signature), "checkpoint: bad-signature")
                count += 1
        need(count >= self.policy.replica_k, "checkpoint: too-few-signatures")


def end_of(data, at):
    """Where the CBOR item that begins there ends (RFC 8949, section 3)."""
    need(at < len(data) and data[at] & 31 <= 27, "source: it ends within an item")
    major, short, at = data[at] >> 5, data[at] & 31, at + 1
    more = 0 if short < 24 else 1 << short - 24
    argument, at = int.from_bytes(data[at:at + more], "big") if more else short, at + more
    if major in (2, 3):
        at += argument
    for _ in range(argument if major == 4 else 2 * argument if major == 5 else major == 6):
        at = end_of(data, at)
    need(at <= len(data), "source: it ends within an item")
    return at


def items(path):
    with open(path, "rb") as file:
        data = file.read()
    at = 0
    while at < len(data):
        start, at = at, end_of(data, at)
        yield dec(data[start:at])


def audit(path):
    chain = None
    try:
        sequence = items(path)
        header = array(next(sequence, None), 6)
        need(header[:2] == ["latchkey-export", 1], "source: not an export")
        chain = Chain(bstr(header[2], 32))
        for _ in range(uint(header[5]) + 1):
            chain.block(bstr(next(sequence, None)))
            need(header[3:5] == [chain.network, chain.title], "source: the header tells of another chain")
        chain.checkpoint(bstr(next(sequence, None)))
        need(next(sequence, chain) is chain, "source: something follows the checkpoint")
    except Fault as fault:
        return {"good": False, "height": chain.height if chain else 0, "reason": str(fault)}
    states = [m.standing for m in chain.members.values()]
    return {"good": True, "chain": chain.ident.hex(), "height": chain.height, "block_hash": chain.hash.hex(),
            "directory_root": chain.directory.root().hex(), "history_root": chain.history.root().hex(),
            "policy": chain.policy.number, "members": len(states), "active": states.count(ACTIVE),
            "signatures": chain.signatures, "transactions": sum(chain.counts.values()), "kinds": chain.counts}


if __name__ == "__main__":
    results = [audit(path) for path in sys.argv[1:]]
    for result in results:
        print(json.dumps(result))
    sys.exit(0 if results and all(result["good"] for result in results) else 1)

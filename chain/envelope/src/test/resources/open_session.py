"""Opens a session as chain/WIRE.md describes it, sharing no code with the Java side.

Standard input: one "name value" a line, as IndependentOpenTest writes them; "reading" may stand more than once.
Standard output: the session id, then each pack in hexadecimal, a line each. Anything wrong ends in a traceback.
Needs Debian's python3-cbor2 and python3-cryptography.
"""

import hashlib
import sys

from cbor2 import dumps, loads
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap

CURVE = ec.SECP256R1()


def hkdf(secret, salt, info, size):
    return HKDF(hashes.SHA256(), size, salt or None, info).derive(secret)


def expand(key, label, size):
    return HKDFExpand(hashes.SHA256(), size, label).derive(key)


def key_of(cose):
    assert set(cose) == {1, -1, -2, -3} and cose[1] == 2 and cose[-1] == 1
    sign = b"\x03" if cose[-3] else b"\x02"
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sign + cose[-2])


def kid_of(public):
    point = public.public_numbers()
    x, y = point.x.to_bytes(32, "big"), point.y.to_bytes(32, "big")
    return hashlib.sha256(dumps({1: 2, -1: 1, -2: x, -3: y})).digest()[:8]


def check_opener(given, ctx):
    protected, unprotected, payload, signature = loads(given["opener"])
    header = loads(protected)
    assert unprotected == {} and set(header) == {1, 4, 10} and header[1] == -9
    assert loads(header[10]) == [given["chain-name"], given["height"]]
    sender = key_of(loads(given["sender-sig"]))
    assert header[4] == kid_of(sender)
    signed = dumps(["Signature1", protected, dumps(["latchkey/1/opener", ctx]), payload])
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    sender.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
    return header[4], payload, hashlib.sha256(signed).digest()


def open_sealed(given, ctx, payload):
    protected, unprotected, ciphertext, recipients = loads(payload)
    assert loads(protected) == {1: 10} and unprotected == {6: b"\x00"}
    private = ec.derive_private_key(int.from_bytes(given["recipient-kex"], "big"), CURVE)
    own = kid_of(private.public_key())
    (mine,) = [r for r in recipients if r[1][4] == own]
    assert loads(mine[0]) == {1: -29} and set(mine[1]) == {4, -1}
    agreed = private.exchange(ec.ECDH(), key_of(mine[1][-1]))
    names = [given["sender"].encode(), given["recipient"].encode()]
    context = [-3, [names[0], None, None], [names[1], None, None], [128, mine[0], ctx]]
    content_key = aes_key_unwrap(hkdf(agreed, b"", dumps(context), 16), mine[2])
    aad = dumps(["latchkey/1/sealed", ctx, given["sender"], [r[1][4] for r in recipients]])
    aad = dumps(["Encrypt", protected, aad])
    return loads(AESCCM(content_key, tag_length=8).decrypt(bytes(13), ciphertext, aad))


def open_reading(reading, chain, iv, session):
    protected, unprotected, ciphertext = loads(reading)
    assert protected == b"" and set(unprotected) == {4, 6} and unprotected[4] == session[:4]
    number = int.from_bytes(unprotected[6], "big")
    for _ in range(number >> 8):
        chain = expand(chain, b"latchkey/1 chain", 32)
    nonce = (int.from_bytes(iv, "big") ^ number).to_bytes(13, "big")
    aad = dumps(["Encrypt0", b"", dumps([10, session])])
    return AESCCM(expand(chain, b"latchkey/1 key", 16), tag_length=8).decrypt(nonce, ciphertext, aad)


def main():
    given = {"readings": []}
    for line in sys.stdin:
        name, value = line.split()
        if name == "reading":
            given["readings"].append(bytes.fromhex(value))
        elif name in ("chain-name", "sender", "recipient"):
            given[name] = value
        else:
            given[name] = int(value) if name == "height" else bytes.fromhex(value)
    ctx = dumps(["latchkey/1", given["chain"], given["height"], given["block-hash"]])
    sender_kid, payload, session = check_opener(given, ctx)
    content = open_sealed(given, ctx, payload)
    party = [[sender_kid, None, None], [None, None, None]]
    other = dumps(["latchkey/1/reading", ctx])
    chain = hkdf(content[0], session, dumps([10, *party, [256, b"", other]]), 32)
    iv = hkdf(content[0], session, dumps([34, *party, [104, b"", other]]), 13)
    print(session.hex())
    for pack in content[1:] + [open_reading(r, chain, iv, session) for r in given["readings"]]:
        print(pack.hex())


main()

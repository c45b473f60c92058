package dev.latchkey.protocol;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.cose.CoseSign;
import dev.latchkey.cose.Headers;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.Signer;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Domain;
import dev.latchkey.transaction.Genesis;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.Transaction;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A transaction on its way from one signer to the next: {@code ["latchkey/1/part", network, chain name, chain id, bstr
 * body, [* [kid, signature]]]}, signatures sorted by kid. Its text form is {@code latchkey1-part.} and base64url. It holds
 * no secret; what its signatures are worth the chain decides. Immutable.
 *
 * @param network the network's name, for who reads before signing; the signatures are over chain id and body
 * @param chainName the sub-network's name, likewise
 * @param chain the chain that the transaction is for; of a genesis, the chain that it begins
 * @param transaction what is signed
 * @param signatures r ‖ s by the signer's kid
 */
public record PartTransaction(
        String network, String chainName, ChainId chain, Transaction transaction, SortedMap<KeyId, Bytes> signatures) {
    /** Longest encoded part in bytes: a transaction, names around it, and heads. */
    public static final int MAX_BYTES = SignedTransaction.MAX_BYTES + 4 * 1024;

    private static final String DOMAIN = "latchkey/1/part";
    private static final String TEXT_PREFIX = "latchkey1-part.";
    private static final int SIGNATURE_BYTES = 64;

    public PartTransaction {
        signatures = Collections.unmodifiableSortedMap(new TreeMap<>(signatures));
        if (transaction instanceof Genesis && !((Genesis) transaction).chainId().equals(chain)) {
            throw new IllegalArgumentException("a genesis begins its own chain");
        }
    }

    /** A transaction that nobody has signed. */
    public static PartTransaction unsigned(String network, String chainName, ChainId chain, Transaction transaction) {
        return new PartTransaction(network, chainName, chain, transaction, new TreeMap<>());
    }

    /** With a signature over the transaction. */
    public PartTransaction signedBy(Signer signer) {
        return with(signer, Domain.transaction(signingChain()));
    }

    /** With a new member's signature, and its dtls key's proof of possession. */
    public PartTransaction signedBy(Identity member) {
        return signedBy(member.sig()).with(member.dtls(), Domain.possession(signingChain()));
    }

    /** Genesis is signed before there is a chain id. */
    private ChainId signingChain() {
        return transaction instanceof Genesis ? ChainId.UNBORN : chain;
    }

    private PartTransaction with(Signer signer, Bytes externalAad) {
        KeyId kid = signer.publicKey().kid();
        SortedMap<KeyId, Bytes> more = new TreeMap<>(signatures);
        more.put(
                kid,
                CoseSign.sign(Headers.signedBy(kid), transaction.body(), externalAad, signer)
                        .value());
        return new PartTransaction(network, chainName, chain, transaction, more);
    }

    /** Without one signature: where the rule asks for exactly k, one too many spoils it. */
    public PartTransaction without(KeyId kid) {
        SortedMap<KeyId, Bytes> fewer = new TreeMap<>(signatures);
        fewer.remove(kid);
        return new PartTransaction(network, chainName, chain, transaction, fewer);
    }

    /**
     * The transaction with the signatures there are, for the chain to judge.
     *
     * @throws IllegalStateException if nobody has signed
     */
    public SignedTransaction finish() {
        List<CoseSign.Signature> sorted = new ArrayList<>();
        signatures.forEach((kid, value) -> sorted.add(new CoseSign.Signature(Headers.signedBy(kid), value)));
        try {
            return SignedTransaction.decode(new CoseSign(transaction.body(), sorted).encode());
        } catch (MalformedTransactionException | IllegalArgumentException e) {
            throw new IllegalStateException("a transaction without signatures", e);
        }
    }

    public Bytes encode() {
        List<Item> signed = new ArrayList<>();
        for (Map.Entry<KeyId, Bytes> each : signatures.entrySet()) {
            signed.add(Cbor.array(Cbor.bytes(each.getKey().value()), Cbor.bytes(each.getValue())));
        }
        return Cbor.encode(Cbor.array(
                Cbor.text(DOMAIN),
                Cbor.text(network),
                Cbor.text(chainName),
                Cbor.bytes(chain.bytes()),
                Cbor.bytes(transaction.body()),
                Cbor.array(signed)));
    }

    /** The text form, one line without an end. */
    public String toText() {
        return TEXT_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(encode().toArray());
    }

    public static PartTransaction fromText(String text) throws MalformedMessageException {
        return decode(Wire.fromText(text, TEXT_PREFIX, MAX_BYTES, "a part begins with latchkey1-part."));
    }

    public static PartTransaction decode(Bytes encoded) throws MalformedMessageException {
        try {
            List<Item> parts = Cbor.decode(encoded, MAX_BYTES).asArray(6);
            if (!parts.get(0).asText(DOMAIN.length()).equals(DOMAIN)) {
                throw new MalformedMessageException("not a part");
            }
            ChainId chain = new ChainId(Digest.of(parts.get(3).asBytes(Digest.SIZE)));
            Transaction transaction = Transaction.decode(parts.get(4).asBytes());
            if (transaction instanceof Genesis
                    && !((Genesis) transaction).chainId().equals(chain)) {
                throw new MalformedMessageException("a genesis begins its own chain");
            }
            return new PartTransaction(
                    Wire.name(parts.get(1)), Wire.name(parts.get(2)), chain, transaction, signatures(parts.get(5)));
        } catch (MalformedCborException | MalformedTransactionException e) {
            throw new MalformedMessageException("not a part", e);
        }
    }

    private static SortedMap<KeyId, Bytes> signatures(Item item)
            throws MalformedCborException, MalformedMessageException {
        SortedMap<KeyId, Bytes> signatures = new TreeMap<>();
        for (Item each : item.asArray(0, SignedTransaction.MAX_SIGNATURES)) {
            List<Item> fields = each.asArray(2);
            KeyId kid = new KeyId(fields.get(0).asBytes(KeyId.SIZE));
            if (!signatures.isEmpty() && signatures.lastKey().compareTo(kid) >= 0) {
                throw new MalformedMessageException("signatures are not sorted by kid");
            }
            signatures.put(kid, fields.get(1).asBytes(SIGNATURE_BYTES));
        }
        return signatures;
    }
}

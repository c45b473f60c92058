package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.coap.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * What somebody says about one chain, a gateway or a cloud node; implementations are safe for use by many threads. Nothing
 * that comes back is proved yet.
 */
interface ChainLink {
    int MAX_POLICY_BYTES = 65_536;

    /** What was said is old: asks somebody else from now on, where there is somebody. */
    default void elsewhere() {}

    /** Genesis, policy and evidence transactions: the body as it came. */
    CompletableFuture<Bytes> policy();

    /** What came after so many of those transactions: nothing, mostly. */
    CompletableFuture<Bytes> policyAfter(int known);

    /** The transactions in a body of {@link #policy}. */
    static List<Bytes> transactions(Bytes sequence) throws MalformedCborException {
        List<Bytes> transactions = new ArrayList<>();
        for (Item item : Cbor.decodeSequence(sequence, MAX_POLICY_BYTES)) {
            transactions.add(item.asBytes());
        }
        return transactions;
    }

    CompletableFuture<Bytes> checkpoint();

    CompletableFuture<Bytes> key(String name, long checkpointHeight);

    /** All records of a name, newest first. */
    CompletableFuture<Bytes> keyHistory(String name, long checkpointHeight);

    CompletableFuture<Bytes> header(long height, long checkpointHeight);

    /** The record of a name as it is now, without proof. */
    CompletableFuture<Bytes> toldKey(String name);

    /** All records of a name with the proof of the newest, under whatever checkpoint the other side has. */
    CompletableFuture<Bytes> toldHistory(String name);

    /** A header with its path, under whatever checkpoint the other side has. */
    CompletableFuture<Bytes> toldHeader(long height);

    /** The path from the history of one height to that of another. */
    CompletableFuture<Bytes> consistency(long older, long newer);

    /** Shows who is a witness a checkpoint that contradicts its own. */
    CompletableFuture<Bytes> offer(Bytes checkpoint);

    /** Submits a join, which may get a provisional receipt. */
    CompletableFuture<ProvisionalOutcome> join(Bytes transaction);

    /** What became of a join. */
    CompletableFuture<ProvisionalOutcome> outcome(Digest transactionId);

    /** Hears what becomes of a join; whatever is heard is no more than a reason to ask. */
    Observation observeOutcome(Digest transactionId, Runnable heard, Consumer<Throwable> lost);

    /** Submits a transaction; answers its receipt. The same bytes again are answered with the same receipt. */
    CompletableFuture<Bytes> transaction(Bytes transaction);
}

package dev.latchkey.gateway.admin;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.coap.ClientOptions;
import dev.latchkey.coap.ClientRequest;
import dev.latchkey.export.ChainSource;
import dev.latchkey.export.MalformedSourceException;
import dev.latchkey.ledger.Block;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** A chain as a running gateway has it, up to the newest checkpoint that it shows. Not for use by several threads. */
final class GatewaySource implements ChainSource {
    /** An answer ends with the block that makes it long enough, however long that one is. */
    private static final ClientOptions OPTIONS = ClientOptions.DEFAULT
            .withMaxBody(BlocksResource.ENOUGH_BYTES + Block.MAX_BYTES + 16)
            .withRequestTimeout(Duration.ofMinutes(10));

    /**
     * Bytes over one connection: a message of 1,024 of them takes a message ID, of which there are 65,536 in the 247 s that
     * one may not come again (RFC 7252, section 4.8.2).
     */
    private static final long BYTES_PER_CONNECTION = 32 << 20;

    private final AdminConnection gateway;
    private final String path;
    private final Queue<Bytes> fetched = new ArrayDeque<>();
    private final Bytes checkpoint;
    private final ChainId chain;
    private final long height;
    private AdminConnection.Open connection;
    private long bytes;
    private long next;

    private GatewaySource(AdminConnection gateway, String path, AdminConnection.Open connection, Bytes checkpoint)
            throws MalformedCheckpointException {
        this.gateway = gateway;
        this.path = path;
        this.connection = connection;
        this.checkpoint = checkpoint;
        SignedCheckpoint signed = SignedCheckpoint.decode(checkpoint);
        this.chain = signed.checkpoint().chain();
        this.height = signed.checkpoint().height();
    }

    /** Asks for the checkpoint of a chain by its name. */
    static GatewaySource open(AdminConnection gateway, String name)
            throws IOException, InterruptedException, MalformedSourceException {
        String path = AdminTree.CHAINS + "/" + name;
        AdminConnection.Open connection = gateway.open(OPTIONS);
        try {
            Bytes checkpoint = connection.get(ClientRequest.get(path + BlocksResource.CHECKPOINT));
            return new GatewaySource(gateway, path, connection, checkpoint);
        } catch (MalformedCheckpointException e) {
            connection.close();
            throw new MalformedSourceException("the checkpoint is malformed", e);
        } catch (IOException | InterruptedException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public ChainId chain() {
        return chain;
    }

    @Override
    public long height() {
        return height;
    }

    @Override
    public long checkpointHeight() {
        return height;
    }

    @Override
    public Optional<Bytes> next() throws IOException, MalformedSourceException {
        if (next > height) {
            return Optional.empty();
        }
        if (fetched.isEmpty()) {
            fetch();
        }
        next++;
        return Optional.of(fetched.remove());
    }

    private void fetch() throws IOException, MalformedSourceException {
        if (bytes > BYTES_PER_CONNECTION) {
            connection.close();
            connection = gateway.open(OPTIONS);
            bytes = 0;
        }
        try {
            Bytes answer = connection.get(
                    ClientRequest.get(path + BlocksResource.BLOCKS).withQuery(Page.FROM, next));
            bytes += answer.size();
            for (Item block : Cbor.decodeSequence(answer, OPTIONS.maxBody())) {
                fetched.add(block.asBytes());
            }
        } catch (MalformedCborException e) {
            throw new MalformedSourceException("something else stands where blocks should", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
        if (fetched.isEmpty()) {
            throw new MalformedSourceException("blocks end at height " + (next - 1) + ", before the checkpoint");
        }
    }

    @Override
    public Bytes checkpoint() {
        return checkpoint;
    }

    @Override
    public void close() {
        connection.close();
    }
}

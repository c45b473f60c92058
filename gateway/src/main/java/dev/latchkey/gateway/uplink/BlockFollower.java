package dev.latchkey.gateway.uplink;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Item;
import dev.latchkey.cbor.MalformedCborException;
import dev.latchkey.checkpoint.MalformedCheckpointException;
import dev.latchkey.checkpoint.SignedCheckpoint;
import dev.latchkey.gateway.replica.Replica;
import dev.latchkey.gateway.store.DiskRoom;
import dev.latchkey.ledger.Block;
import dev.latchkey.ledger.BlockFaultException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Brings the chain from the cloud to the replica, block by block as they come; runs a thread of its own. */
public final class BlockFollower implements AutoCloseable {
    private final CloudClient cloud;
    private final Replica replica;
    private final LinkStatus link;
    private final DiskRoom room;
    private final Loop loop;
    private volatile Optional<ItemStream> open = Optional.empty();
    private volatile long announcedHeight = -1;

    public BlockFollower(CloudClient cloud, Replica replica, LinkStatus link, DiskRoom room, CloudTiming timing) {
        this.room = room;
        this.cloud = cloud;
        this.replica = replica;
        this.link = link;
        this.loop = new Loop("block-follower", this::follow, timing, link::down);
    }

    public void start() {
        loop.start();
    }

    /** The newest height the cloud has spoken of, -1 before it has. */
    public long announcedHeight() {
        return announcedHeight;
    }

    @Override
    public void close() {
        loop.end();
        open.ifPresent(BlockFollower::closeQuietly);
        loop.close();
    }

    private void follow() throws IOException, InterruptedException {
        cloud.establish();
        try (ItemStream stream = cloud.blocks(replica.nextHeight())) {
            open = Optional.of(stream);
            Optional<Item> item = loop.isEnding() ? Optional.empty() : stream.next();
            while (item.isPresent()) {
                link.up();
                take(item.get());
                item = stream.next();
            }
            throw new IOException("the cloud ended the stream of blocks");
        } catch (BlockFaultException | MalformedCborException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            open = Optional.empty();
        }
    }

    /** {@code [height, block / null, signed checkpoint / null]}. */
    private void take(Item item) throws MalformedCborException, BlockFaultException, IOException, InterruptedException {
        List<Item> parts = item.asArray(3);
        long height = parts.get(0).asUint();
        Optional<Item> block = parts.get(1).asOptional();
        Optional<Item> checkpoint = parts.get(2).asOptional();
        if (block.isPresent()) {
            if (!room.forBlocks()) {
                throw new IOException("the disk is full");
            }
            Bytes encoded = block.get().asBytes(1, Block.MAX_BYTES);
            if (height != replica.nextHeight()) {
                throw new IOException("the cloud sent another block than the next");
            }
            accept(encoded, checkpoint);
        }
        if (checkpoint.isPresent()) {
            replica.offer(checkpoint.get().asBytes(1, SignedCheckpoint.MAX_BYTES));
        }
        announcedHeight = Math.max(announcedHeight, height);
    }

    /** A block that does not follow may be one of another history: what the replicas signed with it tells. */
    private void accept(Bytes block, Optional<Item> checkpoint)
            throws MalformedCborException, BlockFaultException, IOException, InterruptedException {
        try {
            replica.accept(block);
        } catch (BlockFaultException e) {
            try {
                Bytes signed = checkpoint.isPresent() ? checkpoint.get().asBytes() : cloud.checkpoint();
                replica.suspect(SignedCheckpoint.decode(signed));
            } catch (IOException | MalformedCheckpointException noCheckpoint) {
                e.addSuppressed(noCheckpoint);
            }
            throw e;
        }
    }

    static void closeQuietly(ItemStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            // The reading thread learns of it by its own failing read.
            return;
        }
    }
}

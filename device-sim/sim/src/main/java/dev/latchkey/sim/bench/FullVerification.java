package dev.latchkey.sim.bench;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.host.EcProviders;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Step;
import dev.latchkey.transaction.Identity;
import java.util.ArrayList;
import java.util.List;

/**
 * What verification takes of a device that verifies every block itself, as gateways do: every rule, root and signature.
 * Each transaction comes in a block of its own. For one thread.
 */
final class FullVerification {
    private static final double NANOS_OF_A_MILLI = 1e6;

    private final Stretch joins;
    private final Stretch rotations;

    /**
     * Some blocks in a row.
     *
     * @param bytes of the blocks alone, without what carries them
     */
    record Stretch(int blocks, long bytes, double cpuMillis) {}

    /** Makes a chain, and a day in which every member changes its key-agreement key; verifies both. */
    FullVerification(int members) throws Exception {
        SampleChain chain = new SampleChain(0);
        List<Identity> identities = chain.identities(members);
        List<Bytes> blocks = new ArrayList<>();
        ChainState joined = extended(chain, chain.begin(), chain.joins(identities, true), blocks);
        joins = verified(chain.begin(), blocks);
        blocks.clear();
        extended(chain, joined, chain.exchangeRotations(identities), blocks);
        rotations = verified(joined, blocks);
    }

    private static ChainState extended(
            SampleChain chain, ChainState from, List<Bytes> transactions, List<Bytes> blocks) {
        ChainState state = from;
        for (Bytes transaction : transactions) {
            Step step = chain.block(state, List.of(transaction));
            blocks.add(step.block().orElseThrow().encoded());
            state = step.state();
        }
        return state;
    }

    private static Stretch verified(ChainState from, List<Bytes> blocks) throws Exception {
        BlockVerifier verifier = new BlockVerifier(EcProviders.verifier(), Runnable::run);
        ChainState[] state = {from};
        double nanos = CallTime.nanos(
                blocks.size(),
                i -> state[0] = verifier.verify(state[0], blocks.get(i)).after());
        long bytes = blocks.stream().mapToLong(Bytes::size).sum();
        return new Stretch(blocks.size(), bytes, nanos * blocks.size() / NANOS_OF_A_MILLI);
    }

    /** The whole chain: as many joins, all by one voucher. */
    Stretch joins() {
        return joins;
    }

    /** The day. */
    Stretch rotations() {
        return rotations;
    }
}

package dev.latchkey.cloud.chain;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cloud.TestNetwork;
import dev.latchkey.cloud.odd.Choices;
import dev.latchkey.cloud.odd.OddBytes;
import dev.latchkey.cloud.raft.LogPosition;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.Entry;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Entries that are almost entries of a chains' log: each is no command by name, or is carried out. Apply does not look at
 * signatures, so what is changed in a transaction gets as far as the rules. For one thread.
 */
final class OddChains implements AutoCloseable {
    private static final int CHAINS = 40;

    private final TestNetwork network =
            new TestNetwork(TestNetwork.key(), TestNetwork.key(), TestNetwork.key(), "seattle", policy -> policy);
    private final TestNetwork tacoma =
            new TestNetwork(network.operator, network.replica, network.tls, "tacoma", policy -> policy);
    private final Clock clock = Clock.systemUTC();
    private final Voucher voucher = network.voucher("*", 1_000, clock.instant().plus(Duration.ofDays(2)));
    private final Identity member = Identity.generate(TestNetwork.RANDOM);
    private final Path directory;
    private final List<Bytes> samples;
    private ChainStore store;
    private ChainsMachine machine;
    private long index;
    private int taken;

    OddChains(Path directory) throws IOException {
        this.directory = directory;
        open();
        Bytes join = network.join("d-1", member, voucher).encode();
        Bytes change = network.change(network.firstPolicy(), policy -> policy).encode();
        Bytes move = signed(new RelocateOut("d-1", 2, tacoma.chain, "d-2", clock.millis() + 1_800_000), member.sig());
        samples = List.of(
                ChainCommand.begin(network.genesis.encode()),
                ChainCommand.extend(entry(network.chain, Optional.empty(), join)),
                ChainCommand.extend(entry(network.chain, Optional.empty(), join, change)),
                ChainCommand.extend(entry(network.chain, Optional.empty(), move)),
                ChainCommand.extend(entry(
                        network.chain,
                        Optional.empty(),
                        signed(new Standing(Standing.Act.SUSPEND, "d-1", 2), network.admin.sig()),
                        signed(new Leave("d-1", 2), member.sig()))),
                ChainCommand.extend(entry(network.chain, Optional.of(Digest.ZERO), join)),
                ChainCommand.extend(entry(network.chain, Optional.empty())),
                ChainCommand.place(tacoma.genesis.encode(), 0));
        play(samples.get(0));
        play(samples.get(1));
    }

    private Bytes signed(Transaction transaction, KeyPair key) {
        return TransactionSigning.of(transaction, network.chain)
                .by(key)
                .finish()
                .encode();
    }

    private Entry entry(ChainId chain, Optional<Digest> parent, Bytes... transactions) {
        return new Entry(chain, clock.millis(), Bytes.fromHex("0000000000000000"), parent, List.of(transactions));
    }

    private void open() throws IOException {
        store = ChainStore.open(directory.resolve("chains"));
        machine = new ChainsMachine(
                store,
                new ChainOpener(
                        directory.resolve("guard"),
                        store,
                        new BlockVerifier(TestNetwork.VERIFIER, Runnable::run),
                        TestNetwork.VERIFIER,
                        network.replica,
                        Fellows.NONE,
                        clock,
                        ScrubSettings.USUAL,
                        Runnable::run));
        index = Math.max(0, machine.applied().index());
    }

    void next(Choices choices) {
        Bytes sample = choices.of(machine.chains().size() < CHAINS ? samples : samples.subList(1, samples.size()));
        play(OddBytes.of(choices, sample));
    }

    /** Whether the bytes were a command, which is then carried out. */
    boolean play(Bytes entry) {
        try {
            machine.apply(new LogPosition(1, index + 1), entry);
        } catch (IllegalStateException e) {
            if (String.valueOf(e.getMessage()).startsWith("the log holds")) {
                return false;
            }
            throw e;
        }
        index++;
        taken++;
        return true;
    }

    /** Stops and starts on what was applied. */
    void restart() throws IOException {
        close();
        open();
    }

    /** How many were commands. */
    int taken() {
        return taken;
    }

    /** Of the chain that all began with. */
    Digest root() {
        return machine.chain(network.chain).orElseThrow().applied().checkpoint().historyRoot();
    }

    @Override
    public void close() throws IOException {
        machine.close();
        store.close();
    }
}

package dev.latchkey.cloud;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.bytes.Digest;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.cbor.Item;
import dev.latchkey.cloud.history.Append;
import dev.latchkey.cloud.history.Append.Outcome;
import dev.latchkey.cloud.history.Read;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.BatchAnswer;
import dev.latchkey.protocol.ContentFormat;
import dev.latchkey.protocol.MailboxEntry;
import dev.latchkey.protocol.MessageBatch;
import dev.latchkey.protocol.TransactionAnswer;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Clients of a cluster that write and read through any node, and remember what they asked and were told: members join and
 * change their keys, gateways deliver batches, recipients read. Who gets no answer asks again, mostly, like every client.
 */
final class ClusterLoad {
    static final int BOXES = 2;
    private static final int MEMBERS = 6;

    /** Between two questions of one client; more of them would take the cores from the nodes that start. */
    private static final long PACE_MILLIS = 40;

    /** Of 100 writes without an answer so many are not asked for again, so that their end stays unknown. */
    private static final int GIVEN_UP = 5;

    /** Above every height: a message is judged by what stands in the chain when it arrives. */
    private static final long HEIGHT = 1_000_000_000;

    final ClusterRecord record = new ClusterRecord();

    private final ProcessCluster cluster;
    private final TestNetwork network;
    private final ClusterDoors doors;
    private final Voucher voucher;
    private final Identity sender = Identity.generate(TestNetwork.RANDOM);
    private final List<Identity> members = identities(MEMBERS);
    private final List<Identity> owners = identities(BOXES);
    private final Map<Integer, Long> known = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clients;
    private final List<Runnable> atEnd = new ArrayList<>();

    /** Clients that begin now, of a cluster that serves. */
    ClusterLoad(ProcessCluster cluster, long seed, int pairs) throws Exception {
        this.cluster = cluster;
        this.network = cluster.network;
        this.voucher = network.voucher();
        this.doors = new ClusterDoors(cluster, record, owners);
        List<SignedTransaction> first = new ArrayList<>();
        first.add(network.join("d-from", sender, voucher));
        for (int i = 0; i < BOXES; i++) {
            first.add(network.join(box(i), owners.get(i), voucher));
        }
        for (SignedTransaction join : first) {
            TestCluster.patiently()
                    .until(() -> cluster.client(0, network.gateway.dtls())
                                    .submit(join)
                                    .get(0)
                            instanceof TransactionAnswer.Accepted);
        }
        clients = Executors.newScheduledThreadPool(2 * pairs);
        for (int i = 0; i < pairs; i++) {
            Registrar registrar = new Registrar(new Random(seed + i));
            every(registrar::turn);
            atEnd.add(registrar::end);
            Gateway gateway = new Gateway(i, new Random(seed - 1 - i));
            every(gateway::turn);
            atEnd.add(gateway::end);
        }
    }

    private static List<Identity> identities(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Identity.generate(TestNetwork.RANDOM))
                .toList();
    }

    static String box(int index) {
        return "d-box-" + index;
    }

    List<Identity> owners() {
        return owners;
    }

    static String member(int index) {
        return "d-" + index;
    }

    static int members() {
        return MEMBERS;
    }

    private interface Turn {
        void take() throws Exception;
    }

    private void every(Turn turn) {
        clients.scheduleWithFixedDelay(
                () -> {
                    try {
                        turn.take();
                    } catch (Exception | AssertionError e) {
                        record.fault("a client fell over: " + e);
                    }
                },
                0,
                PACE_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** Reads members' keys, and writes the one after the last that anybody here has seen. */
    private final class Registrar {
        private final Random random;
        private Optional<Change> pending = Optional.empty();

        private Registrar(Random random) {
            this.random = random;
        }

        private record Change(int member, long version, String value, SignedTransaction signed, long begun) {}

        private void turn() throws Exception {
            int member = random.nextInt(MEMBERS);
            if (pending.isPresent()) {
                change(pending.get());
            } else if (random.nextInt(10) == 0) {
                doors.checkpoint(doors.any(random));
            } else if (random.nextInt(2) == 0) {
                read(member);
            } else {
                long version = known.getOrDefault(member, 0L) + 1;
                KeyPair kex = TestNetwork.key();
                Identity identity = members.get(member);
                SignedTransaction signed = version == 1
                        ? network.join(member(member), new Identity(identity.sig(), kex, identity.dtls()), voucher)
                        : rotation(member, version, kex);
                change(new Change(
                        member, version, value(version, kex.publicKey().encode()), signed, System.nanoTime()));
            }
        }

        private void read(int member) throws Exception {
            long begun = System.nanoTime();
            Optional<ClusterDoors.KeySeen> seen = doors.key(doors.any(random), member(member));
            long ended = System.nanoTime();
            if (seen.isPresent()) {
                Optional<MemberRecord> found = seen.get().record();
                long version = found.map(MemberRecord::sequence).orElse(0L);
                known.merge(member, version, Math::max);
                List<String> values = found.map(one -> List.of(value(one))).orElse(List.of());
                record.read(member(member), new Read<>(Math.max(0, version - 1), values, begun, ended));
                record.root(seen.get().root(), begun, ended);
            }
        }

        private void change(Change change) throws Exception {
            Outcome outcome = doors.submit(doors.any(random), change.signed());
            long ended = System.nanoTime();
            pending = outcome == Outcome.UNKNOWN && goesOn(random) ? Optional.of(change) : Optional.empty();
            if (pending.isPresent()) {
                return;
            }
            if (outcome == Outcome.ACKNOWLEDGED) {
                known.merge(change.member(), change.version(), Math::max);
                record.acknowledged(ClusterRecord.CHAINS, change.begun(), ended);
            } else if (outcome == Outcome.REFUSED) {
                read(change.member());
            }
            record.append(member(change.member()), new Append<>(change.value(), outcome, change.begun(), ended));
        }

        private void end() {
            pending.ifPresent(change -> record.append(
                    member(change.member()), new Append<>(change.value(), Outcome.UNKNOWN, change.begun(), 0)));
        }
    }

    private boolean goesOn(Random random) {
        return random.nextInt(100) >= GIVEN_UP;
    }

    /** What a version of a record says, in a word. */
    static String value(MemberRecord found) {
        return value(found.sequence(), found.keys().kex().encode());
    }

    private static String value(long version, Bytes key) {
        return version + ":" + Digest.sha256(key).toHex().substring(0, 16);
    }

    private SignedTransaction rotation(int member, long version, KeyPair kex) {
        Rotate rotate = new Rotate(
                member(member),
                version,
                Optional.empty(),
                Optional.of(kex.publicKey()),
                Optional.empty(),
                Optional.empty());
        return TransactionSigning.of(rotate, network.chain)
                .by(members.get(member).sig())
                .finish();
    }

    /** Entries of a mailbox in words, and the place of the last. */
    static List<String> words(Bytes listing) throws Exception {
        List<String> words = new ArrayList<>();
        for (Item item : Cbor.decodeSequence(listing, 64 << 20)) {
            Bytes message = MailboxEntry.fromItem(item).message();
            words.add(Cbor.decode(message, 4096).asArray().get(2).asBytes().toUtf8());
        }
        return words;
    }

    /** One outbox: what is not acknowledged is sent again as it is, or given up for good. */
    private final class Gateway {
        private final int number;
        private final Random random;
        private final Bytes epoch = Bytes.wrap(TestNetwork.RANDOM.generateSeed(8));
        private final Digest session;
        private final Map<Integer, Long> seen = new TreeMap<>();
        private int sequence;
        private Optional<Batch> pending = Optional.empty();

        private Gateway(int number, Random random) {
            this.number = number;
            this.random = random;
            this.session = Digest.sha256(epoch);
        }

        private record Batch(int box, int after, int last, Bytes encoded, long begun) {}

        private void turn() throws Exception {
            int box = random.nextInt(BOXES);
            if (pending.isPresent()) {
                deliver(pending.get());
            } else if (random.nextInt(3) == 0) {
                read(box);
            } else {
                deliver(box, 1 + random.nextInt(4));
            }
        }

        private void read(int box) throws Exception {
            long from = Math.max(0, seen.getOrDefault(box, 0L) - random.nextInt(20));
            long begun = System.nanoTime();
            Optional<Bytes> listing = doors.mailbox(doors.any(random), box, from);
            long ended = System.nanoTime();
            if (listing.isPresent()) {
                List<String> words = words(listing.get());
                seen.put(box, from + words.size());
                if (words.size() < ClusterDoors.PAGE) {
                    record.read(box(box), new Read<>(from, words, begun, ended));
                }
            }
        }

        private void deliver(int box, int count) throws Exception {
            List<MessageBatch.Message> messages = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                sequence++;
                messages.add(new MessageBatch.Message(
                        sequence,
                        "d-from",
                        session,
                        HEIGHT,
                        System.currentTimeMillis(),
                        ContentFormat.COSE_ENCRYPT0,
                        Readings.reading(session, sequence, word(sequence)),
                        List.of(box(box))));
            }
            Bytes batch = new MessageBatch(epoch, List.of(network.ticket("d-from", sender, "gw-1")), messages).encode();
            deliver(new Batch(box, sequence - count, sequence, batch, System.nanoTime()));
        }

        private void deliver(Batch batch) throws Exception {
            Optional<BatchAnswer> answer = doors.deliver(doors.any(random), batch.encoded());
            long ended = System.nanoTime();
            pending = answer.isEmpty() && goesOn(random) ? Optional.of(batch) : Optional.empty();
            if (pending.isEmpty()) {
                answer.ifPresent(told -> record.acknowledged(ClusterRecord.MAILBOXES, batch.begun(), ended));
                answer.filter(told -> !told.refused().isEmpty())
                        .ifPresent(told -> record.fault("messages refused: " + told));
                ended(batch, answer.isPresent() ? Outcome.ACKNOWLEDGED : Outcome.UNKNOWN, ended);
            }
        }

        private void ended(Batch batch, Outcome outcome, long ended) {
            for (int i = batch.after() + 1; i <= batch.last(); i++) {
                record.append(box(batch.box()), new Append<>(word(i), outcome, batch.begun(), ended));
            }
        }

        private String word(int at) {
            return number + "-" + at;
        }

        private void end() {
            pending.ifPresent(batch -> ended(batch, Outcome.UNKNOWN, 0));
        }
    }

    /** How long after a moment it was until writes to both groups that began after it were acknowledged, the later one. */
    Duration awaitWritesSince(long moment) {
        long[] nanos = new long[2];
        TestCluster.patiently().until(() -> {
            nanos[0] = record.firstSince(ClusterRecord.CHAINS, moment);
            nanos[1] = record.firstSince(ClusterRecord.MAILBOXES, moment);
            return nanos[0] < Long.MAX_VALUE && nanos[1] < Long.MAX_VALUE;
        });
        return Duration.ofNanos(Math.max(nanos[0], nanos[1]) - moment);
    }

    /** Ends all clients after their last answers. */
    void end() throws InterruptedException {
        clients.shutdown();
        if (!clients.awaitTermination(60, TimeUnit.SECONDS)) {
            throw new AssertionError("clients do not end");
        }
        atEnd.forEach(Runnable::run);
    }
}

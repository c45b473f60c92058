package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.Signer;
import dev.latchkey.transaction.Carried;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.ForeignRevoke;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import dev.latchkey.transaction.RelocateCancel;
import dev.latchkey.transaction.RelocateDone;
import dev.latchkey.transaction.RelocateIn;
import dev.latchkey.transaction.RelocateOut;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.Rotate;
import dev.latchkey.transaction.Standing;
import dev.latchkey.transaction.Transaction;
import dev.latchkey.transaction.TransactionSigning;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Members who hold all their keys and every proof that there ever was move between three chains at random: none is ever
 * active twice, and in the end none is on its way for ever.
 */
class MoveModelTest {
    private static final int STEPS = 500;
    private static final long MINUTE = 60_000;
    private static final List<String> NAMES = List.of("d-1", "d-2", "d-3", "d-4", "d-5", "d-6");

    /** What a chain once said of a name. */
    private record Said(TestNetwork by, String name, Optional<MemberRecord> record, Carried carried) {}

    /** Names the signer and signs nothing: apply asks who signed, and leaves to others whether it is true. */
    private record Named(CoseKey publicKey) implements Signer {
        Named(KeyPair key) {
            this(key.publicKey());
        }

        @Override
        public Bytes sign(Bytes message) {
            return Bytes.wrap(new byte[64]);
        }
    }

    private final long seed = new SecureRandom().nextLong();
    private final Random random = new Random(seed);
    private final List<TestNetwork> chains =
            List.of(new TestNetwork("seattle"), new TestNetwork("tacoma"), new TestNetwork("olympia"));
    private final Map<KeyId, Identity> keys = new HashMap<>();
    private final List<Said> said = new ArrayList<>();
    private final KeyPair anybody = KeyPair.generate(chains.get(0).random);
    private long passed;

    @Test
    void nobodyIsActiveTwiceAndNobodyIsStuck() {
        chains.forEach(this::befriend);
        for (int i = 0; i < NAMES.size(); i++) {
            Identity identity = chains.get(i % chains.size()).joined(NAMES.get(i));
            keys.put(identity.sig().publicKey().kid(), identity);
        }
        for (int step = 0; step < STEPS; step++) {
            step();
            assertThat(activeIds()).as("seed %s, step %s", seed, step).doesNotHaveDuplicates();
        }
        passAnHour();
        passAnHour();
        for (TestNetwork chain : chains) {
            for (String name : NAMES) {
                record(chain, name).ifPresent(record -> arrivesOrStays(chain, record));
            }
        }
        assertThat(activeIds()).as("seed %s", seed).doesNotHaveDuplicates();
    }

    private void step() {
        TestNetwork chain = pick(chains);
        Optional<MemberRecord> found = record(chain, pick(NAMES));
        if (found.isEmpty()) {
            return;
        }
        said.add(say(chain, found.get().name()));
        if (found.get().state() instanceof MemberState.Moving moving) {
            said.add(say(chain(moving.to()), moving.nameThere()));
        }
        Said proof = random.nextBoolean() ? said.get(said.size() - 1) : pick(said);
        switch (random.nextInt(15)) {
            case 0, 1, 2, 3 -> found.ifPresent(record -> out(chain, record));
            case 4, 5, 6 -> said.stream().skip(Math.max(0, said.size() - 30)).forEach(this::in);
            case 7 -> found.ifPresent(record -> done(chain, record, proof));
            case 8 -> found.ifPresent(record -> cancel(chain, record, proof));
            case 9, 13 -> found.ifPresent(record -> rotate(chain, record));
            case 10 -> found.ifPresent(record -> leaveOrJoinAgain(chain, record));
            case 11 -> foreignRevoke(chain, pick(NAMES), proof);
            case 12 -> pass(random.nextInt(20) * MINUTE);
            default -> {
                if (random.nextInt(100) == 0) {
                    found.ifPresent(record -> revoke(chain, record));
                } else if (random.nextInt(10) == 0) {
                    passAnHour();
                }
            }
        }
    }

    private void out(TestNetwork chain, MemberRecord record) {
        String there = random.nextBoolean() ? record.name() : pick(NAMES);
        long deadline = TestNetwork.T0 + passed + (1 + random.nextInt(30)) * MINUTE;
        take(
                chain,
                by(
                        chain,
                        new RelocateOut(
                                record.name(), record.sequence() + 1, pick(others(chain)).chain, there, deadline),
                        keys(record)));
    }

    private void in(Said proof) {
        if (proof.record().isEmpty() || !(proof.record().get().state() instanceof MemberState.Moving moving)) {
            return;
        }
        MemberRecord there = proof.record().get();
        TestNetwork to = chain(moving.to());
        RelocateIn in = new RelocateIn(moving.nameThere(), there.sequence() + 1, proof.by().chain, proof.carried());
        take(to, by(to, in, keys(there)).possessedBy(new Named(keys(there).dtls())));
    }

    private void done(TestNetwork chain, MemberRecord record, Said proof) {
        RelocateDone done =
                new RelocateDone(record.name(), record.sequence() + 1, proof.carried(), anybody.publicKey());
        take(chain, TransactionSigning.of(done, chain.chain).by(new Named(anybody)));
    }

    private void cancel(TestNetwork chain, MemberRecord record, Said proof) {
        RelocateCancel cancel = new RelocateCancel(record.name(), record.sequence() + 1, proof.carried());
        take(chain, by(chain, cancel, keys(record)));
    }

    private void rotate(TestNetwork chain, MemberRecord record) {
        Identity fresh = fresh(chain);
        Rotate rotate = new Rotate(
                record.name(),
                record.sequence() + 1,
                Optional.of(fresh.keys().sig()),
                Optional.of(fresh.keys().kex()),
                Optional.of(fresh.keys().dtls()),
                Optional.empty());
        take(chain, by(chain, rotate, keys(record)).by(new Named(fresh.sig())).possessedBy(new Named(fresh.dtls())));
    }

    private void leaveOrJoinAgain(TestNetwork chain, MemberRecord record) {
        long next = record.sequence() + 1;
        if (record.isActive()) {
            take(chain, by(chain, new Leave(record.name(), next), keys(record)));
            return;
        }
        Identity fresh = fresh(chain);
        Join join = new Join(record.name(), next, Role.MEMBER, fresh.keys(), Optional.empty(), Optional.empty());
        take(
                chain,
                by(chain, join, keys(record))
                        .by(new Named(fresh.sig()))
                        .possessedBy(new Named(fresh.dtls()))
                        .by(new Named(chain.admin.sig())));
    }

    private void revoke(TestNetwork chain, MemberRecord record) {
        Standing revoke = new Standing(Standing.Act.REVOKE, record.name(), record.sequence() + 1);
        take(chain, by(chain, revoke, chain.admin));
    }

    private void foreignRevoke(TestNetwork chain, String name, Said proof) {
        long sequence = record(chain, name)
                .filter(here -> proof.record()
                        .filter(there -> there.id().equals(here.id()))
                        .isPresent())
                .map(MemberRecord::sequence)
                .orElse(0L);
        ForeignRevoke revoke =
                new ForeignRevoke(name, sequence + 1, proof.by().chain, proof.carried(), anybody.publicKey());
        take(chain, TransactionSigning.of(revoke, chain.chain).by(new Named(anybody)));
    }

    /** Whoever is on its way when all deadlines are past has arrived or may stay. */
    private void arrivesOrStays(TestNetwork chain, MemberRecord record) {
        if (!(record.state() instanceof MemberState.Moving moving)) {
            return;
        }
        Said last = say(chain(moving.to()), moving.nameThere());
        done(chain, record, last);
        cancel(chain, record, last);
        assertThat(record(chain, record.name()).orElseThrow().state())
                .as("seed %s", seed)
                .isNotEqualTo(moving);
    }

    /** What is refused changes nothing. */
    private void take(TestNetwork chain, TransactionSigning signing) {
        chain.apply(signing.finish().encode());
    }

    private List<Bytes> activeIds() {
        List<Bytes> ids = new ArrayList<>();
        for (TestNetwork chain : chains) {
            for (String name : NAMES) {
                record(chain, name).filter(MemberRecord::isActive).ifPresent(record -> ids.add(record.id()));
            }
        }
        return ids;
    }

    private Said say(TestNetwork chain, String name) {
        long age = TestNetwork.T0 + passed - chain.state.header().timeMillis();
        return new Said(chain, name, record(chain, name), chain.carried(name, Math.max(0, age / 1_000)));
    }

    private void pass(long millis) {
        passed += millis;
        chains.forEach(chain -> chain.pass(millis));
    }

    private void passAnHour() {
        pass(61 * MINUTE);
        chains.forEach(TestNetwork::apply);
    }

    private Identity fresh(TestNetwork chain) {
        Identity identity = Identity.generate(chain.random);
        keys.put(identity.sig().publicKey().kid(), identity);
        return identity;
    }

    private Identity keys(MemberRecord record) {
        return keys.get(record.keys().sig().kid());
    }

    private TestNetwork chain(ChainId id) {
        return chains.stream()
                .filter(chain -> chain.chain.equals(id))
                .findFirst()
                .orElseThrow();
    }

    private List<TestNetwork> others(TestNetwork chain) {
        return chains.stream().filter(other -> other != chain).toList();
    }

    private <T> T pick(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static Optional<MemberRecord> record(TestNetwork chain, String name) {
        return chain.state.member(name);
    }

    private static TransactionSigning by(TestNetwork chain, Transaction transaction, Identity identity) {
        return TransactionSigning.of(transaction, chain.chain).by(new Named(identity.sig()));
    }

    private void befriend(TestNetwork chain) {
        Policy before = chain.state.policy();
        List<Policy.Sibling> siblings = new ArrayList<>();
        for (TestNetwork other : others(chain)) {
            siblings.add(new Policy.Sibling(
                    other.chain, other.genesis.chainName(), 1, List.of(other.replica.publicKey()), true));
        }
        Policy next = new Policy(
                1,
                Optional.of(before.hash()),
                before.operators(),
                before.replicas(),
                before.witnesses(),
                0,
                new Policy.Limits(1_000, 720),
                siblings,
                before.blockVersion());
        take(chain, TransactionSigning.of(new PolicyChange(next), chain.chain).by(new Named(chain.operator)));
    }
}

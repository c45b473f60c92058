package dev.latchkey.cloud.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.ledger.Admission;
import dev.latchkey.ledger.BlockFaultException;
import dev.latchkey.ledger.BlockVerifier;
import dev.latchkey.ledger.ChainState;
import dev.latchkey.ledger.Ledger;
import dev.latchkey.ledger.Outcome;
import dev.latchkey.transaction.MemberRecord;
import dev.latchkey.transaction.MemberState;
import dev.latchkey.transaction.Policy;
import dev.latchkey.transaction.PolicyChange;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/** A random walk of three chains that are siblings; each step asks for something and knows whether it will be granted. */
final class Walk {
    /** Whoever comes from this chain needs no admin where it goes. */
    static final String STANDING_POLICY = "olympia";

    final Random dice;
    final SecureRandom keys;
    final List<ModelChain> chains = new ArrayList<>();
    final Set<String> tombstones = new HashSet<>();
    final Map<String, Integer> granted = new HashMap<>();
    int refused;
    long clock = ModelChain.T0;
    private final EcVerifier verifier;
    private String asked = "";

    Walk(long seed, EcVerifier verifier) {
        this.verifier = verifier;
        dice = new Random(seed);
        try {
            keys = SecureRandom.getInstance("SHA1PRNG"); // its bytes follow from its seed alone
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
        keys.setSeed(seed);
        for (String name : List.of("seattle", "tacoma", STANDING_POLICY)) {
            chains.add(new ModelChain(name, keys));
        }
        chains.forEach(this::policy);
    }

    void step() {
        clock += dice.nextInt(40_000);
        chains.forEach(this::finishRecoveries);
        ModelChain chain = chains.get(dice.nextInt(3));
        Requests requests = new Requests(this, chain);
        Moves moves = new Moves(this);
        List<Player> all = new ArrayList<>(chain.players.values());
        int die = dice.nextInt(100);
        if (all.size() < 6 || die < 8) {
            ask("join");
            requests.join();
            return;
        }
        Player player = all.get(dice.nextInt(all.size()));
        switch (die % 16) {
            case 0 -> run("rotate", () -> requests.rotate(player));
            case 1, 2 -> run("relocate-out", () -> moves.out(chain, player));
            case 3, 4, 5 -> run("relocate-in", () -> moves.in(chain, traveller(all, player)));
            case 6, 7 -> run("relocate-done", () -> moves.done(chain, traveller(all, player)));
            case 8 -> run("relocate-cancel", () -> moves.cancel(chain, traveller(all, player)));
            case 9 -> run("standing", () -> requests.standing(dice.nextInt(3) == 0 ? traveller(all, player) : player));
            case 10 -> run("foreign-revoke", () -> moves.foreignRevoke(chain, revokedOnItsWay(all, player)));
            case 11 -> run("recover", () -> requests.recover(player));
            case 12 -> run("recover-by-operators", () -> requests.recoverByOperators(player));
            case 13 -> run("veto", () -> requests.veto(one(all, any -> any.recovering != null, player)));
            case 14 ->
                run(
                        "rejoin",
                        () -> requests.leaveOrRejoin(
                                dice.nextBoolean() ? player : one(all, any -> any.stand == Player.Stand.LEFT, player)));
            default -> run("govern", () -> govern(chain, requests));
        }
    }

    /** What is due takes effect in the next block: have one, so that what follows meets the members as the model does. */
    private void finishRecoveries(ModelChain chain) {
        boolean due = chain.players.values().stream()
                .anyMatch(player -> player.recovering != null && player.recoveryDue <= clock);
        if (due) {
            ask("join");
            new Requests(this, chain).join();
        }
    }

    private void run(String what, Runnable request) {
        ask(what);
        request.run();
    }

    void ask(String what) {
        asked = what;
    }

    private void govern(ModelChain chain, Requests requests) {
        switch (dice.nextInt(3)) {
            case 0 -> run("policy", () -> policy(chain));
            case 1 -> run("evidence", requests::evidence);
            default -> {
                clock += Ledger.IDLE_MILLIS * (1 + dice.nextInt(40)); // deadlines pass, recoveries fall due
                for (ModelChain each : chains) {
                    advance(each, List.of());
                }
            }
        }
    }

    private static Player traveller(List<Player> all, Player otherwise) {
        return one(all, player -> player.stand == Player.Stand.MOVING, otherwise);
    }

    private static Player revokedOnItsWay(List<Player> all, Player otherwise) {
        return one(all, player -> player.stand == Player.Stand.REVOKED && player.to != null, otherwise);
    }

    private static Player one(List<Player> all, Predicate<Player> like, Player otherwise) {
        return all.stream().filter(like).findFirst().orElse(otherwise);
    }

    /** A policy that names the other two as siblings, with the replica of each as it is now. */
    void policy(ModelChain chain) {
        List<Policy.Sibling> siblings = new ArrayList<>();
        for (ModelChain other : chains) {
            if (other != chain) {
                siblings.add(new Policy.Sibling(
                        other.chain,
                        other.name,
                        1,
                        List.of(other.replica.publicKey()),
                        other.name.equals(STANDING_POLICY)));
            }
        }
        Policy before = chain.state.policy();
        Policy next = new Policy(
                before.number() + 1,
                Optional.of(before.hash()),
                before.operators(),
                before.replicas(),
                before.witnesses(),
                0,
                new Policy.Limits(1000, 720),
                siblings,
                before.blockVersion());
        expect(chain, chain.byOperators(chain.signing(new PolicyChange(next))), true);
    }

    /** Replaces a replica key that was struck, and tells the siblings. */
    void replaceReplica(ModelChain chain) {
        chain.replica = KeyPair.generate(keys);
        Policy before = chain.state.policy();
        Policy next = new Policy(
                before.number() + 1,
                Optional.of(before.hash()),
                before.operators(),
                chain.replicas(keys),
                before.witnesses(),
                0,
                before.limits(),
                before.siblings(),
                before.blockVersion());
        expect(chain, chain.byOperators(chain.signing(new PolicyChange(next))), true);
        chains.stream().filter(other -> other != chain).forEach(this::policy);
    }

    ModelChain otherThan(ModelChain chain) {
        List<ModelChain> others =
                chains.stream().filter(other -> other != chain).toList();
        return others.get(dice.nextInt(others.size()));
    }

    /** The name a player would have in another chain: the one it had there, else its own or a new one. */
    String nameAt(ModelChain to, Player player) {
        return to.players.values().stream()
                .filter(other -> other.id.equals(player.id))
                .map(other -> other.name)
                .findFirst()
                .orElse(dice.nextInt(3) == 0 ? player.name : "d-" + dice.nextInt(1_000_000));
    }

    /** Submits a transaction; it must be granted, or refused, as the model says. */
    boolean expect(ModelChain chain, Bytes transaction, boolean good) {
        Outcome judged = Admission.check(chain.state, transaction, Math.max(clock, chain.time()), verifier);
        assertThat(judged instanceof Outcome.Applied)
                .as("%s in %s: %s", asked, chain.name, judged)
                .isEqualTo(good);
        Outcome outcome = advance(chain, List.of(transaction)).get(0);
        assertThat(outcome instanceof Outcome.Applied)
                .as("%s in %s: %s", asked, chain.name, outcome)
                .isEqualTo(good);
        if (good) {
            granted.merge(asked, 1, Integer::sum);
        } else {
            refused++;
        }
        return good;
    }

    /** One entry; a block that comes of it is checked in full by a verifier with no part in making it. */
    private List<Outcome> advance(ModelChain chain, List<Bytes> transactions) {
        ChainState before = chain.state;
        byte[] nonce = new byte[8];
        dice.nextBytes(nonce);
        List<Outcome> outcomes =
                chain.apply(clock, Bytes.wrap(nonce), transactions).outcomes();
        if (chain.state != before) {
            chain.players.values().forEach(player -> player.passTime(chain.time()));
            try {
                ChainState checked = new BlockVerifier(verifier, Runnable::run)
                        .verify(before, chain.blocks.get(chain.blocks.size() - 1))
                        .after();
                assertThat(checked.checkpoint()).isEqualTo(chain.state.checkpoint());
            } catch (BlockFaultException e) {
                throw new AssertionError(asked, e);
            }
        }
        return outcomes;
    }

    /** What must hold whatever has happened. */
    void checkInvariants() {
        Set<Bytes> active = new HashSet<>();
        for (ModelChain chain : chains) {
            for (Player player : chain.players.values()) {
                MemberRecord record = chain.state.member(player.name).orElseThrow();
                assertThat(record.keys()).as(player.name).isEqualTo(player.identity.keys());
                assertThat(record.sequence()).as(player.name).isEqualTo(player.sequence);
                assertThat(record.id()).isEqualTo(player.id);
                assertThat(standOf(record.state())).isEqualTo(player.stand);
                assertThat(record.nextKey()).isEqualTo(player.commitment());
                if (record.isActive()) {
                    assertThat(active.add(record.id()))
                            .as("active in one chain at most")
                            .isTrue();
                }
            }
            assertThat(chain.state.memberCount()).isEqualTo(chain.players.size() + 2);
        }
    }

    private static Player.Stand standOf(MemberState state) {
        if (state instanceof MemberState.Active) {
            return Player.Stand.ACTIVE;
        }
        if (state instanceof MemberState.Suspended) {
            return Player.Stand.SUSPENDED;
        }
        if (state instanceof MemberState.Moving) {
            return Player.Stand.MOVING;
        }
        if (state instanceof MemberState.Moved) {
            return Player.Stand.MOVED;
        }
        return state instanceof MemberState.Left ? Player.Stand.LEFT : Player.Stand.REVOKED;
    }
}

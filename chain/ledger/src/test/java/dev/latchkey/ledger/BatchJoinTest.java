package dev.latchkey.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.transaction.BatchEndorsement;
import dev.latchkey.transaction.BatchTicket;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.Leave;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import dev.latchkey.transaction.Voucher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Joins that one admin signature endorses together. */
class BatchJoinTest {
    private static final Instant NOT_AFTER =
            Instant.ofEpochMilli(TestNetwork.T0).plusSeconds(3600);

    private final TestNetwork network = new TestNetwork();
    private final List<Identity> identities = new ArrayList<>();
    private final List<Join> joins = new ArrayList<>();

    @Test
    void oneSignatureEndorsesEveryJoinOfTheBatch() throws MalformedTransactionException {
        List<BatchTicket> tickets = issue(5, network.admin.sig());
        for (int i = 0; i < tickets.size(); i++) {
            BatchTicket ticket = BatchTicket.decode(tickets.get(i).encode());
            Bytes join = join(i, ticket);
            assertThat(SignedTransaction.decode(join).batch()).contains(ticket);
            assertThat(network.admit(join)).isInstanceOf(Outcome.Applied.class);
            network.apply(join);
            assertThat(network.state.member("d-" + i).orElseThrow().keys())
                    .isEqualTo(identities.get(i).keys());
        }
        network.replayed();
    }

    @Test
    void theSameBodyWithAnotherTicketIsTheSameTransaction() {
        List<BatchTicket> tickets = issue(2, network.admin.sig());
        network.apply(join(0, tickets.get(0)));
        List<BatchTicket> again = BatchEndorsement.issue(
                network.chain, joins.stream().map(Join::body).toList(), NOT_AFTER.plusSeconds(1), network.admin.sig());
        assertThat(network.admit(join(0, again.get(0)))).isInstanceOf(Outcome.Repeated.class);
    }

    @Test
    void aPlaceOfAnotherJoinEndorsesNothing() {
        List<BatchTicket> tickets = issue(3, network.admin.sig());
        refused(join(0, tickets.get(1)), Refusal.BATCH_PATH);
        BatchTicket mine = tickets.get(0);
        refused(join(0, new BatchTicket(mine.endorsement(), 7, mine.path())), Refusal.BATCH_PATH);
        refused(join(0, new BatchTicket(mine.endorsement(), 0, mine.path().subList(0, 1))), Refusal.BATCH_PATH);
    }

    @Test
    void onlyAnAdminOfThisChainEndorses() {
        KeyPair stranger = KeyPair.generate(network.random);
        refused(join(0, issue(1, stranger).get(0)), Refusal.BATCH_SIGNATURE);
        refused(join(0, issue(1, network.gateway.sig()).get(0)), Refusal.BATCH_SIGNATURE);
        TestNetwork other = new TestNetwork("tacoma");
        BatchTicket foreign = BatchEndorsement.issue(
                        other.chain, List.of(joins.get(0).body()), NOT_AFTER, network.admin.sig())
                .get(0);
        refused(join(0, foreign), Refusal.BATCH_CHAIN);
    }

    @Test
    void aBatchEndsAtItsTime() {
        List<BatchTicket> tickets = issue(1, network.admin.sig());
        network.pass(3_601_000);
        refused(join(0, tickets.get(0)), Refusal.BATCH_EXPIRED);
    }

    @Test
    void aBatchEndorsesMembersAndNothingElse() {
        Identity identity = Identity.generate(network.random);
        Join gateway = new Join("gateway-2", 1, Role.GATEWAY, identity.keys(), Optional.empty(), Optional.empty());
        Voucher voucher = network.voucher("*", 1);
        Join both = TestNetwork.joinBody("d-0", identity, voucher);
        for (Join join : List.of(gateway, both)) {
            BatchTicket ticket = BatchEndorsement.issue(
                            network.chain, List.of(join.body()), NOT_AFTER, network.admin.sig())
                    .get(0);
            refused(
                    TransactionSigning.joinOfBatch(join, network.chain, identity, ticket)
                            .encode(),
                    Refusal.BATCH_SCOPE);
        }
        Identity member = network.joined("d-5");
        BatchTicket ticket = issue(1, network.admin.sig()).get(0);
        Bytes leave = TransactionSigning.of(new Leave("d-5", 2), network.chain)
                .with(ticket)
                .by(member.sig())
                .finish()
                .encode();
        refused(leave, Refusal.BATCH_SCOPE);
    }

    @Test
    void aTicketDoesNotStandForTheMembersOwnSignatures() {
        BatchTicket ticket = issue(1, network.admin.sig()).get(0);
        Bytes join = TransactionSigning.of(joins.get(0), network.chain)
                .with(ticket)
                .by(identities.get(0).sig())
                .finish()
                .encode();
        refused(join, Refusal.MISSING_SIGNATURE);
    }

    private List<BatchTicket> issue(int size, KeyPair admin) {
        for (int i = joins.size(); i < size; i++) {
            Identity identity = Identity.generate(network.random);
            identities.add(identity);
            joins.add(new Join("d-" + i, 1, Role.MEMBER, identity.keys(), Optional.empty(), Optional.empty()));
        }
        return BatchEndorsement.issue(
                network.chain, joins.subList(0, size).stream().map(Join::body).toList(), NOT_AFTER, admin);
    }

    private Bytes join(int i, BatchTicket ticket) {
        return TransactionSigning.joinOfBatch(joins.get(i), network.chain, identities.get(i), ticket)
                .encode();
    }

    private void refused(Bytes transaction, Refusal reason) {
        assertThat(network.admit(transaction)).isEqualTo(new Outcome.Refused(reason));
    }
}

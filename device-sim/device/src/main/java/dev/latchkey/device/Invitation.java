package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.JoinTicket;
import dev.latchkey.transaction.BatchTicket;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.Identity;
import dev.latchkey.transaction.Join;
import dev.latchkey.transaction.MalformedTransactionException;
import dev.latchkey.transaction.Role;
import dev.latchkey.transaction.SignedTransaction;
import dev.latchkey.transaction.TransactionSigning;
import java.time.Instant;
import java.util.Optional;

/**
 * By what right a device joins, and through which gateway; immutable.
 *
 * @param name the name to take
 * @param chain the chain to join
 * @param chainName its name
 * @param gatewayName the gateway to begin with
 * @param gatewayHost its address
 * @param gatewayPort its coaps port
 * @param gatewayDtls its dtls key
 * @param enrolmentId what the first connection is for
 * @param presharedKey that connection's key
 * @param right what makes the join valid
 */
record Invitation(
        String name,
        ChainId chain,
        String chainName,
        String gatewayName,
        String gatewayHost,
        int gatewayPort,
        CoseKey gatewayDtls,
        Bytes enrolmentId,
        Bytes presharedKey,
        Right right) {
    private static final long FIRST_SEQUENCE = 1;

    /** Makes the join and knows it again. */
    interface Right {
        /**
         * The signed join.
         *
         * @param next the sig key to commit to
         */
        SignedTransaction join(Identity identity, KeyPair next) throws DeviceException;

        /** Whether a join is of this invitation. */
        boolean covers(Join join);

        /** Why the chain would refuse a join at a time, by its code, as far as that can be told here. */
        default Optional<String> refusedAt(Instant now) {
            return Optional.empty();
        }
    }

    /** By a voucher, under a name that it allows. */
    static Invitation of(HandOver handOver, String name) {
        Right right = new Right() {
            @Override
            public SignedTransaction join(Identity identity, KeyPair next) {
                Join join = new Join(
                        name,
                        FIRST_SEQUENCE,
                        Role.MEMBER,
                        identity.keys(),
                        KeyChange.commitment(Optional.of(next)),
                        Optional.of(handOver.voucher()));
                return TransactionSigning.joinByVoucher(join, handOver.chain(), identity, handOver.voucherKey());
            }

            @Override
            public boolean covers(Join join) {
                return join.name().equals(name) && join.voucher().equals(Optional.of(handOver.voucher()));
            }

            @Override
            public Optional<String> refusedAt(Instant now) {
                if (!handOver.voucher().chain().equals(handOver.chain())) {
                    return Optional.of("voucher-chain");
                }
                return handOver.voucher().notAfterMillis() < now.toEpochMilli()
                        ? Optional.of("voucher-expired")
                        : Optional.empty();
            }
        };
        return new Invitation(
                name,
                handOver.chain(),
                handOver.chainName(),
                handOver.gatewayName(),
                handOver.gatewayHost(),
                handOver.gatewayPort(),
                handOver.gatewayDtls(),
                handOver.voucher().id(),
                handOver.presharedKey(),
                right);
    }

    /** By an administrator's endorsement of exactly these keys. */
    static Invitation of(JoinTicket ticket) {
        Right right = new Right() {
            @Override
            public SignedTransaction join(Identity identity, KeyPair next) throws DeviceException {
                Join join = ticket.join();
                boolean ours = join.keys().equals(identity.keys())
                        && (join.nextKey().isEmpty() || join.nextKey().equals(KeyChange.commitment(Optional.of(next))));
                if (!ours) {
                    throw new DeviceException(DeviceException.Kind.STORE, "the ticket is for other keys");
                }
                try {
                    return TransactionSigning.of(join, ticket.chain())
                            .with(BatchTicket.decode(ticket.batch()))
                            .by(identity.sig())
                            .possessedBy(identity.dtls())
                            .finish();
                } catch (MalformedTransactionException e) {
                    throw new DeviceException(DeviceException.Kind.STORE, "the ticket's endorsement is malformed", e);
                }
            }

            @Override
            public boolean covers(Join join) {
                return join.equals(ticket.join());
            }
        };
        return new Invitation(
                ticket.join().name(),
                ticket.chain(),
                ticket.chainName(),
                ticket.gatewayName(),
                ticket.gatewayHost(),
                ticket.gatewayPort(),
                ticket.gatewayDtls(),
                ticket.enrolmentId(),
                ticket.presharedKey(),
                right);
    }

    /** Without the pre-shared key. */
    @Override
    public String toString() {
        return "invitation for " + name + " to " + chainName;
    }
}

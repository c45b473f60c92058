package dev.latchkey.gateway.replica;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyId;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.util.Optional;

/**
 * Members whose joins this gateway took while the cloud was away; safe for use by many threads, answers from memory. Where a
 * chain has a record, that one counts: whoever asks here has asked the chain before.
 */
public interface ProvisionalMembers {
    /** At a gateway that takes nobody provisionally. */
    ProvisionalMembers NONE = new ProvisionalMembers() {
        @Override
        public Optional<MemberHandle> byDtlsKey(CoseKey key) {
            return Optional.empty();
        }

        @Override
        public Optional<MemberRecord> byExchangeKid(ChainId chain, KeyId kid) {
            return Optional.empty();
        }

        @Override
        public Optional<MemberRecord> record(ChainId chain, String name) {
            return Optional.empty();
        }

        @Override
        public Optional<Bytes> answer(ChainId chain, String name) {
            return Optional.empty();
        }

        @Override
        public Optional<MemberHandle> handle(Bytes member) {
            return Optional.empty();
        }
    };

    /** Whose DTLS key this is; also of one whose join was refused, so that it can learn why. */
    Optional<MemberHandle> byDtlsKey(CoseKey key);

    /** The record that the member with this key exchange key would have. */
    Optional<MemberRecord> byExchangeKid(ChainId chain, KeyId kid);

    /** The record that the member of this name would have. */
    Optional<MemberRecord> record(ChainId chain, String name);

    /** What /k/{name} answers for the member of this name. */
    Optional<Bytes> answer(ChainId chain, String name);

    /** The handle of the member with an id. */
    Optional<MemberHandle> handle(Bytes member);
}

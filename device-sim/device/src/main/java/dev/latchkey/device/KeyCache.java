package dev.latchkey.device;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cbor.Cbor;
import dev.latchkey.proof.KeyFinding;
import dev.latchkey.proof.VerifiedKey;
import dev.latchkey.transaction.ChainId;
import dev.latchkey.transaction.MemberRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The newest record of each member of one chain that a device has seen, with its age, on the disk too. A member's records
 * are numbered and the numbers never fall, so a record below the one seen is a lie: of the replicas, if it is proved; of
 * the gateway alone, if it is told. Used from the device's lane.
 */
final class KeyCache {
    private static final int MAX_IN_MEMORY = 1_024;

    /** How much older than it is a record may seem after a restart, so that not every answer is written. */
    private static final Duration WRITTEN_AGE = Duration.ofMinutes(1);

    private final ChainId chain;
    private final KeptFiles kept;
    private final Map<String, KeptKey> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, KeptKey> eldest) {
            boolean goes = size() > MAX_IN_MEMORY;
            if (goes) {
                written.remove(eldest.getKey());
            }
            return goes;
        }
    };

    /** When what is on the disk of a name was asked for; of the same names. */
    private final Map<String, Instant> written = new HashMap<>();

    KeyCache(ChainId chain, KeptFiles kept) {
        this.chain = chain;
        this.kept = kept;
    }

    private Optional<KeptKey> seen(String name) {
        KeptKey before = known.get(name);
        if (before != null) {
            return Optional.of(before);
        }
        Optional<KeptKey> onDisk = kept.key(name).flatMap(encoded -> KeptKey.decode(name, encoded));
        onDisk.ifPresent(key -> {
            known.put(name, key);
            written.put(name, key.asked());
        });
        return onDisk;
    }

    /** The record as it was proved last. */
    Optional<ProvedKey> proved(String name) {
        return seen(name)
                .flatMap(key ->
                        key.proof().map(proof -> ProvedKey.kept(chain, key.record(), proof.height(), proof.asked())));
    }

    /** The record as it was proved or told last. */
    Optional<MemberKey> any(String name) {
        Optional<ProvedKey> proved = proved(name);
        return seen(name)
                .map(key -> proved.isPresent() && !proved.get().asked().isBefore(key.asked())
                        ? proved.get()
                        : new ToldKey(chain, key.record(), key.asked()));
    }

    /** Whether a key is no older than that; one from the future, as a clock that went back makes it, always is. */
    static boolean isWithin(MemberKey key, Duration maxAge, Instant now) {
        return isWithin(key.asked(), maxAge, now);
    }

    static boolean isWithin(Instant asked, Duration maxAge, Instant now) {
        return !maxAge.isZero()
                && !asked.isAfter(now)
                && Duration.between(asked, now).compareTo(maxAge) <= 0;
    }

    /**
     * Takes what is proved about a name.
     *
     * @param answer what proves it
     * @param asked when the gateway was asked for the checkpoint
     * @throws DeviceException {@link DeviceException.Kind#CONTRADICTED} if an older record, or none, is proved under a
     *     checkpoint that is not older; {@link DeviceException.Kind#DECEIVED} if the gateway told of a newer one before
     */
    void take(KeyFinding finding, Bytes answer, Instant asked) throws IOException, DeviceException {
        Optional<KeptKey> before = seen(finding.name());
        KeptKey.Proof proof = new KeptKey.Proof(
                finding.under().checkpoint().height(),
                asked,
                answer,
                finding.under().encode());
        Optional<KeptKey.Proof> earlier = before.flatMap(KeptKey::proof);
        if (earlier.isPresent() && proof.height() < earlier.get().height()) {
            return;
        }
        if (earlier.isEmpty()
                && before.isPresent()
                && proof.height() < before.get().record().height()) {
            // Told of a block after that one: nothing to compare.
            return;
        }
        Optional<MemberRecord> shown =
                finding instanceof VerifiedKey key ? Optional.of(key.record()) : Optional.empty();
        boolean behind = before.isPresent() && isBehind(shown, before.get().record());
        if (behind && earlier.isPresent()) {
            throw rolledBack(finding.name(), earlier.get(), proof);
        }
        if (shown.isPresent()) {
            keep(new KeptKey(shown.get(), asked, Optional.of(proof)));
        } else {
            drop(finding.name());
        }
        if (behind) {
            throw deceived();
        }
    }

    /**
     * Takes what the gateway tells about a name, unproved.
     *
     * @throws DeviceException {@link DeviceException.Kind#DECEIVED} if it is older than what was seen
     */
    void take(String name, Optional<MemberRecord> told, Instant asked) throws IOException, DeviceException {
        Optional<KeptKey> before = seen(name);
        if (before.isPresent() && isBehind(told, before.get().record())) {
            throw deceived();
        }
        if (told.isPresent()) {
            Optional<KeptKey.Proof> proof =
                    before.filter(key -> key.record().equals(told.get())).flatMap(KeptKey::proof);
            keep(new KeptKey(told.get(), asked, proof));
        }
    }

    /** The same record under the same checkpoint, which the gateway was asked for again. */
    void renew(String name, Instant asked) throws IOException {
        Optional<KeptKey> before = seen(name);
        if (before.isPresent() && before.get().proof().isPresent()) {
            KeptKey.Proof proof = before.get().proof().get();
            keep(new KeptKey(
                    before.get().record(),
                    asked,
                    Optional.of(new KeptKey.Proof(proof.height(), asked, proof.answer(), proof.checkpoint()))));
        }
    }

    /** Forgets a record that was only told: the gateway tells otherwise by now, and has proved something. */
    void forgetTold(String name) {
        if (seen(name).filter(key -> key.proof().isEmpty()).isPresent()) {
            Failures.wrapped(() -> {
                drop(name);
                return null;
            });
        }
    }

    static DeviceException deceived() {
        return new DeviceException(
                DeviceException.Kind.DECEIVED, "the gateway told what it told otherwise, or what it cannot prove");
    }

    private DeviceException rolledBack(String name, KeptKey.Proof earlier, KeptKey.Proof now) throws IOException {
        kept.keepRollback(
                name,
                Cbor.encode(Cbor.array(
                        Cbor.text("latchkey device rollback"),
                        Cbor.uint(1),
                        Cbor.bytes(chain.bytes()),
                        Cbor.text(name),
                        earlier.shown(),
                        now.shown())));
        return new DeviceException(
                DeviceException.Kind.CONTRADICTED, "the chain's replicas vouch for a record older than one before");
    }

    /** Whether what is shown cannot follow the record that was seen. */
    private static boolean isBehind(Optional<MemberRecord> shown, MemberRecord seen) {
        return shown.isEmpty()
                || shown.get().sequence() < seen.sequence()
                || (shown.get().sequence() == seen.sequence() && !shown.get().equals(seen));
    }

    private void keep(KeptKey key) throws IOException {
        String name = key.record().name();
        KeptKey before = known.put(name, key);
        Instant onDisk = written.get(name);
        boolean same = before != null
                && before.record().equals(key.record())
                && before.proof().isPresent() == key.proof().isPresent();
        if (!same || onDisk == null || onDisk.plus(WRITTEN_AGE).isBefore(key.asked())) {
            kept.keepKey(name, key.encode());
            written.put(name, key.asked());
        }
    }

    private void drop(String name) throws IOException {
        if (known.remove(name) != null) {
            written.remove(name);
            kept.dropKey(name);
        }
    }
}

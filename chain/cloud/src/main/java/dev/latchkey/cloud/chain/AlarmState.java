package dev.latchkey.cloud.chain;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a chain is signed here, and if not, what was found. Thread-safe; changed by the line's thread only. */
final class AlarmState {
    private static final Logger LOG = LoggerFactory.getLogger(AlarmState.class);

    private volatile Optional<Finding> finding = Optional.empty();

    Alarm alarm() {
        return finding.map(Finding::alarm).orElse(Alarm.NONE);
    }

    /** In a sentence for people. */
    String reason() {
        return finding.map(Finding::text).orElse(Alarm.NONE.text());
    }

    /** Whether nothing is signed until a person has looked. */
    boolean isFinal() {
        return alarm() != Alarm.NONE && !alarm().mayPass();
    }

    /** Whether the line reads no further. */
    boolean isDamage() {
        return alarm() == Alarm.BAD_BLOCK || alarm() == Alarm.DISK;
    }

    /** Notes and logs it; false if this alarm is there already. */
    boolean raise(Finding found) {
        if (alarm() == found.alarm()) {
            return false;
        }
        LOG.error(
                "checkpoints are not signed: alarm={} chain={} height={} store={} differs={} expected={} found={} do={}",
                found.alarm(),
                found.chain(),
                found.height(),
                found.store(),
                found.differs(),
                found.expected(),
                found.found(),
                found.alarm().advice());
        finding = Optional.of(found);
        return true;
    }

    void calm() {
        finding = Optional.empty();
    }
}

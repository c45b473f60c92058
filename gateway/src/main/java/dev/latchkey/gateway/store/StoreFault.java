package dev.latchkey.gateway.store;

import org.rocksdb.RocksDBException;

/** A read or a synced write failed: what the disk holds is unknown until the store is opened again. */
public final class StoreFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean damage;

    StoreFault(String message, Throwable cause) {
        super(message, cause);
        this.damage = false;
    }

    /** Of damaged files: the message names the file, and where in the program it was read tells nobody anything. */
    private StoreFault(String message) {
        super(message, null, false, false);
        this.damage = true;
    }

    /** What RocksDB said about something that was to be done; without a stack trace when files are damaged. */
    static StoreFault of(String what, RocksDBException cause) {
        return Damage.isIn(cause) ? new StoreFault(what + ": " + cause.getMessage()) : new StoreFault(what, cause);
    }

    /** Whether it comes from what the files hold, and not from the disk. */
    boolean isDamage() {
        return damage;
    }
}

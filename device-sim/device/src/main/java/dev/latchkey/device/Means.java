package dev.latchkey.device;

import dev.latchkey.host.PrivateDirectory;
import dev.latchkey.transaction.Identity;
import java.io.IOException;

/**
 * What all parts of one device share.
 *
 * @param files its directory
 * @param keys its key files
 * @param settings what it was given from outside
 * @param threads shared with other devices
 * @param lane where everything of this device happens
 * @param patience how often it tries again
 */
record Means(
        DeviceFiles files,
        KeyFiles keys,
        DeviceSettings settings,
        DeviceThreads threads,
        Lane lane,
        Patience patience) {
    static Means of(DeviceFiles files, DeviceSettings settings, DeviceThreads threads) {
        Lane lane = new Lane(threads.work());
        KeyFiles keys = settings.keyDirectory().map(KeyFiles::supplied).orElseGet(files::keys);
        return new Means(files, keys, settings, threads, lane, new Patience(settings, threads, lane));
    }

    /**
     * The keys of today, or new ones, and the directory for this user alone.
     *
     * @return whether the keys are new
     */
    boolean begun() throws IOException, DeviceException {
        boolean apart = settings.keyDirectory().isPresent();
        boolean fresh = !keys.exist();
        if (apart) {
            PrivateDirectory.make(files.directory());
        } else if (!keys.isDecided()) {
            // The keys make the directory: of two that try at once, one does.
            keys.made(settings.random());
        }
        files.lock();
        if (fresh
                && apart
                && (files.membership().isPresent() || files.pendingJoin().isPresent())) {
            // A mount that is missing, say: the error names the first key.
            keys.current();
        }
        keys.finish(settings.clock().instant());
        keys.made(settings.random());
        return fresh;
    }

    /** As {@link #begun}, but with keys that are there already. */
    Identity adopted() throws IOException, DeviceException {
        Identity identity = keys.current();
        PrivateDirectory.make(files.directory());
        files.lock();
        return identity;
    }

    /** Gives the directory free. */
    void unlock() {
        Failures.wrapped(() -> {
            files.unlock();
            return null;
        });
    }
}

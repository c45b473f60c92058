package dev.latchkey.device;

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
        return new Means(files, files.keys(), settings, threads, lane, new Patience(settings, threads, lane));
    }

    /** Gives the directory free. */
    void unlock() {
        Failures.wrapped(() -> {
            files.unlock();
            return null;
        });
    }
}

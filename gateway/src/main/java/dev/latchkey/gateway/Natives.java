package dev.latchkey.gateway;

import dev.latchkey.gateway.store.Store;
import dev.latchkey.host.EcProviders;

/** The native libraries, each some tenths of a second to unpack and load: beside each other and the settings. */
final class Natives {
    private Natives() {}

    /** Begins to load them; who needs one waits for it, and learns what is wrong with it. */
    static void load() {
        begin("load-store", Store::loadLibrary);
        if (System.getProperty("latchkey.crypto") == null) {
            begin("load-crypto", EcProviders::name);
        }
    }

    private static void begin(String name, Runnable load) {
        Thread thread = new Thread(load, name);
        thread.setDaemon(true);
        // Whoever needs it gets the failure as well, and says so.
        thread.setUncaughtExceptionHandler((failed, error) -> {});
        thread.start();
    }
}

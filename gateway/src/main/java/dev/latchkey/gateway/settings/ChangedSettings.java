package dev.latchkey.gateway.settings;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.console.Setting;
import dev.latchkey.console.UsageFault;
import dev.latchkey.host.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The settings that may change while a gateway runs, and the file in its data directory that keeps what was changed over
 * the settings file. Safe for use by many threads.
 */
public final class ChangedSettings {
    /** What takes effect at once; everything else is for the settings file and the next start. */
    public static final Set<String> CHANGEABLE = Set.of(
            "log.level",
            "chains",
            "coap.requests-per-second",
            "coap.request-burst",
            "coap.requests-in-flight",
            "coap.requests-in-flight-per-connection",
            "coap.observations",
            "coap.observations-per-connection",
            "limits.outbox",
            "limits.inboxes",
            "limits.inbox-per-member");

    /** Has the gateway do as it is told from now on. */
    @FunctionalInterface
    public interface Effect {
        /** @throws UsageFault if it cannot; nothing has changed then */
        void apply(GatewaySettings before, GatewaySettings after) throws IOException;
    }

    private final SettingsSource source;
    private final Path file;
    private final Effect effect;

    public ChangedSettings(GatewaySettings settings, Effect effect) {
        this.source = settings.source();
        this.file = settings.data().resolve(SettingsSource.CHANGES);
        this.effect = effect;
    }

    /** Every setting as it counts now. */
    public synchronized Map<String, Setting> all() {
        return source.read().all();
    }

    /**
     * Changes some of them, all or none; on disk when this returns.
     *
     * @param changes values as they stand in a settings file, by key; empty has the one before the changes count again
     * @throws UsageFault if a value is wrong
     */
    public synchronized void change(Map<String, Optional<String>> changes) throws IOException {
        GatewaySettings before = GatewaySettings.of(source);
        Map<String, String> changed = new TreeMap<>();
        all().forEach((key, setting) -> {
            if (setting.origin() == Setting.Origin.CHANGED) {
                changed.put(key, setting.value());
            }
        });
        changes.forEach((key, value) -> {
            changed.remove(key);
            value.ifPresent(text -> changed.put(key, Setting.value(key, text)));
        });
        Path proposed = file.resolveSibling(SettingsSource.CHANGES + ".proposed");
        try {
            AtomicFile.write(proposed, text(changed), AtomicFile.Mode.PRIVATE);
            GatewaySettings after = GatewaySettings.of(source.read(proposed), source);
            takeEffect(before, after, text(changed));
        } catch (UsageFault e) {
            throw new UsageFault(withoutPlace(String.valueOf(e.getMessage()), proposed));
        } finally {
            Files.deleteIfExists(proposed);
        }
    }

    /** First on disk, then in the process: what counts now also counts after a crash. What cannot be is taken back. */
    private void takeEffect(GatewaySettings before, GatewaySettings after, Bytes text) throws IOException {
        Optional<Bytes> earlier =
                Files.exists(file) ? Optional.of(Bytes.wrap(Files.readAllBytes(file))) : Optional.empty();
        AtomicFile.write(file, text, AtomicFile.Mode.PRIVATE);
        try {
            effect.apply(before, after);
        } catch (IOException | RuntimeException e) {
            if (earlier.isPresent()) {
                AtomicFile.write(file, earlier.get(), AtomicFile.Mode.PRIVATE);
            } else {
                Files.deleteIfExists(file);
            }
            throw e;
        }
    }

    /** Who asked for the change has not written the file that stands before the explanation, nor can see it. */
    private static String withoutPlace(String explanation, Path proposed) {
        int start = explanation.indexOf(proposed.toString());
        int end = start < 0
                ? -1
                : explanation.indexOf(": ", start + proposed.toString().length());
        return end < 0 ? explanation : explanation.substring(0, start) + explanation.substring(end + 2);
    }

    private static Bytes text(Map<String, String> changed) {
        StringBuilder text = new StringBuilder("# Changed while the gateway ran; goes over the settings file.\n");
        changed.forEach(
                (key, value) -> text.append(key).append(" = ").append(value).append('\n'));
        return Bytes.utf8(text.toString());
    }
}

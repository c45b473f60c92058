package dev.latchkey.gateway.harness;

import dev.latchkey.bytes.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who was told what, kept apart from all gateways. Guarded by itself. */
public final class CrashLedger {
    private final Map<String, List<Bytes>> acknowledged = new LinkedHashMap<>();
    private final Map<String, Map<Bytes, Long>> read = new HashMap<>();
    private final List<String> twice = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();

    /** A sender was told that a message is safe. */
    synchronized void acknowledged(String sender, Bytes message) {
        acknowledged.computeIfAbsent(sender, name -> new ArrayList<>()).add(message);
    }

    /** A sender was refused something, and not because it came at a bad time. */
    synchronized void refused(String sender, String code) {
        refused.add(sender + " was told " + code);
    }

    /** A recipient saw a message under a number; under the same number again it is the same sight of it. */
    synchronized void read(String recipient, long u, Bytes message) {
        Long before = read.computeIfAbsent(recipient, name -> new HashMap<>()).putIfAbsent(message, u);
        if (before != null && before != u) {
            twice.add(recipient + " saw a message as " + before + " and as " + u);
        }
    }

    /** What was acknowledged to a sender, in the order in which it sent it. */
    public synchronized List<Bytes> acknowledged(String sender) {
        return List.copyOf(acknowledged.getOrDefault(sender, List.of()));
    }

    public synchronized int count() {
        return acknowledged.values().stream().mapToInt(List::size).sum();
    }

    /** What a recipient saw. */
    public synchronized Set<Bytes> seen(String recipient) {
        return new HashSet<>(read.getOrDefault(recipient, Map.of()).keySet());
    }

    /** Messages that a recipient saw under two numbers. */
    public synchronized List<String> twice() {
        return List.copyOf(twice);
    }

    /** What senders were refused that nothing is wrong with. */
    public synchronized List<String> refused() {
        return List.copyOf(refused);
    }
}

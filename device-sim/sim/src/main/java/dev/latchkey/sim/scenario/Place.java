package dev.latchkey.sim.scenario;

import dev.latchkey.protocol.HandOver;
import dev.latchkey.sim.network.HandOverFile;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where a fleet does it; immutable.
 *
 * @param directory where each handheld keeps its files
 * @param handOver what the operator hands to all of them
 * @param gateway where the handheld of a name reaches the gateway
 * @param broken a future that fails when the network, as it is now, ends
 */
public record Place(
        Path directory,
        HandOver handOver,
        Function<String, InetSocketAddress> gateway,
        Supplier<CompletableFuture<Void>> broken) {
    /** What the operator hands to the handheld of a name. */
    HandOver handOver(String name) {
        return HandOverFile.at(handOver, gateway.apply(name));
    }
}

package dev.latchkey.cloud.operator;

import dev.latchkey.transaction.ChainId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What an operator's directory says to somebody who only looks: its chains, and as whom to ask. Immutable.
 *
 * @param chains names and ids of the sub-networks of {@code network.conf}, the first one first
 * @param adminKeys directories of admins' keys that are there, by the sub-network's name
 */
public record KnownChains(Map<String, ChainId> chains, Map<String, Path> adminKeys) {
    /** Reads {@code network.conf}. */
    public static KnownChains of(Path directory) {
        OperatorFiles files = OperatorFiles.read(directory);
        Map<String, ChainId> chains = new LinkedHashMap<>();
        Map<String, Path> keys = new LinkedHashMap<>();
        for (NetworkChain chain : files.chains()) {
            chains.put(chain.name(), chain.id());
            Path admin = files.adminKeys(chain);
            if (Files.isDirectory(admin)) {
                keys.put(chain.name(), admin);
            }
        }
        return new KnownChains(chains, keys);
    }

    /** The name of a chain, if it is known. */
    public Optional<String> name(ChainId id) {
        return chains.entrySet().stream()
                .filter(chain -> chain.getValue().equals(id))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}

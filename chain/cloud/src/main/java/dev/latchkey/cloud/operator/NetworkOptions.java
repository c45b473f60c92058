package dev.latchkey.cloud.operator;

import dev.latchkey.console.HostPort;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which network and which of its sub-networks a verb is about. */
class NetworkOptions {
    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "The operator's directory.")
    private Path directory;

    @Option(
            names = "--chain",
            paramLabel = "NAME",
            description = "The sub-network, if it is not the first one of network.conf.")
    private String chain;

    @Option(
            names = "--cloud",
            paramLabel = "HOST:PORT",
            description = "Where the cloud node is reached, if not where network.conf says.")
    private HostPort cloud;

    Path directory() {
        return directory;
    }

    Optional<String> chain() {
        return Optional.ofNullable(chain);
    }

    Optional<HostPort> cloud() {
        return Optional.ofNullable(cloud);
    }
}

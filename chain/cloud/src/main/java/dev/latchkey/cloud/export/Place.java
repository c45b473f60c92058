package dev.latchkey.cloud.export;

import dev.latchkey.cloud.store.StoreFormat;
import dev.latchkey.console.UsageFault;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.export.ChainSource;
import dev.latchkey.export.MalformedSourceException;
import dev.latchkey.host.IdentityDirectory;
import dev.latchkey.transaction.ChainId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a chain is to be read from, as people name it: {@code https://host:port}, a node's data directory, or a file.
 * Immutable.
 *
 * @param text what was named
 * @param chain which chain, where there may be several
 * @param keys the identity directory of the member who asks a running node
 */
public record Place(String text, Optional<ChainId> chain, Optional<Path> keys) {
    private static final String HTTPS = "https://";

    /** Where the settings that an operator begins with put a node's data. */
    private static final String DATA = "data";

    /**
     * Opens it.
     *
     * @throws UsageFault if it is no such place
     * @throws MalformedSourceException if what is there is no chain
     */
    public ChainSource open(EcVerifier verifier) throws IOException, MalformedSourceException {
        if (text.startsWith(HTTPS)) {
            return node(verifier);
        }
        if (text.contains("://")) {
            throw new UsageFault("a running node is https://host:port, with https:// in front: " + text);
        }
        Path path = Path.of(text);
        if (!Files.isDirectory(path)) {
            return FileSource.open(path);
        }
        Path below = path.resolve(DATA);
        if (!Files.exists(path.resolve(StoreFormat.FILE)) && Files.exists(below.resolve(StoreFormat.FILE))) {
            throw new UsageFault("not a node's data directory: " + path + "; its data are in " + below);
        }
        return StoreSource.open(path, chain);
    }

    private ChainSource node(EcVerifier verifier) throws IOException, MalformedSourceException {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new UsageFault("not https://host:port: " + text);
        }
        if (uri.getHost() == null || uri.getPort() < 0) {
            throw new UsageFault("not https://host:port: " + text);
        }
        Path directory = keys.orElseThrow(() ->
                new UsageFault("a running node shows blocks to gateways, admins and auditors only: name one's --key"));
        return NodeSource.open(
                new NodeClient(uri, IdentityDirectory.load(directory).dtls(), verifier), chain);
    }

    /** Reads a chain id, 64 hexadecimal digits. */
    public static ChainId chainId(String text) {
        try {
            return ChainId.fromHex(text);
        } catch (IllegalArgumentException e) {
            throw new UsageFault("a chain id has 64 hexadecimal digits: " + text);
        }
    }
}

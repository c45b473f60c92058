package dev.latchkey.sim.network;

import dev.latchkey.console.UsageFault;
import dev.latchkey.protocol.HandOver;
import dev.latchkey.protocol.JoinTicket;
import dev.latchkey.protocol.MalformedMessageException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** The file an operator hands to a device. Stateless. */
public final class HandOverFile {
    /** Twice the longest text form. */
    private static final int MAX_BYTES = 4 * HandOver.MAX_BYTES;

    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private HandOverFile() {}

    /** @throws UsageFault if the file is missing, others than its owner may use it, or it is no hand-over */
    public static HandOver read(Path file) throws IOException {
        return read(file, "a hand-over", "latchkey operator voucher --out FILE", HandOver::fromText);
    }

    /** @throws UsageFault if the file is missing, others than its owner may use it, or it is no ticket */
    public static JoinTicket readTicket(Path file) throws IOException {
        return read(file, "a join ticket", "latchkey operator endorse", JoinTicket::fromText);
    }

    /** Reads the text form. */
    private interface Reader<T> {
        T read(String text) throws MalformedMessageException;
    }

    private static <T> T read(Path file, String what, String command, Reader<T> reader) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new UsageFault("no file " + file + " with " + what + "; an operator writes one with: " + command);
        }
        if (isOthers(file)) {
            throw new UsageFault(
                    file + ": " + what + " holds secrets and others than its owner may use it; chmod 600 it"
                            + ", and if one of them may have read it, ask the operator for another");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new UsageFault(file + " is too long for " + what);
        }
        try {
            return reader.read(Files.readString(file, StandardCharsets.US_ASCII));
        } catch (MalformedMessageException | CharacterCodingException e) {
            throw new UsageFault(file + " is not the whole of " + what + " (" + e.getMessage()
                    + "): copy it again, or let an operator write one with: " + command);
        }
    }

    private static boolean isOthers(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                && !OWNER.containsAll(Files.getPosixFilePermissions(file));
    }

    /** Where the gateway is reached; unresolved if its name has no address. */
    public static InetSocketAddress gateway(HandOver handOver) {
        return new InetSocketAddress(handOver.gatewayHost(), handOver.gatewayPort());
    }

    /** The same hand-over with another address of the same gateway, which is known by its key and not by this. */
    public static HandOver at(HandOver handOver, InetSocketAddress gateway) {
        return new HandOver(
                handOver.network(),
                handOver.chainName(),
                handOver.chain(),
                handOver.gatewayName(),
                gateway.getAddress().getHostAddress(),
                gateway.getPort(),
                handOver.gatewayDtls(),
                handOver.voucher(),
                handOver.voucherKey(),
                handOver.presharedKey());
    }
}

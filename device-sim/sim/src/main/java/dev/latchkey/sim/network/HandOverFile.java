package dev.latchkey.sim.network;

import dev.latchkey.console.UsageFault;
import dev.latchkey.protocol.HandOver;
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
        if (!Files.isRegularFile(file)) {
            throw new UsageFault("no hand-over file " + file
                    + "; an operator writes one with: latchkey operator voucher --out FILE");
        }
        if (isOthers(file)) {
            throw new UsageFault(file + ": a hand-over holds secrets and others than its owner may use it; chmod 600 it"
                    + ", and if one of them may have read it, ask the operator for another");
        }
        if (Files.size(file) > MAX_BYTES) {
            throw new UsageFault(file + " is too long for a hand-over");
        }
        try {
            return HandOver.fromText(Files.readString(file, StandardCharsets.US_ASCII));
        } catch (MalformedMessageException | CharacterCodingException e) {
            throw new UsageFault(file + " is not a whole hand-over (" + e.getMessage()
                    + "): copy it again, or let an operator write one with: latchkey operator voucher --out FILE");
        }
    }

    private static boolean isOthers(Path file) throws IOException {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                && !OWNER.containsAll(Files.getPosixFilePermissions(file));
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

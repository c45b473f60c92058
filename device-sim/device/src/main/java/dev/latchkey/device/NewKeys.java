package dev.latchkey.device;

import dev.latchkey.bytes.Digest;
import dev.latchkey.transaction.MemberKeys;
import dev.latchkey.transaction.MemberRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The public half of what a device joins with, for an operator who endorses it.
 *
 * @param keys its three keys
 * @param nextKey what it commits to: the digest of the signing key that comes next
 */
public record NewKeys(MemberKeys keys, Digest nextKey) {
    /**
     * The keys in a device's directory, made now if there are none; the private halves stay there.
     *
     * @throws IOException if the directory cannot be made, written or read
     */
    public static NewKeys in(Path directory, SecureRandom random) throws IOException {
        KeyFiles files = new KeyFiles(directory.toAbsolutePath());
        MemberKeys keys = files.made(random).keys();
        return new NewKeys(keys, MemberRecord.commitment(files.next(random).publicKey()));
    }
}

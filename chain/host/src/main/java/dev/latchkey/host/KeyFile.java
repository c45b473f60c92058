package dev.latchkey.host;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.CoseKey;
import dev.latchkey.cose.KeyPair;
import dev.latchkey.cose.MalformedKeyException;
import dev.latchkey.cose.Signer;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.util.BigIntegers;

/**
 * One key pair in one file, in the form that openssl, curl and libcoap read too: PKCS #8 in PEM, label {@code PRIVATE
 * KEY} (RFC 5958, RFC 7468), and behind it the public half, without which libcoap does not take the file. Only the owner may read it, and one that others can read is refused. Stateless.
 */
public final class KeyFile {
    /** Room for a P-256 key with some text around it. */
    private static final int MAX_BYTES = 8192;

    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final String PUBLIC_KEY = "PUBLIC KEY";
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private KeyFile() {}

    /** Writes a new key file; a key that is there already is never replaced. */
    public static void write(Path file, KeyPair pair) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Bytes content = Bytes.concat(
                Pem.encode(PRIVATE_KEY, JcaKeys.pkcs8(pair)),
                Pem.encode(PUBLIC_KEY, JcaKeys.subjectPublicKeyInfo(pair.publicKey())));
        AtomicFile.write(file, content, AtomicFile.Mode.PRIVATE);
    }

    /**
     * Reads a key file.
     *
     * @throws UnusableKeyException when others than its owner may use it, or it holds no P-256 key
     * @throws IOException when it cannot be read
     */
    public static KeyPair read(Path file) throws IOException {
        if (Disk.isPosix(file) && !OWNER.containsAll(Files.getPosixFilePermissions(file))) {
            throw new UnusableKeyException(file, "a private key that others than its owner may use; chmod 600 it");
        }
        Optional<Bytes> pkcs8 = Pem.decode(PRIVATE_KEY, AtomicFile.read(file, MAX_BYTES));
        if (pkcs8.isEmpty()) {
            throw noKey(file);
        }
        try {
            Optional<KeyPair> usual = JcaKeys.pair(pkcs8.get());
            return usual.isPresent() ? usual.get() : foreign(pkcs8.get());
        } catch (MalformedKeyException | IOException | RuntimeException e) {
            // The ASN.1 parser has many ways to say no, and could quote the key it did not understand.
            throw noKey(file);
        }
    }

    /** The self-signed certificate of a key, in PEM, for programs that can only present one. */
    public static Bytes certificate(Signer signer) {
        return Pem.encode("CERTIFICATE", Certificates.selfSigned(signer));
    }

    private static UnusableKeyException noKey(Path file) {
        return new UnusableKeyException(file, "holds no P-256 private key in PKCS #8");
    }

    /** Other programs leave the public half out, or add attributes. */
    private static KeyPair foreign(Bytes pkcs8) throws IOException, MalformedKeyException {
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(pkcs8.toArray());
        if (!info.getPrivateKeyAlgorithm().getAlgorithm().equals(X9ObjectIdentifiers.id_ecPublicKey)
                || !SECObjectIdentifiers.secp256r1.equals(
                        info.getPrivateKeyAlgorithm().getParameters())) {
            throw new IllegalArgumentException("not a P-256 key");
        }
        ECPrivateKey key = ECPrivateKey.getInstance(info.parsePrivateKey());
        if (key.getKey().bitLength() > 256) {
            throw new IllegalArgumentException("not a P-256 key");
        }
        KeyPair pair = KeyPair.fromScalar(Bytes.wrap(BigIntegers.asUnsignedByteArray(32, key.getKey())));
        if (key.getPublicKey() != null
                && !CoseKey.fromSec1(Bytes.wrap(key.getPublicKey().getOctets())).equals(pair.publicKey())) {
            throw new IllegalArgumentException("the two halves are of different keys");
        }
        return pair;
    }
}

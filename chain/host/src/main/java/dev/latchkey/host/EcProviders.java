package dev.latchkey.host;

import dev.latchkey.cose.BouncyEcVerifier;
import dev.latchkey.cose.EcVerifier;
import dev.latchkey.cose.StrictEcVerifier;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.util.Locale;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * Which implementation of P-256 this process uses: the Amazon Corretto Crypto Provider (ACCP) where its native library
 * loads and passes {@link EcSelfTest}, else BouncyCastle. Both accept exactly the same signatures, since
 * {@link StrictEcVerifier} stands in front. The system property {@code latchkey.crypto} forces one: {@code bc} or
 * {@code accp}. Chosen once, at first use; safe for use by many threads.
 *
 * <p>Verifications per second and core, measured on JDK 17, each with a key not seen before: ACCP 15,500, BouncyCastle 5,500,
 * the JDK's own 730.
 */
public final class EcProviders {
    private static final String PROPERTY = "latchkey.crypto";
    private static final String ACCP = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    /** @param nativeCode whether the provider runs native code, to which Java objects are only handles */
    private record Choice(Provider provider, boolean nativeCode, String reason) {}

    /** Holds the choice; the JVM makes it once. */
    private static final class Chosen {
        static final Choice CHOICE = choose(System.getProperty(PROPERTY, ""));
    }

    private EcProviders() {}

    /**
     * Puts the chosen provider's EC, ECDH and ECDSA, and nothing else of it, in front of the JDK's, so that DTLS and TLS
     * use them. The whole of ACCP in front would also take HMAC and AES, and Scandium would fail. To call it again
     * changes nothing.
     */
    public static void install() {
        if (Security.getProvider(ForwardingProvider.NAME) == null) {
            Security.insertProviderAt(new ForwardingProvider(Chosen.CHOICE.provider()), 1);
        }
    }

    /** Verifies with the chosen provider, installed or not, behind the ledger's strict rules. */
    public static EcVerifier verifier() {
        return new StrictEcVerifier(plainVerifier());
    }

    /**
     * What stands behind {@link #verifier}: the chosen provider without the low-S rule. For signatures that others made
     * by the standard alone, such as published test vectors; nothing of the chain may rest on it, since every
     * signature that it accepts has a second form.
     */
    public static EcVerifier plainVerifier() {
        return Chosen.CHOICE.nativeCode() ? new JcaEcVerifier(Chosen.CHOICE.provider()) : new BouncyEcVerifier();
    }

    /** For instance {@code AmazonCorrettoCryptoProvider 2.5.0}. */
    public static String name() {
        Provider provider = Chosen.CHOICE.provider();
        return provider.getName() + " " + provider.getVersionStr();
    }

    /** Whether it is native code, several times as fast as the others. */
    public static boolean isNative() {
        return Chosen.CHOICE.nativeCode();
    }

    /** Why it was chosen, in a few words for the log. */
    public static String reason() {
        return Chosen.CHOICE.reason();
    }

    private static Choice choose(String forced) {
        switch (forced.toLowerCase(Locale.ROOT)) {
            case "bc":
                return bouncy("forced by " + PROPERTY);
            case "accp":
                Choice required = best();
                if (!required.nativeCode()) {
                    throw new IllegalStateException("the native crypto provider is required and does not work");
                }
                return required;
            case "":
                return best();
            default:
                throw new IllegalArgumentException("the system property " + PROPERTY + " is bc or accp");
        }
    }

    private static Choice best() {
        Provider accp;
        try {
            accp = (Provider) Class.forName(ACCP).getField("INSTANCE").get(null);
        } catch (ReflectiveOperationException e) {
            return bouncy("no native provider for this machine");
        } catch (LinkageError e) {
            return bouncy("the native library does not load");
        }
        try {
            if (EcSelfTest.passes(accp)) {
                return new Choice(accp, true, "native library, self-test passed");
            }
            return bouncy("the native provider fails its self-test");
        } catch (GeneralSecurityException | RuntimeException | LinkageError e) {
            return bouncy("the native library does not load");
        }
    }

    private static Choice bouncy(String reason) {
        return new Choice(new BouncyCastleProvider(), false, reason);
    }
}

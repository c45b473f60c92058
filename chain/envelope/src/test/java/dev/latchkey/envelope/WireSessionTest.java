package dev.latchkey.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import dev.latchkey.cose.KeyId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The worked session of chain/WIRE.md is what the code makes; whoever changes a format changes the page. */
class WireSessionTest {
    private static final Path PAGE = Path.of(System.getProperty("latchkey.root"), "chain", "WIRE.md");

    @Test
    void thePageShowsWhatTheCodeMakes() throws Exception {
        Map<String, String> shown = shown();
        Map<String, String> made = made();
        assertThat(shown.keySet()).containsExactlyElementsOf(made.keySet());
        made.forEach((label, bytes) -> assertThat(shown.get(label)).as(label).isEqualTo(bytes));
    }

    static Map<String, String> made() throws Exception {
        Town town = new Town();
        KeyId bobKid = town.bobKex.publicKey().kid();
        Opened opened = town.open(town.toBob, town.toCyd);
        VerifiedOpener verified = town.verified(opened.opener());
        Map<String, String> made = new LinkedHashMap<>();
        made.put("ctx", Town.CONTEXT.encoded().toHex());
        made.put("ann-sig", town.annSig.publicKey().encode().toHex());
        made.put("bob-kex-scalar", town.bobKex.scalar().toHex());
        made.put("bob-kex", town.bobKex.publicKey().encode().toHex());
        made.put("cyd-kex", town.cydKex.publicKey().encode().toHex());
        made.put("opener", opened.opener().toHex());
        made.put("session-id", verified.sessionId().toHex());
        Bytes secret = secret(town, verified);
        made.put("S", secret.toHex());
        secrets(made, "ann", secret, verified, town.annSig.publicKey().kid());
        secrets(made, "bob", secret, verified, bobKid);
        made.put("pack", Town.reading(21.5).toHex());
        Sealed first = opened.session().seal(Town.reading(21.5));
        made.put("ann-reading-0", first.message().toHex());
        DigestLog log = new DigestLog(verified.sessionId());
        log.acknowledged(0, first.message());
        for (int i = 1; i < 256; i++) {
            opened.session().seal(Town.reading(21.5));
        }
        Sealed later = opened.session().seal(Town.reading(21.5));
        made.put("ann-reading-256", later.message().toHex());
        made.put(
                "bob-reading-0",
                town.accepted(town.bob, opened.opener())
                        .own()
                        .seal(Town.reading(21.5))
                        .message()
                        .toHex());
        log.acknowledged(256, later.message());
        made.put("ann-digest", log.sign(town.annSig).toHex());
        return made;
    }

    /** S, by the steps of a recipient. */
    private static Bytes secret(Town town, VerifiedOpener opener) throws Exception {
        SealedPart.SealedKey key = opener.sealed().keys().get(0);
        Secret wrapping = Derivation.keyEncryptionKey(
                Secret.copyOf(town.bobKex.agree(dev.latchkey.cose.CoseKey.decode(key.ephemeral()))),
                "ann",
                "bob",
                Town.CONTEXT);
        Secret content = KeyWrap.unwrap(wrapping, key.wrapped()).orElseThrow();
        Optional<byte[]> plaintext = AesCcm.open(
                content.array(),
                SealedContent.NONCE.toArray(),
                SealedPart.encStructure(Town.CONTEXT, "ann", opener.recipients())
                        .toArray(),
                opener.sealed().ciphertext().toArray());
        return SealedContent.decode(Bytes.wrap(plaintext.orElseThrow()))
                .sessionSecret()
                .reveal();
    }

    private static void secrets(Map<String, String> made, String who, Bytes secret, VerifiedOpener opener, KeyId kid) {
        SenderSecrets of = Derivation.senderSecrets(Secret.copyOf(secret), opener.sessionId(), kid, Town.CONTEXT);
        made.put(who + "-C-0", of.chain().reveal().toHex());
        made.put(who + "-IV", of.iv().reveal().toHex());
        made.put(who + "-K-0", Derivation.epochKey(of.chain()).reveal().toHex());
    }

    /** A label and a colon, then lines of hex, each up to a semicolon. */
    private static Map<String, String> shown() throws Exception {
        Map<String, String> shown = new LinkedHashMap<>();
        List<String> lines = Files.readAllLines(PAGE);
        int begin = lines.indexOf("## Worked session");
        assertThat(begin).as("the section").isPositive();
        String label = "";
        boolean inside = false;
        for (String line : lines.subList(begin + 1, lines.size())) {
            if (line.startsWith("## ")) {
                break;
            }
            if (line.startsWith("```")) {
                inside = !inside;
            } else if (inside && line.endsWith(":")) {
                label = line.substring(0, line.length() - 1);
                shown.put(label, "");
            } else if (inside) {
                shown.merge(label, line.split(";", 2)[0].strip(), String::concat);
            }
        }
        return shown;
    }
}

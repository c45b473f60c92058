package dev.latchkey.sim.conform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.bytes.Bytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of the COSE working group: every file through the kind that its structure names. */
class CoseVectorsTest {
    @Test
    void signedMessages() throws Exception {
        Cases cases = new Cases("cose-sign1");
        for (Path file : holding("sign0")) {
            Vectors vector = Vectors.json(file);
            Vectors key = vector.at("input", "sign0", "key");
            String id = file.getFileName().toString();
            Bytes message = message(vector);
            Bytes aad = aad(vector.at("input", "sign0", "external"));
            boolean good = !vector.at("fail").isTrue();
            add(cases, id, Cases.verdict(good), key, aad, message);
            add(cases, id + " aad", "reject", key, Bytes.of((byte) 1), message);
            add(cases, id + " signature", "reject", key, aad, flipped(message, message.size() - 1));
            add(cases, id + " untagged", Cases.verdict(good), key, aad, message.slice(1, message.size()));
            add(cases, id + " longer", "reject", key, aad, Bytes.concat(message, Bytes.of((byte) 0)));
        }
        // Without its tag, the first of the files that fail is another item: the second and third bytes of tag 998.
        assertThat(cases.size()).isEqualTo(6 * 5);
        cases.check();
    }

    private static void add(Cases cases, String id, String answer, Vectors key, Bytes aad, Bytes message) {
        cases.add(
                id,
                answer,
                "x",
                key.at("x").base64Url(),
                "y",
                key.at("y").base64Url(),
                "external_aad",
                aad,
                "message",
                message);
    }

    @Test
    void messagesEncryptedToAKeyAlreadyShared() throws Exception {
        Cases cases = new Cases("cose-encrypt0");
        for (Path file : holding("encrypted")) {
            Vectors vector = Vectors.json(file);
            Vectors encrypted = vector.at("input", "encrypted");
            String id = file.getFileName().toString();
            List<Object> fields = new ArrayList<>(List.of(
                    "k", Bytes.fromHex(vector.at("intermediates", "CEK_hex").text()),
                    "external_aad", aad(encrypted.at("external"))));
            Bytes message = message(vector);
            Vectors whole = encrypted.at("unsent", "IV_hex");
            if (whole.exists()) {
                Bytes iv = Bytes.fromHex(whole.text());
                cases.add(id + " no iv", "reject", with(fields, "message", message));
                cases.add(id + " iv", plaintext(vector), with(fields, "message", message, "iv", iv));
                Bytes contextIv = Bytes.concat(iv.slice(0, iv.size() - 2), Bytes.of((byte) 0, (byte) 0));
                fields.addAll(List.of("context_iv", contextIv));
            }
            cases.add(id, plaintext(vector), with(fields, "message", message));
            cases.add(id + " tag", "reject", with(fields, "message", flipped(message, message.size() - 1)));
            cases.add(id + " untagged", plaintext(vector), with(fields, "message", message.slice(1, message.size())));
        }
        assertThat(cases.size()).isEqualTo(3 * 3 + 2);
        cases.check();
    }

    @Test
    void messagesEncryptedToARecipientsKey() throws Exception {
        Cases cases = new Cases("cose-encrypt");
        for (Path file : holding("enveloped")) {
            Vectors vector = Vectors.json(file);
            Vectors enveloped = vector.at("input", "enveloped");
            Vectors key = enveloped.at("recipients", 0, "key");
            String id = file.getFileName().toString();
            List<Object> fields = List.of(
                    "d", key.at("d").base64Url(),
                    "x", key.at("x").base64Url(),
                    "y", key.at("y").base64Url(),
                    "external_aad", aad(enveloped.at("external")));
            Bytes message = message(vector);
            int ciphertext = message.toHex().indexOf("5824") / 2 + 2;
            cases.add(id, plaintext(vector), with(fields, "message", message));
            cases.add(id + " content", "reject", with(fields, "message", flipped(message, ciphertext)));
            cases.add(id + " untagged", plaintext(vector), with(fields, "message", message.slice(2, message.size())));
            cases.add(id + " aad", "reject", with(fields, "message", message, "external_aad", Bytes.of((byte) 1)));
            cases.add(id + " other d", "reject", with(fields, "message", message, "d", Bytes.of(new byte[32])));
            cases.add(id + " no key", "reject", "message", message);
        }
        assertThat(cases.size()).isEqualTo(4 * 6);
        cases.check();
    }

    /** Latchkey has no use for COSE_Mac, so no kind takes it: as any other structure it is refused. */
    @Test
    void aMacIsNoEncryption() throws Exception {
        List<Path> files = holding("mac");
        assertThat(files).hasSize(1);
        Bytes message = message(Vectors.json(files.get(0)));
        Cases cases = new Cases("cose-encrypt");
        cases.add("mac", "reject", "k", "000102030405060708090a0b0c0d0e0f", "message", message);
        cases.check();
    }

    /** A message to a single direct recipient, sealed by the key of the first encrypted example. */
    @Test
    void aDirectKeyIsForOneRecipientAlone() {
        Bytes key = Bytes.fromHex("00112233445566778899aabbccddeeff");
        Cases cases = new Cases("cose-encrypt");
        String direct = "8340a1012540"; // [h'', {1: -6}, h'']
        DirectMessage message = DirectMessage.sealed(key, "This is the content.");
        cases.add("one", message.plaintextHex(), "k", key, "message", message.with("81" + direct));
        cases.add("two", "reject", "k", key, "message", message.with("82" + direct + direct));
        cases.add("none", "reject", "k", key, "message", message.with("80"));
        cases.add("not empty", "reject", "k", key, "message", message.with("81" + "8340a101254100"));
        cases.add("protected", "reject", "k", key, "message", message.with("81" + "8343a10125a040"));
        cases.add("other", "reject", "k", key.toHex().replace('0', '1'), "message", message.with("81" + direct));
        cases.check();
    }

    private static List<Path> holding(String structure) throws Exception {
        List<Path> found = new ArrayList<>();
        for (Path file : Vectors.files("cose", ".json")) {
            if (Vectors.json(file).at("input", structure).exists()) {
                found.add(file);
            }
        }
        return found;
    }

    private static Bytes message(Vectors vector) {
        return Bytes.fromHex(vector.at("output", "cbor").text());
    }

    private static String plaintext(Vectors vector) {
        return Bytes.utf8(vector.at("input", "plaintext").text()).toHex();
    }

    private static Bytes aad(Vectors external) {
        return external.exists() ? Bytes.fromHex(external.text()) : Bytes.EMPTY;
    }

    private static Object[] with(List<Object> fields, Object... more) {
        List<Object> all = new ArrayList<>(fields);
        all.addAll(Arrays.asList(more));
        return all.toArray();
    }

    private static Bytes flipped(Bytes message, int index) {
        byte[] bytes = message.toArray();
        bytes[index] ^= 1;
        return Bytes.wrap(bytes);
    }
}

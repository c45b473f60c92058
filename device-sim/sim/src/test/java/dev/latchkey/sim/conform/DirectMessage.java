package dev.latchkey.sim.conform;

import dev.latchkey.bytes.Bytes;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A COSE_Encrypt under A128GCM whose content key is known to both sides; its recipients are to be added. */
record DirectMessage(Bytes plaintext, Bytes ciphertext) {
    private static final String NONCE = "000102030405060708090a0b";
    private static final String PROTECTED = "43a10101"; // << {1: 1} >>

    static DirectMessage sealed(Bytes key, String text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(key.toArray(), "AES"),
                    new GCMParameterSpec(128, Bytes.fromHex(NONCE).toArray()));
            // ["Encrypt", protected, h'']
            cipher.updateAAD(
                    Bytes.fromHex("8367456e6372797074" + PROTECTED + "40").toArray());
            Bytes plaintext = Bytes.utf8(text);
            return new DirectMessage(plaintext, Bytes.wrap(cipher.doFinal(plaintext.toArray())));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The untagged message with an encoded array of recipients. */
    String with(String recipients) {
        return "84" + PROTECTED + "a1054c" + NONCE + "58" + Integer.toHexString(ciphertext.size()) + ciphertext.toHex()
                + recipients;
    }

    String plaintextHex() {
        return plaintext.toHex();
    }
}

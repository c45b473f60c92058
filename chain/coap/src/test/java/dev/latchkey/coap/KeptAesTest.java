package dev.latchkey.coap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.eclipse.californium.scandium.util.SecretUtil;
import org.junit.jupiter.api.Test;

class KeptAesTest {
    private static final String AES = "AES/ECB/NoPadding";

    @Test
    void encryptsAsTheOneBelowWhicheverKeyComesNext() throws Exception {
        KeptAes.install();
        KeptAes.install();
        Cipher ours = Cipher.getInstance(AES, KeptAes.NAME);
        Cipher theirs = Cipher.getInstance(AES, "SunJCE");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<SecretKey> keys = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            byte[] key = new byte[16];
            random.nextBytes(key);
            keys.add(new SecretKeySpec(key, "AES"));
        }
        for (int i = 0; i < 40_000; i++) {
            SecretKey key = keys.get(i % 4 == 0 ? random.nextInt(keys.size()) : random.nextInt(50));
            int mode = random.nextInt(5) == 0 ? Cipher.DECRYPT_MODE : Cipher.ENCRYPT_MODE;
            byte[] block = new byte[16];
            random.nextBytes(block);
            ours.init(mode, key);
            theirs.init(mode, key);
            byte[] expected = theirs.update(block);
            ours.update(block, 0, 16, block);
            assertThat(block).as("seed %d", seed).isEqualTo(expected);
            if (random.nextInt(10) == 0) {
                ours.update(block, 0, 7, new byte[16]);
            }
        }
    }

    @Test
    void aDestroyedKeyIsNotUsedAnyMore() throws Exception {
        KeptAes.install();
        Cipher cipher = Cipher.getInstance(AES, KeptAes.NAME);
        SecretKey key = SecretUtil.create(new byte[16], "AES");
        cipher.init(Cipher.ENCRYPT_MODE, key);
        SecretUtil.destroy(key);
        assertThatThrownBy(() -> cipher.init(Cipher.ENCRYPT_MODE, key)).isInstanceOf(IllegalStateException.class);
    }
}

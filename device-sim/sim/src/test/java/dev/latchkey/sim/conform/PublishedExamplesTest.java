package dev.latchkey.sim.conform;

import org.junit.jupiter.api.Test;

/** Kinds for which the shared vectors have no file of their own, on examples printed in standards. */
class PublishedExamplesTest {
    private static final String CONTENT = "546869732069732074686520636f6e74656e742e";

    private static final Object[] PACKET_VECTOR_1 = {
        "key", "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf",
        "nonce", "00000003020100a0a1a2a3a4a5",
        "aad", "0001020304050607",
        "ct", "588c979a61c663d2f066d0c2c0f989806d5f6b61dac384",
        "tag", "17e8d12cfdf926e0"
    };

    /** RFC 5903, section 8.1. */
    @Test
    void agreementOnP256() {
        String initiator = "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433";
        String x = "d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63";
        String y = "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab";
        String shared = "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de";
        Cases cases = new Cases("ecdh");
        cases.add("uncompressed", shared, "priv", initiator, "pub", "04" + x + y);
        cases.add("compressed", shared, "priv", initiator, "pub", "03" + x);
        cases.add("leading zero", shared, "priv", "00" + initiator, "pub", "04" + x + y);
        cases.add("hybrid", "reject", "priv", initiator, "pub", "07" + x + y);
        cases.add("off the curve", "reject", "priv", initiator, "pub", "04" + x + x);
        cases.add("infinity", "reject", "priv", initiator, "pub", "00");
        cases.add("no point", "reject", "priv", initiator, "pub", "");
        cases.add("one byte more", "reject", "priv", initiator, "pub", "04" + x + y + "00");
        cases.add("zero", "reject", "priv", "00", "pub", "04" + x + y);
        cases.add("one", x, "priv", "01", "pub", "04" + x + y); // the point itself, by a scalar shorter than the field
        cases.add(
                "order",
                "reject",
                "priv",
                "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
                "pub",
                "03" + x);
        cases.check();
    }

    /** RFC 8152, appendix C.4.1, taken apart. */
    @Test
    void aesCcm() {
        String key = "849b5786457c1491be3a76dcea6c4271";
        String nonce = "89f52f65a1c580933b5261a78c";
        String aad = "8368456e63727970743043a1010a40";
        String ciphertext = "5974e1b99a3a4cc09a659aa2e9e7fff161d38ce7";
        String tag = "1cb45ce460ffb569";
        Cases cases = new Cases("aes-ccm");
        cases.add("good", CONTENT, "key", key, "nonce", nonce, "aad", aad, "ct", ciphertext, "tag", tag);
        cases.add(
                "split elsewhere",
                "reject",
                "key",
                key,
                "nonce",
                nonce,
                "aad",
                aad,
                "ct",
                ciphertext + "1c",
                "tag",
                tag.substring(2));
        cases.add("empty", "", "key", key, "nonce", nonce, "aad", "", "ct", "", "tag", "7ecb19cb5eaa9f9b");
        cases.add("RFC 3610, packet vector 1", "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e", PACKET_VECTOR_1);
        cases.add("tag", "reject", "key", key, "nonce", nonce, "aad", aad, "ct", ciphertext, "tag", "1cb45ce460ffb568");
        cases.add("aad", "reject", "key", key, "nonce", nonce, "aad", "", "ct", ciphertext, "tag", tag);
        cases.add(
                "nonce of 12",
                "reject",
                "key",
                key,
                "nonce",
                nonce.substring(2),
                "aad",
                aad,
                "ct",
                ciphertext,
                "tag",
                tag);
        cases.add("key of 32", "reject", "key", key + key, "nonce", nonce, "aad", aad, "ct", ciphertext, "tag", tag);
        cases.check();
    }

    /** RFC 8152, appendix C.4.1, with headers that must not be accepted. */
    @Test
    void headersOfAMessage() {
        String key = "849b5786457c1491be3a76dcea6c4271";
        String iv = "054d89f52f65a1c580933b5261a78c";
        String ciphertext = "581c5974e1b99a3a4cc09a659aa2e9e7fff161d38ce71cb45ce460ffb569";
        Cases cases = new Cases("cose-encrypt0");
        cases.add("good", CONTENT, "k", key, "message", "d083" + "43a1010a" + "a1" + iv + ciphertext);
        cases.add("both buckets", "reject", "k", key, "message", "d083" + "43a1010a" + "a2010a" + iv + ciphertext);
        cases.add("crit outside", "reject", "k", key, "message", "d083" + "43a1010a" + "a2028101" + iv + ciphertext);
        cases.add(
                "IV and Partial IV",
                "reject",
                "k",
                key,
                "message",
                "83" + "43a1010a" + "a2" + iv + "064101" + ciphertext);
        cases.add("label twice", "reject", "k", key, "message", "83" + "43a1010a" + "a2" + iv + iv + ciphertext);
        cases.add("no algorithm", "reject", "k", key, "message", "83" + "40" + "a1" + iv + ciphertext);
        cases.add("other algorithm", "reject", "k", key, "message", "83" + "43a1010b" + "a1" + iv + ciphertext);
        cases.add("other tag", "reject", "k", key, "message", "d183" + "43a1010a" + "a1" + iv + ciphertext);
        cases.add("tag twice", "reject", "k", key, "message", "d0d083" + "43a1010a" + "a1" + iv + ciphertext);
        cases.add("detached", "reject", "k", key, "message", "83" + "43a1010a" + "a1" + iv + "f6");
        cases.check();
    }
}

package dev.latchkey.cbor;

/** Well-formed UTF-8, RFC 3629, section 4: no overlong form, no surrogate, nothing above U+10FFFF. */
final class Utf8 {
    private Utf8() {}

    static boolean isValid(byte[] text, int from, int to) {
        int at = from;
        while (at < to) {
            int lead = text[at] & 0xff;
            if (lead < 0x80) {
                at++;
                continue;
            }
            int size = sizeOf(lead);
            if (size == 0 || to - at < size || !secondFits(lead, text[at + 1] & 0xff)) {
                return false;
            }
            for (int i = 2; i < size; i++) {
                if ((text[at + i] & 0xc0) != 0x80) {
                    return false;
                }
            }
            at += size;
        }
        return true;
    }

    /** Whether a string of Java has an encoding at all: surrogates only in pairs. */
    static boolean isEncodable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isLowSurrogate(c)
                    || i + 1 == text.length()
                    || !Character.isLowSurrogate(text.charAt(i + 1))) {
                return false;
            }
            i++;
        }
        return true;
    }

    private static int sizeOf(int lead) {
        if (lead >= 0xc2 && lead <= 0xdf) {
            return 2;
        }
        if (lead >= 0xe0 && lead <= 0xef) {
            return 3;
        }
        return lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
    }

    private static boolean secondFits(int lead, int second) {
        return switch (lead) {
            case 0xe0 -> second >= 0xa0 && second <= 0xbf;
            case 0xed -> second >= 0x80 && second <= 0x9f;
            case 0xf0 -> second >= 0x90 && second <= 0xbf;
            case 0xf4 -> second >= 0x80 && second <= 0x8f;
            default -> second >= 0x80 && second <= 0xbf;
        };
    }
}

package dev.latchkey.transaction;

/** The grammar of names of members, chains and networks: 1 to 32 of a-z 0-9 . _ - and first a letter or digit. */
public final class Names {
    /** Longest name in characters, which are bytes here. */
    public static final int MAX = 32;

    private Names() {}

    /** Whether a text is a name. */
    public static boolean isValid(String text) {
        if (text.isEmpty() || text.length() > MAX || !isLetterOrDigit(text.charAt(0))) {
            return false;
        }
        return text.chars().allMatch(c -> isLetterOrDigit(c) || c == '.' || c == '_' || c == '-');
    }

    /** Whether a text is a name, or the beginning of names followed by a star, or a star alone. */
    public static boolean isPattern(String text) {
        if (!text.endsWith("*")) {
            return isValid(text);
        }
        String prefix = text.substring(0, text.length() - 1);
        return prefix.isEmpty() || isValid(prefix);
    }

    /** Whether a pattern, as {@link #isPattern} accepts it, covers a name. */
    public static boolean matches(String pattern, String name) {
        return pattern.endsWith("*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : pattern.equals(name);
    }

    private static boolean isLetterOrDigit(int c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
    }
}

package dev.latchkey.cloud.backup;

/** The numbers with which an archive's items begin, behind its header; a block is a byte string and has none. Stateless. */
final class Kind {
    /** {@code [0, SHA-256 of all bytes before]}: the last item. */
    static final int END = 0;

    /** {@code [1, name, index]}: the rows of a group follow, as of that place in its log. */
    static final int GROUP = 1;

    /** {@code [2, number of a group, bstr genesis]}: a chain has its place there. */
    static final int PLACE = 2;

    /** {@code [3, chain id, height, bstr checkpoint / null]}: {@code height + 1} blocks follow. */
    static final int CHAIN = 3;

    /** {@code [4, family, bstr key, bstr value]}: a row of a mailboxes' group. */
    static final int ROW = 4;

    /** {@code [5, SHA-256 of all bytes before]}: behind each chain and each group, so that damage has a place. */
    static final int SEAL = 5;

    private Kind() {}
}

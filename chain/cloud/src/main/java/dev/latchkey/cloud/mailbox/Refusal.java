package dev.latchkey.cloud.mailbox;

import dev.latchkey.protocol.BatchAnswer;

/** Why a mailbox does not take a message. */
enum Refusal {
    NONE("", ""),
    COUNTER_REUSED("counter-reused", ""),
    SEQUENCE_REUSED("sequence-reused", "another message of this store epoch had the sequence; take a new epoch"),
    MAILBOX_MESSAGES(
            BatchAnswer.MAILBOX_FULL, "mailboxes.messages: the recipient has to read and acknowledge; try again later"),
    MAILBOX_BYTES(
            BatchAnswer.MAILBOX_FULL, "mailboxes.bytes: the recipient has to read and acknowledge; try again later"),
    NETWORK_MESSAGES(
            BatchAnswer.NETWORK_FULL, "mailboxes.network-messages: recipients have to read, or the operator raises it"),
    NETWORK_BYTES(
            BatchAnswer.NETWORK_FULL, "mailboxes.network-bytes: recipients have to read, or the operator raises it");

    private final String code;
    private final String detail;

    Refusal(String code, String detail) {
        this.code = code;
        this.detail = detail;
    }

    static Refusal of(Quota.Excess mailbox, Quota.Excess network) {
        return switch (mailbox) {
            case MESSAGES -> MAILBOX_MESSAGES;
            case BYTES -> MAILBOX_BYTES;
            case NONE ->
                switch (network) {
                    case MESSAGES -> NETWORK_MESSAGES;
                    case BYTES -> NETWORK_BYTES;
                    case NONE -> NONE;
                };
        };
    }

    BatchAnswer.Refused of(long sequence) {
        return new BatchAnswer.Refused(sequence, code, detail);
    }
}

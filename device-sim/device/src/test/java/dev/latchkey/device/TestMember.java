package dev.latchkey.device;

import dev.latchkey.transaction.MemberRecord;

/**
 * Who is at the other end of a connection to a test gateway.
 *
 * @param chain where it is a member
 * @param name its name there
 */
record TestMember(TestChain chain, String name) {
    MemberRecord record() {
        return chain.state.member(name).orElseThrow();
    }
}

package dev.latchkey.gateway;

import dev.latchkey.gateway.replica.Head;
import dev.latchkey.gateway.replica.MemberHandle;
import dev.latchkey.gateway.replica.ReplicaListener;
import dev.latchkey.transaction.Policy;
import java.util.function.Consumer;

/**
 * Hands what a replica tells to those whom it concerns.
 *
 * @param begun told of members that are active now
 * @param newHead told of each new head
 * @param newPolicy told of each policy in force
 */
record ServiceWatch(Notifier notifier, Consumer<MemberHandle> begun, Runnable newHead, Consumer<Policy> newPolicy)
        implements ReplicaListener {
    @Override
    public void memberEnded(MemberHandle handle) {
        notifier.memberEnded(handle);
    }

    @Override
    public void memberBegun(MemberHandle handle) {
        begun.accept(handle);
    }

    @Override
    public void policyChanged(Policy policy) {
        newPolicy.accept(policy);
    }

    @Override
    public void headChanged(Head head) {
        notifier.headChanged();
        newHead.run();
    }
}

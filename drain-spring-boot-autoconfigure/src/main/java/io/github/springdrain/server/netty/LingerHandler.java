// SPDX-License-Identifier: Apache-2.0
package io.github.springdrain.server.netty;

import io.github.springdrain.server.linger.LingerAccount;
import io.github.springdrain.server.linger.LingerOutcome;
import io.github.springdrain.server.linger.LingerPolicy;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The handler nearest to the socket: every close of Reactor Netty and Netty passes it, and becomes FIN and a lingering
 * close. What still comes in is never decrypted. Used by the connection's event loop; scans may read from outside.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports failures through the pipeline.
final class LingerHandler extends ChannelDuplexHandler {

    /** A response may be written, and the connection closed, while the end of its request is still being decoded. */
    private static final int DECISION_TURNS = 2;

    private final LingerPolicy policy;

    private final BooleanSupplier inputExpected;

    private final BooleanSupplier inputComplete;

    private @Nullable ChannelHandlerContext context;

    private final Reads reads;

    private boolean lingering;

    private boolean deciding;

    private boolean aborting;

    private LingerOutcome outcome = LingerOutcome.PEER_CLOSED;

    private @Nullable LingerAccount account;

    /**
     * Creates the handler of one connection.
     *
     * @param reads counts what is read from the socket
     * @param inputExpected whether the peer is known to be sending still
     * @param inputComplete whether the peer is known to send nothing more
     */
    LingerHandler(LingerPolicy policy, Reads reads, BooleanSupplier inputExpected, BooleanSupplier inputComplete) {
        this.reads = reads;
        this.policy = policy;
        this.inputExpected = inputExpected;
        this.inputComplete = inputComplete;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        this.context = added;
    }

    /** Whether FIN was sent, or is about to be. */
    boolean isLingering() {
        return this.lingering;
    }

    /** Whether it is not known yet if anything is expected of the peer. */
    boolean isDeciding() {
        return this.deciding;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (this.lingering) {
            this.reads.add();
            discard(context, message);
        } else {
            this.reads.fire(context, message);
        }
    }

    private void discard(ChannelHandlerContext context, Object message) {
        int count = (message instanceof ByteBuf bytes) ? bytes.readableBytes() : 0;
        ReferenceCountUtil.release(message);
        admit(context, true);
        LingerAccount admitted = this.account;
        LingerOutcome limit = (admitted != null) ? admitted.discarded(count, System.nanoTime()) : null;
        if (limit != null) {
            end(context, limit);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (this.lingering) {
            context.read();
        } else {
            context.fireChannelReadComplete();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!this.lingering) {
            context.fireExceptionCaught(cause);
            return;
        }
        this.outcome = (cause instanceof IOException) ? LingerOutcome.PEER_RESET : LingerOutcome.ABORTED;
        context.close();
    }

    /** Idle timeouts and the like may close again what lingers already. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (this.lingering && !this.aborting) {
            follow(context.channel(), promise);
        } else if (!this.aborting
                && this.policy.closer().isEnabled()
                && context.channel() instanceof DuplexChannel channel
                && channel.isActive()
                && !channel.isOutputShutdown()
                && !this.inputComplete.getAsBoolean()) {
            follow(channel, promise);
            linger(context, channel);
        } else {
            context.close(promise);
        }
    }

    private static void follow(Channel channel, ChannelPromise promise) {
        if (!promise.isVoid()) {
            channel.closeFuture().addListener((future) -> promise.trySuccess());
        }
    }

    private void linger(ChannelHandlerContext context, DuplexChannel channel) {
        this.lingering = true;
        this.deciding = true;
        channel.closeFuture().addListener((future) -> release(this.outcome));
        channel.shutdownOutput().addListener((future) -> {
            if (!future.isSuccess()) {
                this.outcome = LingerOutcome.PEER_RESET;
                context.close();
            }
        });
        context.read();
        long seen = this.reads.count();
        if (!EventLoops.afterTurns(context.executor(), DECISION_TURNS, () -> decide(context, seen))) {
            context.close();
        }
    }

    private void decide(ChannelHandlerContext context, long seen) {
        if (this.account == null && context.channel().isOpen()) {
            boolean awaited = this.reads.count() != seen || this.inputExpected.getAsBoolean();
            if (awaited || this.policy.isClosingIdle()) {
                admit(context, awaited);
            } else {
                context.close();
            }
        }
        this.deciding = false;
    }

    private void admit(ChannelHandlerContext context, boolean awaited) {
        if (this.account != null || !context.channel().isOpen()) {
            return;
        }
        this.account = this.policy.closer().admit(awaited, () -> closeFromOutside(context));
        if (this.account == null) {
            this.aborting = true;
            context.close();
        } else {
            watch(context, this.account);
        }
    }

    /** The closer ends after the event loops do. */
    private static void closeFromOutside(ChannelHandlerContext context) {
        try {
            context.executor().execute(context::close);
        } catch (RejectedExecutionException ex) {
            // Event loops close what they hold when they end.
        }
    }

    private void watch(ChannelHandlerContext context, LingerAccount admitted) {
        long now = System.nanoTime();
        LingerOutcome limit = admitted.expired(now);
        if (limit != null) {
            end(context, limit);
            return;
        }
        try {
            Future<?> tick = context.executor()
                    .schedule(() -> watch(context, admitted), admitted.nanosLeft(now), TimeUnit.NANOSECONDS);
            context.channel().closeFuture().addListener((future) -> tick.cancel(false));
        } catch (RejectedExecutionException ex) {
            context.close();
        }
    }

    private void end(ChannelHandlerContext context, LingerOutcome limit) {
        release(limit);
        context.close();
    }

    private void release(LingerOutcome ending) {
        LingerAccount admitted = this.account;
        if (admitted != null) {
            this.policy.closer().release(admitted, ending);
        }
    }

    /** Ends the connection at once, without what TLS would still say. */
    void abort() {
        this.aborting = true;
        ChannelHandlerContext current = this.context;
        if (current != null) {
            current.close();
        }
    }
}

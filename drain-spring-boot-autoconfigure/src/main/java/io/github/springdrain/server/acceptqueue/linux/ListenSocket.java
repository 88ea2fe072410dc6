package io.github.springdrain.server.acceptqueue.linux;

/**
 * A listening socket of this process.
 *
 * @param inode identifies the socket as long as it lives
 * @param fd a file descriptor of it; the number may belong to another socket once this one is closed
 */
record ListenSocket(long inode, int fd) {}

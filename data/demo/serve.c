/* The service: one thread, one poll, and a deadline for every connection, so that a client that
 * stalls is nobody's problem but its own. */
#include "config.h"

#include "data/demo/shop.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS 32
#define DEADLINE_MS 2000 /* from accept to the last byte */

struct connection {
    int fd; /* -1: free */
    int64_t deadline_ms;
    char request[REQUEST_BYTES];
    size_t received;
    struct answer answer; /* its length is 0 until the request is complete */
    int64_t answer_at_ms;
    size_t sent;
};

struct service {
    int listener;
    struct connection connections[CONNECTIONS];
};

/* ---- opening ---- */

static bool write_port(int listener) {
    struct sockaddr_in address = {0};
    socklen_t length = sizeof(address);
    char text[16];
    if (getsockname(listener, (struct sockaddr *)&address, &length) < 0)
        return false;
    snprintf(text, sizeof(text), "%u\n", (unsigned)ntohs(address.sin_port));
    return file_replace("port", text);
}

static bool service_open(struct service *service) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (size_t i = 0; i < CONNECTIONS; i++)
        service->connections[i].fd = -1;
    service->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (service->listener >= 0 &&
        bind(service->listener, (struct sockaddr *)&address, sizeof(address)) == 0 &&
        listen(service->listener, CONNECTIONS) == 0 && write_port(service->listener))
        return true;
    fprintf(stderr, "shop: can't serve on loopback: %s\n", strerror(errno));
    return false;
}

/* ---- one connection ---- */

static void connection_close(struct connection *connection) {
    close(connection->fd);
    connection->fd = -1;
}

/* A free place, else that of whoever has been here longest: to be slow doesn't shut others out. */
static struct connection *connection_place(struct service *service) {
    struct connection *place = &service->connections[0];
    for (size_t i = 0; i < CONNECTIONS && place->fd >= 0; i++) {
        struct connection *other = &service->connections[i];
        if (other->fd < 0 || other->deadline_ms < place->deadline_ms)
            place = other;
    }
    if (place->fd >= 0)
        connection_close(place);
    return place;
}

static void connection_accept(struct service *service, int64_t now_ms) {
    int fd = accept4(service->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return;
    struct connection *connection = connection_place(service);
    *connection = (struct connection){.fd = fd, .deadline_ms = now_ms + DEADLINE_MS};
}

static bool would_block(ssize_t done) {
    return done < 0 && (errno == EAGAIN || errno == EINTR);
}

static void connection_receive(struct connection *connection, int64_t now_ms) {
    size_t room = REQUEST_BYTES - 1 - connection->received;
    ssize_t got = recv(connection->fd, connection->request + connection->received, room, 0);
    if (would_block(got))
        return;
    if (got <= 0 || room == 0) {
        connection_close(connection);
        return;
    }
    connection->received += (size_t)got;
    connection->request[connection->received] = '\0';
    if (!strstr(connection->request, "\r\n\r\n"))
        return;
    answer_make(connection->request, &connection->answer);
    connection->answer_at_ms = now_ms + connection->answer.delay_ms;
}

static void connection_send(struct connection *connection) {
    const struct answer *answer = &connection->answer;
    ssize_t sent = send(connection->fd, answer->text + connection->sent,
                        answer->length - connection->sent, MSG_NOSIGNAL);
    if (would_block(sent))
        return;
    connection->sent += sent > 0 ? (size_t)sent : 0;
    if (sent <= 0 || connection->sent == answer->length)
        connection_close(connection);
}

static bool answers_now(const struct connection *connection, int64_t now_ms) {
    return connection->answer.length > 0 && connection->answer_at_ms <= now_ms;
}

/* ---- a turn ---- */

/* What it waits for; nothing at all while its answer is being held back. */
static short connection_events(const struct connection *connection, int64_t now_ms) {
    if (connection->answer.length == 0)
        return POLLIN;
    return answers_now(connection, now_ms) ? POLLOUT : 0;
}

static int64_t connection_due_ms(const struct connection *connection, int64_t now_ms) {
    bool held_back = connection->answer.length > 0 && !answers_now(connection, now_ms);
    return held_back && connection->answer_at_ms < connection->deadline_ms
               ? connection->answer_at_ms
               : connection->deadline_ms;
}

static void connection_turn(struct connection *connection, short ready, int64_t now_ms) {
    if (connection->deadline_ms <= now_ms)
        connection_close(connection);
    else if (answers_now(connection, now_ms))
        connection_send(connection);
    else if (ready && connection->answer.length == 0)
        connection_receive(connection, now_ms);
}

enum { PIPE, LISTENER, FIRST_CONNECTION };

/* Fills the list for poll; returns how long it may wait, -1 for ever. */
static int list_polled(const struct service *service, struct pollfd *polled, int64_t now_ms) {
    int64_t due_ms = INT64_MAX;
    polled[PIPE] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
    polled[LISTENER] = (struct pollfd){.fd = service->listener, .events = POLLIN};
    for (size_t i = 0; i < CONNECTIONS; i++) {
        const struct connection *connection = &service->connections[i];
        short events = connection->fd < 0 ? 0 : connection_events(connection, now_ms);
        /* A hang-up is told even when nothing is asked for, and would spin: leave it out. */
        polled[FIRST_CONNECTION + i] =
            (struct pollfd){.fd = events ? connection->fd : -1, .events = events};
        if (connection->fd >= 0 && connection_due_ms(connection, now_ms) < due_ms)
            due_ms = connection_due_ms(connection, now_ms);
    }
    if (due_ms == INT64_MAX)
        return -1;
    return due_ms > now_ms ? (int)(due_ms - now_ms) : 0;
}

/* False: the pipe has closed, and with it the reason to be here. */
static bool service_turn(struct service *service) {
    struct pollfd polled[FIRST_CONNECTION + CONNECTIONS];
    int ready = poll(polled, ARRAY_SIZE(polled), list_polled(service, polled, clock_ms()));
    int64_t now_ms = clock_ms();
    if (ready < 0)
        return errno == EINTR;
    if (polled[PIPE].revents)
        return false;
    for (size_t i = 0; i < CONNECTIONS; i++)
        if (service->connections[i].fd >= 0)
            connection_turn(&service->connections[i], polled[FIRST_CONNECTION + i].revents, now_ms);
    if (polled[LISTENER].revents)
        connection_accept(service, now_ms);
    return true;
}

int serve_run(char **words) {
    static struct service service;
    (void)words;
    if (!service_open(&service))
        return SHOP_NO;
    while (service_turn(&service))
        continue;
    return SHOP_OK;
}

#include "config.h"

#include "data/demo/shop.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define PATIENCE_S 2

static int connect_to_shop(void) {
    char word[VALUE_BYTES];
    int64_t port;
    struct timeval patience = {.tv_sec = PATIENCE_S};
    if (!file_word("port", word) || !number_read(word, 1, UINT16_MAX, &port))
        return -1;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0 &&
        connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* The service ends every connection after its answer, within its own deadline. */
static void receive(int fd, char *text, size_t room) {
    size_t length = 0;
    ssize_t got;
    while (length < room - 1 && (got = recv(fd, text + length, room - 1 - length, 0)) > 0)
        length += (size_t)got;
    text[length] = '\0';
}

static bool send_head(int fd, const char *method, const char *path) {
    char head[REQUEST_BYTES];
    int length =
        snprintf(head, sizeof(head), "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", method, path);
    return length > 0 && (size_t)length < sizeof(head) &&
           send(fd, head, (size_t)length, MSG_NOSIGNAL) == length;
}

static void read_reply(const char *text, struct reply *reply) {
    const char *body = strstr(text, "\r\n\r\n");
    if (sscanf(text, "HTTP/1.1 %3d", &reply->status) != 1 || !body) {
        reply->status = 0;
        return;
    }
    snprintf(reply->body, sizeof(reply->body), "%s", body + 4);
}

struct reply request_send(const char *method, const char *path) {
    struct reply reply = {0};
    char text[ANSWER_BYTES];
    int64_t start_ms = clock_ms();
    int fd = connect_to_shop();
    if (fd >= 0 && send_head(fd, method, path)) {
        receive(fd, text, sizeof(text));
        read_reply(text, &reply);
    }
    if (fd >= 0)
        close(fd);
    reply.took_ms = clock_ms() - start_ms;
    return reply;
}

int get_run(char **words) {
    struct reply reply = request_send("GET", words[0]);
    if (reply.status == 0)
        fprintf(stderr, "shop: nobody answers\n");
    else
        fputs(reply.body, reply.status == 200 ? stdout : stderr);
    return reply.status == 200 ? SHOP_OK : SHOP_NO;
}

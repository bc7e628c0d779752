/* Which machine this is, which of its lives, and who we are on it.
 * Owns nothing. Never asks the network. */
#ifndef BACKOUT_BASE_HOST_H
#define BACKOUT_BASE_HOST_H

/* Owned by `parent`; "" when the kernel doesn't say. */
char *host_name(const void *parent);
char *host_boot(const void *parent); /* boot id: another one after every start of the machine */

/* The operating-system user this process acts for; "uid-1003" for one without a name. */
char *host_user(const void *parent);

#endif

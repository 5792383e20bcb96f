/* The allow-list of system calls. */
#ifndef RB_FILTER_H
#define RB_FILTER_H

/* Installs the filter for every thread of this process. Returns 0, or an errno value; ENOSYS if there is no list for
   this architecture. PR_SET_NO_NEW_PRIVS must hold. */
int rb_filter_install(int socket_fd);

#endif

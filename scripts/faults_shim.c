/* Preloaded into a process under test: it dies, or finds the disk full, at a chosen step; its clock may be off.
 *
 * A step is a call that changes a regular file or a folder. Built and armed by faults_steps.py. Linux with glibc.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { OFF, KILL, TORN, FULL, COUNT };
static int mode = OFF;
static long at = 0, seen = 0;

void faults_arm(int how, long step) { seen = 0; at = step; mode = how; }
long faults_seen(void) { return seen; }

/* Returns 1 when the call must fail with "no space", 2 when half of it is to be written before the end. */
static int step(int fd, int writes) {
    struct stat about;
    if (mode == OFF) return 0;
    if (fd >= 0 && (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))) return 0;
    long now = __sync_add_and_fetch(&seen, 1);
    if (mode == FULL && now >= at && writes) { errno = ENOSPC; return 1; }
    if (mode == TORN && now == at && writes) return 2;
    if ((mode == KILL || mode == TORN) && now == at) kill(getpid(), SIGKILL);
    return 0;
}

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
#define DIE(call) do { call; kill(getpid(), SIGKILL); } while (0)

ssize_t write(int fd, const void *b, size_t n) {
    REAL(write); int s = step(fd, 1);
    if (s == 1) return -1;
    if (s == 2) DIE(real(fd, b, n / 2));
    return real(fd, b, n);
}
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) {
    REAL(pwrite); int s = step(fd, 1);
    if (s == 1) return -1;
    if (s == 2) DIE(real(fd, b, n / 2, o));
    return real(fd, b, n, o);
}
ssize_t pwrite64(int fd, const void *b, size_t n, off64_t o) {
    REAL(pwrite64); int s = step(fd, 1);
    if (s == 1) return -1;
    if (s == 2) DIE(real(fd, b, n / 2, o));
    return real(fd, b, n, o);
}
ssize_t writev(int fd, const struct iovec *v, int n) { REAL(writev); return step(fd, 1) == 1 ? -1 : real(fd, v, n); }
int fallocate64(int fd, int m, off64_t o, off64_t n) { REAL(fallocate64); return step(fd, 1) == 1 ? -1 : real(fd, m, o, n); }
int fsync(int fd) { REAL(fsync); step(fd, 0); return real(fd); }
int fdatasync(int fd) { REAL(fdatasync); step(fd, 0); return real(fd); }
int ftruncate(int fd, off_t n) { REAL(ftruncate); step(fd, 0); return real(fd, n); }
int ftruncate64(int fd, off64_t n) { REAL(ftruncate64); step(fd, 0); return real(fd, n); }
int rename(const char *a, const char *b) { REAL(rename); step(-1, 0); return real(a, b); }
int renameat(int d, const char *a, int e, const char *b) { REAL(renameat); step(-1, 0); return real(d, a, e, b); }
int unlink(const char *a) { REAL(unlink); step(-1, 0); return real(a); }
int unlinkat(int d, const char *a, int f) { REAL(unlinkat); step(-1, 0); return real(d, a, f); }
int rmdir(const char *a) { REAL(rmdir); step(-1, 0); return real(a); }
int link(const char *a, const char *b) { REAL(link); return step(-1, 1) == 1 ? -1 : real(a, b); }
int mkdir(const char *a, mode_t m) { REAL(mkdir); return step(-1, 1) == 1 ? -1 : real(a, m); }

static long shift(void) { const char *said = getenv("FAULTS_CLOCK"); return said ? atol(said) : 0; }
int clock_gettime(clockid_t which, struct timespec *t) {
    REAL(clock_gettime); int done = real(which, t);
    if (which == CLOCK_REALTIME && done == 0) t->tv_sec += shift();
    return done;
}
int gettimeofday(struct timeval *restrict t, void *restrict z) {
    REAL(gettimeofday); int done = real(t, z);
    if (done == 0) t->tv_sec += shift();
    return done;
}
time_t time(time_t *t) {
    struct timespec now; clock_gettime(CLOCK_REALTIME, &now);
    if (t) *t = now.tv_sec;
    return now.tv_sec;
}

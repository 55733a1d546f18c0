/* Preloaded into a process and all that it starts: counts each call of the C library that is about to change the disk
 * below FATAL_BELOW, whatever language made it, and at number FATAL_AT does what FATAL_HOW says:
 *
 *   self   the calling process is killed (SIGKILL) before the call
 *   group  it and all of its process group
 *   pause  the calling process is stopped (SIGSTOP) before the call, until somebody lets it go on
 *   full   this call, and each later one that needs room, fails: the disk is full (ENOSPC)
 *   denied this call, and each later one, fails: the right to write is gone (EACCES)
 *
 * FATAL_COUNT is a file of eight bytes that all the processes count in; FATAL_TRACE, where set, gets a line per call.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static uint64_t *count;
static uint64_t at;
static const char *below;
static size_t below_length;
static int how, trace = -1;

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("FATAL_COUNT"), *word = getenv("FATAL_HOW"), *log = getenv("FATAL_TRACE");
    below = getenv("FATAL_BELOW");
    if (!file || !below) return;
    below_length = strlen(below);
    at = strtoull(getenv("FATAL_AT") ? getenv("FATAL_AT") : "0", NULL, 10);
    how = word ? word[0] : 's';
    int descriptor = syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CLOEXEC, 0);
    if (descriptor < 0) return;
    void *mapped = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    syscall(SYS_close, descriptor);
    if (mapped != MAP_FAILED) count = mapped;
    if (log) trace = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

/* The whole path of `path` as seen from the folder `at`, or of the open file `at` where `path` is NULL. */
static int whole(int folder, const char *path, char *out) {
    if (path && path[0] == '/') return snprintf(out, PATH_MAX, "%s", path);
    char link[64];
    if (folder == AT_FDCWD) snprintf(link, sizeof link, "/proc/self/cwd");
    else snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, out, PATH_MAX - 1);
    if (length < 0) return -1;
    out[length] = 0;
    return path ? snprintf(out + length, PATH_MAX - length, "/%s", path) : length;
}

/* Whether the call must fail. */
static int due(const char *call, int folder, const char *path, int needs_room) {
    char place[PATH_MAX];
    int before = errno;
    if (!count || whole(folder, path, place) < 0 || strncmp(place, below, below_length)) { errno = before; return 0; }
    uint64_t number = __atomic_add_fetch(count, 1, __ATOMIC_SEQ_CST);
    if (trace >= 0) {
        char line[PATH_MAX + 64];
        int length = snprintf(line, sizeof line, "%s %s\n", call, place);
        if (length > 0) syscall(SYS_write, trace, line, length < (int)sizeof line ? length : (int)sizeof line);
    }
    errno = before;
    if (!at || number < at) return 0;
    if (how == 'f') { if (needs_room) errno = ENOSPC; return needs_room; }
    if (how == 'd') { errno = EACCES; return 1; }
    if (number > at) return 0;
    if (how == 'p') { raise(SIGSTOP); return 0; }
    kill(how == 'g' ? 0 : getpid(), SIGKILL);
    for (;;) pause();
}

#define REAL(name) ({ static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name); real; })

#define OPEN(name, folder, path, flags, call) do { \
    mode_t mode = 0; \
    if ((flags) & (O_CREAT | __O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); } \
    if ((flags) & (O_CREAT | O_TRUNC) && (flags) & (O_WRONLY | O_RDWR) && due("open", folder, path, (flags) & O_CREAT)) return -1; \
    return call; } while (0)

int open(const char *path, int flags, ...) { OPEN(open, AT_FDCWD, path, flags, REAL(open)(path, flags, mode)); }
int open64(const char *path, int flags, ...) { OPEN(open64, AT_FDCWD, path, flags, REAL(open64)(path, flags, mode)); }
int openat(int folder, const char *path, int flags, ...) { OPEN(openat, folder, path, flags, REAL(openat)(folder, path, flags, mode)); }
int openat64(int folder, const char *path, int flags, ...) { OPEN(openat64, folder, path, flags, REAL(openat64)(folder, path, flags, mode)); }

ssize_t write(int file, const void *data, size_t size) { return due("write", file, NULL, 1) ? -1 : REAL(write)(file, data, size); }
ssize_t writev(int file, const struct iovec *data, int size) { return due("write", file, NULL, 1) ? -1 : REAL(writev)(file, data, size); }
ssize_t pwrite64(int file, const void *data, size_t size, off_t where) { return due("write", file, NULL, 1) ? -1 : REAL(pwrite64)(file, data, size, where); }
ssize_t copy_file_range(int from, off64_t *a, int to, off64_t *b, size_t size, unsigned flags) { return due("copy", to, NULL, 1) ? -1 : REAL(copy_file_range)(from, a, to, b, size, flags); }
int ftruncate64(int file, off_t size) { return due("truncate", file, NULL, 0) ? -1 : REAL(ftruncate64)(file, size); }

int rename(const char *from, const char *to) { return due("rename", AT_FDCWD, to, 0) ? -1 : REAL(rename)(from, to); }
int renameat(int a, const char *from, int b, const char *to) { return due("rename", b, to, 0) ? -1 : REAL(renameat)(a, from, b, to); }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) { return due("renameat2", b, to, 0) ? -1 : REAL(renameat2)(a, from, b, to, flags); }
int link(const char *from, const char *to) { return due("link", AT_FDCWD, to, 1) ? -1 : REAL(link)(from, to); }
int linkat(int a, const char *from, int b, const char *to, int flags) { return due("link", b, to, 1) ? -1 : REAL(linkat)(a, from, b, to, flags); }
int symlink(const char *target, const char *path) { return due("symlink", AT_FDCWD, path, 1) ? -1 : REAL(symlink)(target, path); }
int symlinkat(const char *target, int folder, const char *path) { return due("symlink", folder, path, 1) ? -1 : REAL(symlinkat)(target, folder, path); }
int unlink(const char *path) { return due("unlink", AT_FDCWD, path, 0) ? -1 : REAL(unlink)(path); }
int unlinkat(int folder, const char *path, int flags) { return due("unlink", folder, path, 0) ? -1 : REAL(unlinkat)(folder, path, flags); }
int mkdir(const char *path, mode_t mode) { return due("mkdir", AT_FDCWD, path, 1) ? -1 : REAL(mkdir)(path, mode); }
int mkdirat(int folder, const char *path, mode_t mode) { return due("mkdir", folder, path, 1) ? -1 : REAL(mkdirat)(folder, path, mode); }
int rmdir(const char *path) { return due("rmdir", AT_FDCWD, path, 0) ? -1 : REAL(rmdir)(path); }
int chmod(const char *path, mode_t mode) { return due("chmod", AT_FDCWD, path, 0) ? -1 : REAL(chmod)(path, mode); }
int fchmod(int file, mode_t mode) { return due("chmod", file, NULL, 0) ? -1 : REAL(fchmod)(file, mode); }

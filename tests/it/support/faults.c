/* What a disk, a network and a clock may do to a program, loaded into it by LD_PRELOAD. It needs a program that calls
 * the C library dynamically, as the one under test does.
 *
 *   FAULTS_UNDER  folder whose files are meant; sockets are meant by FAULTS_CALLS alone
 *   FAULTS_CALLS  which calls: any of sync,write,open,read,cut,connect
 *   FAULTS_AT     the number of the call that fails, counted over all of them, from 1
 *   FAULTS_LAST   the number of the last that fails, where those from FAULTS_AT on do
 *   FAULTS_ERRNO  how it fails, as a number
 *   FAULTS_COUNT  file of two 64-bit numbers: the calls so far, and those that failed
 *   FAULTS_LOG    file to which every write that is not yet synced is told, with what stood there before
 *   FAULTS_ANSWER the answer to a final dot, counted from 1, behind which the process is killed
 *   FAULTS_AFTER  the write or sync in FAULTS_UNDER before which that happens, counted from that answer; 0 is at once
 *   FAULTS_NAMES  file of one 64-bit number: 1 while no name server answers
 *   FAULTS_CLOCK  file of one 64-bit number: seconds the wall clock is off
 *
 * Records of FAULTS_LOG, each begun by six 64-bit numbers: its kind (1 a write, 2 a cut, 3 a sync), the length of the
 * path, the offset, the length of the data, the length of the file before, and of what stood there; then the path and
 * what stood there. */
#define _GNU_SOURCE
#include <errno.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static const char *under, *calls;
static int64_t at, last, number, answer;
static volatile int64_t after, answers, armed;
static volatile int64_t *count, *hands, *names;
static int record = -1;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

static volatile int64_t *map(const char *path) {
    if (!path) return NULL;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
    if (fd < 0) return NULL;
    void *found = mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    syscall(SYS_close, fd);
    return found == MAP_FAILED ? NULL : found;
}

__attribute__((constructor)) static void begin(void) {
    const char *text;
    under = getenv("FAULTS_UNDER");
    calls = getenv("FAULTS_CALLS");
    at = (text = getenv("FAULTS_AT")) ? atoll(text) : 0;
    last = (text = getenv("FAULTS_LAST")) ? atoll(text) : at;
    number = (text = getenv("FAULTS_ERRNO")) ? atoll(text) : EIO;
    answer = (text = getenv("FAULTS_ANSWER")) ? atoll(text) : 0;
    after = (text = getenv("FAULTS_AFTER")) ? atoll(text) : 0;
    count = map(getenv("FAULTS_COUNT"));
    hands = map(getenv("FAULTS_CLOCK"));
    names = map(getenv("FAULTS_NAMES"));
    if ((text = getenv("FAULTS_LOG")))
        record = (int)syscall(SYS_openat, AT_FDCWD, text, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static int meant(const char *path) { return under && path && strncmp(path, under, strlen(under)) == 0; }

/* The path of an open file of the folder; NULL for any other. */
static const char *file(int fd, char *room, size_t size) {
    char link[40] = "/proc/self/fd/", *end = link + 14;
    char digits[12];
    int n = 0;
    if (!under || fd < 0) return NULL;
    do digits[n++] = (char)('0' + fd % 10); while (fd /= 10);
    while (n) *end++ = digits[--n];
    *end = 0;
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, room, size - 1);
    if (length < 0) return NULL;
    room[length] = 0;
    return meant(room) ? room : NULL;
}

/* Counts a call of a kind; whether it is the one that fails. */
static int fails(const char *kind) {
    if (!calls || !count || !strstr(calls, kind)) return 0;
    int64_t now = __atomic_add_fetch(&count[0], 1, __ATOMIC_SEQ_CST);
    if (now < at || now > last) return 0;
    __atomic_add_fetch(&count[1], 1, __ATOMIC_SEQ_CST);
    errno = (int)number;
    return 1;
}

static void die(void) {
    syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
    for (;;) pause();
}

/* One more write or sync behind the answer that was waited for. */
static void step(void) {
    if (__atomic_load_n(&armed, __ATOMIC_SEQ_CST) && __atomic_sub_fetch(&after, 1, __ATOMIC_SEQ_CST) == 0) die();
}

/* Sockets whose server has said 354: what it says next is its answer to the final dot. */
static char dotted[1024];

static void heard(int fd, const char *said, size_t length) {
    if (fd < 0 || fd >= (int)sizeof dotted || length < 3) return;
    if (dotted[fd]) {
        dotted[fd] = 0;
        if (memcmp(said, "250", 3) == 0 && __atomic_add_fetch(&answers, 1, __ATOMIC_SEQ_CST) == answer) {
            if (after == 0) die();
            __atomic_store_n(&armed, 1, __ATOMIC_SEQ_CST);
        }
    }
    if (memcmp(said, "354", 3) == 0 || memmem(said, length, "\n354", 4)) dotted[fd] = 1;
}

static void tell(int64_t kind, const char *path, int64_t offset, int64_t length, int64_t size, const void *old,
                 int64_t kept) {
    int64_t head[5] = {kind, (int64_t)strlen(path), offset, length, size};
    int64_t tail = kept;
    struct iovec parts[4] = {
        {head, sizeof head}, {&tail, sizeof tail}, {(void *)path, strlen(path)}, {(void *)old, (size_t)kept}};
    syscall(SYS_writev, record, parts, 4);
}

/* Tells what stands where something is about to be written or cut off. */
static void keep(int64_t kind, int fd, const char *path, int64_t offset, int64_t length) {
    struct stat found;
    if (record < 0 || syscall(SYS_fstat, fd, &found) != 0) return;
    int64_t kept = found.st_size - offset;
    if (kept < 0) kept = 0;
    if (kind == 1 && kept > length) kept = length;
    char *old = malloc((size_t)kept + 1);
    if (!old) abort();
    kept = kept ? syscall(SYS_pread64, fd, old, (size_t)kept, offset) : 0;
    if (kept < 0) kept = 0;
    tell(kind, path, offset, length, found.st_size, old, kept);
    free(old);
}

static ssize_t put(int fd, const void *bytes, size_t length, off_t offset, int seeks) {
    char room[4096];
    const char *path = file(fd, room, sizeof room);
    if (path) step();
    if (path && fails("write")) return -1;
    if (!path || record < 0)
        return seeks ? syscall(SYS_pwrite64, fd, bytes, length, offset) : syscall(SYS_write, fd, bytes, length);
    pthread_mutex_lock(&order);
    int64_t place = seeks ? offset : syscall(SYS_lseek, fd, 0, SEEK_CUR);
    keep(1, fd, path, place, (int64_t)length);
    ssize_t ended = seeks ? syscall(SYS_pwrite64, fd, bytes, length, offset) : syscall(SYS_write, fd, bytes, length);
    int why = errno;
    pthread_mutex_unlock(&order);
    errno = why;
    return ended;
}

ssize_t write(int fd, const void *bytes, size_t length) { return put(fd, bytes, length, 0, 0); }
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return put(fd, bytes, length, offset, 1); }
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) { return put(fd, bytes, length, offset, 1); }

/* Syncs of folders are let through: SQLite asks for them and does not mind how they end. */
static int sync_as(long call, int fd) {
    char room[4096];
    struct stat found;
    const char *path = file(fd, room, sizeof room);
    if (path && syscall(SYS_fstat, fd, &found) == 0 && S_ISDIR(found.st_mode)) path = NULL;
    if (path) step();
    if (path && fails("sync")) return -1;
    if (!path || record < 0) return (int)syscall(call, fd);
    pthread_mutex_lock(&order);
    int ended = (int)syscall(call, fd);
    int why = errno;
    if (ended == 0) tell(3, path, 0, 0, 0, NULL, 0);
    pthread_mutex_unlock(&order);
    errno = why;
    return ended;
}

int fsync(int fd) { return sync_as(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_as(SYS_fdatasync, fd); }

static int cut(int fd, off_t length) {
    char room[4096];
    const char *path = file(fd, room, sizeof room);
    if (path && fails("cut")) return -1;
    if (!path || record < 0) return (int)syscall(SYS_ftruncate, fd, length);
    pthread_mutex_lock(&order);
    keep(2, fd, path, length, 0);
    int ended = (int)syscall(SYS_ftruncate, fd, length);
    int why = errno;
    pthread_mutex_unlock(&order);
    errno = why;
    return ended;
}

int ftruncate(int fd, off_t length) { return cut(fd, length); }
int ftruncate64(int fd, off64_t length) { return cut(fd, length); }

static int open_as(int folder, const char *path, int flags, mode_t mode) {
    if (meant(path) && fails("open")) return -1;
    return (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define MODE(flags)                              \
    mode_t mode = 0;                             \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {     \
        va_list more;                            \
        va_start(more, flags);                   \
        mode = va_arg(more, mode_t);             \
        va_end(more);                            \
    }

int open(const char *path, int flags, ...) { MODE(flags) return open_as(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_as(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags) return open_as(folder, path, flags, mode); }

static ssize_t get(int fd, void *bytes, size_t length, off_t offset, int seeks) {
    char room[4096];
    if (calls && strstr(calls, "read") && file(fd, room, sizeof room) && fails("read")) return -1;
    return seeks ? syscall(SYS_pread64, fd, bytes, length, offset) : syscall(SYS_read, fd, bytes, length);
}

ssize_t read(int fd, void *bytes, size_t length) { return get(fd, bytes, length, 0, 0); }
ssize_t pread(int fd, void *bytes, size_t length, off_t offset) { return get(fd, bytes, length, offset, 1); }
ssize_t pread64(int fd, void *bytes, size_t length, off64_t offset) { return get(fd, bytes, length, offset, 1); }

ssize_t recv(int fd, void *bytes, size_t length, int flags) {
    ssize_t got = syscall(SYS_recvfrom, fd, bytes, length, flags, NULL, NULL);
    if (answer && got > 0 && !(flags & MSG_PEEK)) heard(fd, bytes, (size_t)got);
    return got;
}

int connect(int fd, const struct sockaddr *address, socklen_t length) {
    if (fails("connect")) return -1;
    return (int)syscall(SYS_connect, fd, address, length);
}

/* The clock that people set; the others go on. */
int clock_gettime(clockid_t clock, struct timespec *time) {
    int ended = (int)syscall(SYS_clock_gettime, clock, time);
    if (ended == 0 && hands && clock == CLOCK_REALTIME) time->tv_sec += hands[0];
    return ended;
}

/* A name is asked for until a server answers; addresses need none. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) = dlsym(RTLD_NEXT, "getaddrinfo");
    while (names && names[0] && node && strspn(node, "0123456789.:abcdef") != strlen(node)) usleep(100000);
    return real(node, service, hints, found);
}

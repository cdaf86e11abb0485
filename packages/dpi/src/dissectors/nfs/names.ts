/** Procedures and results of NFS, mount and port mapper by name. RFC 1094 §2, RFC 1813 §2.6, §3, §5, RFC 1833 §2, §3, RFC 7530 §13. */

export const NFS = 100_003;
export const MOUNT = 100_005;
export const PORTMAPPER = 100_000;
export const PROGRAMS: readonly number[] = [NFS, MOUNT, PORTMAPPER];

const PROGRAM_NAMES: Readonly<Record<number, string>> = {
  [NFS]: 'nfs',
  [MOUNT]: 'mount',
  [PORTMAPPER]: 'portmapper',
  100021: 'nlockmgr',
  100024: 'status',
  100011: 'rquotad',
  100227: 'nfs_acl',
};

export const programName = (program: number): string => PROGRAM_NAMES[program] ?? String(program);

const words = (text: string): readonly string[] => text.split(' ');

const NFS2 = words(
  'NULL GETATTR SETATTR ROOT LOOKUP READLINK READ WRITECACHE WRITE CREATE REMOVE RENAME LINK SYMLINK MKDIR RMDIR READDIR STATFS',
);
const NFS3 = words(
  'NULL GETATTR SETATTR LOOKUP ACCESS READLINK READ WRITE CREATE MKDIR SYMLINK MKNOD REMOVE RMDIR RENAME LINK READDIR READDIRPLUS FSSTAT FSINFO PATHCONF COMMIT',
);
const NFS4 = words('NULL COMPOUND');
const MOUNT_PROCEDURES = words('NULL MNT DUMP UMNT UMNTALL EXPORT');
const PORTMAP = words('NULL SET UNSET GETPORT DUMP CALLIT');
const RPCBIND = words(
  'NULL SET UNSET GETADDR DUMP BCAST GETTIME UADDR2TADDR TADDR2UADDR GETVERSADDR INDIRECT GETADDRLIST GETSTAT',
);

export function procedureName(program: number, version: number, procedure: number): string {
  const list =
    program === MOUNT
      ? MOUNT_PROCEDURES
      : program === PORTMAPPER
        ? version === 2
          ? PORTMAP
          : RPCBIND
        : version === 2
          ? NFS2
          : version === 3
            ? NFS3
            : NFS4;
  return list[procedure] ?? `unknown-${procedure}`;
}

const STATUS: Readonly<Record<number, string>> = {
  0: 'OK',
  1: 'PERM',
  2: 'NOENT',
  5: 'IO',
  6: 'NXIO',
  13: 'ACCES',
  17: 'EXIST',
  18: 'XDEV',
  19: 'NODEV',
  20: 'NOTDIR',
  21: 'ISDIR',
  22: 'INVAL',
  27: 'FBIG',
  28: 'NOSPC',
  30: 'ROFS',
  31: 'MLINK',
  63: 'NAMETOOLONG',
  66: 'NOTEMPTY',
  69: 'DQUOT',
  70: 'STALE',
  71: 'REMOTE',
  10001: 'BADHANDLE',
  10002: 'NOT_SYNC',
  10003: 'BAD_COOKIE',
  10004: 'NOTSUPP',
  10005: 'TOOSMALL',
  10006: 'SERVERFAULT',
  10007: 'BADTYPE',
  10008: 'DELAY',
  10011: 'EXPIRED',
  10012: 'LOCKED',
  10013: 'GRACE',
  10016: 'WRONGSEC',
  10022: 'STALE_CLIENTID',
  10023: 'STALE_STATEID',
  10024: 'OLD_STATEID',
  10025: 'BAD_STATEID',
};

export const statusName = (status: number): string => STATUS[status] ?? `unknown-${status}`;

/** Commands and results of SMB that the dissector looks at. MS-SMB2 §2.2.1, MS-CIFS §2.2.2.1, MS-ERREF §2.3. */

export const NEGOTIATE = 0;
export const SESSION_SETUP = 1;
export const TREE_CONNECT = 3;
export const TREE_DISCONNECT = 4;
export const CREATE = 5;
export const CLOSE = 6;
export const READ = 8;
export const WRITE = 9;
export const IOCTL = 11;
export const SET_INFO = 17;

export const SUCCESS = 0;
export const PENDING = 0x103;
export const BUFFER_OVERFLOW = 0x8000_0005;
export const MORE_PROCESSING = 0xc000_0016;

/** Names of pipes that are none of a file, where the kind of the share was not seen. */
const PIPES = new Set(['spoolss', 'winreg', 'samr', 'srvsvc', 'netdfs', 'lsarpc', 'wkssvc', 'MsFteWds']);

export const isPipeName = (name: string): boolean => PIPES.has(name);
